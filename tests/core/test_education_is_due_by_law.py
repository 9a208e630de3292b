"""The law's days for a pupil without education: counted on the case, and told to a manager in whatever state it is."""

from datetime import timedelta

import pytest

from apflow.core.days.calendar import local_date
from apflow.core.people.actor import Actor
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library

SIXTH_DAY = "Education Act 1996, section 19(3A), and SI 2007/1870; Education and Inspections Act 2006, section 100"
HEALTH = "DfE, Arranging education for children who cannot attend school because of health needs (2023)"
# The kind, the question with its first day, the deadline, and how many school days later than that day it is due.
CLOCKS = [
    pytest.param(
        "excluded", "permanently_excluded_on", "sixth_day_excluded", 6, id=f"{SIXTH_DAY}: after the first day"
    ),
    pytest.param("excluded", "suspended_on", "sixth_day_suspended", 5, id=f"{SIXTH_DAY}: the first day counts"),
    pytest.param("health", "missed_from", "fifteenth_day", 14, id=f"{HEALTH}: the first day counts"),
]
STEPS = ("describe", "confirm_checks", "refer", "offer")


@pytest.fixture
def before(library: Library) -> tuple[Play, Cast]:
    definition = library.current("placement")
    return a_play(definition), Cast(definition)


def school(cast: Cast) -> Actor:
    return cast.person("commissioner")


@pytest.mark.parametrize(("kind", "first_day", "deadline", "later"), CLOCKS)
@pytest.mark.parametrize("state", ["draft", "referred", "agreed"])
def test_the_day_is_counted_and_a_manager_hears_that_it_has_passed(
    before: tuple[Play, Cast], kind: str, first_day: str, deadline: str, later: int, state: str
) -> None:
    play, cast = before
    today = local_date(play.now)
    days = {"missed_before": None, "missed_until": None, "permanently_excluded_on": None, "suspended_on": None}
    does(play, school(cast), "refer_a_pupil", **days | {"kind": kind, first_day: today.isoformat()})
    for step in STEPS:
        if play.case.state != state:
            does(play, cast.person("provider" if step == "offer" else "commissioner"), step)
    due = play.case.deadlines[deadline].due_at
    assert play.definition.calendar.school.days_between(today, local_date(due)) == later

    play.wait_until(due - timedelta(days=1))
    assert not escalated(play, deadline)
    play.wait_until(due + timedelta(days=3))
    assert escalated(play, deadline)


def escalated(play: Play, deadline: str) -> bool:
    return any(
        (send.role, send.deadline) == ("manager", deadline) for outcome in play.outcomes for send in outcome.sends
    )
