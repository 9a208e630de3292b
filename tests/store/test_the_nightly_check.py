"""The nightly check: once a night by one process, one case for each thing it found, ended by itself when mended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, delete, select, update

from apflow.handler import Handler
from apflow.rounds.nightly import checking, night_of
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE
from apflow.store.findings import last_whole_check, standing_by_kind
from apflow.store.tables.cases import cases
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks, timers
from apflow.testing import MAGDA, OLIVE, a_handler
from tests.brought import bring_to

NIGHT = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def handler(store: Store) -> Handler:
    return a_handler(store)


@pytest.fixture
def forgotten(handler: Handler) -> str:
    """A case that nothing brings up again."""
    reference = bring_to(handler, "checking_evidence")
    with handler.store.writing() as connection:
        connection.execute(update(timers).values(next_at=None))
        connection.execute(delete(tasks))
    return reference


def looks(handler: Handler, now: datetime = NIGHT, machine: datetime | None = None) -> Iterator[int]:
    return checking(handler, lambda: now, lambda: machine or now)


def check(handler: Handler, now: datetime = NIGHT) -> int:
    """How many cases were looked at."""
    return sum(looks(handler, now))


def raised(handler: Handler) -> list[Row[Any]]:
    with handler.store.reading() as connection:
        return list(connection.execute(select(cases).where(cases.c.workflow == "finding").order_by(cases.c.id)))


def standing(handler: Handler) -> dict[str, int]:
    with handler.store.reading() as connection:
        found = standing_by_kind(connection)
    return {kind: count for kind, count in found.items() if kind != "stuck_message"}  # Nobody sends any here.


def mend(handler: Handler) -> None:
    with handler.store.writing() as connection:
        connection.execute(update(timers).where(timers.c.stopped_at.is_(None)).values(next_at=NIGHT + 30 * DAY))


def test_every_case_is_looked_at_once_a_night(handler: Handler, forgotten: str) -> None:
    assert check(handler) == 1
    assert check(handler, NIGHT + timedelta(hours=5)) == 0

    assert check(handler, NIGHT + DAY) == 2  # And what it began itself.


def test_a_night_that_was_missed_is_made_up_for_when_a_process_runs_again() -> None:
    at = NIGHT.time()

    assert night_of(at, NIGHT) == NIGHT.date()
    assert night_of(at, NIGHT - timedelta(seconds=1)) == (NIGHT - DAY).date()
    assert night_of(at, NIGHT + timedelta(hours=9)) == NIGHT.date()


def test_nothing_is_raised_where_nothing_is_wrong(handler: Handler) -> None:
    bring_to(handler, "checking_evidence")

    check(handler)

    assert standing(handler) == {}
    assert raised(handler) == []
    with handler.store.reading() as connection:
        whole = last_whole_check(connection)
    assert whole is not None
    assert whole.cases == 1


def test_a_finding_is_one_task_however_many_nights_it_stands(handler: Handler, forgotten: str) -> None:
    for night in range(3):
        check(handler, NIGHT + night * DAY)

    (case,) = raised(handler)
    assert case.title == f"Nothing brings a case up again: {forgotten}"
    assert case.state == "to_put_right"
    with handler.store.reading() as connection:
        assert len(connection.execute(select(tasks).where(tasks.c.case_id == case.id)).all()) == 1


def test_it_ends_by_itself_the_night_after_it_is_mended(handler: Handler, forgotten: str) -> None:
    check(handler)
    mend(handler)

    check(handler, NIGHT + DAY)

    (case,) = raised(handler)
    assert case.state == "put_right"
    assert standing(handler) == {}


def test_what_comes_back_after_it_was_mended_is_raised_again(handler: Handler, forgotten: str) -> None:
    check(handler)
    mend(handler)
    check(handler, NIGHT + DAY)
    with handler.store.writing() as connection:
        connection.execute(update(timers).where(timers.c.next_at == NIGHT + 30 * DAY).values(next_at=None))

    check(handler, NIGHT + 2 * DAY)

    assert [case.state for case in raised(handler)] == ["put_right", "to_put_right"]


def test_what_is_left_as_it_is_is_not_raised_again_and_what_is_only_said_to_be_put_right_is(
    handler: Handler, forgotten: str
) -> None:
    check(handler)
    handler.fire(raised(handler)[0].reference, "mended", {}, actor=OLIVE, now=NIGHT)
    check(handler, NIGHT + DAY)
    left = {"left_because": "It is closed by letter."}
    handler.fire(raised(handler)[1].reference, "leave_it", left, actor=MAGDA, now=NIGHT + DAY)

    check(handler, NIGHT + 2 * DAY)

    assert [case.state for case in raised(handler)] == ["put_right", "left"]
    assert standing(handler) == {"nothing_brings_it_up": 1}


def test_what_only_it_can_mend_is_no_work_for_an_officer(handler: Handler) -> None:
    bring_to(handler, "checking_evidence")
    with handler.store.writing() as connection:
        connection.execute(update(cases).values(head="0" * 64))

    check(handler)

    assert standing(handler) == {"history": 1}
    assert raised(handler) == []


def test_one_mistake_does_not_flood_the_officers_work(handler: Handler) -> None:
    for number in range(3):
        bring_to(handler, "enquiry", contact_email=f"pat{number}@made-up-farm.example")
    with handler.store.writing() as connection:
        connection.execute(update(people).values(is_active=False))
    spec = handler.library.council.nightly_check
    assert spec is not None
    council = handler.library.council.model_copy(update={"nightly_check": spec.model_copy(update={"at_most": 2})})
    handler.library = replace(handler.library, council=council)

    check(handler)
    check(handler, NIGHT + DAY)

    assert len(raised(handler)) == 2
    assert sum(standing(handler).values()) > 3


def test_a_check_that_was_killed_is_taken_up_by_another_once_its_lease_is_over(
    handler: Handler, forgotten: str
) -> None:
    next(looks(handler))  # And no more is heard of it.

    assert check(handler, NIGHT + timedelta(seconds=1)) == 0
    assert check(handler, NIGHT + LEASE + timedelta(seconds=1)) == 1
    assert len(raised(handler)) == 1


def test_whoever_lost_the_check_ends_it_without_a_word(handler: Handler, forgotten: str) -> None:
    first = looks(handler)
    next(first)
    check(handler, NIGHT + 2 * LEASE)

    assert list(first) == []
    assert len(raised(handler)) == 1
