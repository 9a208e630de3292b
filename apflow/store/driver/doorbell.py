"""One process tells the others of a PostgreSQL database that there may be something to do, by LISTEN and NOTIFY.

A ring says only "look": what is due, and who may have it, stands in the rows. So a ring that is lost, between a commit
and its telling or while a connection is away, costs a wait until the next sweep and nothing else. Rings are told after
the commit, many together, and not inside it: commits that notify queue for one lock until they are on disk.
"""

import secrets
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import psycopg
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from apflow.core.errors import ApflowError
from apflow.store.driver.engine import Store
from apflow.watching.logs import fault

CHANNEL = "apflow"
_TELL = text("SELECT pg_notify(:channel, :sender)")
_LOOK_UP_EVERY = 1.0  # Seconds after which a listener looks whether it is to stop.
_LONGEST_PAUSE = 30.0

log = structlog.get_logger()


class Doorbell:
    """Rings in every other process of the same database; `heard` is called when another rings, in a thread of ours.

    It is called too whenever a connection has been made (anew): something may have been missed before.
    """

    def __init__(self, store: Store, heard: Callable[[], None]) -> None:
        self._store = store
        self._heard = heard
        self._name = secrets.token_hex(8)
        self._is_rung = Event()
        self._stopped = Event()
        self._threads = [
            Thread(target=self._tell, name="apflow-tells", daemon=True),
            Thread(target=self._listen, name="apflow-listens", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._is_rung.set()
        for thread in self._threads:
            thread.join()

    def ring(self) -> None:
        """Tell the others. Returns at once; those who ring while one is being told share the next."""
        self._is_rung.set()

    def _tell(self) -> None:
        while self._is_rung.wait() and not self._stopped.is_set():
            self._is_rung.clear()  # Before telling: whoever commits from here on must ring anew.
            try:
                with self._store.writing() as connection:
                    connection.execute(_TELL, {"channel": CHANNEL, "sender": self._name})
            except (ApflowError, SQLAlchemyError) as error:  # The others look for themselves before long.
                log.warning("others could not be told", **fault(error))

    def _listen(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            try:
                with _connected(self._store) as connection:
                    pause = 0.0
                    self._heard()
                    self._hear_from(connection)
            except (psycopg.Error, SQLAlchemyError) as error:
                pause = min(max(1.0, pause * 2), _LONGEST_PAUSE)
                log.warning("listening broke off", again_in=pause, **fault(error))

    def _hear_from(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stopped.is_set():
            senders = {told.payload for told in connection.notifies(timeout=_LOOK_UP_EVERY, stop_after=1)}
            if senders - {self._name}:
                self._heard()


def _connected(store: Store) -> psycopg.Connection[Any]:
    """A connection of its own that listens; it is out of the pool, where nobody may find it."""
    pooled = store.engine.raw_connection()
    driver: Any = pooled.driver_connection
    pooled.detach()
    connection: psycopg.Connection[Any] = driver
    connection.autocommit = True
    connection.execute(f"LISTEN {CHANNEL}")
    return connection
