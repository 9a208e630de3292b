"""While a placement is paused none of its sessions is asked for or coded; what was marked is kept and shown."""

from datetime import date, timedelta

import pytest

from apflow.handler import Handler
from apflow.records.attendance.marking import Became
from apflow.testing import TODAY
from tests.records.attendance import a_placed_pupil, kept, letters, mark, own_dates, paused, said
from tests.records.test_sessions_by_the_schools_own_days import asked_of, sessions

WHY = "Paused since 2 November, so the pupil was not expected there. The school marks its own register."


@pytest.mark.parametrize(
    ("day", "is_asked"),
    [
        (date(2026, 10, 21), True),
        (date(2026, 10, 22), False),
        (date(2026, 10, 23), False),
        (date(2026, 10, 26), False),
        (date(2026, 11, 2), False),
        (date(2026, 11, 3), True),
        (date(2026, 11, 11), True),
        (date(2026, 11, 12), False),
        (date(2026, 11, 13), True),
    ],
)
def test_nothing_is_asked_from_the_first_day_to_the_day_before_it_goes_on(
    door: Handler, day: date, is_asked: bool
) -> None:
    _, placement = a_placed_pupil(door)
    paused(door, placement, date(2026, 10, 22), date(2026, 11, 3))
    paused(door, placement, date(2026, 11, 12), date(2026, 11, 13))

    assert bool(asked_of(door, day)[placement]) is is_asked


def test_the_school_reads_why_and_gets_no_code(door: Handler) -> None:
    _, placement = a_placed_pupil(door, sessions=["monday am"])
    paused(door, placement, TODAY)

    named, other = sessions(door, TODAY)

    assert (named.half, named.is_planned, named.closed, named.is_paused) == (
        "am",
        False,
        "Paused since 2 November",
        True,
    )
    assert named.coded is not None
    assert (named.coded.code, named.coded.because) == (None, WHY)
    assert (other.half, other.is_planned, other.is_paused) == ("pm", False, False)


def test_a_day_on_which_the_school_is_closed_stays_closed_over_a_pause(door: Handler) -> None:
    _, placement = a_placed_pupil(door)
    own_dates(door, inset="2/11/2026")
    paused(door, placement, TODAY)

    assert [(one.coded.code, one.closed) for one in sessions(door, TODAY) if one.coded] == [("#", "INSET day")] * 2


@pytest.mark.parametrize("what", ["present", "absent"])
def test_what_was_marked_on_a_day_that_is_paused_afterwards_is_kept_and_shown(door: Handler, what: str) -> None:
    case, placement = a_placed_pupil(door, sessions=["monday am"])
    mark(door, case, said(placement, what))

    paused(door, placement, TODAY)

    (shown,) = [one for one in sessions(door, TODAY) if one.is_planned]
    assert shown.mark is not None
    assert shown.coded is not None
    assert (shown.mark.mark, shown.coded.code, shown.coded.because) == (what, None, WHY)


def test_a_mark_that_comes_in_a_pause_is_kept_and_no_school_is_asked_why(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    paused(door, placement, TODAY - timedelta(days=3))

    (taken,) = mark(door, case, said(placement, "absent"))

    assert taken.became is Became.KEPT
    assert kept(door) == [(placement, TODAY, "am", 1, "absent", None)]
    assert letters(door, "unexplained_absence") == []
