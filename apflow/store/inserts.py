"""Inserting where a row may be there already; a race for the same key is an answer here, and no error."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(
    connection: Connection, table: Table, values: Mapping[str, Any], *, unique: Sequence[str]
) -> Row[Any] | None:
    """Insert the row and return its primary key; None when another row has the same `unique` columns."""
    statement = _insert(connection)(table).on_conflict_do_nothing(index_elements=unique)
    return connection.execute(statement.returning(*table.primary_key.columns), dict(values)).one_or_none()


def upsert(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row, or give the row with this key these values."""
    statement = _insert(connection)(table).values({**key, **values})
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def _insert(connection: Connection) -> Any:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
