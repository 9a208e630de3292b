"""How much SQLite has to do for something, in steps of its machine: no clock is in it, so it is always the same."""

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from apflow.store.driver.engine import Store

_AT_A_TIME = 10


def steps(store: Store, ask: Callable[[], object]) -> int:
    """The steps of every statement that is run for it, to the next ten."""
    taken = 0
    watched: list[sqlite3.Connection] = []

    def count() -> int:
        nonlocal taken
        taken += _AT_A_TIME
        return 0

    def watch(_connection: Any, cursor: sqlite3.Cursor, *_: Any) -> None:
        cursor.connection.set_progress_handler(count, _AT_A_TIME)
        watched.append(cursor.connection)

    event.listen(store.engine, "before_cursor_execute", watch)
    try:
        ask()
    finally:
        event.remove(store.engine, "before_cursor_execute", watch)
        for connection in watched:
            connection.set_progress_handler(None, _AT_A_TIME)
    return taken
