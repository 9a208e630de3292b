"""Marks as a browser sends them, in a form or as JSON, and a day's sessions as the marking page shows them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from apflow.core.errors import Invalid
from apflow.provision.attendance import Mark
from apflow.provision.sessions import HALVES, IN_WORDS
from apflow.records.attendance.coding import CodedSession
from apflow.records.attendance.marking import MOST_AT_ONCE, Said
from apflow.web.forms import Submitted, one

_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")
_MOST_NUMBER = 2**31
MARKS = {Mark.PRESENT: "Present", Mark.LATE: "Late", Mark.ABSENT: "Absent"}


@dataclass(frozen=True, slots=True)
class Due:
    """One pupil's session on the page. `closed` is why it is not asked for, though whoever came can be marked."""

    placement: Row[Any]
    mark: Row[Any] | None
    closed: str | None = None
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class Half:
    """One half of the day with the pupils who are due then, and those who are not: closed or paused."""

    name: str
    title: str
    rows: Sequence[Due]
    not_due: Sequence[Due]

    @property
    def every(self) -> Sequence[Due]:
        return (*self.rows, *self.not_due)

    @property
    def unmarked(self) -> int:
        return sum(row.mark is None for row in self.rows)


def halves_of(sessions: Iterable[CodedSession]) -> list[Half]:
    """The sessions of one day that plans name; a half in which there is none is left out."""
    named = [one for one in sessions if one.is_planned or one.closed]
    made = [_half(half, [one for one in named if one.half == half]) for half in HALVES]
    return [half for half in made if half.every]


def _half(half: str, sessions: Sequence[CodedSession]) -> Half:
    every = [Due(one.placement, one.mark, one.closed, one.is_paused) for one in sessions]
    due, not_due = ([one for one in every if bool(one.closed) is is_closed] for is_closed in (False, True))
    return Half(half, IN_WORDS[half], due, not_due)


def said_in_form(submitted: Submitted, halves: Sequence[Half], day: date, key: str) -> list[Said]:
    """What a form says of the sessions it showed. A half that is all present says so of whoever is not marked yet."""
    all_present = one(submitted, "all_present")
    found = []
    for half in halves:
        for row in half.every:
            name = f"{row.placement.id}-{half.name}"
            text = one(submitted, f"mark-{name}")
            if not text and half.name == all_present and row.mark is None and row.closed is None:
                text = Mark.PRESENT
            if text in set(Mark):
                reason = (one(submitted, f"reason-{name}") or None) if text == Mark.ABSENT else None
                seen = _number(one(submitted, f"seen-{name}"))
                # What is sent again is the same; what is changed and sent again is another mark.
                own = f"{key}-{name}-{text}-{reason or ''}"[:120]
                found.append(Said(row.placement.id, day, half.name, Mark(text), reason, own, seen))
    return found


def said_in_json(sent: Any) -> list[Said]:
    """What a page kept while there was no connection; Invalid for what no page of ours would send."""
    marks = sent.get("marks") if isinstance(sent, dict) else None
    if not isinstance(marks, list) or len(marks) > MOST_AT_ONCE:
        raise Invalid({"marks": f"Send a list of at most {MOST_AT_ONCE} marks."})
    return [_said(mark, f"marks.{number}") for number, mark in enumerate(marks)]


def _said(mark: Any, where: str) -> Said:
    try:
        placement, seen, key, half = mark["placement"], mark.get("seen", 0), mark["key"], mark["half"]
        reason, at = mark.get("reason") or None, mark.get("marked_at")
        numbers = all(type(one) is int and 0 <= one < _MOST_NUMBER for one in (placement, seen))
        if not (numbers and half in HALVES and _KEY.fullmatch(key) and (reason is None or type(reason) is str)):
            raise ValueError
        marked_at = datetime.fromisoformat(at) if at else None
        if marked_at is not None and marked_at.tzinfo is None:
            raise ValueError
        day = date.fromisoformat(mark["day"])
        return Said(placement, day, half, Mark(mark["mark"]), reason, key, seen, marked_at)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid({where: "This is not a mark."}) from error


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
