"""While a plan is escalated, and an urgent meeting is awaited, the provider still says how it goes."""

from datetime import timedelta

import pytest

from apflow.core.days.calendar import local_date
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library

ABOUT = {"organisation": "Made Up Farm", "contact_email": "farm@sample.example"}


@pytest.fixture
def escalated(library: Library) -> tuple[Play, Actor, Actor]:
    """A plan with an update that is due in three weeks, escalated today; its officer and its provider."""
    definition = library.current("action_plan")
    play, cast = a_play(definition), Cast(definition)
    officer, provider = cast.person("officer"), cast.person("provider")
    does(play, THE_CLOCK, "begin", **ABOUT)
    later = local_date(play.now) + timedelta(weeks=20)
    does(play, officer, "add_action", by_when=later.isoformat())
    does(play, officer, "ask_for_update", due_on=(local_date(play.now) + timedelta(weeks=3)).isoformat())
    for who, event in ((officer, "propose"), (provider, "agree"), (officer, "judge_not_followed")):
        does(play, who, event)
    assert play.case.state == "escalated"
    return play, officer, provider


def test_an_update_is_reminded_of_and_its_absence_told(escalated: tuple[Play, Actor, Actor]) -> None:
    play, _, _ = escalated
    before = len(play.outcomes)
    play.wait_until(play.now + timedelta(weeks=3, days=2))
    told = [(send.role, send.notice) for outcome in play.outcomes[before:] for send in outcome.sends]
    assert ("provider", "update_due") in told
    assert ("officer", "work_overdue") in told
    assert "overdue_update_due" in [task.name for task in play.case.tasks]


def test_an_update_is_sent_and_the_next_one_agreed(escalated: tuple[Play, Actor, Actor]) -> None:
    play, officer, provider = escalated
    does(play, provider, "send_update", "1")
    does(play, officer, "read_update", "1")
    does(play, officer, "ask_for_update", due_on=(local_date(play.now) + timedelta(weeks=2)).isoformat())
    assert (play.case.state, "update_due" in play.case.deadlines) == ("escalated", True)
