"""While one side of a placement waits for the other, what was promised goes on, and the council does not forget it."""

from datetime import timedelta

import pytest

from apflow.core.commands import CompleteTask
from apflow.core.days.calendar import local_date
from apflow.core.people.actor import Actor
from apflow.core.rehearsing import Cast
from apflow.loader import Library
from tests.core.story_of_a_placement import Story

AROUND = {"pupils_social_worker", "pupils_virtual_school", "pupils_sen_caseworker"}


@pytest.fixture
def reviewed(library: Library) -> Story:
    """One whose review is called a week before its report on progress is due."""
    story = Story(library).referred()
    first = local_date(story.play.now)
    review, report, end = ((first + timedelta(weeks=weeks)).isoformat() for weeks in (2, 3, 30))
    story.started(first_review_on=review, next_report_on=report, until=end, next_invoice_on=None)
    story.does(story.provider, "record_induction")
    story.play.wait_until(story.play.now + timedelta(weeks=2, days=1))
    assert story.state == "review"
    return story


@pytest.fixture
def officer(library: Library) -> Actor:
    return Cast(library.current("placement")).person("officer")


def finished(story: Story, officer: Actor, name: str) -> None:
    """The officer says what came of it, and the case stays where it is."""
    (task,) = (task for task in story.play.case.tasks if task.name == name)
    story.play.do(CompleteTask(task.id, officer, "I rang them."))


def test_a_report_comes_on_the_day_that_parents_were_told_also_while_a_review_is_called(reviewed: Story) -> None:
    before = len(reviewed.sent())
    reviewed.play.wait_until(reviewed.play.now + timedelta(days=6))
    assert ("provider", "due_soon") in reviewed.sent()[before:]
    reviewed.play.wait_until(reviewed.play.now + timedelta(days=3))
    assert (reviewed.state, "overdue_report_due" in reviewed.work()) == ("review", True)
    later = local_date(reviewed.play.now) + timedelta(weeks=6)
    reviewed.does(reviewed.provider, "report_progress", next_report_on=later.isoformat())
    assert {("commissioner", "progress_came"), ("parent", "parent_report")} <= set(reviewed.sent()[before:])
    assert (reviewed.state, "overdue_report_due" in reviewed.work()) == ("review", False)
    reviewed.does(reviewed.school, "continue_it", next_report_on=later.isoformat())
    assert local_date(reviewed.play.case.deadlines["report_due"].due_at) == later


def test_a_review_that_nobody_holds_comes_back_to_the_council_until_it_is_held(reviewed: Story, officer: Actor) -> None:
    reviewed.play.wait_until(reviewed.play.now + timedelta(weeks=5))
    finished(reviewed, officer, "overdue_review_due")
    reviewed.play.wait_until(reviewed.play.now + timedelta(weeks=3))
    finished(reviewed, officer, "overdue_look_again")
    reviewed.play.wait_until(reviewed.play.now + timedelta(weeks=10))
    assert "overdue_look_again" in reviewed.work()


def test_a_referral_that_nobody_answers_comes_back_to_the_council_until_it_is_answered(
    library: Library, officer: Actor
) -> None:
    story = Story(library).referred()
    story.play.wait_until(story.play.now + timedelta(weeks=2))
    finished(story, officer, "overdue_considered")
    story.play.wait_until(story.play.now + timedelta(weeks=2))
    finished(story, officer, "overdue_look_again")
    story.play.wait_until(story.play.now + timedelta(weeks=2))
    assert "overdue_look_again" in story.work()


@pytest.mark.parametrize("event", ["call_review_now", "parents_ask", "ask_for_review"])
def test_a_review_before_the_induction_is_recorded_can_be_asked_for_and_everybody_hears_of_it(
    library: Library, event: str
) -> None:
    story = Story(library).referred().started()
    story.does(story.school, "write_by_email")
    parent = Cast(story.play.definition).anybody(story.play, "parent", event)
    before = len(story.sent())
    story.does(parent if event == "ask_for_review" else story.school, event)
    assert story.state == "review"
    assert {role for role, notice in story.sent()[before:] if notice == "others_review"} == AROUND


@pytest.mark.parametrize("event", ["pause", "break_off", "call_off"])
def test_an_officer_sees_on_the_same_day_that_those_who_are_told_so_know(library: Library, event: str) -> None:
    story = Story(library).referred().started()
    before = len(story.sent())
    story.does(story.school, event)
    assert {role for role, notice in story.sent()[before:] if notice == "others_stopped"} == AROUND
    (due,) = (task.due_at for task in story.play.case.tasks if task.name == "others_are_told")
    assert due is not None
    assert local_date(due) == local_date(story.play.now)


def test_an_invoice_that_does_not_come_is_its_provider_s_alone_and_no_email_says_otherwise(library: Library) -> None:
    story = Story(library).referred()
    first = local_date(story.play.now)
    far = (first + timedelta(weeks=30)).isoformat()
    later = (first + timedelta(weeks=6)).isoformat()
    wanted = (first + timedelta(weeks=2)).isoformat()
    story.started(first_review_on=later, next_report_on=later, until=far, next_invoice_on=wanted)
    story.does(story.provider, "record_induction")
    before = len(story.sent())
    story.play.wait_until(story.play.now + timedelta(weeks=3))
    told = [one for one in story.sent()[before:] if one[1] in ("invoice_wanted", "overdue", "work_overdue")]
    assert told == [("provider", "invoice_wanted")] * 2, "one says that the council looks into it, which it does not"
    assert "overdue_invoice_due" not in story.work()
