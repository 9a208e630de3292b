"""What the clock will do to a case if nobody acts, as its pages say it: the next of it; to outsiders, their part."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from apflow.core.definition import words
from apflow.core.definition.labels import STAFF
from apflow.foresight.forecast import Coming, coming
from apflow.web.case.opened import Opened
from apflow.web.wording import lower_first

SHOWN = 6
_LOOKED_AT = 30
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """One line of what comes: when, what, and for staff who is written to."""

    at: datetime
    what: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class AllAhead:
    """The next things to come; `has_more` when there are later ones within the year."""

    lines: tuple[Ahead, ...]
    has_more: bool


def coming_to(opened: Opened) -> AllAhead:
    """What would happen next on the case, as the reader may know it."""
    with opened.site.store.reading() as connection:
        everything = coming(
            opened.site.handler, connection, opened.snapshot, opened.now, audience=opened.audience, most=_LOOKED_AT
        )
        said = (_said(one) if opened.audience == STAFF else _plainly(one, _is_told(one, opened)) for one in everything)
        found = list(islice(filter(None, said), SHOWN + 1))
    return AllAhead(tuple(found[:SHOWN]), len(found) > SHOWN)


def _is_told(one: Coming, opened: Opened) -> bool:
    """Whether the reader is written to: a case may be between two outsiders, and each is told only of their own."""
    return any(to.id == opened.actor.id for to in one.to)


def _said(one: Coming) -> Ahead:
    what = {
        "reminder": f"Reminder: {lower_first(one.what)}" if one.to else f"{one.what}: nothing is done. {one.note}",
        "escalation": f"Overdue, and passed on: {lower_first(one.what)}",
    }.get(one.kind, one.what)
    return Ahead(one.at, f"{what}. It goes on to “{one.on}”" if one.on else what, _names(one))


def _plainly(one: Coming, is_told: bool) -> Ahead | None:
    """For an outsider: what happens to their case, or that we write to them; nothing of what is neither."""
    if one.on is not None:
        told = f", and we tell you{_when(one)}" if is_told else ""
        return Ahead(one.at, f"It goes on to “{one.on}”{told}")
    return Ahead(one.at, f"We remind you by email: {lower_first(one.what)}") if is_told else None


def _names(one: Coming) -> str:
    names = list(dict.fromkeys(to.name for to in one.to))
    shown = f"{', '.join(names[:2])} and {len(names) - 2} others" if len(names) > _SEVERAL else ", ".join(names)
    return f"{shown}{_when(one)}"


def _when(one: Coming) -> str:
    """When people are written to, where that waits for the morning."""
    return f" on {words.moment(max(one.later.values()))}" if one.later else ""
