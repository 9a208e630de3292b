"""What an alert asks for and nobody does: it is a manager's to see to, until it is done or said to be left."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from apflow.handler import Handler
from apflow.rounds.nightly import checking
from apflow.rounds.verifying import verified
from apflow.scheduler import fire_due
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.work import tasks
from apflow.testing import MONDAY, OLIVE, a_handler, add_people
from tests.brought import bring_to
from tests.quality import case

DAY = timedelta(days=1)
# An alert of Monday the 2nd is due at the end of Tuesday, and has been overdue for a working day at that of Wednesday.
WEDNESDAY_NIGHT = datetime(2026, 11, 4, 4, 0, tzinfo=UTC)
THURSDAY_NIGHT = WEDNESDAY_NIGHT + DAY


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def undone(handler: Handler) -> str:
    """A case with an alert that is due in a working day."""
    reference = bring_to(handler, "checking_evidence")
    handler.alert(reference, "mail_failed", "No such mailbox.", now=MONDAY)
    return reference


def check(handler: Handler, night: datetime) -> None:
    for _ in checking(handler, lambda: night, lambda: night):
        pass


def raised(handler: Handler) -> list[Row[Any]]:
    with handler.store.reading() as connection:
        return list(connection.execute(select(cases).where(cases.c.workflow == "finding").order_by(cases.c.id)))


def finish(handler: Handler, reference: str, now: datetime) -> None:
    (alert,) = (task for task in case(handler, reference).tasks if task.name == "mail_failed")
    handler.complete(reference, alert.id, "Rang them.", actor=OLIVE, now=now)


def test_it_is_a_managers_to_see_to_once_it_has_been_overdue_for_a_working_day(handler: Handler, undone: str) -> None:
    check(handler, WEDNESDAY_NIGHT)
    assert raised(handler) == []

    check(handler, THURSDAY_NIGHT)

    (finding,) = raised(handler)
    assert finding.title == f"Work is left undone: {undone}"
    assert "was due by Tuesday 3 November 2026" in finding.fields["said"]
    assert [(task.name, task.role) for task in case(handler, finding.reference).tasks] == [("pass_on", "manager")]


def test_of_what_a_deadline_opened_the_day_of_the_deadline_is_said(
    handler: Handler,
) -> None:
    reference = bring_to(handler, "panel")
    handler.fire(reference, "move_panel", {"panel_on": "2026-11-03", "why": "Snow."}, actor=OLIVE, now=MONDAY)
    fire_due(handler, WEDNESDAY_NIGHT, machine_now=lambda: WEDNESDAY_NIGHT)

    check(handler, WEDNESDAY_NIGHT + 7 * DAY)

    said = [finding.fields["said"] for finding in raised(handler)]
    assert any("was due by Tuesday 3 November 2026" in one for one in said)


def test_it_is_one_thing_to_see_to_however_many_nights_it_stays_undone(handler: Handler, undone: str) -> None:
    for night in range(3):
        check(handler, THURSDAY_NIGHT + night * DAY)

    assert len(raised(handler)) == 1


def test_it_ends_by_itself_the_night_after_the_work_is_done(handler: Handler, undone: str) -> None:
    check(handler, THURSDAY_NIGHT)
    finish(handler, undone, THURSDAY_NIGHT + timedelta(hours=5))

    check(handler, THURSDAY_NIGHT + DAY)

    (finding,) = raised(handler)
    assert finding.state == "put_right"


def test_what_is_done_in_time_is_told_to_nobody(handler: Handler, undone: str) -> None:
    finish(handler, undone, WEDNESDAY_NIGHT)

    check(handler, THURSDAY_NIGHT)

    assert raised(handler) == []


def test_what_is_asked_of_somebody_outside_the_council_is_told_by_deadlines_alone(
    handler: Handler, undone: str
) -> None:
    with handler.store.writing() as connection:
        connection.execute(update(tasks).where(tasks.c.name == "mail_failed").values(role="provider"))

    check(handler, THURSDAY_NIGHT)

    assert raised(handler) == []


def test_an_alert_of_a_case_that_has_ended_is_not_forgotten_either(handler: Handler) -> None:
    ended = bring_to(handler, "enquiry")
    handler.fire(ended, "close_enquiry", {"reasons": "Out of scope.", "what_next": "Nothing."}, actor=OLIVE, now=MONDAY)
    handler.alert(ended, "mail_failed", "No such mailbox.", now=MONDAY)

    check(handler, THURSDAY_NIGHT)

    (finding,) = raised(handler)
    assert finding.title.endswith(ended)


def test_much_work_left_undone_leaves_room_for_what_is_wrong_with_a_policy(handler: Handler, undone: str) -> None:
    spec = handler.library.council.nightly_check
    assert spec is not None
    few = handler.library.council.model_copy(update={"nightly_check": spec.model_copy(update={"at_most": 1})})
    handler.library = replace(handler.library, council=few)
    other = bring_to(handler, "enquiry", contact_email="pat@another-farm.example")
    handler.alert(other, "mail_failed", "No such mailbox.", now=MONDAY)

    check(handler, THURSDAY_NIGHT)
    assert [one.title for one in raised(handler)] == [f"Work is left undone: {undone}"]

    with handler.store.writing() as connection:
        connection.exec_driver_sql("UPDATE people SET is_active = false")
    check(handler, THURSDAY_NIGHT + DAY)
    assert len({one.title.partition(":")[0] for one in raised(handler)}) > 1


def test_a_council_may_leave_it_to_the_officers(handler: Handler, undone: str) -> None:
    spec = handler.library.council.nightly_check
    assert spec is not None
    never = handler.library.council.model_copy(update={"nightly_check": spec.model_copy(update={"undone_after": None})})
    handler.library = replace(handler.library, council=never, _pinned={})

    check(handler, THURSDAY_NIGHT)

    assert raised(handler) == []


def test_nothing_is_wrong_with_a_case_on_which_work_is_left_undone(handler: Handler, undone: str) -> None:
    kinds = {one.kind for one in verified(handler, THURSDAY_NIGHT)}

    assert kinds <= {"stuck_message", "late_deadline"}, "nobody sends or rings here"
