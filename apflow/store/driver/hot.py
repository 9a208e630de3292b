"""The hot path: a statement is compiled once from its tables and run on the driver's own cursor.

Every case is loaded and saved by some twenty statements, and in each SQLAlchemy's own way costs several times what the
database takes. Only `store` uses this, and only for statements whose text never changes; rows come back as named
tuples of the same values that SQLAlchemy would give.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate, chain
from operator import call, itemgetter
from typing import Any

from psycopg import RawCursor
from sqlalchemy import JSON, Boolean, Column, Connection, Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

from apflow.store.driver.json_text import read_column, write_json

_Process = Callable[[Any], Any] | None
_Values = Mapping[str, Any]
_YES_OR_NO = {None: None, False: 0, True: 1}.__getitem__  # The driver would look for somebody to convert a bool.
_VALUE = re.compile(r"\?|\$\d+")
_PLACE = re.compile(r"%\((\w+)\)s|%%")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one kind of database takes it, with what gives it its `parameters` and reads a row.

    Its values are numbered in this order: first those that the driver takes as they are given, then those that are
    written otherwise, each by its writer, at last those that are the same each time.
    """

    sql: str
    count: int
    parameters: Callable[[_Values], tuple[Any, ...]]
    read: Callable[[Sequence[Any]], Any]


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

    def with_values(self, dialect: Dialect, values: _Values) -> tuple[str, Sequence[Any]]:
        """The statement's text and its values, as the driver takes them."""
        ready = self._ready.get(dialect.name) or self._for(dialect)
        return ready.sql, ready.parameters(values)

    def _for(self, dialect: Dialect) -> _Ready:
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _prepare(self._statement, self._columns, dialect)
        return ready


Step = tuple[Compiled, _Values]


def run_together(connection: Connection, steps: Sequence[Step]) -> int:
    """Change a row, and in the same statement do the others unless there is no such row; how many rows were changed.

    For PostgreSQL. The others see nothing of each other, and none may change what another of them does.
    """
    sql, all_ready = _together(tuple(statement for statement, _ in steps), connection.dialect)
    given = (ready.parameters(values) for ready, (_, values) in zip(all_ready, steps, strict=True))
    cursor = _run(connection, sql, list(chain.from_iterable(given)))
    changed: int = cursor.fetchone()[0]
    cursor.close()
    return changed


def run_in_turn(connection: Connection, steps: Sequence[Step]) -> int:
    """Do one after the other, with nothing in between; how many rows of the table the first has touched.

    For SQLite, which runs in this process: after each pause for Python it has to find its own code and pages again.
    """
    dialect = connection.dialect
    first, *others = [statement.with_values(dialect, values) for statement, values in steps]
    cursor = _cursor(connection)
    _execute(connection, cursor, cursor.execute, (first,))
    touched: int = cursor.rowcount
    _execute(connection, cursor, cursor.execute, others)
    cursor.close()
    return touched


@cache
def _together(statements: tuple[Compiled, ...], dialect: Dialect) -> tuple[str, tuple[_Ready, ...]]:
    all_ready = tuple(statement._for(dialect) for statement in statements)
    before = accumulate((ready.count for ready in all_ready), initial=0)
    first, *others = (_numbered_from(number, ready.sql) for number, ready in zip(before, all_ready, strict=False))
    parts = ", ".join(f"s{number} AS ({_if_first(sql)})" for number, sql in enumerate(others, 1))
    return f"WITH s0 AS ({first} RETURNING 1), {parts} SELECT count(*) FROM s0", all_ready


def _numbered_from(before: int, sql: str) -> str:
    """The statement with the numbers of its values after so many of others."""
    return re.sub(r"\$(\d+)", lambda place: f"${before + int(place[1])}", sql)


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
    writers, fixed = dict[str, _Process](), dict[str, Any]()
    for bind, name in compiled.bind_names.items():
        write = _writer(bind.type, dialect)
        if bind.required:
            writers[name] = write
        else:
            fixed[name] = write(bind.effective_value) if write else bind.effective_value
    for column in compiled.insert_prefetch:
        fixed[column.key] = _default(column, dialect)
    sql, names = _by_place(compiled)
    written = {name: write for name in names if name not in fixed and (write := writers[name])}
    always = [name for name in dict.fromkeys(names) if name in fixed]
    as_given = [name for name in dict.fromkeys(names) if name not in fixed and name not in written]
    returned = list(statement.exported_columns)
    readers = [_reader(column.type, dialect) for column in returned]
    return _Ready(
        sql=_numbered(sql, names, [*as_given, *written, *always]),
        count=len(as_given) + len(written) + len(always),
        parameters=_giver(as_given, written, tuple(fixed[name] for name in always)),
        read=_row_reader(namedtuple("Row", [column.key for column in returned]), readers),
    )


