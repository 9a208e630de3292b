"""What a placement owes a pupil is not passed over by a way around it: the induction, a review, a place to go to."""

from datetime import timedelta

import pytest

from apflow.core.days.calendar import local_date
from apflow.core.errors import Blocked, Invalid
from apflow.core.flags import flags_for
from apflow.core.people.actor import Actor
from apflow.loader import Library
from tests.core.story_of_a_placement import Story


@pytest.fixture
def story(library: Library) -> Story:
    return Story(library)


def test_a_placement_that_is_paused_before_its_induction_begins_with_it_all_the_same(story: Story) -> None:
    story.referred().started().does(story.school, "pause")
    with pytest.raises(Blocked, match="The induction has not been recorded"):
        story.does(story.school, "resume")
    story.does(story.school, "begin_after_pause")
    assert story.state == "induction"
    story.does(story.provider, "record_induction")
    story.does(story.school, "pause")
    with pytest.raises(Blocked, match="recorded already"):
        story.does(story.school, "begin_after_pause")
    story.does(story.school, "resume")
    assert story.state == "active"


def test_whichever_way_a_referral_ends_without_a_place_an_officer_sees_what_the_pupil_has(library: Library) -> None:
    def ended_by(side: str, event: str) -> Story:
        story = Story(library, "excluded").referred()
        if event in ("provider_withdraws", "call_off"):
            story.does(story.provider, "offer")
        if event == "call_off":
            story = Story(library).referred().started()
        story.does(story.provider if side == "provider" else story.school, event)
        return story

    ways = [("provider", "decline"), ("provider", "provider_withdraws"), ("school", "withdraw"), ("school", "call_off")]
    for side, event in ways:
        assert "no_place" in ended_by(side, event).work(), event


def test_a_draft_with_a_day_that_the_law_sets_is_not_thrown_away_in_silence(library: Library) -> None:
    for kind, more in (("excluded", {}), ("health", {"missed_before": 14})):
        story = Story(library, kind, **more)
        with pytest.raises(Blocked, match="it is watched here"):
            story.does(story.school, "throw_away")
        story.does(story.school, "seek_elsewhere", meanwhile="Another provider.")
        assert (story.state, story.work()) == ("thrown_away", ["no_place"])
        assert ("officer", "withdrawn_staff") in story.sent()


def test_a_draft_without_such_a_day_is_thrown_away_and_nobody_hears_of_it(story: Story) -> None:
    with pytest.raises(Blocked, match="sets no day"):
        story.does(story.school, "seek_elsewhere")
    story.does(story.school, "throw_away")
    assert (story.state, story.work(), story.sent()) == ("thrown_away", [], [])


def test_the_last_day_that_a_placement_is_planned_for_does_not_pass_unseen(story: Story) -> None:
    first = local_date(story.play.now)
    last = first + timedelta(weeks=5)
    story.referred().started(until=last.isoformat(), is_full_time=True)
    before = len(story.sent())
    story.play.wait_until(story.play.now + timedelta(weeks=4))
    assert ("commissioner", "due_soon") in story.sent()[before:]
    assert "overdue_planned_end" not in story.work()
    story.does(story.school, "change_length", until=(last + timedelta(weeks=2)).isoformat(), why_this_long="As agreed.")
    assert ("provider", "length_changed") in story.sent()
    story.play.wait_until(story.play.now + timedelta(weeks=2))
    assert "overdue_planned_end" not in story.work(), "it is planned for longer now"
    story.play.wait_until(story.play.now + timedelta(weeks=2))
    assert "overdue_planned_end" in story.work()


def test_a_part_time_timetable_does_not_outlast_what_was_agreed_unseen(story: Story) -> None:
    first = local_date(story.play.now)
    agreed = (first + timedelta(weeks=5)).isoformat()
    story.referred().started(
        until=(first + timedelta(weeks=20)).isoformat(), is_full_time=False, part_time_until=agreed
    )
    story.does(story.provider, "record_induction")
    before = len(story.sent())
    story.play.wait_until(story.play.now + timedelta(weeks=4, days=2))
    assert ("commissioner", "due_soon") in story.sent()[before:]
    story.play.wait_until(story.play.now + timedelta(weeks=1))
    assert "overdue_part_time_ends" in story.work()
    story.does(story.school, "change_hours", is_full_time=True)
    assert "part_time_ends" not in story.play.case.deadlines, "it is full-time now"


def test_a_review_is_held_on_the_day_that_was_planned_for_it_and_the_next_on_its_own(story: Story) -> None:
    first = local_date(story.play.now)
    reviews = [(first + timedelta(weeks=weeks)).isoformat() for weeks in (1, 2)]
    until = (first + timedelta(weeks=20)).isoformat()
    story.referred().started(first_review_on=reviews[0], until=until)
    story.does(story.provider, "record_induction", inducted_on=first.isoformat())
    before = len(story.sent())
    story.play.wait_until(story.play.now + timedelta(days=6))
    assert (story.state, ("commissioner", "review_ahead") in story.sent()[before:]) == ("active", True)
    story.play.wait_until(story.play.now + timedelta(days=2))
    assert story.state == "review"
    story.does(story.school, "continue_it", first_review_on=reviews[1])
    story.play.wait_until(story.play.now + timedelta(days=5))
    assert story.state == "active"
    story.play.wait_until(story.play.now + timedelta(days=2))
    assert story.state == "review"


def test_a_pupil_is_reviewed_although_nobody_recorded_the_induction(story: Story) -> None:
    first = local_date(story.play.now)
    review = (first + timedelta(weeks=1)).isoformat()
    story.referred().started(first_review_on=review, until=(first + timedelta(weeks=20)).isoformat())
    story.play.wait_until(story.play.now + timedelta(days=8))
    assert story.state == "review"
    with pytest.raises(Blocked, match="The induction has not been recorded"):
        story.does(story.school, "continue_it")
    story.does(story.school, "begin_after_review", first_review_on=(first + timedelta(weeks=4)).isoformat())
    assert story.state == "induction"


@pytest.mark.parametrize("event", ["report_progress", "continue_it"])
def test_the_next_report_and_the_next_review_are_not_put_off_for_longer_than_a_half_term(
    story: Story, event: str
) -> None:
    story.referred().started().does(story.provider, "record_induction")
    if event == "continue_it":
        story.does(story.school, "call_review_now")
    far = (local_date(story.play.now) + timedelta(weeks=30)).isoformat()
    asked = ["next_report_on"] if event == "report_progress" else ["next_report_on", "first_review_on"]
    for question in asked:
        with pytest.raises(Invalid) as refused:
            story.does(story.provider if event == "report_progress" else story.school, event, **{question: far})
        assert list(refused.value.errors) == [question]


def test_that_nobody_at_home_is_written_to_is_said_to_the_school_until_somebody_is_named(story: Story) -> None:
    story.referred().started()

    def says(who: Actor) -> bool:
        return any("reach nobody at home" in flag for flag in flags_for(play.definition, play.case, who, play.world))

    play = story.play
    assert (says(story.school), says(story.provider)) == (True, False)
    story.does(story.school, "write_by_email")
    assert not says(story.school)
