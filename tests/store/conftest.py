"""Every test of the store runs on SQLite and on PostgreSQL, with the tables that migrations made and people in them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apflow.store.driver.engine import Store
from apflow.store.migrate import upgrade
from apflow.testing import add_people
from tests.databases import Postgres

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables and the people, to copy."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    _furnish(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """The name of a PostgreSQL database with the tables and the people, to clone."""
    return postgres.template("migrated", fill=_furnish)


@pytest.fixture(scope="session")
def upgraded(postgres: Postgres) -> str:
    """The name of one with the tables only, to be lent."""
    return postgres.template("upgraded", fill=_upgrade)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a fresh database is, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "apflow.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    postgres, upgraded = request.getfixturevalue("postgres"), request.getfixturevalue("upgraded")
    with _lent(postgres, upgraded) as lent:
        yield lent


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A fresh database with its tables and people, of each kind in turn."""
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture
def on_postgresql(postgres: Postgres, upgraded: str) -> Iterator[Store]:
    with _lent(postgres, upgraded) as url:
        store = Store(url)
        yield store
        store.close()


@contextmanager
def _lent(postgres: Postgres, upgraded: str) -> Iterator[str]:
    with postgres.lend(upgraded) as url:
        store = Store(url)
        add_people(store)
        store.close()
        yield url


def _upgrade(url: str) -> None:
    store = Store(url)
    upgrade(store)
    store.close()


def _furnish(url: str) -> None:
    store = Store(url)
    upgrade(store)
    add_people(store)
    store.close()
