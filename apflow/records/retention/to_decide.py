"""What waits under retention for somebody to decide whether it is erased: records of pupils and closed cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.people.actor import Actor
from apflow.loader import Library
from apflow.records.door import By
from apflow.records.retention.closed_cases import in_sight, may_decide_on_cases, over_by, weighed
from apflow.records.retention.records import due_by, may_decide


@dataclass(frozen=True, slots=True)
class ToDecide:
    """What waits: of the records of pupils since which days, and the closed cases, each with the day."""

    records: Sequence[date]
    cases: Sequence[tuple[Row[Any], date]]

    @property
    def days(self) -> list[date]:
        return [*self.records, *(day for _, day in self.cases)]


def all_to_decide(connection: Connection, library: Library, now: datetime) -> ToDecide:
    """All that waits for anybody."""
    council, today = library.council, By(_everybody(library), now, library).today
    records = due_by(connection, library, today, today) if council.retention is not None else []
    waiting = (one.waits_since(today) for one in records)
    return ToDecide([day for day in waiting if day is not None], list(_cases(connection, library, now)))


def to_decide_for(connection: Connection, library: Library, every: ToDecide, person: Actor, now: datetime) -> ToDecide:
    """What of it waits for this person: whatever they decide on, and of cases those that they see."""
    days = {row.id: day for row, day in every.cases} if may_decide_on_cases(library, person) else {}
    seen = in_sight(connection, By(person, now, library), [row for row, _ in every.cases if row.id in days])
    records = every.records if may_decide(library, person) else ()
    return ToDecide(records, [(row, days[row.id]) for row in seen])


def deciding_roles(library: Library) -> tuple[str, ...]:
    """The roles that decide on an erasure."""
    council = library.council
    rules = (rule for rule in (council.retention, council.closed_cases) if rule is not None)
    return tuple(dict.fromkeys(role for rule in rules for role in rule.decided_by))


def _cases(connection: Connection, library: Library, now: datetime) -> Iterator[tuple[Row[Any], date]]:
    if library.council.closed_cases is None:
        return
    by = By(_everybody(library), now, library)
    for one in weighed(connection, by, over_by(connection, by, by.today)):
        if (since := one.waits_since(by.today)) is not None:
            yield one.row, since


def _everybody(library: Library) -> Actor:
    """Whoever decides, and is nobody from whom a case is hidden."""
    return Actor(None, "apflow", frozenset(deciding_roles(library)))
