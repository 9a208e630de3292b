"""The hot path: a statement is compiled once from its tables and run on the driver's own cursor.

Every case is loaded and saved by some twenty statements, and in each SQLAlchemy's own way costs several times what the
database takes. Only `store` uses this, and only for statements whose text never changes; rows come back as named
tuples of the same values that SQLAlchemy would give.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, count
from operator import itemgetter
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Column, Connection, Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

_Process = Callable[[Any], Any] | None
_Values = Mapping[str, Any]
_PLACE = re.compile(r"%\((\w+)\)s|%%")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one kind of database takes it."""

    sql: str
    given: Callable[[_Values], tuple[Any, ...]]
    written: tuple[tuple[int, Callable[[Any], Any]], ...]
    fixed: Mapping[str, Any]
    row: Callable[..., Any]
    results: tuple[tuple[int, Callable[[Any], Any]], ...]

    def parameters(self, values: _Values) -> list[Any]:
        """The values as the driver takes them, by place."""
        parameters = list(self.given({**values, **self.fixed} if self.fixed else values))
        for place, process in self.written:
            parameters[place] = process(parameters[place])
        return parameters

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
        if len(rows) == 1:  # As most are.
            cursor = _run(connection, ready.sql, ready.parameters(rows[0]))
        else:
            cursor = _run(connection, ready.sql, [ready.parameters(values) for values in rows], many=True)
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def _for(self, dialect: Dialect) -> _Ready:
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _prepare(self._statement, self._columns, dialect)
        return ready


Step = tuple[Compiled, _Values]
Steps = tuple[Compiled, Sequence[_Values]]  # Of one statement, for each of these rows.


def run_together(connection: Connection, first: Step, others: Sequence[Step]) -> int:
    """Change a row, and in the same statement do the others unless there is no such row; how many rows were changed.

    For PostgreSQL. The others see nothing of each other, and none may change what another of them does.
    """
    steps = (first, *others)
    sql, all_ready = _together(tuple(statement for statement, _ in steps), connection.dialect)
    given = (ready.parameters(values) for ready, (_, values) in zip(all_ready, steps, strict=True))
    cursor = _run(connection, sql, list(chain.from_iterable(given)))
    changed: int = cursor.fetchone()[0]
    cursor.close()
    return changed


def run_in_turn(connection: Connection, steps: Sequence[Steps]) -> list[int]:
    """Do each of them for each of its rows, with nothing in between; how many rows of the table each has touched.

    For SQLite, which runs in this process: after each pause for Python it has to find its own code and pages again.
    """
    prepared = []
    for statement, rows in steps:
        ready = statement._for(connection.dialect)
        prepared.append((ready.sql, [ready.parameters(values) for values in rows]))
    cursor, touched = _cursor(connection), []
    listeners = list(connection.engine.dispatch.before_cursor_execute)
    for sql, parameters in prepared:
        many = len(parameters) > 1
        _execute(connection, cursor, listeners, sql, parameters if many else parameters[0], many=many)
        touched.append(cursor.rowcount)
    cursor.close()
    return touched


@cache
def _together(statements: tuple[Compiled, ...], dialect: Dialect) -> tuple[str, tuple[_Ready, ...]]:
    all_ready = tuple(statement._for(dialect) for statement in statements)
    first, *others = (ready.sql for ready in all_ready)
    parts = ", ".join(f"s{number} AS ({_if_first(sql)})" for number, sql in enumerate(others, 1))
    whole = f"WITH s0 AS ({first} RETURNING 1), {parts} SELECT count(*) FROM s0"
    places = count(1)
    return re.sub(r"\$\d+", lambda _: f"${next(places)}", whole), all_ready


def _if_first(sql: str) -> str:
    """The same statement, which waits for the first one's row, and does nothing without it."""
    if sql.startswith("INSERT"):
        into, values = sql.split(" VALUES (")
        return f"{into} SELECT {values.removesuffix(')')} FROM s0"
    return f"{sql} AND EXISTS (SELECT FROM s0)"


def say(connection: Connection, sql: str) -> None:
    """Run a statement that has no values and no answer, such as one that begins or ends a transaction."""
    _run(connection, sql, ()).close()


def inserting(table: Table, row: _Values) -> Compiled:
    """An insert into the table of rows with the columns that this one has."""
    return _inserting(table, tuple(row))


@cache
def _inserting(table: Table, columns: tuple[str, ...]) -> Compiled:
    return Compiled(insert(table).inline(), columns=columns)


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
    sql, names = _by_place(compiled)
    returned = list(statement.exported_columns)
    readers = [_implementation(column.type, dialect).result_processor(dialect, None) for column in returned]
    return _Ready(
        sql=sql,
        given=_getter(names),
        written=tuple((place, process) for place, name in enumerate(names) if (process := processes.get(name))),
        fixed=fixed,
        row=namedtuple("Row", [column.key for column in returned]),
        results=tuple((place, reader) for place, reader in enumerate(readers) if reader is not None),
    )


def _getter(names: Sequence[str]) -> Callable[[_Values], tuple[Any, ...]]:
    """The values of these names, in one step; `itemgetter` itself gives a single one as it is."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _by_place(compiled: SQLCompiler) -> tuple[str, Sequence[str]]:
    """The statement with its values by place, and their names in that order.

    The driver of PostgreSQL takes names apart anew each time where a statement is long, so it is given numbers.
    """
    if compiled.positional:
        return compiled.string, compiled.positiontup or ()
    names: list[str] = []

    def number(place: re.Match[str]) -> str:
        if place[1] is None:
            return "%"
        names.append(place[1])
        return f"${len(names)}"

    return _PLACE.sub(number, compiled.string), names


def _default(column: Column[Any], dialect: Dialect) -> Any:
    """What a column left out of an insert gets; the same for every row, so one that is made anew must be given."""
    if not isinstance(column.default, ScalarElementColumnDefault):
        raise TypeError(f"{column} has a default that is made anew for each row: give its value")
    process = _implementation(column.type, dialect).bind_processor(dialect)
    return process(column.default.arg) if process else column.default.arg


def _implementation(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _run(connection: Connection, sql: str, parameters: Any, *, many: bool = False) -> Any:
    """The driver's cursor after the statement."""
    cursor = _cursor(connection)
    listeners = connection.engine.dispatch.before_cursor_execute
    _execute(connection, cursor, listeners, sql, parameters, many=many)
    return cursor


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.dbapi_connection
    return driver.cursor() if connection.dialect.name == "sqlite" else RawCursor(driver)


def _execute(
    connection: Connection, cursor: Any, listeners: Iterable[Any], sql: str, parameters: Any, *, many: bool
) -> None:
    """Whoever listens to SQLAlchemy's statements hears of it, and its errors are raised as SQLAlchemy's own."""
    for listener in listeners:
        listener(connection, cursor, sql, parameters, None, many)
    try:
        if many:
            cursor.executemany(sql, parameters)
        else:
            cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)  # Always raises.
