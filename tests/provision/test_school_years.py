"""The school days of one school beside the council's: its INSET days, its half-term, an Easter of another area."""

from datetime import date

import pytest

from apflow.core.days.school import Period, SchoolDays
from apflow.provision.clocks import after_permanent_exclusion, notice_by
from apflow.provision.school_years import OwnYear, own_school_days, school_year, what_is_wrong, year_words

AUTUMN = Period("Term 1", date(2026, 9, 2), date(2026, 10, 23))
WINTER = Period("Term 2", date(2026, 11, 2), date(2026, 12, 18))
SPRING = Period("Term 4", date(2027, 2, 22), date(2027, 3, 25))
SUMMER = Period("Term 5", date(2027, 4, 12), date(2027, 5, 28))
NEXT = Period("Term 1", date(2027, 9, 2), date(2027, 10, 22))
GOOD_FRIDAY, MAY_DAY = date(2027, 3, 26), date(2027, 5, 3)
INSET_OF_ALL = date(2026, 11, 27)
COUNCIL = SchoolDays(
    (AUTUMN, WINTER, SPRING, SUMMER, NEXT),
    {GOOD_FRIDAY: "Good Friday", MAY_DAY: "Early May bank holiday", INSET_OF_ALL: "INSET day"},
)
LATE_EASTER = (
    Period("Term 1", date(2026, 9, 3), date(2026, 10, 16)),
    Period("Term 2", date(2026, 10, 26), date(2026, 12, 18)),
    Period("Term 4", date(2027, 2, 22), date(2027, 4, 2)),
    Period("Term 5", date(2027, 4, 19), date(2027, 5, 28)),
)


def of_school(*inset: date, halves: tuple[Period, ...] = ()) -> SchoolDays:
    return own_school_days(COUNCIL, [INSET_OF_ALL], {2026: OwnYear(halves, frozenset(inset))})


def test_a_school_that_has_said_nothing_goes_by_the_council() -> None:
    assert own_school_days(COUNCIL, [INSET_OF_ALL], {}) is COUNCIL


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 9, 18), "INSET day"),
        (INSET_OF_ALL, None),
        (GOOD_FRIDAY, "Good Friday"),
        (MAY_DAY, "Early May bank holiday"),
        (date(2026, 10, 26), "School holiday"),
        (date(2027, 9, 6), None),
    ],
    ids=["its own", "the council's, not its own", "Good Friday", "May Day", "the council's half-term", "a later year"],
)
def test_its_inset_days_take_the_place_of_the_councils_and_bank_holidays_stay(day: date, closed: str | None) -> None:
    assert of_school(date(2026, 9, 18)).why_closed(day) == closed


@pytest.mark.parametrize(
    ("excluded", "here", "there"),
    [
        (date(2026, 10, 14), date(2026, 10, 22), date(2026, 10, 29)),
        (date(2026, 10, 22), date(2026, 11, 6), date(2026, 11, 3)),
        (date(2027, 3, 23), date(2027, 4, 15), date(2027, 4, 1)),
        (date(2027, 3, 30), date(2027, 4, 20), date(2027, 4, 21)),
    ],
    ids=["before its half-term", "in its half-term", "while its Easter is to come", "as the council's has begun"],
)
def test_the_sixth_day_is_counted_over_its_own_holidays(excluded: date, here: date, there: date) -> None:
    """Source: Education Act 1996, section 19(3A) and SI 2007/1870: the sixth school day after the first."""
    own = of_school(halves=LATE_EASTER)

    assert after_permanent_exclusion(excluded, COUNCIL, day=6).latest == here
    assert after_permanent_exclusion(excluded, own, day=6).latest == there


def test_the_notice_of_a_direction_is_earlier_by_an_inset_day_of_its_own() -> None:
    """Source: SI 2010/1156: no later than two school days before."""
    starts = date(2026, 9, 16)

    assert notice_by(starts, COUNCIL, days=2) == date(2026, 9, 14)
    assert notice_by(starts, of_school(date(2026, 9, 14)), days=2) == date(2026, 9, 11)


def test_a_half_term_ends_where_the_school_says() -> None:
    assert COUNCIL.half_terms_after(date(2026, 9, 14), 0).on == date(2026, 10, 23)
    assert of_school(halves=LATE_EASTER).half_terms_after(date(2026, 9, 14), 0).on == date(2026, 10, 16)


@pytest.mark.parametrize(
    ("halves", "inset", "wrong"),
    [
        (LATE_EASTER, [date(2026, 9, 18)], []),
        ((), [date(2026, 9, 18)], []),
        ((Period("Term 1", date(2026, 9, 3), date(2026, 9, 2)),), [], ["Term 1 ends before it begins"]),
        ((Period("Term 1", date(2027, 9, 3), date(2027, 10, 2)),), [], ["Term 1 is not in the school year 2026/27"]),
        (
            (AUTUMN, Period("Term 2", date(2026, 10, 23), date(2026, 12, 18))),
            [],
            ["Term 2 begins before Term 1 has ended"],
        ),
        ((), [date(2026, 10, 28)], ["28/10/2026 is in no half-term, so the school is closed that day anyway"]),
    ],
)
def test_what_cannot_be_a_school_year_is_said(halves: tuple[Period, ...], inset: list[date], wrong: list[str]) -> None:
    assert what_is_wrong(2026, halves, inset, (AUTUMN, WINTER)) == wrong


def test_a_school_year_begins_in_september() -> None:
    assert (school_year(date(2026, 8, 31)), school_year(date(2026, 9, 1))) == (2025, 2026)
    assert (year_words(2026), year_words(2099)) == ("2026/27", "2099/00")
