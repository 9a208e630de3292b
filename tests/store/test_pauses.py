"""A deadline that stands still, goes on and comes round is in the database as `decide` said, and survives a restart."""

from pathlib import Path

import pytest
from sqlalchemy import select

from apflow.handler import Handler
from apflow.loader import Library, read_library
from apflow.store.driver.engine import Store
from apflow.store.tables.work import timers
from apflow.testing import MONDAY, OLIVE, a_handler
from tests.core.repairs import WORKFLOW, at
from tests.loader.folder import a_folder
from tests.store.witness import case_of


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = a_folder(tmp_path)
    quiet = WORKFLOW.replace("    remind: {at: 5 working days left, who: officer, notice: due_soon}\n", "")
    (folder / "repair.yaml").write_text(quiet, encoding="utf-8")
    return read_library(folder)


@pytest.fixture
def handler(store: Store, library: Library) -> Handler:
    return a_handler(store, library)


def bring(handler: Handler) -> str:
    toy = {"toy": "A made-up bear", "owner": "Olga Owner", "email": "olga@made-up.example"}
    return handler.open_case("repair", "bring", toy, actor=OLIVE, now=MONDAY).reference


def test_a_pause_is_kept_and_ends_with_the_state(store: Store, handler: Handler) -> None:
    reference = bring(handler)
    handler.fire(reference, "order", {}, actor=OLIVE, now=at(4, 10))
    paused = case_of(store, reference).deadlines["mended"]
    assert (paused.paused_at, paused.paused_days, paused.next_at) == (at(4, 10), 0, at(18))

    handler.fire(reference, "arrive", {}, actor=OLIVE, now=at(9, 10))

    running = case_of(store, reference).deadlines["mended"]
    assert (running.paused_at, running.paused_days, running.due_at) == (None, 3, at(3, month=12))


def test_what_comes_round_is_one_row_that_is_counted_on(store: Store, handler: Handler) -> None:
    reference = bring(handler)
    handler.fire(reference, "order", {}, actor=OLIVE, now=MONDAY)

    for day in (9, 16):
        handler.ring(reference, "ask", token=0, now=at(day))

    ask = case_of(store, reference).deadlines["ask"]
    assert (ask.anchor_at, ask.due_at, ask.ended) == (at(16, 0, 0), at(23), False)
    with store.reading() as connection:
        rows = connection.execute(select(timers).where(timers.c.name == "ask", timers.c.stopped_at.is_(None))).all()
    assert len(rows) == 1
