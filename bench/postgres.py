"""A PostgreSQL server of the bench's own, which waits for the disk as a council's would."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from apflow.store.driver.engine import Store
from bench.place import Place, furnish
from bench.scenario import NotHere
from tests.databases import SETTINGS, CannotStartError, Postgres, start

DURABLE = {**SETTINGS, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB"}


@contextmanager
def a_server(place: Place) -> Iterator[Postgres]:
    """A server with its data on the measured disk; NotHere when it does not start."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir=place.folder) as name:
        folder = Path(name)
        try:
            stop = start(folder, DURABLE)
        except (CannotStartError, OSError) as problem:
            raise NotHere(f"PostgreSQL does not start here ({problem})") from problem
        try:
            yield Postgres(folder)
        finally:
            stop()


@contextmanager
def a_database(server: Postgres, name: str) -> Iterator[Store]:
    """A new database with the tables and the people."""
    store = Store(server.url(server.template(name, fill=lambda _: None)))
    try:
        furnish(store)
        yield store
    finally:
        store.close()


def driver_address(store: Store) -> str:
    """The database as the driver itself is told of it."""
    return psycopg.conninfo.make_conninfo(store.url.replace("postgresql+psycopg:", "postgresql:"))
