"""Opening the database, and the two ways to use it: reading and writing."""

import select
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import psycopg
from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError

from apflow.core.errors import ApflowError
from apflow.store.driver.faults import doubts, faults, faults_of_writing
from apflow.store.driver.grouped import Group
from apflow.store.driver.json_text import JSON
from apflow.store.driver.writer import BEGUN, Writer

Answer = TypeVar("Answer")
_WRITING = "apflow_writing"
_SNAPSHOT = "apflow_snapshot"
_BUSY_SECONDS = "15"
_TAKES_WRITES = "SELECT NOT (pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean)"
# A server that is gone without a word, as where a cable is cut, is given up in seconds and not in hours.
_GIVES_UP = {
    "connect_timeout": 10,
    "tcp_user_timeout": 15_000,  # Milliseconds.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
_NO_ROOM = 16_000_000  # Bytes left on a disk: less than the log below takes.
_LOG_PAGES = 4_000  # 16 MB of log until some save has to copy it back for all of them.


class BrokenKeys(ApflowError):
    """A migration leaves rows that refer to nothing. Nothing has been changed."""


class Store:
    """One database. SQLite has one writer at a time; PostgreSQL sorts its own out."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url)
        self._readers = self.engine if self.is_sqlite else _snapshots(self.engine)
        # One writer queues here, not in SQLite's busy loop: that cut the slowest writes by ten.
        self._turn: AbstractContextManager[Any] = threading.RLock() if self.is_sqlite else nullcontext()
        self._writer = Writer(self.engine, self._turn) if self.is_sqlite else None
        self._group = Group(self.writing) if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and changes nothing."""
        with faults(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A connection whose statements each see the database as it is, for whoever checks what they saw on writing.

        On PostgreSQL what such a statement writes is committed at the latest on leaving; SQLite only reads.
        """
        if self.is_sqlite:
            with self.reading() as connection:
                yield connection
        else:
            with faults_of_writing(), self.engine.connect() as connection:
                yield connection
                connection.commit()

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that commits on leaving, or rolls back when an exception passes through."""
        return self._writing_beside_others() if self._writer is None else self._writer.begun()

    @contextmanager
    def _writing_beside_others(self) -> Iterator[Connection]:
        with faults_of_writing(), self.engine.connect() as connection, _begun(connection) as writer:
            yield writer

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do the work in a transaction and answer once it is committed: on SQLite with whoever else is waiting.

        The work may be done more than once before that, so it changes nothing but the database.
        """
        if self._group is not None:
            return self._group.run(work)
        with self.writing() as connection:
            return work(connection)

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """Writing, for migrations: SQLite may put a new table in an old one's place, and checks its keys at the end."""
        with (
            faults(),
            self._turn,
            self.engine.connect() as connection,
            _keys_unchecked(connection) as unchecked,
            _begun(unchecked) as writer,
        ):
            yield writer
            _refuse_broken_keys(writer)

    def takes_writes(self, connection: Connection) -> bool:
        """Whether PostgreSQL takes any, or a file has room to grow; what else is wrong with one shows in writing it."""
        if self.is_sqlite:
            with suppress(OSError):
                return shutil.disk_usage(Path(self.engine.url.database or "").absolute().parent).free > _NO_ROOM
            return False
        return bool(connection.exec_driver_sql(_TAKES_WRITES).scalar())

    def close(self) -> None:
        if self._writer is not None:
            with self._turn:
                self._writer.close()
        self.engine.dispose()


def read_only(url: str) -> str:
    """The same database as one in which nothing can be written, nor a new one made by looking."""
    named = make_url(url)
    if url.startswith("sqlite"):
        named = named.set(database=f"file:{quote(named.database or '')}")
        return named.update_query_dict({"mode": "ro", "uri": "true"}).render_as_string(hide_password=False)
    options = {"options": "-c default_transaction_read_only=on"}
    return named.update_query_dict(options).render_as_string(hide_password=False)


@contextmanager
def _begun(connection: Connection) -> Iterator[Connection]:
    writer = connection.execution_options(**{_WRITING: True})
    with writer.begin() as transaction:
        yield writer
        _commit(writer, transaction)


def _commit(connection: Connection, transaction: RootTransaction) -> None:
    try:
        with doubts():
            transaction.commit()
    except DBAPIError:
        connection.invalidate()  # SQLite keeps open what it could not commit; nobody else may be given that.
        raise


def _sqlite(url: str) -> Engine:
    waits = make_url(url)
    if "timeout" not in waits.query:
        waits = waits.update_query_dict({"timeout": _BUSY_SECONDS})
    engine = create_engine(waits, connect_args={"check_same_thread": False}, **JSON)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # We say BEGIN ourselves: the driver's own habit lost updates.
    _log_ahead(connection, tries=10)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", f"wal_autocheckpoint={_LOG_PAGES}"):
        connection.execute(f"PRAGMA {pragma}")


def _log_ahead(connection: sqlite3.Connection, tries: int) -> None:
    """Switch a new file to a write-ahead log; SQLite gives up at once while another process is at it."""
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError:
        if tries == 0:
            raise
        connection.execute("BEGIN IMMEDIATE")  # This does wait.
        connection.execute("ROLLBACK")
        _log_ahead(connection, tries - 1)


@contextmanager
def _keys_unchecked(connection: Connection) -> Iterator[Connection]:
    if connection.dialect.name != "sqlite":
        yield connection
        return
    # Straight to the driver: SQLAlchemy would begin a transaction first, and in one this does nothing.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield connection
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _refuse_broken_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise BrokenKeys


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(BEGUN, False):
        return
    writing = options.get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql(url: str) -> Engine:
    # We say BEGIN ourselves here too: what is one statement needs no transaction around it.
    said = {name: value for name, value in _GIVES_UP.items() if name not in make_url(url).query}
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args=said, **JSON)
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "checkout", _refuse_the_dead)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_postgresql(connection: psycopg.Connection[Any], _record: Any) -> None:
    # A process that hangs in the middle of a write must not stop everyone else for ever.
    connection.execute(f"SET lock_timeout = '{_BUSY_SECONDS}s'")
    connection.execute("SET idle_in_transaction_session_timeout = '30s'")
    connection.commit()


def _refuse_the_dead(connection: psycopg.Connection[Any], _record: Any, _proxy: Any) -> None:
    """Have the pool take another connection where the server has ended this one.

    One at rest has nothing to say until then, so no question need be put to the server each time.
    """
    stirring = select.poll()
    try:
        stirring.register(connection.fileno(), select.POLLIN)
        if stirring.poll(0):
            connection.execute("SELECT")
    except psycopg.Error as error:
        raise DisconnectionError from error


def _begin_postgresql(connection: Connection) -> None:
    is_snapshot = connection.get_execution_options().get(_SNAPSHOT, False)
    connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if is_snapshot else "BEGIN")


def _snapshots(engine: Engine) -> Engine:
    """The same pool, for readers: a case is read by several statements, which must not see two versions of it."""
    return engine.execution_options(**{_SNAPSHOT: True})
