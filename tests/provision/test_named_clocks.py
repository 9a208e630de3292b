"""The clocks that policy names, on their boundary days; each case says where its rule is laid down."""

from datetime import date
from typing import Any

import pytest

from apflow.core.days.school import Period, SchoolDays
from apflow.provision.ages import compulsory_school_age
from apflow.provision.named_clocks import CLOCKS

SCHOOL = SchoolDays(
    (
        Period("Term 1", date(2026, 9, 2), date(2026, 10, 23)),
        Period("Term 2", date(2026, 11, 2), date(2026, 12, 18)),
        Period("Term 3", date(2027, 1, 4), date(2027, 2, 12)),
    ),
    {date(2026, 9, 18): "INSET day"},
)


def counted(clock: str, count: int, **given: Any) -> str | None:
    return CLOCKS[clock].counts(given, count, SCHOOL)


@pytest.mark.parametrize(
    ("first_day", "excluded", "suspended"),
    [
        ("2026-09-07", "2026-09-15", "2026-09-14"),
        ("2026-09-14", "2026-09-23", "2026-09-22"),
        ("2026-10-20", "2026-11-04", "2026-11-03"),
        ("2026-10-24", "2026-11-10", "2026-11-09"),
    ],
    ids=["a plain week", "over INSET", "over half-term", "on the first day of half-term"],
)
def test_the_sixth_school_day(first_day: str, excluded: str, suspended: str) -> None:
    """Source: Education Act 1996, s 19(3A); Education and Inspections Act 2006, s 100; SI 2007/1870."""
    assert counted("permanent_exclusion", 6, first_day=first_day) == excluded
    assert counted("suspension", 6, first_day=first_day) == suspended


@pytest.mark.parametrize(
    ("since", "wanted"),
    [
        ("2020-01-06", "2026-09-14"),
        ("2026-09-14", "2026-09-14"),
        ("2026-09-18", "2026-09-21"),
        ("2026-09-22", "2026-09-22"),
        ("2026-09-23", None),
        ("2026-09-24", None),
    ],
    ids=["long before", "that day", "on INSET", "the day before the sixth", "on the sixth", "after it"],
)
def test_a_child_who_becomes_looked_after_is_to_be_placed_at_once(since: str, wanted: str | None) -> None:
    """Source: DfE, Suspension and permanent exclusion: for looked-after children from the first day, where possible."""
    assert counted("permanent_exclusion_in_care", 6, first_day="2026-09-14", looked_after_since=since) == wanted


def test_the_same_of_a_suspension_whose_own_first_day_counts() -> None:
    said = {"first_day": "2026-09-14", "looked_after_since": "2026-09-22"}

    assert counted("suspension_in_care", 6, **said) is None
    assert counted("suspension_in_care", 6, **{**said, "looked_after_since": "2026-09-21"}) == "2026-09-21"


@pytest.mark.parametrize(
    ("given", "on"),
    [
        ({"first_day": "2026-09-07"}, "2026-09-28"),
        ({"first_day": "2026-09-05"}, "2026-09-28"),
        ({"first_day": "2026-09-07", "missed_before": 5}, "2026-09-21"),
        ({"first_day": "2026-09-07", "missed_before": 14}, "2026-09-07"),
        ({"first_day": "2026-09-07", "missed_before": 40}, "2026-09-07"),
        ({"first_day": "2026-09-07", "expected_until": "2026-09-25"}, None),
        ({"first_day": "2026-09-07", "expected_until": "2026-09-28"}, "2026-09-28"),
        ({"first_day": "2026-10-12"}, "2026-11-06"),
    ],
    ids=[
        "goes on",
        "from a Saturday",
        "five before",
        "fourteen before",
        "more than that",
        "back",
        "not back",
        "half-term",
    ],
)
def test_fifteen_school_days_missed_for_health(given: dict[str, Any], on: str | None) -> None:
    """Source: DfE, Arranging education for children who cannot attend school because of health needs (2023)."""
    assert counted("missed_for_health", 15, **given) == on


@pytest.mark.parametrize(
    ("first_day", "told"),
    [("2026-09-16", "2026-09-14"), ("2026-09-22", "2026-09-17"), ("2026-11-03", "2026-10-23")],
    ids=["in a week", "over INSET and a weekend", "over half-term"],
)
def test_two_school_days_of_notice(first_day: str, told: str) -> None:
    """Source: SI 2010/1156: not later than two school days before the direction begins."""
    assert counted("notice_of_direction", 2, first_day=first_day) == told


@pytest.mark.parametrize(
    ("first_day", "first_unmet"),
    [
        ("2026-11-10", None),
        ("2026-11-11", "2026-11-10"),
        ("2026-11-30", "2026-11-10"),
        ("2026-11-09", None),
    ],
)
def test_of_the_days_by_which_education_is_due_the_first_before_the_first_day_counts(
    first_day: str, first_unmet: str | None
) -> None:
    """Source: Education Act 1996, section 19; SI 2007/1870."""
    due = {"after_exclusion": "2026-11-17", "for_health": "2026-11-10"}
    assert counted("due_before_it_begins", 1, first_day=first_day, **due) == first_unmet
    assert counted("due_before_it_begins", 1, first_day=first_day) is None, "where the law sets none"


def test_parents_may_ask_again_the_day_after_ten_weeks() -> None:
    """Source: SI 2010/1156 as amended by SI 2012/2532: unless one took place in the previous ten weeks."""
    assert counted("parents_may_ask", 10, last_review="2026-09-07") == "2026-11-17"


def test_twelve_weeks_from_a_monday_end_on_a_sunday() -> None:
    """Source: DfE, Voluntary national standards for non-school alternative provision (2025): intended, not law."""
    assert counted("last_day_of_weeks", 12, first_day="2026-09-07") == "2026-11-29"


@pytest.mark.parametrize(
    ("born", "leaves"),
    [
        (date(2010, 9, 1), date(2027, 6, 25)),
        (date(2011, 8, 31), date(2027, 6, 25)),
        (date(2011, 9, 1), date(2028, 6, 30)),
        (date(2012, 2, 29), date(2028, 6, 30)),
    ],
    ids=["the oldest of Year 11", "the youngest", "the oldest of the next", "a leap day, when June ends on a Friday"],
)
def test_school_age_ends_on_the_last_friday_in_june_of_year_11(born: date, leaves: date) -> None:
    """Source: Education Act 1996, section 8; SI 1997/1970."""
    assert compulsory_school_age(born).last == leaves
