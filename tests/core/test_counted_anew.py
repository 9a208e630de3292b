"""A deadline counted in the council's own days, once the calendar has gained a closed day or lost one."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from apflow.core.days.calendar import Calendar, local_date
from apflow.core.days.duration import Duration
from apflow.core.deadlines.deadlines import recounted, scheduled
from apflow.core.definition.timing import Pause
from apflow.core.snapshot import Rung, RunningDeadline
from apflow.testing import MONDAY

DAY = timedelta(days=1)
KNOWN = date(2027, 12, 31)
BEFORE = Calendar(KNOWN)
GAINED = Calendar(KNOWN, {date(2026, 11, 5): "Stock-taking"})
TEN = Duration.parse("10 working days")


def running(**changes: object) -> RunningDeadline:
    """Ten working days from Monday 2 November, to Monday 16 November; a reminder when two are left."""
    due = BEFORE.due(MONDAY, TEN).at
    two = Duration.parse("2 working days left".removesuffix(" left"))
    rungs = (Rung(left=two, who="officer", notice="soon", at=BEFORE.reminds_at(due, two)),)
    deadline = scheduled(RunningDeadline(1, "reply", MONDAY, TEN, due, None, rungs))
    return replace(deadline, **changes)


def test_a_closed_day_moves_it_and_its_reminders() -> None:
    moved = recounted(running(), None, GAINED, MONDAY + DAY)
    assert local_date(moved.due_at) == date(2026, 11, 17)
    assert local_date(moved.rungs[0].at) == date(2026, 11, 13)
    assert moved.next_at == moved.rungs[0].at
    assert recounted(moved, None, GAINED, MONDAY + DAY) == moved
    assert recounted(moved, None, BEFORE, MONDAY + DAY) == running()


@pytest.mark.parametrize("changes", [{"extended": 1}, {"ended": True, "next_at": None}, {"paused_at": MONDAY}])
def test_what_was_given_more_time_is_over_or_stands_still_keeps_its_day(changes: dict[str, object]) -> None:
    deadline = running(**changes)
    assert recounted(deadline, None, GAINED, MONDAY + DAY) == deadline


def test_what_is_due_by_now_or_would_be_keeps_its_day() -> None:
    assert recounted(running(), None, GAINED, running().due_at) == running()
    later = recounted(running(), None, GAINED, MONDAY)
    assert recounted(later, None, BEFORE, running().due_at + timedelta(hours=1)) == later


def test_the_days_for_which_it_stood_still_are_added_as_they_were() -> None:
    pause = Pause.model_validate({"states": ["waiting"], "at_most": "20 working days"})
    stood = running(paused_days=2, due_at=BEFORE.due(MONDAY, Duration.parse("12 working days")).at)
    assert recounted(stood, pause, BEFORE, MONDAY) == stood
    assert local_date(recounted(stood, pause, GAINED, MONDAY).due_at) == date(2026, 11, 19)
    of_other_days = Pause.model_validate({"states": ["waiting"], "at_most": "20 calendar days"})
    assert recounted(stood, of_other_days, GAINED, MONDAY) == stood


def test_what_was_beyond_the_days_that_were_known_is_certain_once_they_are() -> None:
    unsure = running(provisional=True)
    assert recounted(unsure, None, BEFORE, MONDAY) == running()
