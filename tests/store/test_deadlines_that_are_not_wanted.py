"""A deadline that is not wanted, as it is kept: it is no case's next date and never late, and comes back as it was."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.loader import Library
from apflow.rounds.verifying import verified
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.reading import lateness, queues
from apflow.store.reading.queues import CaseFilter
from apflow.store.tables.work import timers
from apflow.testing import MAGDA, MONDAY, OLIVE, a_handler, leave
from apflow.versions.moving import Move, Told, explained, moved, moved_back, to_move, to_move_back, version_to
from tests.brought import bring_to
from tests.versions import CHECKING, changed

DAY = timedelta(days=1)
PAPER = "child_protection"
_ONE_IS_ACCEPTED = "unless: {count: evidence, where: {fact: item.status, is: accepted}, at_least: 1}"
UNLESS = (CHECKING, f"{CHECKING}\n        {_ONE_IS_ACCEPTED}")


@pytest.fixture
def handler(store: Store, library: Library) -> Handler:
    return a_handler(store, changed(library, UNLESS))


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        snapshot = load_case(connection, reference)
    assert snapshot is not None
    return snapshot


def accept(handler: Handler, reference: str, days: int = 0) -> None:
    handler.fire(reference, "accept", {}, actor=OLIVE, now=MONDAY + days * DAY, item=PAPER)


def take_back(handler: Handler, reference: str, days: int = 0) -> None:
    said = {"why_again": "By mistake."}
    handler.fire(reference, "check_again", said, actor=OLIVE, now=MONDAY + days * DAY, item=PAPER)


def sweep(handler: Handler, days: int) -> None:
    fire_due(handler, MONDAY + days * DAY, machine_now=lambda: MONDAY + days * DAY)


def rows_of(handler: Handler, name: str) -> list[tuple[object, ...]]:
    columns = (timers.c.due_at, timers.c.next_at, timers.c.stopped_at)
    with handler.store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).where(timers.c.name == name))]


def due_in_the_list(handler: Handler) -> Sequence[object]:
    with handler.store.reading() as connection:
        rows = queues.list_cases(connection, CaseFilter(), limit=10)
        late = queues.count_cases(connection, CaseFilter(overdue_at=MONDAY + 30 * DAY))
        running = queues.running_of(connection, [row.reference for row in rows])
    return rows[0].due_at, late, running.get(rows[0].reference, {})


def test_it_is_no_cases_next_date_is_never_late_and_does_nothing(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")

    accept(handler, reference)

    snapshot = case(handler, reference)
    assert "check_due" not in snapshot.deadlines
    assert [task.due_at for task in snapshot.tasks] == [None]
    assert due_in_the_list(handler) == (None, 0, {})
    sweep(handler, days=30)
    assert case(handler, reference).version == snapshot.version
    with handler.store.reading() as connection:
        assert lateness.late_deadlines(connection, MONDAY + 30 * DAY) == []


def test_wanted_again_it_is_the_same_row_with_the_same_date(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    before, row = case(handler, reference), rows_of(handler, "check_due")
    accept(handler, reference)

    take_back(handler, reference, days=1)

    after = case(handler, reference)
    assert rows_of(handler, "check_due") == row
    assert after.deadlines == before.deadlines
    assert [task.due_at for task in after.tasks] == [task.due_at for task in before.tasks]


def test_one_that_is_late_by_then_acts_with_the_next_sweep(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    accept(handler, reference)
    take_back(handler, reference, days=20)

    sweep(handler, days=20)

    assert [task.name for task in case(handler, reference).tasks if task.is_alert] == ["overdue_check_due"]


def test_leaving_the_state_is_the_end_of_it(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    leave(handler, reference, "checking_evidence")

    assert [stopped is None for *_, stopped in rows_of(handler, "check_due")] == [False]
    assert case(handler, reference).unwanted == {}


def test_nothing_is_found_wrong_with_a_case_whose_deadline_is_not_wanted(handler: Handler) -> None:
    accept(handler, bring_to(handler, "checking_evidence"))

    assert [found for found in verified(handler, MONDAY) if found.kind != "stuck_message"] == []


def a_move(handler: Handler, days: int = 0, **answers: str) -> list[Told]:
    """What was explained, which is then done."""
    asked = Move(version_to(handler, "provider", None), MAGDA, MONDAY + days * DAY, answers)  # type: ignore[arg-type]
    references = to_move(handler, asked.to)
    before = list(explained(handler, asked, references))
    assert list(moved(handler, asked, references)) == before
    return before


def test_a_case_moved_to_a_version_by_which_it_is_not_wanted_is_no_longer_asked_for_it(
    store: Store, library: Library
) -> None:
    before = a_handler(store, library)
    reference = bring_to(before, "checking_evidence")
    accept(before, reference)
    row = rows_of(before, "check_due")
    later = a_handler(store, changed(library, UNLESS))

    (told,) = a_move(later)

    assert told.said[1:] == ("“The evidence should be checked” is not asked for now.",)
    assert "check_due" not in case(later, reference).deadlines
    assert [task.due_at for task in case(later, reference).tasks] == [None]
    list(moved_back(later, MAGDA, MONDAY, to_move_back(later, "provider")))
    assert rows_of(later, "check_due") == row


def test_nothing_is_asked_about_one_that_has_passed_and_is_not_wanted(store: Store, library: Library) -> None:
    before = a_handler(store, changed(library, UNLESS))
    reference = bring_to(before, "checking_evidence")
    accept(before, reference)
    shorter = (UNLESS[0], UNLESS[1].replace("10 working", "2 working") + "\n        on_migration: recompute")
    later = a_handler(store, changed(library, ("version: 2", "version: 3"), shorter))

    (told,) = a_move(later, days=20)

    assert told.how == "moved"
    take_back(later, reference, days=21)
    assert case(later, reference).deadlines["check_due"].due_at.date() == (MONDAY + 2 * DAY).date()


def test_a_version_by_which_it_is_always_wanted_lets_it_run_on_or_asks_where_it_has_passed(
    store: Store, library: Library
) -> None:
    before = a_handler(store, changed(library, UNLESS))
    reference = bring_to(before, "checking_evidence")
    due = case(before, reference).deadlines["check_due"].due_at
    accept(before, reference)
    later = a_handler(store, changed(library, ("version: 2", "version: 3")))

    (asked,) = explained(later, Move(version_to(later, "provider", None), MAGDA, MONDAY + 20 * DAY), [reference])
    assert (asked.how, "would act at once" in asked.said[0]) == ("asked", True)
    (kept,) = explained(
        later, Move(version_to(later, "provider", None), MAGDA, MONDAY + 20 * DAY, {"check_due": "keep"}), [reference]
    )
    assert "“The evidence should be checked” is asked for again, and had passed: it does not act." in kept.said

    a_move(later, days=1)

    assert case(later, reference).deadlines["check_due"].due_at == due
    assert [task.due_at for task in case(later, reference).tasks] == [due]
