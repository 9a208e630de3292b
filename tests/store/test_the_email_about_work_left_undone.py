"""One e-mail a day at most about work that is left undone, to each manager, and only when there is news in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, event, select

from apflow.handler import Handler
from apflow.rounds.left_undone import telling
from apflow.rounds.nightly import checking
from apflow.store.driver.engine import Store
from apflow.store.people import people
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, a_handler, add_people
from tests.breaches import report
from tests.brought import bring_to
from tests.quality import case, pass_to
from tests.removal import a_second_manager
from tests.store.witness import at_once

CONCERN = {"organisation": "The farm", "what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}
DAY = timedelta(days=1)
HOURS = timedelta(hours=1)
# An alert of Monday the 2nd is due at the end of Tuesday, and has been overdue for a working day at that of Wednesday.
THURSDAY = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)
FRIDAY, SATURDAY, NEXT_MONDAY, NEXT_TUESDAY, NEXT_WEDNESDAY = (THURSDAY + n * DAY for n in (1, 2, 4, 5, 6))


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def undone(handler: Handler) -> str:
    """A case with an alert that is overdue on Thursday."""
    return neglected(handler, "pat@made-up-farm.example")


def neglected(handler: Handler, email: str, *, now: datetime = MONDAY) -> str:
    reference = bring_to(handler, "enquiry", now=now, contact_email=email)
    handler.alert(reference, "mail_failed", "No such mailbox.", now=now)
    return reference


def look(handler: Handler, at: datetime) -> None:
    """The night's check, at four."""
    for _ in checking(handler, lambda: at - 4 * HOURS, lambda: at - 4 * HOURS):
        pass


def tell(handler: Handler, at: datetime) -> None:
    look(handler, at)
    list(telling(handler, at))


def told(handler: Handler, notice: str = "nightly_check/left_undone", to: str = EMAILS[MAGDA]) -> list[Row[Any]]:
    wanted = messages.c.to_email == to, messages.c.notice == notice
    with handler.store.reading() as connection:
        return list(connection.execute(select(messages).where(*wanted).order_by(messages.c.id)))


def finish(handler: Handler, reference: str, now: datetime) -> None:
    for task in case(handler, reference).tasks:
        if task.name == "mail_failed":
            handler.complete(reference, task.id, "Rang them.", actor=OLIVE, now=now)


def with_digest(handler: Handler, **changed: Any) -> None:
    spec = handler.library.council.nightly_check
    assert spec is not None
    assert spec.digest is not None
    check = spec.model_copy(update={"digest": spec.digest.model_copy(update=changed)})
    handler.library = replace(
        handler.library, council=handler.library.council.model_copy(update={"nightly_check": check})
    )


def test_a_manager_reads_of_all_that_is_left_undone_in_one_email(handler: Handler, undone: str) -> None:
    other = neglected(handler, "jo@another-farm.example")

    tell(handler, THURSDAY)

    (letter,) = told(handler)
    assert letter.subject == "Work left undone: 2 cases, 2 new"
    assert undone in letter.text
    assert other in letter.text
    assert "overdue by 2 working days" in letter.text
    assert "“An email could not be delivered” was due by Tuesday 3 November 2026" in letter.text
    assert "https://apflow.example/findings" in letter.text


def test_each_thing_is_no_longer_an_email_of_its_own(handler: Handler, undone: str) -> None:
    tell(handler, THURSDAY)

    assert told(handler, "finding/work_left_undone") == []


def test_it_does_not_come_before_its_hour(handler: Handler, undone: str) -> None:
    tell(handler, THURSDAY - timedelta(minutes=1))
    assert told(handler) == []

    tell(handler, THURSDAY)
    assert len(told(handler)) == 1


def test_it_does_not_come_again_while_nothing_in_it_is_news(handler: Handler, undone: str) -> None:
    tell(handler, THURSDAY)
    tell(handler, FRIDAY)

    assert len(told(handler)) == 1


def test_it_comes_again_with_what_is_new_and_says_which_that_is(handler: Handler, undone: str) -> None:
    other = neglected(handler, "jo@another-farm.example", now=MONDAY + DAY)
    tell(handler, THURSDAY)
    tell(handler, FRIDAY)

    first, second = told(handler)
    assert other not in first.text
    assert second.subject == "Work left undone: 2 cases, 1 new, 1 still waiting"
    assert "1 is new to you, and 1 still waits since you were told." in second.text
    assert f"- {other}, overdue by 2 working days (new):" in second.text
    assert f"- {undone}, overdue by 3 working days (still waiting):" in second.text


def test_more_left_undone_on_a_case_is_news_too(handler: Handler, undone: str) -> None:
    handler.alert(undone, "mail_uncertain", "It may not have come.", now=MONDAY + DAY)
    tell(handler, THURSDAY)
    tell(handler, FRIDAY)

    assert "An email may not have arrived" in told(handler)[1].text


