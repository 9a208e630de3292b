"""An end that is decided has a last day: until then the placement goes on, and nobody is asked to record it."""

from datetime import date, timedelta

import pytest

from apflow.core.days.calendar import local_date
from apflow.core.errors import Invalid
from apflow.loader import Library
from tests.core.story_of_a_placement import Story

AROUND = ("pupils_social_worker", "pupils_virtual_school", "pupils_sen_caseworker")


@pytest.fixture
def running(library: Library) -> Story:
    story = Story(library).referred().started()
    story.does(story.provider, "record_induction")
    return story


def in_weeks(story: Story, weeks: int) -> date:
    return local_date(story.play.now) + timedelta(weeks=weeks)


def decided(story: Story, last: date) -> Story:
    story.does(story.school, "call_review_now")
    report = (last - timedelta(weeks=1)).isoformat()
    story.does(story.school, "decide_to_end", until=last.isoformat(), next_report_on=report)
    return story


def test_the_end_is_asked_for_on_the_last_day_and_overdue_only_after_it(running: Story) -> None:
    last = in_weeks(running, 5)
    before = len(decided(running, last).sent())
    running.play.wait_until(running.play.now + timedelta(weeks=4, days=6))
    told = running.sent()[before:]
    assert [sent for sent in told if sent[0] == "commissioner" or sent[1] == "work_overdue"] == [
        ("officer", "work_overdue")
    ], "the report alone, which is due a week before"
    assert not {"overdue_end_recorded", "overdue_look_again"} & set(running.work())
    running.play.wait_until(running.play.now + timedelta(days=2))
    assert running.sent()[-1] == ("commissioner", "due_soon")
    running.play.wait_until(running.play.now + timedelta(weeks=1))
    assert "overdue_end_recorded" in running.work()
    running.play.wait_until(running.play.now + timedelta(weeks=5))
    assert "overdue_look_again" in running.work()


@pytest.mark.parametrize("way", ["at a review", "at once"])
def test_whoever_hears_that_it_ends_is_told_when(running: Story, way: str) -> None:
    if way == "at once":
        running.does(running.provider, "safeguarding_matter")
    else:
        running.does(running.school, "call_review_now")
    with pytest.raises(Invalid, match="last"):
        running.does(running.school, "decide_to_end", until=None)
    last = in_weeks(running, 3)
    running.does(running.school, "decide_to_end", until=last.isoformat())
    assert running.play.case.fields["until"] == last.isoformat()
    assert {role for role, _ in running.sent()[-9:]} >= {"provider", "officer", *AROUND}


def test_a_last_day_that_is_changed_is_told_and_the_end_waits_for_the_new_one(running: Story) -> None:
    last = in_weeks(running, 2)
    decided(running, last)
    before = len(running.sent())
    running.does(running.school, "change_last_day", until=last.isoformat())
    assert running.sent()[before:] == [], "it is the day that it was"
    later = last + timedelta(weeks=3)
    running.does(running.school, "change_last_day", until=later.isoformat())
    assert running.sent()[before:] == [
        ("provider", "length_changed"),
        ("parent", "parent_news"),
        *((role, "others_length") for role in AROUND),
    ]
    assert local_date(running.play.case.deadlines["end_recorded"].due_at) >= later


def test_a_placement_that_goes_on_for_longer_is_no_placement_that_ends(running: Story) -> None:
    running.does(running.school, "call_review_now")
    with pytest.raises(Invalid, match="more than 2 months"):
        running.does(running.school, "decide_to_end", until=in_weeks(running, 10).isoformat())
    running.does(running.school, "decide_to_end", until=in_weeks(running, 8).isoformat())


def test_until_its_last_day_a_placement_that_ends_is_reported_on(running: Story) -> None:
    decided(running, in_weeks(running, 6))
    assert {"report_due"} <= set(running.play.case.deadlines)
    running.does(running.provider, "report_progress")
    assert running.sent()[-2:] == [("commissioner", "progress_came"), ("parent", "parent_report")]


def test_an_end_that_comes_to_nothing_leaves_the_last_day_as_the_one_that_is_planned(running: Story) -> None:
    last = in_weeks(running, 3)
    decided(running, last)
    running.does(running.provider, "safeguarding_matter")
    running.does(running.school, "it_goes_on")
    assert local_date(running.play.case.deadlines["planned_end"].due_at) == last


def test_those_who_work_with_a_pupil_hear_that_a_placement_is_planned_for_longer(running: Story) -> None:
    running.does(running.school, "change_length", until=in_weeks(running, 9).isoformat())
    assert [sent for sent in running.sent() if sent[1] == "others_length"] == [
        (role, "others_length") for role in AROUND
    ]


def test_where_it_ends_no_day_for_another_report_is_demanded_and_none_is_chased(running: Story) -> None:
    running.does(running.school, "call_review_now")
    before = len(running.sent())
    running.does(running.school, "decide_to_end", until=in_weeks(running, 3).isoformat(), next_report_on=None)
    assert "next_report_on" not in running.play.case.fields
    running.play.wait_until(running.play.now + timedelta(weeks=2))
    assert "overdue_report_due" not in running.work()
    assert "due_soon" not in {notice for role, notice in running.sent()[before:] if role == "provider"}


def test_a_last_report_is_due_by_the_last_day_at_the_latest(running: Story) -> None:
    last = in_weeks(running, 3)
    running.does(running.school, "call_review_now")
    after = (last + timedelta(days=1)).isoformat()
    with pytest.raises(Invalid, match="must be the same as or after"):
        running.does(running.school, "decide_to_end", until=last.isoformat(), next_report_on=after)
    running.does(running.school, "decide_to_end", until=last.isoformat(), next_report_on=last.isoformat())
    assert local_date(running.play.case.deadlines["report_due"].due_at) == last


def test_whoever_reports_for_the_last_time_gives_no_day_for_another(running: Story) -> None:
    decided(running, in_weeks(running, 6))
    running.does(running.provider, "report_progress", next_report_on=None)
    assert running.sent()[-2:] == [("commissioner", "progress_came"), ("parent", "parent_report")]
    assert "report_due" not in running.play.case.deadlines
    running.play.wait_until(running.play.now + timedelta(weeks=6))
    assert "overdue_report_due" not in running.work()
