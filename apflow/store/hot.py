"""The hot path: a statement is compiled once from its tables and run on the driver's own cursor.

Every case is loaded and saved by some twenty statements, and in each SQLAlchemy's own way costs several times what the
database takes. Only `store` uses this, and only for statements whose text never changes; rows come back as named
tuples of the same values that SQLAlchemy would give.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

_Process = Callable[[Any], Any] | None
_Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one kind of database takes it."""

    sql: str
    given: tuple[tuple[str, _Process], ...]
    fixed: Mapping[str, Any]
    is_by_place: bool
    row: Callable[..., Any]
    results: tuple[tuple[int, Callable[[Any], Any]], ...]

    def parameters(self, values: _Values) -> Any:
        """The values as the driver takes them: by place for SQLite, by name for PostgreSQL."""
        fixed = self.fixed
        if self.is_by_place:
            every = {**values, **fixed} if fixed else values
            return [process(every[name]) if process else every[name] for name, process in self.given]
        named = {name: process(values[name]) if process else values[name] for name, process in self.given}
        return {**named, **fixed} if fixed else named

    def read(self, fetched: Sequence[Any]) -> Any:
        """One row of the driver's as a named tuple."""
        if not self.results:
            return self.row(*fetched)
        values = list(fetched)
        for place, process in self.results:
            values[place] = process(values[place])
        return self.row(*values)


class Compiled:
    """One statement; every value that is not in it is named by a `bindparam`, or is one of an insert's `columns`."""

    def __init__(self, statement: Any, *, columns: Iterable[str] | None = None) -> None:
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self._ready: dict[str, _Ready] = {}

    def all(self, connection: Connection, values: _Values) -> list[Any]:
        """Every row."""
        ready = self._for(connection.dialect)
        cursor = _run(connection, ready.sql, ready.parameters(values))
        try:
            return [ready.read(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def first(self, connection: Connection, values: _Values) -> Any | None:
        """The first row, or None."""
        ready = self._for(connection.dialect)
        cursor = _run(connection, ready.sql, ready.parameters(values))
        try:
            row = cursor.fetchone()
        finally:
            cursor.close()
        return None if row is None else ready.read(row)

    def run(self, connection: Connection, *rows: _Values) -> int:
        """Do it once for each of the rows; how many rows of the table that touched."""
        ready = self._for(connection.dialect)
        parameters = [ready.parameters(values) for values in rows]
        cursor = _run(connection, ready.sql, parameters[0] if len(rows) == 1 else parameters, many=len(rows) > 1)
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def _for(self, dialect: Dialect) -> _Ready:
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _prepare(self._statement, self._columns, dialect)
        return ready


def say(connection: Connection, sql: str) -> None:
    """Run a statement that has no values and no answer, such as one that begins or ends a transaction."""
    _run(connection, sql, ()).close()


def inserting(table: Table, row: _Values) -> Compiled:
    """An insert into the table of rows with the columns that this one has."""
    return _inserting(table, tuple(row))


@cache
def _inserting(table: Table, columns: tuple[str, ...]) -> Compiled:
    return Compiled(insert(table), columns=columns)


def _prepare(statement: Any, columns: list[str] | None, dialect: Dialect) -> _Ready:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=columns)
    processes, fixed = {}, {}
    for bind, name in compiled.bind_names.items():
        process = _implementation(bind.type, dialect).bind_processor(dialect)
        if bind.required:
            processes[name] = process
        else:
            fixed[name] = process(bind.effective_value) if process else bind.effective_value
    for column in compiled.insert_prefetch:
        fixed[column.key] = _default(column, dialect)
    returned = list(statement.exported_columns)
    readers = [_implementation(column.type, dialect).result_processor(dialect, None) for column in returned]
    return _Ready(
        sql=compiled.string,
        given=tuple((name, processes.get(name)) for name in compiled.positiontup or processes),
        fixed=fixed,
        is_by_place=compiled.positional,
        row=namedtuple("Row", [column.key for column in returned]),
        results=tuple((place, reader) for place, reader in enumerate(readers) if reader is not None),
    )


def _default(column: Column[Any], dialect: Dialect) -> Any:
    """What a column left out of an insert gets; the same for every row, so one that is made anew must be given."""
    if not isinstance(column.default, ScalarElementColumnDefault):
        raise TypeError(f"{column} has a default that is made anew for each row: give its value")
    process = _implementation(column.type, dialect).bind_processor(dialect)
    return process(column.default.arg) if process else column.default.arg


def _implementation(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _run(connection: Connection, sql: str, parameters: Any, *, many: bool = False) -> Any:
    """The driver's cursor after the statement; whoever listens to SQLAlchemy's statements hears of it, and its errors
    are raised as SQLAlchemy's own."""
    cursor: Any = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
    for listener in connection.engine.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, parameters, None, many)
    try:
        if many:
            cursor.executemany(sql, parameters)
        else:
            cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)  # Always raises.
    return cursor
