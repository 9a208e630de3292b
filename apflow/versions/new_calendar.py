"""What a calendar that is published moves: said beforehand, and done once it is live, case by case through the door."""

from collections.abc import Generator, Iterator
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from apflow.core.commands import Recount
from apflow.core.days.calendar import Calendar
from apflow.core.days.duration import BY_CALENDAR
from apflow.core.errors import Refusal
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store import recounts
from apflow.store.cases.loading import load_case
from apflow.store.people.people import person
from apflow.versions.recounted import recounted

NOTE = "The council's calendar has changed, so these are counted anew."
A_BATCH = 100
_THE_CALENDAR = Actor(None, "apflow", frozenset())


class Moved(Struct, frozen=True):
    """A deadline that is due at another time than it was."""

    reference: str
    label: str
    was: datetime
    now: datetime


def counts_otherwise(old: Calendar, new: Calendar) -> bool:
    """Whether the one has other days than the other; another hour at which a day ends moves no day that runs."""
    return _days(old) != _days(new)


def _days(calendar: Calendar) -> tuple[object, ...]:
    return calendar.closures.keys(), calendar.working_week, calendar.known_until, calendar.school


def would_move(handler: Handler, now: datetime) -> Iterator[Moved]:
    """The deadlines of open cases that the handler's calendar would move, decided as it will be; nothing is written."""
    after: int | None = 0
    while after is not None:
        with handler.store.reading() as connection:
            batch = recounts.cases_counting(connection, BY_CALENDAR, after=after, limit=A_BATCH)
            for _, reference in batch:
                snapshot = load_case(connection, reference)
                if snapshot is None:
                    continue
                definition = handler.definition_of(connection, snapshot)
                command = Recount(_THE_CALENDAR, NOTE, spans=BY_CALENDAR)
                try:
                    outcome = handler.decided(connection, definition, snapshot, command, now).outcome
                except Refusal:
                    continue
                specs, before = definition.deadlines[snapshot.state], snapshot.deadlines
                for later in (*outcome.altered, *outcome.started):
                    if later.name in before and later.due_at != before[later.name].due_at:
                        label = specs[later.name].label
                        yield Moved(reference, label, before[later.name].due_at, later.due_at)
        after = batch[-1][0] if len(batch) == A_BATCH else None


def counting_anew(handler: Handler, now: datetime, *, at_a_time: int = A_BATCH) -> Generator[bool, None, None]:
    """Count anew what a published calendar moves, saying of each case whether it did; whoever stops asking stops it.

    A case is counted in a commit of its own, and once however often it is looked at; what was killed on the way is
    gone on with from the last batch.
    """
    while (noted := _noted(handler)) is not None:
        with handler.store.reading() as connection:
            batch = recounts.cases_counting(connection, BY_CALENDAR, after=noted.after, limit=at_a_time)
            actor = _publisher(connection, handler, noted)
        for _, reference in batch:
            yield recounted(handler, reference, NOTE, actor=actor, now=now, spans=BY_CALENDAR)
        with handler.store.writing() as connection:
            recounts.go_on(connection, noted, batch[-1][0] if len(batch) == at_a_time else None)


def _publisher(connection: Connection, handler: Handler, noted: recounts.Recounting) -> Actor:
    """Whoever published it; only a name acts for the council's staff."""
    row = person(connection, noted.by_id) if noted.by_id is not None else None
    council = handler.library.council
    roles = row.roles if row is not None else [role for role in council.roles if council.is_staff([role])]
    return Actor(noted.by_id, noted.by, frozenset(roles))


def _noted(handler: Handler) -> recounts.Recounting | None:
    """What is to be counted; nothing for a process that has not taken up that edition yet."""
    with handler.store.reading() as connection:
        noted = recounts.under_way(connection)
    return noted if noted is not None and (handler.library.edition or 0) >= noted.edition else None
