"""After its end, or its breakdown, a placement is followed up twice: its commissioner is asked and chased."""

from datetime import timedelta

import pytest

from apflow.core.days.calendar import local_date
from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library

AROUND = ["pupils_social_worker", "pupils_virtual_school", "pupils_sen_caseworker"]


@pytest.fixture
def running(library: Library) -> tuple[Play, Actor]:
    """A placement that runs, and its commissioner."""
    definition = library.current("placement")
    play, cast = a_play(definition), Cast(definition)
    school, provider = cast.person("commissioner"), cast.person("provider")
    does(play, school, "refer_a_pupil", kind="alongside")
    for who, event in (
        (school, "describe"),
        (school, "confirm_checks"),
        (school, "refer"),
        (provider, "offer"),
        (provider, "set_programme"),
        (school, "set_plan"),
        (provider, "sign"),
        (school, "sign"),
        (school, "start_placement"),
        (provider, "record_induction"),
    ):
        does(play, who, event)
    return play, school


@pytest.fixture
def ended(running: tuple[Play, Actor]) -> tuple[Play, Actor]:
    """One whose end has just been recorded."""
    play, school = running
    for event in ("call_review_now", "decide_to_end", "finish"):
        does(play, school, event)
    return play, school


@pytest.fixture
def broken_down(running: tuple[Play, Actor]) -> tuple[Play, Actor]:
    """One that has just broken down."""
    play, school = running
    does(play, school, "break_off")
    return play, school


def sent(play: Play) -> list[tuple[str, str]]:
    return [(send.role, send.notice) for outcome in play.outcomes for send in outcome.sends]


def test_it_is_asked_reminded_and_passed_on_at_each_interval(ended: tuple[Play, Actor]) -> None:
    play, school = ended
    last = local_date(play.now)
    assert play.case.state == "first_follow_up"
    due = play.case.deadlines["followed_up"].due_at
    assert play.definition.calendar.school.days_between(last, local_date(due)) == 20
    before = len(sent(play))
    play.wait_until(due + timedelta(days=3))
    told = sent(play)[before:]
    assert told.count(("commissioner", "due_soon")) == 2
    assert ("officer", "work_overdue") in told
    assert ("commissioner", "overdue") in told
    does(play, school, "follow_up", went_on="partly", followed_up="Three days of five.")
    assert play.case.state == "last_follow_up"
    again = play.case.deadlines["followed_up_again"].due_at
    assert play.definition.calendar.school.days_between(last, local_date(again)) == 60
    does(play, school, "follow_up", went_on="well")
    assert play.case.state == "ended"
    assert [entry.entry.answers["went_on"] for entry in play.outcomes if entry.entry.name == "follow_up"] == [
        "partly",
        "well",
    ]


def test_a_placement_that_is_recorded_in_time_chases_nobody(ended: tuple[Play, Actor]) -> None:
    play, school = ended
    does(play, school, "follow_up", went_on="well")
    does(play, school, "follow_up", went_on="well")
    before = len(sent(play))
    play.wait_until(play.now + timedelta(weeks=20))
    assert sent(play)[before:] == []


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_pupil_who_went_back_and_is_no_longer_there_is_work_for_the_council_at_once(
    ended: tuple[Play, Actor], times: int
) -> None:
    play, school = ended
    for _ in range(times):
        does(play, school, "follow_up", went_on="well")
    before = play.case.state
    does(play, school, "is_not_there", none_because="Has not come since Monday.")
    assert play.case.state == before, "it is still asked for, while it is asked at all"
    assert [task.role for task in play.case.tasks if task.name == "without_education"] == ["officer"]
    assert ("officer", "without_education_staff") in sent(play)
    assert [role for role, notice in sent(play) if notice == "others_without_education"] == AROUND
    with pytest.raises(Invalid):
        does(play, school, "follow_up_later" if times == 2 else "follow_up", went_on="not_there")


def test_after_a_breakdown_what_the_pupil_has_now_is_asked_within_days_and_once_more(
    broken_down: tuple[Play, Actor],
) -> None:
    play, school = broken_down
    last, days = local_date(play.now), play.definition.calendar.school
    assert ("commissioner", "broken_down") in sent(play)
    due = play.case.deadlines["asked_what_is_next"].due_at
    assert days.days_between(last, local_date(due)) == 5
    before = len(sent(play))
    play.wait_until(due + timedelta(days=3))
    told = sent(play)[before:]
    assert told.count(("commissioner", "due_soon")) == 2
    assert {("officer", "work_overdue"), ("commissioner", "overdue")} <= set(told)
    does(play, school, "say_what_is_next", has_now="partly", next_steps="Two lessons a day, more from March.")
    again = play.case.deadlines["asked_once_more"].due_at
    assert days.days_between(last, local_date(again)) == 20
    does(play, school, "say_what_is_next", has_now="placed")
    assert play.case.state == "broken_down"


def test_after_a_breakdown_the_council_has_one_thing_to_do_at_a_time_and_the_two_read_differently(
    broken_down: tuple[Play, Actor],
) -> None:
    play, school = broken_down

    def work() -> list[str]:
        return [task.title for task in play.case.tasks if task.role == "officer"]

    before = work()
    due = play.case.deadlines["asked_what_is_next"].due_at
    play.wait_until(due + timedelta(days=3))
    (first,) = [title for title in work() if title not in before]
    assert first == "Overdue: what the pupil has now should be recorded, for the first time since the breakdown"
    play.wait_until(due + timedelta(days=8))
    (second,) = [title for title in work() if title not in (*before, first)]
    assert second.startswith("Overdue: a week after the first asking nobody has said what the pupil has now")

    does(play, school, "say_what_is_next", has_now="partly", next_steps="Two lessons a day.")
    due = play.case.deadlines["asked_once_more"].due_at
    there = set(work())
    play.wait_until(due + timedelta(days=3))
    (third,) = set(work()) - there
    assert third.endswith("for the second time since the breakdown")


def test_a_pupil_without_any_education_after_a_breakdown_is_work_for_the_council_at_once(
    broken_down: tuple[Play, Actor],
) -> None:
    play, school = broken_down
    does(play, school, "has_nothing_yet", none_because="No place before March.")
    assert play.case.state == "first_after_breakdown", "it is still asked for"
    assert [role for role, notice in sent(play) if notice == "others_without_education"] == AROUND
    assert [task.role for task in play.case.tasks if task.name == "without_education"] == ["officer"]
    assert ("officer", "without_education_staff") in sent(play)
