"""What waits under retention for a decision: managers have it to do, and read of it in the e-mail of the day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from apflow.handler import Handler
from apflow.records.retention.closed_cases import erase_closed, hold_back
from apflow.records.retention.records import due_of, keep_back
from apflow.records.retention.to_decide import all_to_decide
from apflow.rounds.left_undone import telling
from apflow.rounds.nightly import checking
from apflow.rounds.verifying import verified
from apflow.store.findings import standing_by_kind
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, enquire
from tests.breaches import a_data_protection_officer, report
from tests.records.council import a_placement, a_provider, a_pupil, a_school, a_site, by
from tests.removal import a_second_manager

DAY = timedelta(days=1)
REFUSED = {"reasons": "Out of scope.", "what_next": "Nothing."}
NIGHT = datetime(2028, 11, 3, 4, 0, tzinfo=UTC)  # A Friday: the last of the two years was the day before.
MORNING = NIGHT + timedelta(hours=4)
WAITS = {"retention_due": 1}
NOTICE = "nightly_check/left_undone"


def refused(door: Handler, email: str = "pat@made-up-farm.example", *, now: datetime = MONDAY) -> str:
    """An enquiry that came to nothing, and is kept for two years after that."""
    reference = enquire(door, now=now, contact_email=email)
    door.fire(reference, "close_enquiry", REFUSED, actor=OLIVE, now=now)
    all_is_sent(door)
    return reference


def all_is_sent(door: Handler) -> None:
    with door.store.writing() as connection:
        waiting = update(messages).where(messages.c.notice != NOTICE, messages.c.sent_at.is_(None))
        connection.execute(waiting.values(status="sent", sent_at=MONDAY))


@pytest.fixture
def ended(door: Handler) -> str:
    return refused(door)


def look(door: Handler, night: datetime = NIGHT) -> None:
    list(checking(door, lambda: night, lambda: night))


def tell(door: Handler, morning: datetime = MORNING) -> None:
    look(door, morning - timedelta(hours=4))
    list(telling(door, morning))


def found(door: Handler) -> dict[str, int]:
    with door.store.reading() as connection:
        standing = standing_by_kind(connection)
    return {kind: count for kind, count in standing.items() if kind == "retention_due"}


def to_do(door: Handler) -> list[Row[Any]]:
    """The open tasks of a case that asks for what was found."""
    query = select(tasks.c.title, tasks.c.role, cases.c.state).join(cases, cases.c.id == tasks.c.case_id)
    wanted = query.where(cases.c.workflow == "finding", tasks.c.closed_at.is_(None))
    with door.store.reading() as connection:
        return list(connection.execute(wanted))


def letters(door: Handler, to: str = EMAILS[MAGDA]) -> list[Row[Any]]:
    wanted = messages.c.to_email == to, messages.c.notice == NOTICE
    with door.store.reading() as connection:
        return list(connection.execute(select(messages).where(*wanted).order_by(messages.c.id)))


def erase(door: Handler, reference: str, now: datetime) -> None:
    with door.store.writing() as connection:
        erase_closed(connection, reference, "Its time is over.", replace(by(door, MAGDA), now=now))


def test_once_a_time_is_over_a_manager_has_it_to_do_and_not_the_day_before(door: Handler, ended: str) -> None:
    look(door, NIGHT - DAY)
    assert found(door) == {}

    look(door)

    assert found(door) == WAITS
    assert [tuple(task) for task in to_do(door)] == [("Decide what is erased", "manager", "to_decide")]


def test_it_is_one_thing_to_do_however_much_waits(door: Handler, ended: str) -> None:
    refused(door, "jo@another-farm.example")

    look(door)
    look(door, NIGHT + DAY)

    assert found(door) == WAITS
    assert len(to_do(door)) == 1


def test_it_ends_by_itself_the_night_after_nothing_waits_any_more(door: Handler, ended: str) -> None:
    look(door)
    erase(door, ended, MORNING)

    look(door, NIGHT + DAY)

    assert found(door) == {}
    assert to_do(door) == []


def test_what_is_held_back_waits_from_the_day_on_which_it_is_asked_again(door: Handler, ended: str) -> None:
    with door.store.writing() as connection:
        hold_back(connection, ended, "A claim.", date(2028, 12, 1), replace(by(door, MAGDA), now=MORNING))

    look(door)
    assert found(door) == {}

    look(door, datetime(2028, 12, 1, 4, tzinfo=UTC))
    assert found(door) == WAITS


def test_what_something_else_holds_back_waits_for_nobody(door: Handler, ended: str) -> None:
    door.alert(ended, "mail_failed", "No such mailbox.", now=MONDAY)

    look(door)

    assert found(door) == {}


def test_the_email_of_the_day_says_how_many_wait_and_no_name(door: Handler, ended: str) -> None:
    refused(door, "jo@another-farm.example")

    tell(door)

    (letter,) = letters(door)
    assert letter.subject == "Decide what is erased: 2"
    assert "2 closed cases wait for a decision on erasing them" in letter.text
    assert "https://apflow.example/retention" in letter.text
    assert ended not in letter.text
    assert "Made Up Farm" not in letter.text


def a_pupil_long_ago(door: Handler) -> int:
    """One whose only placement ended in October 2026, at a provider whose case is open."""
    a_school(door)
    a_site(door, a_provider(door))
    pupil = a_pupil(door)
    a_placement(door, pupil, ends_on="2026-10-01")
    all_is_sent(door)
    return pupil


def test_a_record_that_is_held_back_waits_from_the_day_on_which_it_is_asked_again(door: Handler) -> None:
    pupil, asked = a_pupil_long_ago(door), date(2033, 1, 4)
    with door.store.writing() as connection:
        keep_back(connection, pupil, "A claim.", asked, by(door, MAGDA))

    look(door, datetime(2033, 1, 3, 4, tzinfo=UTC))
    assert found(door) == {}

    look(door, datetime(2033, 1, 4, 4, tzinfo=UTC))
    assert found(door) == WAITS
    with door.store.reading() as connection:
        due = due_of(connection, door.library, pupil, asked)
    assert due.held_back[0].endswith("on 4 Jan 2033, which has come: hold it back anew, or let it go.")


def test_records_of_pupils_wait_too_and_are_not_named(door: Handler) -> None:
    pupil = a_pupil_long_ago(door)
    with door.store.reading() as connection:
        last = due_of(connection, door.library, pupil, MONDAY.date()).kept.day
    friday = datetime(2032, 10, 8, 8, tzinfo=UTC)
    assert last == date(2032, 10, 1)

    tell(door, friday)

    (letter,) = letters(door)
    assert "1 record of a pupil waits for a decision on erasing it" in letter.text
    assert "Sparrow" not in letter.text + letter.subject
    assert found(door) == WAITS


def test_nothing_more_comes_of_it_until_more_waits_and_then_at_most_every_week(door: Handler, ended: str) -> None:
    refused(door, "jo@another-farm.example", now=MONDAY + 4 * DAY)
    for days in (0, 3, 4, 5, 6, 7, 10, 11):
        tell(door, MORNING + days * DAY)

    first, second = letters(door)
    assert first.queued_at == MORNING
    assert second.queued_at == MORNING + 7 * DAY
    assert second.subject == "Decide what is erased: 2, 1 new"


def test_what_still_waits_is_told_again_after_a_time(door: Handler, ended: str) -> None:
    tell(door)
    tell(door, MORNING + 27 * DAY)
    tell(door, MORNING + 28 * DAY)

    assert [letter.queued_at for letter in letters(door)] == [MORNING, MORNING + 28 * DAY]


def test_it_stands_in_the_email_about_work_left_undone_when_that_comes(door: Handler, ended: str) -> None:
    undone = enquire(door, now=MORNING - 7 * DAY, contact_email="jo@another-farm.example")
    door.alert(undone, "mail_failed", "No such mailbox.", now=MORNING - 7 * DAY)

    tell(door)

    (letter,) = letters(door)
    assert letter.subject.startswith("Work left undone: 1 case")
    assert undone in letter.text
    assert "1 closed case waits for a decision on erasing it" in letter.text


def test_whoever_does_not_see_the_case_reads_nothing_of_it(door: Handler) -> None:
    dora, morgan = a_data_protection_officer(door.store), a_second_manager(door)
    breach = report(door, about_managers=[MAGDA.id])
    door.fire(breach, "no_breach", {"no_breach_because": "It was encrypted."}, actor=dora, now=MONDAY)
    all_is_sent(door)

    tell(door, datetime(2032, 11, 5, 8, tzinfo=UTC))

    assert letters(door) == []
    assert len(letters(door, "morgan@council.example")) == 1
    assert morgan.id


def test_whoever_decides_nothing_is_not_written_to(door: Handler, ended: str) -> None:
    tell(door)

    assert letters(door, EMAILS[OLIVE]) == []


def test_a_council_may_leave_it_out_of_the_email(door: Handler, ended: str) -> None:
    spec = door.library.council.nightly_check
    assert spec is not None
    assert spec.digest is not None
    check = spec.model_copy(update={"digest": spec.digest.model_copy(update={"retention": None})})
    door.library = replace(door.library, council=door.library.council.model_copy(update={"nightly_check": check}))

    tell(door)

    assert letters(door) == []
    assert found(door) == WAITS


def test_nothing_is_wrong_with_what_waits(door: Handler, ended: str) -> None:
    assert "retention_due" not in {one.kind for one in verified(door, NIGHT)}


def test_what_waits_is_counted_from_the_day_after_its_last(door: Handler, ended: str) -> None:
    with door.store.reading() as connection:
        assert all_to_decide(connection, door.library, MORNING).days == [date(2028, 11, 3)]
