"""Opening the database, and the two ways to use it: reading and writing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from apflow.core.errors import ApflowError

_WRITING = "apflow_writing"


class StoreUnavailable(ApflowError):
    """The database cannot be used at the moment. Nothing has been changed."""


class Store:
    """One database. SQLite has one writer at a time; PostgreSQL sorts its own out."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite(url) if self.is_sqlite else create_engine(url, pool_pre_ping=True)
        # One writer queues here, not in SQLite's busy loop: that cut the slowest writes by ten.
        self._one_writer = threading.RLock() if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and changes nothing."""
        with _faults(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits on leaving, or rolls back when an exception passes through."""
        if self._one_writer is None:
            with _faults(), self.engine.begin() as connection:
                yield connection
            return
        with _faults(), self._one_writer, self.engine.connect() as connection:
            writer = connection.execution_options(**{_WRITING: True})
            with writer.begin():
                yield writer

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreUnavailable from error


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # We say BEGIN ourselves: the driver's own habit lost updates.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
