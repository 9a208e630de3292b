"""What was provided, added up: a pupil once, two sites of one provider together, two providers apart."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apflow.core.days.school import Period, SchoolDays
from apflow.provision.provided import OUTCOME, TOGETHER, Days, Provided, Stretch, line_of, lines_by_group

ONE = Provided(
    placement=1,
    pupil=1,
    provider="Made Up Farm",
    school="Hill School",
    needs=("EHC plan",),
    year="Year 9",
    days=((10, 17),),
    stretches=(Stretch(600, Decimal("250.00"), 7, 7),),
    attended=6,
    absent=2,
    outcome=None,
    is_considered=False,
)
SCHOOL = SchoolDays(
    (Period("Term 1", date(2026, 9, 2), date(2026, 10, 23)), Period("Term 2", date(2026, 11, 2), date(2026, 12, 18))),
    {date(2026, 10, 19): "INSET day"},
)


def test_hours_and_cost_are_a_week_s_for_five_school_days() -> None:
    line = line_of("x", [ONE])

    assert (line.hours, line.cost, line.attendance) == (Decimal(14), Decimal("350.00"), "75.0%")


def test_hours_and_cost_that_changed_are_added_up_and_a_cost_that_is_missing_for_a_time_is_not_known() -> None:
    week, dearer = Stretch(600, Decimal("250.00"), 5, 5), Stretch(1080, Decimal("400.00"), 10, 15)
    changed = replace(ONE, stretches=(week, dearer))

    line = line_of("x", [changed, replace(changed, stretches=(week, Stretch(60, None, 5, 5)))])

    assert (changed.hours_provided, changed.cost_provided) == (Decimal(46), Decimal("1450.00"))
    assert (line.hours, line.cost, line.without_cost) == (Decimal(57), Decimal("1450.00"), 1)


def test_two_sites_of_one_provider_are_one_line_with_the_pupil_once() -> None:
    line, _ = lines_by_group([ONE, replace(ONE, stretches=(Stretch(60, None, 7, 7),))])["Provider"]

    assert (line.pupils, line.placements, line.without_cost) == (1, 2, 1)


def test_a_pupil_with_two_providers_is_in_both_lines_and_once_in_the_school_s_and_in_the_total() -> None:
    groups = lines_by_group([ONE, replace(ONE, provider="Elsewhere Barn")])

    told = {group: [(line.name, line.pupils, line.placements) for line in lines] for group, lines in groups.items()}
    together = (TOGETHER, 1, 2)
    assert told["Provider"] == [("Elsewhere Barn", 1, 1), ("Made Up Farm", 1, 1), together]
    assert told["School"] == [("Hill School", 1, 2), together]


def test_a_school_day_at_two_providers_is_one_day_of_the_pupil() -> None:
    elsewhere = replace(ONE, provider="Elsewhere Barn", days=((15, 20),))
    apart = replace(ONE, pupil=2, days=((0, 4),))

    line = line_of("x", [elsewhere, ONE, apart])

    assert (line.pupil_days, line.days_each) == (14, "7.0")


def test_the_hours_and_the_cost_of_lines_add_up_to_those_of_their_total() -> None:
    odd = [
        replace(ONE, provider=f"Place {n}", days=((0, n),), stretches=(Stretch(370 + n, Decimal("33.33"), n, n),))
        for n in range(1, 9)
    ]

    *lines, total = lines_by_group(odd)["Provider"]

    assert sum(line.hours for line in lines) == total.hours
    assert sum(line.cost for line in lines) == total.cost


def test_only_what_has_ended_has_an_outcome() -> None:
    back = replace(ONE, pupil=2, outcome="Back to school")

    assert OUTCOME not in lines_by_group([ONE])
    assert [(line.name, line.placements) for line in lines_by_group([ONE, back])[OUTCOME]] == [
        ("Back to school", 1),
        (TOGETHER, 1),
    ]


def test_years_are_in_the_order_of_their_numbers() -> None:
    years = ("Year 10", "Reception", "Year 9")

    assert [line.name for line in lines_by_group([replace(ONE, year=year) for year in years])["Year"][:-1]] == [
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
    start, end = Days.between(date(2026, 9, 2), date(2026, 12, 18), SCHOOL).span(first, last)

    assert end - start == days


def test_nothing_marked_has_no_attendance() -> None:
    assert line_of("x", [replace(ONE, attended=0, absent=0)]).attendance == ""
