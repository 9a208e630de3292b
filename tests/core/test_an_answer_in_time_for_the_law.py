"""A provider answers for a pupil whose day the law counts out before it has come, and a holiday before it is used."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apflow.core.days.calendar import local_date
from apflow.core.people.actor import Actor
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library

LONDON = ZoneInfo("Europe/London")
NONE = {"missed_before": None, "missed_until": None, "permanently_excluded_on": None, "suspended_on": None}


@pytest.fixture
def cast(library: Library) -> Cast:
    return Cast(library.current("placement"))


def referred(library: Library, cast: Cast, at: datetime, **said: Any) -> Play:
    play = a_play(library.current("placement"))
    play.now = at
    school: Actor = cast.person("commissioner")
    does(play, school, "refer_a_pupil", **NONE | said)
    for step in ("describe", "confirm_checks", "refer"):
        does(play, school, step)
    return play


def told(play: Play, deadline: str) -> list[tuple[str, str, date]]:
    return [
        (send.role, send.notice, local_date(outcome.entry.at))
        for outcome in play.outcomes
        for send in outcome.sends
        if send.deadline == deadline
    ]


@pytest.mark.parametrize("first_day", ["permanently_excluded_on", "suspended_on"])
def test_a_referral_of_an_excluded_or_suspended_pupil_is_answered_by_the_next_working_day(
    library: Library, cast: Cast, first_day: str
) -> None:
    excluded = {"kind": "excluded", first_day: "2026-11-03"}
    play = referred(library, cast, datetime(2026, 11, 9, 10, tzinfo=LONDON), **excluded)
    running = play.case.deadlines
    assert "considered" not in running
    assert local_date(running["considered_at_once"].due_at) == date(2026, 11, 10)
    sixth_day = "sixth_day_excluded" if first_day == "permanently_excluded_on" else "sixth_day_suspended"
    assert running["considered_at_once"].due_at <= running[sixth_day].due_at

    play.wait_until(datetime(2026, 11, 12, 10, tzinfo=LONDON))
    assert told(play, "considered_at_once") == [
        ("provider", "due_soon", date(2026, 11, 10)),
        ("officer", "work_overdue", date(2026, 11, 10)),
    ]
    assert told(play, "unanswered_at_once") == [("commissioner", "overdue", date(2026, 11, 11))]
    assert "overdue_look_again_at_once" in [task.name for task in play.case.tasks]


def test_any_other_referral_is_answered_in_five_school_days(library: Library, cast: Cast) -> None:
    play = referred(library, cast, datetime(2026, 11, 9, 10, tzinfo=LONDON), kind="alongside")
    assert local_date(play.case.deadlines["considered"].due_at) == date(2026, 11, 16)
    assert "considered_at_once" not in play.case.deadlines


def test_before_a_summer_the_provider_is_asked_in_it_and_an_officer_is_reminded_through_it(
    library: Library, cast: Cast
) -> None:
    at = datetime(2027, 7, 20, 10, tzinfo=LONDON)
    play = referred(library, cast, at, kind="excluded", permanently_excluded_on="2027-07-15")
    due = play.case.deadlines["sixth_day_excluded"].due_at
    assert local_date(play.case.deadlines["considered_at_once"].due_at) == date(2027, 7, 21)
    does(play, cast.person("provider"), "offer")

    play.wait_until(due - timedelta(hours=1))
    officer = [day for role, notice, day in told(play, "sixth_day_excluded") if notice == "law_day_nears"]
    assert len(officer) == 3
    assert all(date(2027, 7, 31) < day < local_date(due) for day in officer)
    school = [day for role, _, day in told(play, "sixth_day_excluded") if role == "commissioner"]
    assert school[0].month == 8