def _giver(
    as_given: Sequence[str], written: Mapping[str, Callable[[Any], Any]], fixed: tuple[Any, ...]
) -> Callable[[_Values], tuple[Any, ...]]:
    """What makes of the values what the driver takes, by their numbers."""
    plain, others, writers = _getter(as_given), _getter(list(written)), tuple(written.values())
    if not written:
        return (lambda values: (*plain(values), *fixed)) if fixed else plain
    return lambda values: (*plain(values), *map(call, writers, others(values)), *fixed)


def _row_reader(row: type[tuple[Any, ...]], readers: Sequence[_Process]) -> Callable[[Sequence[Any]], Any]:
    """What makes a named tuple of a row of the driver's, each value by its reader, if it has one."""
    made: Callable[[Iterable[Any]], Any] = partial(tuple.__new__, row)
    if not any(readers):
        return made
    as_read = [place for place, reader in enumerate(readers) if reader is None]
    otherwise = {place: reader for place, reader in enumerate(readers) if reader is not None}
    sorted_out = [*as_read, *otherwise]
    plain, others, given = _getter(as_read), _getter(list(otherwise)), tuple(otherwise.values())
    in_order = _getter([sorted_out.index(place) for place in range(len(readers))])
    return lambda fetched: made(in_order((*plain(fetched), *map(call, given, others(fetched)))))


def _getter(names: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """The values of these names, or in these places, in one step; `itemgetter` gives a single one as it is."""
    match names:
        case []:
            return lambda _: ()
        case [name]:
            return lambda values: (values[name],)
        case _:
            return itemgetter(*names)


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


def _numbered(sql: str, names: Iterable[str], order: Iterable[str]) -> str:
    """The same statement, of these names by place, with its values numbered in another order: each name once."""
    numbers = {name: number for number, name in enumerate(order, 1)}
    named = iter(names)
    return _VALUE.sub(lambda place: f"{place[0][0]}{numbers[next(named)]}", sql)


def _default(column: Column[Any], dialect: Dialect) -> Any:
    """What a column left out of an insert gets; the same for every row, so one that is made anew must be given."""
    if not isinstance(column.default, ScalarElementColumnDefault):
        raise TypeError(f"{column} has a default that is made anew for each row: give its value")
    write = _writer(column.type, dialect)
    return write(column.default.arg) if write else column.default.arg


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> _Process:
    """What makes of a value what the driver takes; in one step where SQLAlchemy's own way has several."""
    own = kind.dialect_impl(dialect)
    match own:
        case Boolean() if dialect.name == "sqlite":
            return _YES_OR_NO
        case JSON(none_as_null=True) if dialect.name == "sqlite":
            return write_json
        case _:
            return own.bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> _Process:
    """What makes of what the driver gives a value; in one step likewise."""
    own = kind.dialect_impl(dialect)
    return read_column if isinstance(own, JSON) and dialect.name == "sqlite" else own.result_processor(dialect, None)


def _run(connection: Connection, sql: str, parameters: Any, *, many: bool = False) -> Any:
    """The driver's cursor after the statement."""
    cursor = _cursor(connection)
    _execute(connection, cursor, cursor.executemany if many else cursor.execute, ((sql, parameters),))
    return cursor


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.dbapi_connection
    return driver.cursor() if connection.dialect.name == "sqlite" else RawCursor(driver)


def _execute(
    connection: Connection, cursor: Any, execute: Callable[[str, Any], Any], statements: Iterable[tuple[str, Any]]
) -> None:
    """Whoever listens to SQLAlchemy's statements hears of each, and its errors are raised as SQLAlchemy's own."""
    listeners = connection.engine.dispatch.before_cursor_execute
    sql, parameters = "", ()
    try:
        if listeners:
            many = execute == cursor.executemany
            for sql, parameters in statements:
                for listener in listeners:
                    listener(connection, cursor, sql, parameters, None, many)
                execute(sql, parameters)
        else:
            for sql, parameters in statements:
                execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)  # Always raises.
