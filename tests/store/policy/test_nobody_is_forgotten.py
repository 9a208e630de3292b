"""`verified`: of a whole installation nothing is said, and each thing that can be wrong is found, and of which case."""

from datetime import timedelta

import pytest
from sqlalchemy import Table, delete, update

from apflow.handler import Handler
from apflow.rounds.verifying import LATE_AFTER, STUCK_AFTER, verified
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks, timers
from apflow.testing import MONDAY, a_handler, add_people
from tests.brought import bring_to


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def reference(handler: Handler) -> str:
    """A case whose documents are being checked."""
    return bring_to(handler, "checking_evidence")


def wrong(handler: Handler, *, after: timedelta = timedelta(minutes=1)) -> list[str]:
    return list(map(str, verified(handler, MONDAY + after)))


def change(handler: Handler, table: Table, **values: object) -> None:
    with handler.store.writing() as connection:
        connection.execute(update(table).values(**values))


def test_nothing_is_wrong_with_a_case_that_somebody_and_some_clock_move_on(handler: Handler, reference: str) -> None:
    assert wrong(handler) == []


def test_a_case_that_nobody_can_move_as_nobody_holds_the_role_is_found(handler: Handler, reference: str) -> None:
    with handler.store.writing() as connection:
        connection.execute(update(people).where(people.c.email != "pat@made-up-farm.example").values(is_active=False))

    said = wrong(handler)

    assert any("is for Alternative Learning Team officer, and nobody is one" in fault for fault in said)
    assert all(fault.startswith(f"{reference}: ") for fault in said)


def test_a_case_that_nothing_brings_up_again_is_found(handler: Handler, reference: str) -> None:
    change(handler, timers, next_at=None)
    assert wrong(handler) == []  # The task lasts until the case moves.

    with handler.store.writing() as connection:
        connection.execute(delete(tasks))

    assert wrong(handler) == [
        f"{reference}: no deadline runs in “Checking evidence” and no task is open, so nothing brings it up again"
    ]


def test_a_state_that_history_does_not_know_of_is_found(handler: Handler, reference: str) -> None:
    change(handler, cases, state="approved")

    assert f"{reference}: the case and its history do not agree" in wrong(handler)


def test_a_task_left_open_on_a_case_that_has_ended_is_found(handler: Handler, reference: str) -> None:
    change(handler, cases, state="declined")

    assert any("it has ended, and the task “" in fault for fault in wrong(handler))


def test_a_deadline_that_should_have_acted_is_found_only_once_it_is_late(handler: Handler, reference: str) -> None:
    change(handler, timers, next_at=MONDAY)

    assert wrong(handler, after=LATE_AFTER - timedelta(seconds=1)) == []
    assert any(
        fault.startswith(f"{reference}: the deadline “check_due” has been due since 2 November 2026 at 10am")
        for fault in wrong(handler, after=LATE_AFTER)
    )


def test_an_email_that_nobody_tries_to_send_is_found(handler: Handler, reference: str) -> None:
    stuck = f"{reference}: an e-mail has waited to be sent since"

    assert not any(fault.startswith(stuck) for fault in wrong(handler, after=STUCK_AFTER - LATE_AFTER))
    assert any(fault.startswith(stuck) for fault in wrong(handler, after=STUCK_AFTER))
