"""What comes to work that is left undone already: it is told as what was there before was, whatever became of that."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from apflow.handler import Handler
from apflow.rounds.nightly import checking
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.findings import findings
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, a_handler, add_people
from tests.breaches import report
from tests.brought import bring_to
from tests.quality import case, pass_to

DAY = timedelta(days=1)
HOURS = timedelta(hours=1)
TUESDAY = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
WEDNESDAY, THURSDAY, FRIDAY = (TUESDAY + n * DAY for n in (1, 2, 3))
LEFT = {"left_because": "The school has found the pupil."}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def urgent(handler: Handler) -> str:
    """A case at which a pupil was missing on Monday, and nobody has done anything."""
    reference = bring_to(handler, "enquiry")
    missing(handler, reference, MONDAY)
    return reference


def missing(handler: Handler, reference: str, now: datetime) -> None:
    handler.alert(reference, "pupil_missing", f"A pupil did not come. {now}", now=now)


def look(handler: Handler, night: datetime) -> None:
    for _ in checking(handler, lambda: night, lambda: night):
        pass


def raised(handler: Handler) -> list[Row[Any]]:
    with handler.store.reading() as connection:
        return list(connection.execute(select(cases).where(cases.c.workflow == "finding").order_by(cases.c.id)))


def told(handler: Handler) -> list[Row[Any]]:
    wanted = messages.c.notice.like("finding/%"), messages.c.to_email == EMAILS[MAGDA]
    with handler.store.reading() as connection:
        return list(connection.execute(select(messages).where(*wanted).order_by(messages.c.id)))


def finish(handler: Handler, reference: str, name: str, now: datetime) -> None:
    for task in [task for task in case(handler, reference).tasks if task.name == name]:
        handler.complete(reference, task.id, "Done.", actor=OLIVE, now=now)


def test_a_second_pupil_is_told_though_the_first_was_left(handler: Handler, urgent: str) -> None:
    look(handler, TUESDAY)
    handler.fire(raised(handler)[0].reference, "leave_it", LEFT, actor=MAGDA, now=TUESDAY + 6 * HOURS)
    missing(handler, urgent, TUESDAY + 8 * HOURS)

    look(handler, WEDNESDAY)
    look(handler, THURSDAY)

    assert [one.state for one in raised(handler)] == ["left", "to_pass_on_today"]
    assert [letter.subject.partition(" (")[0] for letter in told(handler)] == [
        f"Urgent: work is left undone on {urgent}"
    ] * 2
    said = raised(handler)[1].fields["said"]
    assert "was due by Tuesday 3 November 2026" in said
    assert "Monday" not in said, "what was left is not asked for again"


def test_more_of_other_work_is_asked_for_though_what_was_there_was_left(handler: Handler) -> None:
    reference = bring_to(handler, "enquiry")
    handler.alert(reference, "mail_failed", "No such mailbox.", now=MONDAY)
    look(handler, THURSDAY)
    handler.fire(raised(handler)[0].reference, "leave_it", LEFT, actor=MAGDA, now=THURSDAY + 5 * HOURS)
    handler.alert(reference, "mail_failed", "The mailbox is full.", now=THURSDAY + 6 * HOURS)

    for night in range(1, 10):
        look(handler, THURSDAY + night * DAY)

    assert [one.state for one in raised(handler)] == ["left", "to_pass_on"]


def test_once_it_is_done_what_was_left_before_stays_left(handler: Handler, urgent: str) -> None:
    look(handler, TUESDAY)
    handler.fire(raised(handler)[0].reference, "leave_it", LEFT, actor=MAGDA, now=TUESDAY + 6 * HOURS)
    missing(handler, urgent, TUESDAY + 8 * HOURS)
    look(handler, THURSDAY)
    (_, second) = (task for task in case(handler, urgent).tasks if task.name == "pupil_missing")
    handler.complete(urgent, second.id, "Found.", actor=OLIVE, now=THURSDAY + 5 * HOURS)

    look(handler, FRIDAY)
    look(handler, FRIDAY + 3 * DAY)

    assert [one.state for one in raised(handler)] == ["left", "put_right"]
    assert len(told(handler)) == 2


def test_a_second_pupil_is_told_at_once_while_the_first_is_still_to_be_seen_to(handler: Handler, urgent: str) -> None:
    look(handler, TUESDAY)
    missing(handler, urgent, TUESDAY + 8 * HOURS)

    look(handler, THURSDAY)
    look(handler, FRIDAY)

    (finding,) = raised(handler)
    first, second = told(handler)
    assert first.notice == "finding/work_left_undone"
    assert second.subject.startswith(f"Urgent: more work is left undone on {urgent} ({finding.reference}")
    assert "was due by Tuesday 3 November 2026." in second.text.partition("All the urgent work")[0]
    assert ", and 1 more like it." in second.text.partition("All the urgent work")[2]


def test_work_of_another_kind_is_not_hidden_by_much_of_one_kind(handler: Handler) -> None:
    reference = bring_to(handler, "enquiry")
    for number in range(60):
        handler.alert(reference, "mail_failed", f"{number}.", now=MONDAY + number * timedelta(minutes=1))
    handler.alert(reference, "mail_uncertain", "It may not have come.", now=MONDAY + 2 * HOURS)

    look(handler, THURSDAY)

    (finding,) = raised(handler)
    assert finding.fields["said"] == (
        "“An email could not be delivered” was due by Tuesday 3 November 2026, and 59 more like it; "
        "“An email may not have arrived” was due by Tuesday 3 November 2026."
    )


def test_the_day_of_a_deadline_that_passed_is_said_and_not_that_of_its_task(handler: Handler) -> None:
    breach = report(handler)
    pass_to(handler, WEDNESDAY)

    look(handler, THURSDAY - 2 * HOURS)

    (task,) = (one for one in case(handler, breach).tasks if one.name == "overdue_taken_due")
    (said,) = (one.fields["said"] for one in raised(handler) if one.title == f"Urgent work is left undone: {breach}")
    assert task.due_at is not None
    assert f"“{task.title}” was due by Monday 2 November 2026" in said
    assert task.due_at.date() > MONDAY.date()


def test_what_was_left_before_its_parts_were_kept_stays_left(handler: Handler, urgent: str) -> None:
    look(handler, TUESDAY)
    handler.fire(raised(handler)[0].reference, "leave_it", LEFT, actor=MAGDA, now=TUESDAY + 6 * HOURS)
    with handler.store.writing() as connection:
        connection.execute(update(findings).values(parts=None, asked_at=None))

    look(handler, WEDNESDAY)
    assert [one.state for one in raised(handler)] == ["left"]

    missing(handler, urgent, WEDNESDAY + 8 * HOURS)
    look(handler, THURSDAY)
    assert [one.state for one in raised(handler)] == ["left", "to_pass_on_today"]


def test_what_came_in_the_night_in_which_parts_began_to_be_kept_is_told(handler: Handler, urgent: str) -> None:
    look(handler, TUESDAY)
    handler.fire(raised(handler)[0].reference, "leave_it", LEFT, actor=MAGDA, now=TUESDAY + 6 * HOURS)
    missing(handler, urgent, TUESDAY + 8 * HOURS)
    with handler.store.writing() as connection:
        connection.execute(update(findings).values(parts=None, asked_at=None))

    look(handler, WEDNESDAY)

    assert [one.state for one in raised(handler)] == ["left", "to_pass_on_today"]


def test_the_time_for_it_begins_anew_when_a_second_pupil_is_missing(handler: Handler, urgent: str) -> None:
    look(handler, TUESDAY)
    before = case(handler, raised(handler)[0].reference).deadlines["pass_on_today_due"].due_at
    missing(handler, urgent, TUESDAY + 8 * HOURS)
    look(handler, WEDNESDAY)
    look(handler, THURSDAY)

    asked = case(handler, raised(handler)[0].reference)
    due = asked.deadlines["pass_on_today_due"].due_at
    assert due > before
    assert [task.due_at for task in asked.tasks if task.name == "pass_on_today"] == [due]
