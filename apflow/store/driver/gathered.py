"""Rows of other tables that come with a row, in one statement: the database puts them together as one JSON text.

A case is read with its items, tasks and deadlines by each command; a statement for each of them costs a round trip.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import JSON, ColumnElement, Label, Select, TypeDecorator, types
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from apflow.store.driver.json_text import read_json
from apflow.store.tables.base import UTCDateTime

_Read = Callable[[Any], Any]


class _Rows(TypeDecorator[list[Any]]):
    """Named tuples of these columns' values."""

    impl = types.Text
    cache_ok = False

    def __init__(self, columns: Sequence[ColumnElement[Any]]) -> None:
        super().__init__()
        self.columns = columns

    def result_processor(self, dialect: Dialect, coltype: Any) -> _Read:  # noqa: ARG002
        row: Any = NamedTuple("Row", [(str(one.key), _kind(one)) for one in self.columns])  # type: ignore[misc]
        decode = msgspec.json.Decoder(list[row], strict=False).decode  # SQLite says 1 for yes.
        readers = [(place, read) for place, column in enumerate(self.columns) if (read := _reader(column, dialect))]
        return partial(_read_rows, decode, row, readers) if readers else decode


class _AllOf(FunctionElement[list[Any]]):
    """Every row's values, as the text of a JSON array of arrays."""

    inherit_cache = False
    type: _Rows


def gathered(name: str, rows: Select[Any]) -> Label[list[Any]]:
    """The rows of a select that tells which they are by columns of the statement it is put into; in no order."""
    columns = list(rows.selected_columns)
    everything = _AllOf(*columns)
    everything.type = _Rows(columns)
    return rows.with_only_columns(everything).scalar_subquery().label(name)


@compiles(_AllOf, "sqlite")
def _on_sqlite(everything: _AllOf, compiler: SQLCompiler, **kw: Any) -> str:
    said = [_said_on_sqlite(column, compiler.process(column, **kw)) for column in everything.clauses]
    return f"json_group_array(json_array({', '.join(said)}))"


def _said_on_sqlite(column: ColumnElement[Any], sql: str) -> str:
    """A time with the zone that SQLite keeps none of."""
    return f"({sql}) || 'Z'" if isinstance(column.type, UTCDateTime) else sql


@compiles(_AllOf, "postgresql")
def _on_postgresql(everything: _AllOf, compiler: SQLCompiler, **kw: Any) -> str:
    values = compiler.process(everything.clauses, **kw)
    return f"CAST(coalesce(json_agg(json_build_array({values})), '[]') AS TEXT)"


def _kind(column: ColumnElement[Any]) -> Any:
    """What a value in JSON is read as."""
    match column.type:
        case UTCDateTime():
            return datetime | None
        case types.Boolean():
            return bool | None
        case _:
            return Any


def _reader(column: ColumnElement[Any], dialect: Dialect) -> _Read | None:
    """What makes of a value as it is read what it is in Python, where that is something else yet."""
    match column.type:
        case UTCDateTime() if dialect.name == "postgresql":
            return _in_utc  # It says times as in the zone of its own.
        case JSON() if dialect.name == "sqlite":
            return read_json  # To SQLite it is text like any other.
        case _:
            return None


def _read_rows(
    decode: Callable[[str], list[Any]], row: Callable[..., Any], readers: Sequence[tuple[int, _Read]], text: str
) -> list[Any]:
    return [_read(found, row, readers) for found in decode(text)]


def _read(found: Sequence[Any], row: Callable[..., Any], readers: Sequence[tuple[int, _Read]]) -> Any:
    values = list(found)
    for place, read in readers:
        if values[place] is not None:
            values[place] = read(values[place])
    return row(*values)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
