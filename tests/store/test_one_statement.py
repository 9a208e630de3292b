"""On PostgreSQL a transition is written by one statement, of which nothing comes once the case has moved on."""

from datetime import timedelta

import pytest

from apflow.core.errors import NotOpen
from apflow.handler import Handler
from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, OLIVE, a_handler, enquire
from tests.brought import bring_to
from tests.store.witness import after_the_same_look, case_of, faults, rows, statements

pytestmark = pytest.mark.postgres


@pytest.fixture
def door(on_postgresql: Store, library: Library) -> Handler:
    return a_handler(on_postgresql, library)


def invite(door: Handler, reference: str) -> object:
    return door.fire(reference, "invite", {"message": "Welcome."}, actor=OLIVE, now=MONDAY)


def test_a_transition_writes_once_and_opens_no_transaction(door: Handler) -> None:
    reference = enquire(door)

    with statements(door.store) as seen:  # Of one that asks for no text to be looked through for pupils' names.
        door.fire(reference, "withdraw", {"sure": True}, actor=OLIVE, now=MONDAY)

    assert [sql[:7] for sql in seen if not sql.startswith("SELECT")] == ["WITH s0"]
    assert case_of(door.store, reference).state == "withdrawn"
    assert faults(door.store) == []


def test_whoever_comes_second_leaves_nothing_and_decides_again(door: Handler) -> None:
    reference = enquire(door)

    results = after_the_same_look(door.store, *[lambda: invite(door, reference)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["NotOpen", "Saved"]
    assert any(isinstance(result, NotOpen) for result in results)
    assert len(rows(door.store)["history"]) == 2
    assert faults(door.store) == []


def test_a_deadline_that_stops_and_starts_under_one_name_is_written_in_order(door: Handler) -> None:
    reference = bring_to(door, "gathering_evidence")
    before = case_of(door.store, reference).deadlines

    door.fire(
        reference, "allow_more_time", {"why": "Their insurer is slow."}, actor=OLIVE, now=MONDAY + timedelta(days=1)
    )

    after = case_of(door.store, reference).deadlines
    assert after.keys() == before.keys()
    assert after["evidence_due"].due_at > before["evidence_due"].due_at
