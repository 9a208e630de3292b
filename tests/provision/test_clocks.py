"""School-day clocks on their boundary days: INSET, half-term, an Easter of another area, and a child newly in care."""

from datetime import date, timedelta

import pytest

from apflow.core.days.school import Period, SchoolDays
from apflow.provision.ages import compulsory_school_age
from apflow.provision.clocks import (
    after_permanent_exclusion,
    after_suspension,
    health_duty_on,
    must_review_from,
    notice_by,
)

AUTUMN = Period("Term 1", date(2026, 9, 2), date(2026, 10, 23))
WINTER = Period("Term 2", date(2026, 11, 2), date(2026, 12, 18))
EARLY, LATE = date(2027, 3, 25), date(2027, 4, 2)  # The last day before Easter, here and in another area.


def calendar(*inset: date) -> SchoolDays:
    return SchoolDays((AUTUMN, WINTER), dict.fromkeys(inset, "INSET day"))


def at_easter(last_day: date, back: date) -> SchoolDays:
    return SchoolDays((Period("Term 4", date(2027, 2, 22), last_day), Period("Term 5", back, date(2027, 5, 28))))


@pytest.mark.parametrize(
    ("first", "inset", "suspended", "excluded"),
    [
        (date(2026, 9, 14), (), date(2026, 9, 21), date(2026, 9, 22)),
        (date(2026, 9, 14), (date(2026, 9, 18),), date(2026, 9, 22), date(2026, 9, 23)),
        (date(2026, 10, 20), (), date(2026, 11, 3), date(2026, 11, 4)),
        (date(2026, 10, 24), (), date(2026, 11, 9), date(2026, 11, 10)),
    ],
    ids=["a plain week", "over an INSET day", "over half-term", "said on the Saturday of half-term"],
)
def test_the_sixth_school_day(first: date, inset: tuple[date, ...], suspended: date, excluded: date) -> None:
    school = calendar(*inset)

    assert after_suspension(first, school, day=6).latest == suspended
    assert after_permanent_exclusion(first, school, day=6).latest == excluded


def test_the_sixth_day_is_another_where_easter_is_another() -> None:
    here, there = at_easter(EARLY, date(2027, 4, 12)), at_easter(LATE, date(2027, 4, 19))

    assert after_permanent_exclusion(date(2027, 3, 23), here, day=6).latest == date(2027, 4, 15)
    assert after_permanent_exclusion(date(2027, 3, 23), there, day=6).latest == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("since", "wanted"),
    [
        (None, date(2026, 9, 22)),
        (date(2026, 1, 5), date(2026, 9, 14)),
        (date(2026, 9, 17), date(2026, 9, 17)),
        (date(2026, 9, 19), date(2026, 9, 21)),
        (date(2026, 9, 23), date(2026, 9, 22)),
    ],
    ids=["not in care", "in care long before", "on the fourth day", "on the Saturday", "after the sixth day"],
)
def test_a_child_in_care_is_to_be_placed_from_the_first_day(since: date | None, wanted: date) -> None:
    begins = after_permanent_exclusion(date(2026, 9, 14), calendar(), day=6, looked_after_since=since)

    assert (begins.latest, begins.wanted) == (date(2026, 9, 22), wanted)


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


@pytest.mark.parametrize(
    ("absent", "until", "on"),
    [
        (days_from(date(2026, 9, 7), 18), None, None),
        (days_from(date(2026, 9, 7), 19), None, date(2026, 9, 25)),
        ([*days_from(date(2026, 9, 7), 12), *days_from(date(2026, 11, 2), 5)], None, date(2026, 11, 6)),
        (days_from(date(2026, 10, 19), 14), date(2026, 11, 20), date(2026, 11, 13)),
        (days_from(date(2026, 9, 7), 3), date(2026, 9, 24), None),
        ([], date(2026, 12, 18), None),
    ],
    ids=["fourteen", "fifteen in a row", "fifteen over the year", "over half-term", "back the day before", "none yet"],
)
def test_fifteen_days_missed_for_health(absent: list[date], until: date | None, on: date | None) -> None:
    school = calendar()

    assert health_duty_on(absent, until, school, days=15) == on


@pytest.mark.parametrize(
    ("starts", "inset", "last"),
    [
        (date(2026, 9, 16), (), date(2026, 9, 14)),
        (date(2026, 9, 14), (), date(2026, 9, 10)),
        (date(2026, 9, 16), (date(2026, 9, 14),), date(2026, 9, 11)),
        (date(2026, 11, 3), (), date(2026, 10, 23)),
    ],
    ids=["in a week", "over a weekend", "over an INSET day", "over half-term"],
)
def test_parents_are_told_two_school_days_before(starts: date, inset: tuple[date, ...], last: date) -> None:
    assert notice_by(starts, calendar(*inset), days=2) == last


@pytest.mark.parametrize(
    ("last_review", "again_from"),
    [
        (date(2026, 9, 6), date(2026, 11, 16)),
        (date(2026, 9, 7), date(2026, 11, 17)),
        (date(2026, 11, 1), date(2027, 1, 11)),
    ],
)
def test_a_parent_is_given_a_review_unless_there_was_one_in_ten_weeks(last_review: date, again_from: date) -> None:
    assert must_review_from(last_review, weeks=10) == again_from


def test_the_last_friday_in_june_of_year_11_is_the_last_day_of_compulsory_school_age() -> None:
    age = compulsory_school_age(date(2011, 5, 4))

    assert age.has(date(2027, 6, 25))
    assert not age.has(date(2027, 6, 26))