def test_what_stands_long_after_it_was_told_is_told_again(handler: Handler, undone: str) -> None:
    for day in (THURSDAY, FRIDAY, NEXT_MONDAY, NEXT_TUESDAY):
        tell(handler, day)

    first, second = told(handler)
    assert [first.queued_at, second.queued_at] == [THURSDAY, NEXT_TUESDAY]
    assert second.subject == "Work left undone: 1 case, still waiting"
    assert "You have been told of it before, and it still waits." in second.text


def test_it_waits_for_a_working_day(handler: Handler) -> None:
    neglected(handler, "pat@made-up-farm.example", now=MONDAY + 2 * DAY)
    tell(handler, SATURDAY)
    assert told(handler) == []

    tell(handler, NEXT_MONDAY)
    assert len(told(handler)) == 1


def test_the_worst_stands_first_and_the_others_are_counted(handler: Handler, undone: str) -> None:
    with_digest(handler, shows=1)
    other = neglected(handler, "jo@another-farm.example", now=MONDAY + DAY)

    tell(handler, FRIDAY)

    (letter,) = told(handler)
    assert undone in letter.text
    assert other not in letter.text
    assert "And 1 more, 1 of them new, on the page below (The approved provider list: 1)." in letter.text


def test_what_was_not_named_is_named_in_the_next_email(handler: Handler, undone: str) -> None:
    with_digest(handler, shows=1)
    other = neglected(handler, "jo@another-farm.example", now=MONDAY + DAY)

    for day in (FRIDAY, NEXT_WEDNESDAY):
        tell(handler, day)

    first, second = told(handler)
    assert (undone in first.text, other in first.text) == (True, False)
    assert (undone in second.text, other in second.text) == (False, True)


def test_much_that_is_late_in_one_workflow_does_not_hide_what_is_late_in_another(handler: Handler, undone: str) -> None:
    with_digest(handler, shows=2)
    for number in range(3):
        neglected(handler, f"pat{number}@another-farm.example", now=MONDAY + DAY)
    breach = report(handler, now=MONDAY + DAY)
    handler.alert(breach, "mail_failed", "No such mailbox.", now=MONDAY + DAY)

    tell(handler, FRIDAY)

    (letter,) = told(handler)
    assert breach in letter.text
    assert undone in letter.text
    assert "And 3 more, 3 of them new, on the page below (The approved provider list: 3)." in letter.text


def test_all_that_is_urgent_is_named_and_the_subject_says_how_much_that_is(handler: Handler, undone: str) -> None:
    with_digest(handler, shows=1)
    urgent = [bring_to(handler, "enquiry", contact_email=f"jo{n}@another-farm.example") for n in range(2)]
    for reference in urgent:
        handler.alert(reference, "pupil_missing", "See the page.", now=MONDAY + 2 * DAY)

    tell(handler, THURSDAY)

    (letter,) = told(handler)
    assert letter.subject == "Work left undone: 3 cases, 2 urgent, 3 new"
    assert "2 of them are urgent and stand first." in letter.text
    assert all(reference in letter.text for reference in (*urgent, undone))


def test_a_concern_that_nobody_reads_is_told_each_working_day(handler: Handler) -> None:
    concern = handler.open_case("concern", "log_concern", CONCERN, actor=OLIVE, now=MONDAY).reference

    for day in (THURSDAY - DAY, THURSDAY, FRIDAY, NEXT_MONDAY, NEXT_TUESDAY):
        pass_to(handler, day - 5 * HOURS)
        tell(handler, day)

    alone = [*told(handler, "finding/work_left_undone"), *told(handler, "finding/more_left_undone")]
    assert [letter.queued_at for letter in alone if letter.queued_at in (THURSDAY - 4 * HOURS, FRIDAY - 4 * HOURS)]
    assert [letter.queued_at for letter in told(handler) if concern in letter.text] == [NEXT_MONDAY, NEXT_TUESDAY]
    last = told(handler)[-1]
    assert "urgent" in last.subject
    assert "“Overdue: somebody should have read it” was due by Monday 2 November 2026" in last.text


def test_what_is_urgent_is_told_each_working_day_until_it_is_done(handler: Handler) -> None:
    reference = bring_to(handler, "enquiry")
    handler.alert(reference, "pupil_missing", "See the page.", now=MONDAY)

    for day in (THURSDAY - 2 * DAY, THURSDAY - DAY, THURSDAY, FRIDAY, SATURDAY, NEXT_MONDAY):
        tell(handler, day)
    (task,) = (task for task in case(handler, reference).tasks if task.name == "pupil_missing")
    handler.complete(reference, task.id, "Found.", actor=OLIVE, now=NEXT_MONDAY)
    tell(handler, NEXT_TUESDAY)

    days = [letter.queued_at for letter in told(handler)]
    assert days == [THURSDAY - DAY, THURSDAY, FRIDAY, NEXT_MONDAY], "on Tuesday it had an e-mail of its own"
    assert told(handler)[0].subject == "Work left undone: 1 case, urgent, 1 new"


