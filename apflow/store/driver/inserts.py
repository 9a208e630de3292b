"""Inserting where a row may be there already; a race for the same key is an answer here, and no error."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from apflow.store.driver.hot import Compiled


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any], *, unique: Sequence[str]) -> Any | None:
    """Insert the row and return its primary key; None when another row has the same `unique` columns."""
    columns = tuple(values)
    return _inserting_new(table, columns, tuple(unique), connection.dialect.name).first(connection, values)


@cache
def _inserting_new(table: Table, columns: tuple[str, ...], unique: tuple[str, ...], dialect: str) -> Compiled:
    statement = _insert(dialect)(table).on_conflict_do_nothing(index_elements=unique)
    return Compiled(statement.returning(*table.primary_key.columns), columns=columns)


def upsert(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row, or give the row with this key these values."""
    statement = _insert(connection.dialect.name)(table).values({**key, **values})
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def _insert(dialect: str) -> Any:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert
