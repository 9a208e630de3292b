"""What the tests of the store ask a database, and how they make two people act at the same moment."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, event, func, select

from apflow.core.errors import ApflowError
from apflow.core.snapshot import Snapshot
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.reading.history import broken_chains
from apflow.store.tables import metadata

SECONDS = 30


def rows(store: Store) -> dict[str, list[Any]]:
    """Everything the database holds, by table."""
    with store.reading() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in metadata.sorted_tables}


def count(store: Store, table: Table, *conditions: Any) -> int:
    """How many rows of the table fulfil the conditions."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def case_of(store: Store, reference: str) -> Snapshot:
    """The case as it stands, which must exist."""
    with store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return case


def faults(store: Store) -> list[str]:
    """What `verify` would say of the history."""
    with store.reading() as connection:
        return list(broken_chains(connection))


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned, or the reason it was refused for, when all begin at the same moment."""
    start = threading.Barrier(len(calls), timeout=SECONDS)

    def begin(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except ApflowError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(begin, calls))


def after_the_same_look(store: Store, *calls: Callable[[], Any]) -> list[Any]:
    """The same, where nobody writes before all have had their first look at the database.

    On SQLite one of them at a time looks and writes, so there is nothing to wait for.
    """
    if store.is_sqlite:
        return at_once(*calls)
    looked, mine = threading.Barrier(len(calls), timeout=SECONDS), threading.local()

    def wait_once(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("WITH", "INSERT", "UPDATE", "DELETE")) and not hasattr(mine, "has_looked"):
            mine.has_looked = True
            looked.wait()

    event.listen(store.engine, "before_cursor_execute", wait_once)
    try:
        return at_once(*calls)
    finally:
        event.remove(store.engine, "before_cursor_execute", wait_once)
