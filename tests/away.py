"""Times away for tests: saying when somebody is away and who covers, through the one door."""

from datetime import date, datetime

from apflow.core.days.calendar import local_date
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import By, add, change
from apflow.records.people import away
from apflow.store.people.away import time_away
from apflow.store.people.people import person
from apflow.testing import MONDAY


def say_away(
    handler: Handler,
    who: Actor,
    first: datetime,
    last: datetime,
    *covers: Actor,
    by: Actor | None = None,
    now: datetime = MONDAY,
    number: int = 0,
) -> int:
    """Somebody is away from one day to another, and these cover; or what was said under a number is changed to that."""
    answers = {"first_on": _day(first), "last_on": _day(last), "covers": [str(one.id) for one in covers]}
    who_says = By(by or who, now, handler.library, own={"person_id": who.id or 0})
    with handler.store.reading() as connection:
        row = person(connection, who.id or 0)
        assert row is not None
        able = away.able_to_cover(connection, handler.library.council, row)
        known = time_away(connection, number)
    kind = away.kind_for(away.form_for(handler.library.council, row, able))
    if known is None:
        return add(handler.store, kind, answers, who_says, {"person_id": who.id or 0})
    change(handler.store, kind, number, known.version, answers, who_says)
    return number


def come_back(handler: Handler, who: Actor, number: int, *, now: datetime = MONDAY) -> None:
    """End a time away early."""
    with handler.store.reading() as connection:
        row = time_away(connection, number)
    assert row is not None
    away.end(handler.store, row, By(who, now, handler.library, own={"person_id": who.id or 0}))


def _day(at: datetime) -> str:
    day: date = local_date(at)
    return day.isoformat()
