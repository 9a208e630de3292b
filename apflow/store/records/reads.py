"""Who looked at a child's record, when, and on which page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from apflow.store.tables.people import people
from apflow.store.tables.records import record_reads

_WHO = func.coalesce(people.c.name, record_reads.c.reader)


def note_reads(
    connection: Connection,
    *,
    person: int | None,
    pupils: Iterable[int],
    page: str,
    at: datetime,
    reader: str | None = None,
) -> None:
    """Write down that this page showed this person, or this reader without an account, these pupils."""
    seen = dict.fromkeys(pupils)
    if seen:
        rows = [
            {"pupil_id": pupil, "person_id": person, "reader": reader, "page": page[:120], "at": at} for pupil in seen
        ]
        connection.execute(insert(record_reads), rows)


def reads_of(connection: Connection, pupil: int, *, limit: int, offset: int = 0) -> Sequence[Row[Any, Any, Any]]:
    """The looks at one pupil's record, newest first, each with the name of who looked."""
    query = (
        select(record_reads.c.at, record_reads.c.page, _WHO.label("name"))
        .outerjoin(people, people.c.id == record_reads.c.person_id)
        .where(record_reads.c.pupil_id == pupil)
        .order_by(record_reads.c.id.desc())
    )
    return connection.execute(query.limit(limit).offset(offset)).all()


def count_reads(connection: Connection, pupil: int) -> int:
    query = select(func.count()).select_from(record_reads).where(record_reads.c.pupil_id == pupil)
    return int(connection.execute(query).scalar_one())
