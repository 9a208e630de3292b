"""A visit at which nobody was there, what was wrong or seen at one, and its day among the officer's work."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked, Invalid, NotFound
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import DAN, EMAILS, MONDAY, PAT, a_handler, add_people
from tests.brought import bring_to
from tests.quality import case, do, newest, pass_to

TODAY = MONDAY.date().isoformat()
FRIDAY_BEFORE = (MONDAY.date() - timedelta(days=3)).isoformat()
THURSDAY = MONDAY + timedelta(days=3)
SHUT = "The door was locked, and nobody answered the telephone."
NOTE: dict[str, Any] = {"note": "All in order.", "no_surprise": True}
RIGHT: dict[str, Any] = {
    "visited_on": TODAY,
    "visitors": "Olive Officer",
    "what_is_corrected": "The day of the visit was wrong.",
}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def visit(handler: Handler) -> str:
    """One that is arranged for today."""
    provider = bring_to(handler, "approved")
    do(handler, provider, "plan_visit", now=MONDAY, kind="routine", visit_by=TODAY)
    visit = newest(handler, provider, "visit")
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting(TODAY))
    return visit


def meeting(day: str) -> dict[str, Any]:
    return {"visit_on": day, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive Officer"}


def letters(handler: Handler, reference: str, notice: str) -> list[str]:
    """What the provider was sent of this notice, oldest first."""
    with handler.store.reading() as connection:
        wanted = messages.c.to_email == EMAILS[PAT], messages.c.notice == f"visit/{notice}"
        return [row.text for row in connection.execute(select(messages).where(*wanted).order_by(messages.c.id))]


def due(handler: Handler, visit: str) -> dict[str, str]:
    return {task.name: task.due_at.date().isoformat() for task in case(handler, visit).tasks if task.due_at}


def written_up(handler: Handler, visit: str, **said: Any) -> None:
    """The visit as far as its checklist is gone through."""
    do(handler, visit, "took_place", now=MONDAY, **{"visited_on": TODAY, "visitors": "Olive Officer", **said})
    for key, item in handler.library.catalogues["visit_checklist"].items.items():
        if item.required:
            do(handler, visit, "find_in_order", now=MONDAY, item=key)


def test_a_provider_that_cannot_make_it_says_so_and_an_officer_finds_another_day(handler: Handler, visit: str) -> None:
    do(handler, visit, "cannot_make_it", actor=PAT, now=MONDAY, why_not_then="We are at a show. Friday would do.")

    assert case(handler, visit).state == "arranged", "it stands until it is moved"
    assert due(handler, visit)["another_day"] == "2026-11-03"

    do(handler, visit, "move_visit", now=MONDAY, **meeting(THURSDAY.date().isoformat()))
    assert "another_day" not in due(handler, visit)


def test_nobody_else_says_it_for_them_and_no_pupil_is_numbered(handler: Handler, visit: str) -> None:
    with pytest.raises(NotFound):
        do(handler, visit, "cannot_make_it", actor=DAN, now=MONDAY, why_not_then="No.")
    with pytest.raises(Invalid):
        do(handler, visit, "cannot_make_it", actor=PAT, now=MONDAY, why_not_then="R201100018042 is away.")


def test_that_nobody_was_there_is_recorded_and_the_provider_is_asked_why(handler: Handler, visit: str) -> None:
    do(handler, visit, "nobody_was_there", now=MONDAY, what_happened=SHUT)

    assert case(handler, visit).state == "missed"
    (letter,) = letters(handler, visit, "visit_missed")
    assert "nobody could meet us" in letter
    assert "Monday 2 November 2026 at 10:30am" in letter
    assert SHUT not in letter, "what the team writes of it is the team's"


def test_nobody_can_have_been_missing_before_the_day(handler: Handler, visit: str) -> None:
    do(handler, visit, "move_visit", now=MONDAY, **meeting(THURSDAY.date().isoformat()))

    with pytest.raises(Blocked, match="has not taken place yet"):
        do(handler, visit, "nobody_was_there", now=MONDAY, what_happened=SHUT)


def test_a_visit_at_which_nobody_was_there_is_arranged_again(handler: Handler, visit: str) -> None:
    do(handler, visit, "nobody_was_there", now=MONDAY, what_happened=SHUT)
    assert list(due(handler, visit)) == ["arrange_again"]

    do(handler, visit, "arrange_visit", now=MONDAY, **meeting(THURSDAY.date().isoformat()))

    assert case(handler, visit).state == "arranged"
    assert "Thursday 5 November 2026" in letters(handler, visit, "visit_arranged")[-1]


def test_a_visit_is_due_on_its_day_and_moves_with_it(handler: Handler, visit: str) -> None:
    assert due(handler, visit) == {"make_visit": TODAY}

    do(handler, visit, "move_visit", now=MONDAY, **meeting(THURSDAY.date().isoformat()))

    assert due(handler, visit) == {"make_visit": THURSDAY.date().isoformat()}


def test_the_visit_before_approval_is_due_on_its_day_too(handler: Handler) -> None:
    application = bring_to(handler, "visit")
    assert "record_visit" not in due(handler, application), "no day is agreed yet"

    do(handler, application, "arrange_visit", now=MONDAY, **meeting(THURSDAY.date().isoformat()))

    assert due(handler, application)["record_visit"] == THURSDAY.date().isoformat()


def test_a_visit_of_which_nothing_was_said_on_its_day_is_asked_about_two_days_later(
    handler: Handler, visit: str
) -> None:
    pass_to(handler, MONDAY + timedelta(days=1))
    assert case(handler, visit).state == "arranged"
    assert [task.name for task in case(handler, visit).tasks] == ["make_visit"]

    pass_to(handler, THURSDAY)

    assert {"make_visit", "overdue_made_due"} == {task.name for task in case(handler, visit).tasks}


def test_the_day_and_the_visitors_are_corrected_before_the_note_is_circulated(handler: Handler, visit: str) -> None:
    written_up(handler, visit, visited_on=FRIDAY_BEFORE)

    do(handler, visit, "correct_visit", now=MONDAY, visited_on=TODAY, visitors="Olive Officer and Opal Officer")
    do(handler, visit, "circulate", now=MONDAY, **NOTE)

    (letter,) = letters(handler, visit, "note_of_visit")
    assert "on Monday 2 November 2026" in letter
    assert "Olive Officer and Opal Officer" in letter


@pytest.mark.parametrize("is_read", [False, True])
def test_a_note_is_corrected_before_and_after_the_provider_has_read_it(
    handler: Handler, visit: str, is_read: bool
) -> None:
    written_up(handler, visit, visited_on=FRIDAY_BEFORE)
    do(handler, visit, "circulate", now=MONDAY, **NOTE)
    if is_read:
        do(handler, visit, "acknowledge", PAT, now=MONDAY)

    do(handler, visit, "correct_note", now=MONDAY, **NOTE, **RIGHT)

    assert case(handler, visit).state == "circulated"
    (letter,) = letters(handler, visit, "note_corrected")
    assert "It replaces the one that we sent you before" in letter
    assert "The day of the visit was wrong." in letter
    assert "on Monday 2 November 2026" in letter


def test_a_note_on_file_is_corrected_and_stays_there(handler: Handler, visit: str) -> None:
    written_up(handler, visit, visited_on=FRIDAY_BEFORE)
    do(handler, visit, "circulate", now=MONDAY, **NOTE)
    do(handler, visit, "acknowledge", PAT, now=MONDAY)
    do(handler, visit, "file_note", now=MONDAY, retention="six_years")

    do(handler, visit, "correct_filed_note", now=THURSDAY, **NOTE, **RIGHT)

    after = case(handler, visit)
    assert (after.state, after.fields["visited_on"], after.tasks) == ("filed", TODAY, ())
    (letter,) = letters(handler, visit, "note_corrected")
    assert "The day of the visit was wrong." in letter
    assert "If something in it is wrong, write to us." in letter
    assert "Say that you have read it" not in letter


def test_what_was_written_of_a_finding_is_corrected_without_calling_it_something_else_first(
    handler: Handler, visit: str
) -> None:
    do(handler, visit, "took_place", now=MONDAY, visited_on=TODAY, visitors="Olive Officer")
    do(handler, visit, "find_wanting", now=MONDAY, item="premises", found="No fire drill since Marhc.")

    do(handler, visit, "find_wanting", now=MONDAY, item="premises", found="No fire drill since March.")

    item = case(handler, visit).items["checklist"]["premises"]
    assert (item.status, item.data["found"]) == ("to_improve", "No fire drill since March.")


def test_a_finding_that_is_not_seen_after_all_says_nothing_of_what_was_seen(handler: Handler, visit: str) -> None:
    do(handler, visit, "took_place", now=MONDAY, visited_on=TODAY, visitors="Olive Officer")
    do(handler, visit, "find_wanting", now=MONDAY, item="premises", found="No fire drill.")

    do(handler, visit, "find_nothing", now=MONDAY, item="premises")

    assert "found" not in case(handler, visit).items["checklist"]["premises"].data


def test_a_concern_about_what_an_officer_saw_says_that_nobody_told_us(handler: Handler) -> None:
    provider = bring_to(handler, "approved")

    seen: dict[str, Any] = {
        "what_happened": "A tutor without checks.",
        "told_by": "ourselves",
        "how_told": "At the visit today",
    }
    do(handler, provider, "log_concern_here", now=MONDAY, **seen)

    assert case(handler, newest(handler, provider, "concern")).fields["told_by"] == "ourselves"
