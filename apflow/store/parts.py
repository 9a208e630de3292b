"""What one finding is of, part by part: which of it is new, which somebody has said to leave, and how it is said.

A part is a task that nobody has done, or a sentence. It stays the same one from the night it was found.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Row

from apflow.core.standing import URGENT_UNDONE

BETWEEN = "; "  # The sentences of one finding.
PUT_RIGHT = "put_right"  # Where a case ends that asks for what stands no longer.


class Part(Struct, frozen=True):
    """One thing that stands. A task has a `title`, which others of the case can have too, and is undone `since`.

    It `is_left` once somebody has said so of the finding that it was part of.
    """

    key: str
    said: str
    found_at: datetime
    title: str = ""
    since: datetime | None = None
    is_left: bool = False

    @property
    def alike(self) -> str:
        """What it has in common with others that are told in one sentence with it."""
        return self.title or self.said


def parts_of(row: Row[Any]) -> list[Part]:
    """What a finding is of as the last night saw it, and what its case has left since.

    One that was found before its parts were kept is a part itself, of all whose sentences it has.
    """
    kept = _kept(row)
    if not _was_left(row):
        return kept
    return [replace(one, is_left=one.is_left or one.found_at <= row.task_entered_at) for one in kept]


def _kept(row: Row[Any]) -> list[Part]:
    return msgspec.convert(row.parts, list[Part]) if row.parts else [Part("", row.said, row.found_at)]


def standing(row: Row[Any]) -> list[Part]:
    """The parts that nobody has said to leave."""
    return [one for one in parts_of(row) if not one.is_left]


def seen_again(row: Row[Any], found: Iterable[Part]) -> list[Part]:
    """What this night found, each part as it was where it was there before."""
    before = {one.key: one for one in parts_of(row)}
    return [_as_before(row, before, one) for one in found]


def _as_before(row: Row[Any], before: dict[str, Part], part: Part) -> Part:
    was = before.get(part.key)
    if was is None and not row.parts and _was_said(row, part):
        was = before[""]
    return part if was is None else replace(part, found_at=was.found_at, is_left=was.is_left)


def _was_said(row: Row[Any], part: Part) -> bool:
    """Whether it was told before parts were kept; of the one task of a deadline that passed another day was."""
    return part.said in row.said or (part.title.startswith("Overdue: ") and part.title in row.said)


def _was_left(row: Row[Any]) -> bool:
    return row.task_is_open is False and row.task_state != PUT_RIGHT


def to_tell(parts: Iterable[Part]) -> list[Part]:
    """What is spoken of: all that nobody has left, or what was left where there is nothing else."""
    every = list(parts)
    return [one for one in every if not one.is_left] or every


def news(row: Row[Any], told_at: datetime | None) -> list[Part]:
    """What stands that was found after people were told.

    Of urgent work each part is news. Of other work more of what they know of is not: it is counted when all of it is
    told again.
    """
    those = standing(row)
    if told_at is None:
        return those
    fresh = [one for one in those if one.found_at > told_at]
    if row.kind == URGENT_UNDONE:
        return fresh
    known = {one.alike for one in those if one.found_at <= told_at}
    return [one for one in fresh if one.alike not in known]


def since(parts: Iterable[Part]) -> datetime | None:
    """Since when the oldest of it is undone."""
    return min((one.since for one in parts if one.since is not None), default=None)


def sentences_of(row: Row[Any]) -> list[str]:
    """What stands of a finding as the last night saw it, one by one."""
    return _sentences(to_tell(_kept(row)))


def said_of(parts: Iterable[Part], at_most: int | None = None) -> str:
    """A sentence for each kind of part, whole ones only where they are `at_most` so many letters long altogether."""
    sentences = _sentences(parts)
    shown = len(sentences)
    while at_most is not None and shown and len(_joined(sentences, shown)) > at_most:
        shown -= 1
    return _joined(sentences, shown)


def _sentences(parts: Iterable[Part]) -> list[str]:
    alike: dict[str, list[Part]] = {}
    for part in sorted(parts, key=_age):
        alike.setdefault(part.alike, []).append(part)
    return [_sentence(those) for those in alike.values()]


def _age(part: Part) -> float:
    return part.since.timestamp() if part.since else 0


def _sentence(alike: Sequence[Part]) -> str:
    first, more = alike[0], len(alike) - 1
    return first.said + (f", and {more} more like it" if more else "")


def _joined(sentences: Sequence[str], shown: int) -> str:
    more = len(sentences) - shown
    return BETWEEN.join((*sentences[:shown], *([f"and {more} more"] if more else [])))
