"""Files being imported, kept between a look at what would come of one and the import; and what was imported before."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from apflow.store.driver.engine import Store
from apflow.store.tables.people import people
from apflow.store.tables.records import import_files

_KEPT = timedelta(hours=24)
_DONE = import_files.c.done_at.is_not(None)


def stage_file(connection: Connection, values: Mapping[str, Any], now: datetime) -> None:
    """Keep a file until it is imported. By machine time, as whenever files are forgotten."""
    connection.execute(insert(import_files).values(**values, staged_at=now))


def forget_files(store: Store, now: datetime) -> None:
    """Let go of the files that nobody came back for within a day."""
    with store.writing() as connection:
        connection.execute(delete(import_files).where(~_DONE, import_files.c.staged_at < now - _KEPT))


def staged_file(connection: Connection, file_id: str, person: int) -> Row[Any] | None:
    """The file this person sent, with its content while it is not imported."""
    query = select(import_files).where(import_files.c.id == file_id, import_files.c.person_id == person)
    return connection.execute(query).one_or_none()


def finish_file(connection: Connection, file_id: str, counts: Mapping[str, Any], now: datetime) -> None:
    """Note what came of the file, and let its content go."""
    done = update(import_files).where(import_files.c.id == file_id, ~_DONE)
    connection.execute(done.values(content=None, done_at=now, counts=dict(counts)))


def imported(connection: Connection, *, limit: int) -> Sequence[Row[Any, Any, Any, Any]]:
    """The files imported last, each with who did it."""
    query = select(import_files.c.kind, import_files.c.name, import_files.c.done_at, import_files.c.counts)
    query = query.add_columns(people.c.name.label("person")).outerjoin(people, people.c.id == import_files.c.person_id)
    return connection.execute(query.where(_DONE).order_by(import_files.c.done_at.desc()).limit(limit)).all()
