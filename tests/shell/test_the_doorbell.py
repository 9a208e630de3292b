"""Processes of one PostgreSQL database wake each other, and do again once a connection that broke is back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Semaphore

import pytest
from sqlalchemy import text

from apflow.store.driver.doorbell import CHANNEL, Doorbell
from apflow.store.driver.engine import Store
from tests.databases import Postgres

PATIENCE = 20.0
pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres: Postgres, postgres_tables: str) -> Iterator[str]:
    with postgres.clone(postgres_tables) as cloned:
        yield cloned


@contextmanager
def a_process(url: str, heard: Callable[[], None]) -> Iterator[Doorbell]:
    """What one process has of it: a store of its own and its end of the bell."""
    store = Store(url)
    bell = Doorbell(store, heard)
    bell.start()
    try:
        yield bell
    finally:
        bell.stop()
        store.close()


def test_a_ring_is_heard_by_the_other_processes_and_not_by_who_rang(url: str) -> None:
    here, there, further = Semaphore(0), Semaphore(0), Semaphore(0)
    with a_process(url, here.release) as bell, a_process(url, there.release), a_process(url, further.release):
        for each in (here, there, further):  # Once at the beginning: something may have been missed before.
            assert each.acquire(timeout=PATIENCE)

        bell.ring()

        assert there.acquire(timeout=PATIENCE)
        assert further.acquire(timeout=PATIENCE)
        bell.ring()
        assert there.acquire(timeout=PATIENCE)
    assert not here.acquire(blocking=False)


def test_whoever_lost_the_connection_looks_at_once_when_it_is_back_and_hears_again(url: str) -> None:
    here, there = Semaphore(0), Semaphore(0)
    with a_process(url, here.release) as bell, a_process(url, there.release):
        assert here.acquire(timeout=PATIENCE)
        assert there.acquire(timeout=PATIENCE)

        end_every_other_connection(url)

        assert there.acquire(timeout=PATIENCE)
        bell.ring()
        assert there.acquire(timeout=PATIENCE)


def test_many_rings_at_once_are_told_in_few(url: str) -> None:
    heard = Semaphore(0)
    store = Store(url)
    with store.engine.connect() as listening, a_process(url, heard.release) as bell:
        assert heard.acquire(timeout=PATIENCE)
        listening.execute(text(f"LISTEN {CHANNEL}"))
        listening.commit()
        for _ in range(1000):
            bell.ring()
        driver = listening.connection.driver_connection
        assert driver is not None
        told = [*driver.notifies(timeout=PATIENCE, stop_after=1), *driver.notifies(timeout=0.5)]
    store.close()

    assert 1 <= len(told) < 100


def end_every_other_connection(url: str) -> None:
    store = Store(url)
    with store.writing() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    store.close()
