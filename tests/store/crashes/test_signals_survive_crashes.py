"""A process that dies between one case's word and what another makes of it loses nothing and repeats nothing."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from itertools import count as numbers
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.work import signals, tasks
from apflow.testing import MONDAY, OLIVE, a_handler, library_from
from tests.databases import Postgres
from tests.loader.family import a_family_folder
from tests.store.crashes.crashing_family import tell_the_story
from tests.store.witness import count, faults

Copies = Callable[[], AbstractContextManager[str]]
FARM = {"organisation": "Made Up Farm", "contact_name": "Pat Provider", "contact_email": "pat@made-up-farm.example"}
AFTER_THE_LEASE = MONDAY + LEASE + timedelta(seconds=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_family_folder(tmp_path)


def test_on_sqlite(folder: Path, migrated_file: Path, tmp_path: Path) -> None:
    origin = tmp_path / "origin.db"
    shutil.copy(migrated_file, origin)
    reference = _add(f"sqlite:///{origin}", library_from(folder))

    @contextmanager
    def copies() -> Iterator[str]:
        path = tmp_path / "copy.db"
        shutil.copy(origin, path)
        yield f"sqlite:///{path}"
        for left in tmp_path.glob("copy.db*"):
            left.unlink()

    _crash_everywhere(reference, folder, copies)


@pytest.mark.postgres
@pytest.mark.slow  # each of some hundred crashes has a database of its own
@pytest.mark.timeout(600)
def test_on_postgresql(folder: Path, postgres: Postgres, migrated: str) -> None:
    with postgres.clone(migrated) as origin:
        reference = _add(origin, library_from(folder))
        name = make_url(origin).database or ""
        _crash_everywhere(reference, folder, lambda: postgres.clone(name))


def _add(url: str, library: Library) -> str:
    store = Store(url)
    reference = a_handler(store, library).open_case("provider", "add", FARM, actor=OLIVE, now=MONDAY).reference
    store.close()
    return reference


def _crash_everywhere(reference: str, folder: Path, copies: Copies) -> None:
    library, deaths = library_from(folder), 0
    with _crashing(folder) as crash:
        for steps in numbers(1):
            with copies() as url:
                died = crash(url, reference, steps)
                store = Store(url)
                assert faults(store) == [], f"killed before step {steps}"
                tell_the_story(library, store, reference, AFTER_THE_LEASE)
                _check_that_all_happened_once(store, reference, steps)
                store.close()
            if not died:
                break
            deaths += 1
    assert deaths > 50


def _check_that_all_happened_once(store: Store, reference: str, steps: int) -> None:
    with store.reading() as connection:
        states = connection.execute(select(cases.c.workflow, cases.c.state).order_by(cases.c.workflow)).all()
        query = select(history.c.name).join(cases, cases.c.id == history.c.case_id)
        told = connection.execute(query.where(cases.c.reference == reference).order_by(history.c.version)).scalars()
        assert [tuple(row) for row in states] == [("plan", "met"), ("provider", "listed")], (
            f"killed before step {steps}"
        )
        assert list(told) == ["add", "plan", "begun action_plan", "lift"], f"killed before step {steps}"
    assert count(store, signals) == 2
    assert count(store, signals, signals.c.done_at.is_(None)) == 0
    assert count(store, tasks) == 0
    assert faults(store) == []


@contextmanager
def _crashing(folder: Path) -> Iterator[Callable[[str, str, int], bool]]:
    """Tell the story in a process that has so many steps to live; whether it died of it."""
    command = [sys.executable, "-m", "tests.store.crashes.crashing_family", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as parent:
        told, heard = parent.stdin, parent.stdout
        assert told is not None
        assert heard is not None

        def crash(url: str, reference: str, steps: int) -> bool:
            told.write(f"{url} {reference} {steps}\n")
            ended = int(heard.readline())
            assert ended in (0, -signal.SIGKILL)
            return ended != 0

        yield crash
        told.close()
