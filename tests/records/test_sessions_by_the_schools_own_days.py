"""Sessions go by the days of each pupil's home school: what is asked for and coded, and what is kept all the same."""

from datetime import date

import pytest

from apflow.handler import Handler
from apflow.records.attendance.coding import CodedSession, Coding
from apflow.records.attendance.marking import Became
from apflow.store.records.attendance import Attending
from apflow.testing import TODAY
from tests.records.attendance import a_placed_pupil, a_plan, kept, letters, mark, own_dates, said
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.records.test_school_years import OWN

CLOSED = "The home school is not open to pupils on this day."


def sessions(door: Handler, first: date, last: date | None = None, today: date = TODAY) -> list[CodedSession]:
    attendance = door.library.attendance
    assert attendance
    with door.store.reading() as connection:
        return Coding(attendance, door.library, today).sessions(connection, Attending(first, last or first))


def asked_of(door: Handler, day: date) -> dict[int, list[str | None]]:
    """The codes of the sessions that are asked for on the day, by placement."""
    found: dict[int, list[str | None]] = {}
    for one in sessions(door, day, today=date(2026, 11, 30)):
        found.setdefault(one.placement.id, [])
        if one.is_planned:
            found[one.placement.id].append(one.coded.code if one.coded else "")
    return found


# The council's half-term is 26 to 30 October; Hill School's is the week before, and its INSET day 13 November.
@pytest.mark.parametrize(
    ("day", "at_hill", "at_vale"),
    [
        (date(2026, 10, 16), True, True),
        (date(2026, 10, 19), False, True),
        (date(2026, 10, 23), False, True),
        (date(2026, 10, 26), True, False),
        (date(2026, 10, 30), True, False),
        (date(2026, 11, 2), True, True),
        (date(2026, 11, 12), True, True),
        (date(2026, 11, 13), False, True),
        (date(2026, 11, 16), True, True),
    ],
)
def test_each_pupils_sessions_are_asked_for_on_the_days_of_the_own_school(
    door: Handler, day: date, at_hill: bool, at_vale: bool
) -> None:
    _, hill = a_placed_pupil(door)
    a_school(door, **VALE)
    vale = a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy"))
    a_plan(door, vale)
    own_dates(door, 1, **OWN, inset="13/11/2026")

    found = asked_of(door, day)

    assert {number: bool(codes) for number, codes in found.items()} == {hill: at_hill, vale: at_vale}


def test_an_inset_day_is_a_planned_closure_in_the_schools_register(door: Handler) -> None:
    a_placed_pupil(door, sessions=["monday am"])
    own_dates(door, inset="2/11/2026")

    found = [(one.half, one.is_planned, one.coded) for one in sessions(door, TODAY)]

    assert [(half, planned) for half, planned, _ in found] == [("am", False), ("pm", False)]
    assert {(coded.code, coded.because) for _, _, coded in found if coded} == {("#", f"{CLOSED} INSET day.")}


def test_a_weekend_is_in_no_register(door: Handler) -> None:
    a_placed_pupil(door)

    assert sessions(door, date(2026, 10, 31), date(2026, 11, 1)) == []


@pytest.mark.parametrize("what", ["present", "absent"])
def test_who_is_marked_on_an_inset_day_is_kept_and_shown_and_nobody_is_asked_why(door: Handler, what: str) -> None:
    case, placement = a_placed_pupil(door)
    own_dates(door, inset="2/11/2026")

    (taken,) = mark(door, case, said(placement, what))

    assert taken.became is Became.KEPT
    assert kept(door) == [(placement, TODAY, "am", 1, what, None)]
    (shown,) = [one for one in sessions(door, TODAY) if one.is_planned]
    assert shown.mark is not None
    assert (shown.mark.mark, shown.coded.code if shown.coded else "") == (what, "#")
    assert letters(door, "unexplained_absence") == []


def test_a_day_that_becomes_an_inset_day_keeps_its_mark_and_changes_its_code(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    mark(door, case, said(placement))
    assert asked_of(door, TODAY) == {placement: ["B", None]}

    own_dates(door, inset="2/11/2026")

    assert asked_of(door, TODAY) == {placement: ["#"]}
    assert len(kept(door)) == 1


@pytest.mark.parametrize(("inset", "code"), [("", "O"), ("4/11/2026", "N")])
def test_the_days_for_a_reason_are_those_of_the_own_school(door: Handler, inset: str, code: str) -> None:
    case, placement = a_placed_pupil(door, sessions=["monday am"])
    mark(door, case, said(placement, "absent"))
    own_dates(door, inset=inset)

    (absent,) = [one for one in sessions(door, TODAY, today=date(2026, 11, 10)) if one.is_planned]

    assert absent.coded is not None
    assert absent.coded.code == code
