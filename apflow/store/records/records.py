"""Records that are not cases: adding and changing a row, and the log of every change, for `apflow.records` to use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from apflow.store.driver.inserts import insert_new
from apflow.store.tables.records import record_changes


def sought(text: str) -> str:
    """The form in which names are compared and looked for: small letters, one space between words."""
    return " ".join(text.casefold().split())


def like(text: str) -> str:
    """The pattern of whatever has this text in it; what the database would take for a pattern stands for itself."""
    escaped = sought(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def record(connection: Connection, table: Table, record_id: int) -> Row[Any] | None:
    """The record as it is, or None; numbers too large for a key are no record's."""
    if not 0 < record_id < 2**31:
        return None
    return connection.execute(select(table).where(table.c.id == record_id)).one_or_none()


def add_record(connection: Connection, table: Table, values: Mapping[str, Any], unique: Sequence[str]) -> int | None:
    """Add the record and return its number; None when another has the same `unique` columns."""
    if unique and values.get(unique[0]) is not None:
        added = insert_new(connection, table, values, unique=unique)
        return None if added is None else int(added.id)
    return int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def change_record(connection: Connection, table: Table, record_id: int, seen: int, values: Mapping[str, Any]) -> bool:
    """Give the record these values and the next version; False when it no longer has the version that was seen."""
    changed = update(table).where(table.c.id == record_id, table.c.version == seen).values(**values, version=seen + 1)
    return connection.execute(changed).rowcount == 1


def log_change(
    connection: Connection,
    *,
    kind: str,
    record_id: int,
    action: str,
    fields: Mapping[str, Any],
    through: str,
    actor: tuple[int | None, str],
    at: datetime,
) -> None:
    """Write down who changed what, from what to what, and through what."""
    actor_id, actor_name = actor
    values = {"kind": kind, "record_id": record_id, "action": action, "fields": dict(fields), "through": through}
    connection.execute(insert(record_changes).values(**values, actor_id=actor_id, actor_name=actor_name, at=at))


def changes_of(connection: Connection, kind: str, record_id: int, *, limit: int) -> Sequence[Row[Any]]:
    """What happened to one record, newest first."""
    query = select(record_changes).where(record_changes.c.kind == kind, record_changes.c.record_id == record_id)
    return connection.execute(query.order_by(record_changes.c.id.desc()).limit(limit)).all()
