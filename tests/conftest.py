"""What every test may ask for: the shipped policy, a database of either kind, and the door to it."""

import fcntl
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from apflow.core.definition.compiled import Definition
from apflow.demo.run import make
from apflow.handler import Handler
from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.store.migrate import upgrade
from apflow.store.tables import metadata
from apflow.testing import a_handler, shipped_library

if TYPE_CHECKING:
    from tests.databases import Postgres  # pytest itself imports its plugins first, to rewrite their assertions.

pytest_plugins = ["tests.scratch", "tests.databases", "tests.browser", "tests.smtp"]


def pytest_collection() -> None:
    """Sweep no memory while tests are found: what is made then stays, and that took a seventh of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Sweep less often, and not through what stays for good: it took a quarter of the time of the tests of pages."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def library() -> Library:
    """The policy as it ships, read once."""
    read = shipped_library()
    gc.freeze()
    return read


@pytest.fixture(scope="session")
def definition(library: Library) -> Definition:
    """The provider workflow as it ships."""
    return library.current("provider")


@pytest.fixture(scope="session")
def tables_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables, to copy: that takes a tenth of the time of making them."""
    path = tmp_path_factory.mktemp("tables") / "template.db"
    _create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as `apflow db upgrade` makes it, for those who ask whether it is up to date."""
    path = tmp_path_factory.mktemp("upgraded") / "template.db"
    opened = Store(f"sqlite:///{path}")
    upgrade(opened)
    opened.close()
    return path


@pytest.fixture
def store(tmp_path: Path, tables_file: Path) -> Iterator[Store]:
    """An empty SQLite database with its tables."""
    shutil.copy(tables_file, tmp_path / "apflow.db")
    opened = Store(f"sqlite:///{tmp_path}/apflow.db")
    yield opened
    opened.close()


@pytest.fixture
def handler(store: Store, library: Library) -> Handler:
    return a_handler(store, library)


@pytest.fixture(scope="session")
def postgres_tables(postgres: "Postgres") -> str:
    """The name of a PostgreSQL template that has the tables."""
    return postgres.template("tables", fill=_create_tables)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database with its tables, of each kind in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("store")
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_tables")
    with server.lend(template) as url:
        opened = Store(url)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo council, made once for the whole run and all its processes; take `demo` for a copy to change."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo").exists():
            make(shared / "making", "http://127.0.0.1:8000")
            (shared / "making").rename(shared / "demo")
    return shared / "demo"


@pytest.fixture
def demo(demo_made: Path, tmp_path: Path) -> Path:
    """A demo council of one's own."""
    return Path(shutil.copytree(demo_made, tmp_path / "council"))


def _create_tables(url: str) -> None:
    opened = Store(url)
    metadata.create_all(opened.engine)
    opened.close()
