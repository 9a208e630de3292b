"""SQLite's one writer keeps its connection: taking one up, beginning and handing it back cost as much as a save."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from apflow.store.driver.faults import faults
from apflow.store.driver.hot import say

BEGUN = "apflow_begun"  # Such a connection is in a transaction already whenever SQLAlchemy begins one.


class Writer:
    """The connection of whoever's `turn` it is."""

    def __init__(self, engine: Engine, turn: AbstractContextManager[Any]) -> None:
        self._engine, self._turn = engine, turn
        self._kept: Connection | None = None

    @contextmanager
    def begun(self) -> Iterator[Connection]:
        """A transaction that commits on leaving, or rolls back when an exception passes through."""
        with faults(), self._turn:
            connection, self._kept = self._kept or self._connected(), None
            try:
                say(connection, "BEGIN IMMEDIATE")
                yield connection
                _commit(connection)
            except BaseException:
                connection.close()  # Whatever was begun is undone, and nothing of it is left to whoever comes next.
                raise
            self._kept = connection

    def close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def _connected(self) -> Connection:
        return self._engine.connect().execution_options(**{BEGUN: True})


def _commit(connection: Connection) -> None:
    try:
        if connection.in_transaction():  # What SQLAlchemy was asked to run made it think that it had begun one.
            connection.commit()
        else:
            say(connection, "COMMIT")
    except DBAPIError:
        connection.invalidate()  # SQLite keeps open what it could not commit; nobody else may be given that.
        raise
