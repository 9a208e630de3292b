"""What was provided, added up: a pupil once, two sites of one provider together, two providers apart."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apflow.core.school import Period, SchoolDays
from apflow.provision.provided import Provided, line_of, lines_by_group, school_days_of

ONE = Provided(
    pupil=1,
    provider="Made Up Farm",
    school="Hill School",
    needs=("EHC plan",),
    year="Year 9",
    minutes=600,
    cost=Decimal("250.00"),
    school_days=7,
    attended=6,
    absent=2,
    is_ended=False,
)
SCHOOL = SchoolDays(
    (Period("Term 1", date(2026, 9, 2), date(2026, 10, 23)), Period("Term 2", date(2026, 11, 2), date(2026, 12, 18))),
    {date(2026, 10, 19): "INSET day"},
)


def test_hours_and_cost_are_a_week_s_for_five_school_days() -> None:
    line = line_of("x", [ONE])

    assert (line.hours, line.cost, line.attendance) == (14, Decimal("350.00"), "75.0%")


def test_two_sites_of_one_provider_are_one_line_with_the_pupil_once() -> None:
    (line,) = lines_by_group([ONE, replace(ONE, minutes=60, cost=None)])["Provider"]

    assert (line.pupils, line.placements, line.without_cost) == (1, 2, 1)


def test_a_pupil_with_two_providers_is_in_both_lines_and_once_in_the_school_s() -> None:
    groups = lines_by_group([ONE, replace(ONE, provider="Elsewhere Barn")])

    assert [(line.name, line.pupils) for line in groups["Provider"]] == [("Elsewhere Barn", 1), ("Made Up Farm", 1)]
    assert [(line.name, line.pupils) for line in groups["School"]] == [("Hill School", 1)]


def test_years_are_in_the_order_of_their_numbers() -> None:
    years = ("Year 10", "Reception", "Year 9")

    assert [line.name for line in lines_by_group([replace(ONE, year=year) for year in years])["Year"]] == [
        "Reception",
        "Year 9",
        "Year 10",
    ]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 10, 16), date(2026, 10, 20), 2),
        (date(2026, 10, 23), date(2026, 11, 2), 2),
        (date(2026, 10, 24), date(2026, 11, 1), 0),
        (date(2026, 11, 3), date(2026, 11, 2), 0),
        (date(2026, 11, 2), date(2026, 11, 2), 1),
    ],
    ids=["over INSET", "over half-term", "within half-term", "nothing", "one day"],
)
def test_school_days_are_counted_from_the_first_to_the_last(first: date, last: date, days: int) -> None:
    assert school_days_of(first, last, SCHOOL) == days


def test_nothing_marked_has_no_attendance() -> None:
    assert line_of("x", [replace(ONE, attended=0, absent=0)]).attendance == ""
