"""Where nobody does what a child waits for, whoever has to is asked again, and a manager is told."""

from datetime import timedelta
from typing import Any

import pytest

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.definition.words import day
from apflow.core.outcome import Send
from apflow.loader import Library
from tests.core.story_of_a_placement import Story


@pytest.fixture
def story(library: Library) -> Story:
    return Story(library)


def chased(story: Story, weeks: int) -> list[Send]:
    """What goes out as overdue in these weeks, as nobody does anything."""
    before = len(story.play.outcomes)
    story.play.wait_until(story.play.now + timedelta(weeks=weeks))
    sends = (send for outcome in story.play.outcomes[before:] for send in outcome.sends)
    return [send for send in sends if send.notice in ("overdue", "work_overdue", "answer_wanted")]


def roles(sends: list[Send]) -> list[str]:
    return [send.role for send in sends]


def days(sends: list[Send]) -> set[str]:
    return {day(send.due_at.astimezone(LONDON).date()) for send in sends if send.due_at is not None}


def test_a_placement_that_does_not_start_is_asked_for_each_week_and_passed_on_to_a_manager(story: Story) -> None:
    story.referred().does(story.provider, "offer")
    due = local_date(story.play.case.deadlines["prepared"].due_at)

    sent = chased(story, 20)

    told = roles(sent)
    assert told[0] == "officer"
    assert told[: told.index("manager")].count("commissioner") == 2, "asked twice before a manager hears of it"
    assert min(told.count(role) for role in ("commissioner", "provider")) > 8
    assert told.count("manager") >= 4
    assert days(sent) == {day(due)}, "each says the day by which it was due, and no other"


def test_a_provider_that_has_done_its_part_is_not_asked_again(story: Story) -> None:
    story.referred().does(story.provider, "offer")
    story.does(story.provider, "set_programme")
    assert set(roles(chased(story, 12))) == {"officer", "commissioner", "manager"}


@pytest.mark.parametrize(
    ("until", "whose"),
    [
        ("induction", "provider"),
        ("suspended", "commissioner"),
        ("review", "commissioner"),
        ("first_follow_up", "commissioner"),
        ("last_follow_up", "commissioner"),
        ("first_after_breakdown", "commissioner"),
        ("last_after_breakdown", "commissioner"),
    ],
)
def test_whoever_has_the_move_in_a_placement_hears_of_it_again_and_so_does_a_manager(
    story: Story, until: str, whose: str
) -> None:
    far = (local_date(story.play.now) + timedelta(weeks=70)).isoformat()
    story.referred().started(first_review_on=far, next_report_on=far, until=far, next_invoice_on=None)
    _on_to(story, until)
    assert story.state == until

    told = roles(chased(story, 40))

    assert told.count(whose) >= 4
    assert "manager" in told
    assert told[: told.index("manager")].count(whose) >= 2


def _on_to(story: Story, until: str) -> None:
    if until == "induction":
        return
    story.does(story.provider, "record_induction")
    if until == "suspended":
        story.does(story.school, "pause")
    elif until == "review":
        story.does(story.school, "call_review_now")
    elif until.endswith("breakdown"):
        story.does(story.school, "break_off")
        if until.startswith("last"):
            story.does(story.school, "say_what_is_next")
    else:
        story.does(story.school, "call_review_now")
        story.does(story.school, "decide_to_end", until=local_date(story.play.now).isoformat())
        story.does(story.school, "finish", ends_on=local_date(story.play.now).isoformat(), destination="other")
        if until.startswith("last"):
            story.does(story.school, "follow_up")


@pytest.mark.parametrize("deadline", ["planned_end", "part_time_ends"])
def test_a_day_that_was_agreed_and_has_passed_is_asked_about_until_something_is_decided(
    story: Story, deadline: str
) -> None:
    first = local_date(story.play.now)
    review, near, far = ((first + timedelta(weeks=weeks)).isoformat() for weeks in (7, 8, 40))
    plan: dict[str, Any] = {"first_review_on": review, "next_report_on": far, "next_invoice_on": None}
    if deadline == "planned_end":
        plan |= {"until": near}
    else:
        plan |= {"until": far, "is_full_time": False, "part_time_until": near}
    story.referred().started(**plan)
    story.does(story.provider, "record_induction")

    name = deadline.removesuffix("_ends")
    asked = {f"{name}_chased", f"{name}_chased_by_manager"}
    sent = [send for send in chased(story, 24) if send.deadline in asked]

    assert {"commissioner", "manager"} == set(roles(sent))
    assert days(sent) == {day(first + timedelta(weeks=8))}


def test_a_provider_that_does_not_answer_a_referral_hears_of_it_and_its_school_is_told_the_true_day(
    story: Story,
) -> None:
    story.referred()
    due = local_date(story.play.case.deadlines["considered"].due_at)

    sent = chased(story, 12)

    assert roles(sent)[:2] == ["officer", "commissioner"]
    assert roles(sent)[: roles(sent).index("manager")].count("provider") == 2
    assert days(sent) == {day(due)}


def test_while_a_question_of_the_provider_waits_its_school_is_asked_for_the_answer_and_nobody_told_of_the_provider(
    story: Story,
) -> None:
    story.referred().does(story.provider, "ask")

    sent = chased(story, 2)

    assert ("commissioner", "answer_wanted") in {(send.role, send.notice) for send in sent}
    assert not any(send.notice == "overdue" for send in sent)
    assert "manager" in roles(sent)


def test_a_referral_of_a_pupil_for_whom_the_law_sets_a_day_is_asked_for_each_working_day(library: Library) -> None:
    story = Story(library, "excluded").referred()
    told = [send for send in chased(story, 2) if send.deadline == "chase_provider_at_once"]
    assert len(told) >= 6


def test_a_referral_that_is_not_sent_is_told_to_the_council_once(story: Story) -> None:
    story.play.wait_until(story.play.now + timedelta(weeks=40))
    told = [send for send in story.sent() if send[0] in ("officer", "manager")]
    assert told == [("officer", "not_sent_yet")]
    assert story.sent().count(("commissioner", "overdue")) >= 4
