"""After its end a placement is followed up twice: its commissioner is asked, chased, and then the case is closed."""

from datetime import timedelta

import pytest

from apflow.core.actor import Actor
from apflow.core.calendar import local_date
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library


@pytest.fixture
def ended(library: Library) -> tuple[Play, Actor]:
    """A placement whose end has just been recorded, and its commissioner."""
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
        (school, "call_review_now"),
        (school, "decide_to_end"),
        (school, "finish"),
    ):
        does(play, who, event)
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
