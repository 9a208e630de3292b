"""A process that dies at any point of a transition leaves all of it or none of it, and it can be done again."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from itertools import count as numbers
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, make_url, select

from apflow.loader import Library
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import case_items, cases, drafts
from apflow.store.tables.history import command_results, history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import sign_in_links
from apflow.store.tables.work import tasks, timers
from apflow.testing import MONDAY, OLIVE, PAT, PAVEL, PETRA, POPPY, a_handler
from tests.brought import bring_to
from tests.databases import Postgres
from tests.store.crashes import crashing
from tests.store.witness import faults

Copies = Callable[[], AbstractContextManager[str]]
FOR_EVER = 1_000_000
VIEW = {"view": "more", "comments": "Not yet."}


@dataclass(frozen=True)
class Standing:
    """What the database holds of the case: each number is one the transition changes."""

    state: str
    version: int
    history: int
    panel_views: int
    open_tasks: tuple[str, ...]
    closed_tasks: int
    running: tuple[str, ...]
    stopped: int
    messages: int
    links: int
    drafts: int
    receipts: int


def standing(store: Store) -> Standing:
    with store.reading() as connection:

        def many(table: Any, *conditions: Any) -> int:
            return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())

        case = connection.execute(select(cases)).one()
        open_tasks = connection.execute(select(tasks.c.name).where(tasks.c.closed_at.is_(None))).scalars()
        running = connection.execute(select(timers.c.name).where(timers.c.stopped_at.is_(None))).scalars()
        return Standing(
            state=case.state,
            version=case.version,
            history=many(history),
            panel_views=many(case_items, case_items.c.collection == "panel_views"),
            open_tasks=tuple(sorted(open_tasks)),
            closed_tasks=many(tasks, tasks.c.closed_at.is_not(None)),
            running=tuple(sorted(running)),
            stopped=many(timers, timers.c.stopped_at.is_not(None)),
            messages=many(messages),
            links=many(sign_in_links),
            drafts=many(drafts),
            receipts=many(command_results),
        )


def test_on_sqlite(library: Library, migrated_file: Path, tmp_path: Path) -> None:
    origin = tmp_path / "origin.db"
    shutil.copy(migrated_file, origin)
    reference = _second_referral(f"sqlite:///{origin}", library)

    @contextmanager
    def copies() -> Iterator[str]:
        path = tmp_path / "copy.db"
        shutil.copy(origin, path)
        yield f"sqlite:///{path}"
        for left in tmp_path.glob("copy.db*"):
            left.unlink()

    _crash_everywhere(reference, library, copies)


@pytest.mark.postgres
@pytest.mark.slow  # each of some fifty crashes has a database of its own
def test_on_postgresql(library: Library, postgres: Postgres, migrated: str) -> None:
    with postgres.clone(migrated) as origin:
        reference = _second_referral(origin, library)
        name = make_url(origin).database or ""
        _crash_everywhere(reference, library, lambda: postgres.clone(name))


def _second_referral(url: str, library: Library) -> str:
    """A case about to be referred to the panel again, so that there are views to clear; with a draft of it."""
    store = Store(url)
    handler = a_handler(store, library)
    reference = bring_to(handler, "panel")
    for member in (PETRA, PAVEL, POPPY):
        handler.fire(reference, "give_view", VIEW, actor=member, now=MONDAY)
    decision = {"panel_on": MONDAY.date().isoformat(), "chaired_by": "Magda", "reasons": "See below."}
    handler.fire(reference, "panel_ask", {**decision, "what_we_need": "A timetable."}, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "submit", {"declaration": True}, actor=PAT, now=MONDAY)
    with store.writing() as connection:
        beside.save_draft(
            connection,
            person=OLIVE.id or 0,
            reference=reference,
            event="refer_to_panel",
            item="",
            answers={"summary": "Animal"},
            seen=1,
            now=MONDAY,
        )
    store.close()
    return reference


def _crash_everywhere(reference: str, library: Library, copies: Copies) -> None:
    found: list[Standing] = []
    with _crashing() as crash:
        with copies() as url:
            before = _look(url)
            crash(url, reference, FOR_EVER)
            after = _look(url)
        assert [name for name, value in asdict(before).items() if value == asdict(after)[name]] == []
        for steps in numbers(1):
            with copies() as url:
                died = crash(url, reference, steps)
                found.append(_look(url))
                assert found[-1] in (before, after), f"killed before step {steps}"
                _refer_to_panel(url, reference, library)
                assert _look(url) == after, f"done again after it was killed before step {steps}"
            if not died:
                break
    # Killed before the commit it has left nothing and after it everything; and it was killed often, before and after.
    saved = [standing == after for standing in found]
    assert saved == sorted(saved)
    assert saved.count(False) > 10
    assert saved.count(True) > 1


def _look(url: str) -> Standing:
    store = Store(url)
    found = standing(store)
    assert faults(store) == []
    store.close()
    return found


def _refer_to_panel(url: str, reference: str, library: Library) -> None:
    store = Store(url)
    handler = a_handler(store, library)
    handler.fire(reference, "refer_to_panel", crashing.REFER, actor=OLIVE, now=MONDAY, key=crashing.KEY)
    store.close()


@contextmanager
def _crashing() -> Iterator[Callable[[str, str, int], bool]]:
    """Fire the event in a process that has so many steps to live; whether it died of it."""
    command = [sys.executable, "-m", "tests.store.crashes.crashing"]
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