def test_what_a_manager_says_to_leave_is_in_no_email_any_more(handler: Handler, undone: str) -> None:
    look(handler, THURSDAY)
    (finding,) = raised(handler)
    handler.fire(finding, "leave_it", {"left_because": "It has closed."}, actor=MAGDA, now=THURSDAY - HOURS)

    list(telling(handler, THURSDAY))

    assert told(handler) == []


def test_every_manager_gets_one(handler: Handler, undone: str) -> None:
    second = a_second_manager(handler)
    with handler.store.reading() as connection:
        row = people.person(connection, second.id or 0)
    assert row is not None

    tell(handler, THURSDAY)

    assert len(told(handler)) == len(told(handler, to=row.email)) == 1


def test_two_workers_send_it_once(handler: Handler, undone: str) -> None:
    look(handler, THURSDAY)

    at_once(*[lambda: list(telling(handler, THURSDAY))] * 2)

    assert len(told(handler)) == 1


def test_one_that_was_broken_off_is_sent_by_whoever_comes_next(handler: Handler, undone: str) -> None:
    look(handler, THURSDAY)
    with killed_before(handler, "INSERT INTO messages"), pytest.raises(KeyboardInterrupt):
        list(telling(handler, THURSDAY))
    assert told(handler) == []

    list(telling(handler, THURSDAY + HOURS))
    list(telling(handler, THURSDAY + 2 * HOURS))

    assert len(told(handler)) == 1


@contextmanager
def killed_before(handler: Handler, statement: str) -> Iterator[None]:
    """A process that ends before the first statement of the kind."""

    def kill(_connection: object, _cursor: object, said: str, *_: object) -> None:
        if said.startswith(statement):
            raise KeyboardInterrupt

    event.listen(handler.store.engine, "before_cursor_execute", kill)
    try:
        yield
    finally:
        event.remove(handler.store.engine, "before_cursor_execute", kill)


def test_nothing_is_sent_before_all_cases_have_been_looked_at(handler: Handler, undone: str) -> None:
    next(checking(handler, lambda: THURSDAY - 4 * HOURS, lambda: THURSDAY - 4 * HOURS))

    list(telling(handler, THURSDAY))

    assert told(handler) == []


def test_a_night_that_is_made_up_for_before_the_next_gives_no_second_email_on_one_day(
    handler: Handler, undone: str
) -> None:
    early = FRIDAY - 6 * HOURS
    for _ in checking(handler, lambda: early, lambda: early):
        pass
    list(telling(handler, early))
    tell(handler, FRIDAY)

    assert [letter.queued_at for letter in told(handler)] == [FRIDAY]


def test_urgent_work_is_told_at_once_and_alone_the_first_night_that_it_is_overdue(handler: Handler) -> None:
    reference = bring_to(handler, "enquiry")
    handler.alert(reference, "pupil_missing", "See the page.", now=MONDAY)

    look(handler, THURSDAY - 2 * DAY)

    (letter,) = told(handler, "finding/work_left_undone")
    assert letter.subject.startswith(f"Urgent: work is left undone on {reference}")
    list(telling(handler, THURSDAY - 2 * DAY))
    assert told(handler) == []


def test_a_deadline_that_passed_can_be_urgent_too(handler: Handler) -> None:
    breach = report(handler)
    pass_to(handler, THURSDAY - 2 * DAY)

    look(handler, THURSDAY - DAY)

    (letter,) = told(handler, "finding/work_left_undone")
    assert letter.subject.startswith(f"Urgent: work is left undone on {breach}")
    assert "somebody should have taken it" in letter.text


def test_what_is_urgent_stands_first_in_the_email_of_the_day(handler: Handler, undone: str) -> None:
    urgent = bring_to(handler, "enquiry", now=MONDAY + 2 * DAY, contact_email="jo@another-farm.example")
    handler.alert(urgent, "pupil_missing", "See the page.", now=MONDAY + 2 * DAY)

    tell(handler, THURSDAY)

    (letter,) = told(handler)
    assert letter.text.index(urgent) < letter.text.index(undone)
    assert f"- {urgent}, overdue by 1 working day, urgent" in letter.text


def raised(handler: Handler) -> list[str]:
    with handler.store.reading() as connection:
        return list(connection.exec_driver_sql("SELECT reference FROM cases WHERE workflow = 'finding'").scalars())
