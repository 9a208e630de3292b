"""Everything that one person did and looked at, whether or not they still have access."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from apflow.store.tables.attendance import session_marks
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.records import record_changes, record_reads

Deed = tuple[datetime, str, str, str]
_ON_CASES: Select[Any] = select(history.c.at, history.c.kind, history.c.name, cases.c.reference).join(
    cases, cases.c.id == history.c.case_id
)


def deeds_of(connection: Connection, person: int, since: datetime) -> list[Deed]:
    """When, whether it was done or read, what, and of which case or record; in order of time."""
    return sorted(_all(connection, person, since))


def _all(connection: Connection, person: int, since: datetime) -> Iterator[Deed]:
    for row in connection.execute(_ON_CASES.where(history.c.actor_id == person, history.c.at >= since)):
        yield row.at, "did", f"{row.kind}: {row.name}", row.reference
    changed = select(record_changes).where(record_changes.c.actor_id == person, record_changes.c.at >= since)
    for row in connection.execute(changed):
        yield row.at, "changed", f"{row.kind} {row.action}: {', '.join(row.fields)}", f"{row.kind} {row.record_id}"
    marked = select(session_marks).where(session_marks.c.person_id == person, session_marks.c.at >= since)
    for row in connection.execute(marked):
        yield row.at, "marked", f"{row.day} {row.half}: {row.mark}", f"placement {row.placement_id}"
    read = select(record_reads).where(record_reads.c.person_id == person, record_reads.c.at >= since)
    for row in connection.execute(read):
        yield row.at, "looked", row.page, f"pupil {row.pupil_id}"
