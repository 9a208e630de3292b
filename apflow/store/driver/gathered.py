"""Rows of other tables that come with a row, in one statement: the database puts them together as one JSON text.

A case is read with its items, tasks and deadlines by each command; a statement for each of them costs a round trip.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import JSON, ColumnElement, Label, Select, TypeDecorator, types
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from apflow.store.driver.json_text import read_json
from apflow.store.tables.base import UTCDateTime, from_text

_Read = Callable[[Any], Any]
_decode = msgspec.json.Decoder(list[list[Any]]).decode


class _Rows(TypeDecorator[list[Any]]):
    """Named tuples of these columns' values."""

    impl = types.Text
    cache_ok = False

    def __init__(self, columns: Sequence[ColumnElement[Any]]) -> None:
        super().__init__()
        self.columns = columns

    def result_processor(self, dialect: Dialect, coltype: Any) -> _Read:  # noqa: ARG002
        readers = [(place, read) for place, column in enumerate(self.columns) if (read := _reader(column, dialect))]
        return partial(_read_rows, _row_of(self.columns), readers)


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
    return f"json_group_array(json_array({compiler.process(everything.clauses, **kw)}))"


@compiles(_AllOf, "postgresql")
def _on_postgresql(everything: _AllOf, compiler: SQLCompiler, **kw: Any) -> str:
    values = compiler.process(everything.clauses, **kw)
    return f"CAST(coalesce(json_agg(json_build_array({values})), '[]') AS TEXT)"


def _row_of(columns: Sequence[ColumnElement[Any]]) -> Callable[..., Any]:
    return namedtuple("Row", [str(column.key) for column in columns])


def _read_rows(row: Callable[..., Any], readers: Sequence[tuple[int, _Read]], text: str) -> list[Any]:
    if text == "[]":
        return []  # As most are.
    rows = _decode(text)
    for values in rows:
        for place, read in readers:
            if values[place] is not None:
                values[place] = read(values[place])
    return [row(*values) for values in rows]


def _reader(column: ColumnElement[Any], dialect: Dialect) -> _Read | None:
    """What makes of a value in JSON what it is in Python, where that is something else."""
    is_sqlite = dialect.name == "sqlite"
    match column.type:
        case UTCDateTime():
            return from_text if is_sqlite else _from_postgresql
        case types.Boolean() if is_sqlite:
            return bool
        case JSON() if is_sqlite:
            return read_json
        case _:
            return None


def _from_postgresql(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
