"""The year's routine visits: in term, within each provider's limits, and as even as those allow."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from apflow.core.compare.council import compare_councils
from apflow.core.days.calendar import shift
from apflow.core.days.duration import Duration
from apflow.core.days.school import Period, SchoolDays
from apflow.core.definition.council import RoutineVisits
from apflow.provision.visits import SchoolWeek, Turn, Visited, even, school_weeks, spread_over_the_year
from apflow.testing import shipped_library

LIMITS = RoutineVisits.model_validate(
    {"every": "12 months", "at_least": "8 months", "at_most": "16 months", "arrange": "6 weeks"}
)
WIDE = RoutineVisits.model_validate(
    {"every": "12 months", "at_least": "0 months", "at_most": "40 months", "arrange": "6 weeks"}
)
SCHOOL = SchoolDays(
    (
        Period("Autumn 1", date(2026, 9, 2), date(2026, 10, 23)),
        Period("Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
        Period("Spring 1", date(2027, 1, 4), date(2027, 2, 12)),
        Period("Spring 2", date(2027, 2, 22), date(2027, 3, 25)),
        Period("Summer 1", date(2027, 4, 12), date(2027, 5, 28)),
        Period("Summer 2", date(2027, 6, 7), date(2027, 7, 21)),
    ),
    {date(2026, 11, 2): "INSET day", date(2027, 5, 3): "Early May bank holiday"},
)
WEEKS = school_weeks(SCHOOL, date(2026, 9, 1), date(2027, 8, 31))


def visited(count: int, seed: int = 1) -> list[Visited]:
    """So many providers, each last visited on some day of the year before."""
    draw = random.Random(seed)
    return [Visited(f"AP-{n}", date(2025, 9, 1) + timedelta(days=draw.randrange(365))) for n in range(count)]


def by_month(turns: dict[str, Turn]) -> Counter[date]:
    return Counter(turn.week.month for turn in turns.values())


def test_weeks_lie_in_term_and_leave_out_the_days_on_which_schools_are_closed() -> None:
    assert WEEKS[0] == SchoolWeek(date(2026, 9, 2), date(2026, 9, 4))
    assert SchoolWeek(date(2026, 11, 3), date(2026, 11, 6)) in WEEKS
    assert SchoolWeek(date(2027, 5, 4), date(2027, 5, 7)) in WEEKS
    assert all(SCHOOL.is_school_day(day) for week in WEEKS for day in (week.first_day, week.last_day))
    assert date(2027, 8, 1) not in {week.month for week in WEEKS}


def test_there_are_no_weeks_beyond_the_published_terms() -> None:
    assert school_weeks(SCHOOL, date(2027, 8, 1), date(2028, 8, 1)) == []


@pytest.mark.parametrize("count", [1, 5, 11, 23, 60, 211])
def test_no_two_months_differ_by_more_than_one_where_the_limits_leave_the_choice(count: int) -> None:
    counts = by_month(spread_over_the_year(visited(count), WEEKS, WIDE))

    loads = [counts[month] for month in dict.fromkeys(week.month for week in WEEKS)]
    assert max(loads) - min(loads) <= 1
    assert sum(loads) == count


def test_within_a_month_no_two_weeks_differ_by_more_than_one() -> None:
    turns = spread_over_the_year(visited(90), WEEKS, WIDE)

    for month in by_month(turns):
        loads = Counter(turn.week for turn in turns.values())
        of_weeks = [loads[week] for week in WEEKS if week.month == month]
        assert max(of_weeks) - min(of_weeks) <= 1


@pytest.mark.parametrize("seed", range(12))
def test_every_visit_keeps_its_provider_s_limits_and_no_move_within_them_would_be_more_even(seed: int) -> None:
    providers = {one.key: one for one in visited(40, seed)}
    turns = spread_over_the_year(providers.values(), WEEKS, LIMITS)
    counts = by_month(turns)

    for key, turn in turns.items():
        first, last = (shift(providers[key].last_on, span) for span in (LIMITS.at_least, LIMITS.at_most))
        assert turn.is_late or first <= turn.week.first_day <= turn.week.last_day <= last
        there_are = [week.month for week in WEEKS if first <= week.first_day and week.last_day <= last]
        assert turn.is_late or all(counts[turn.week.month] - counts[month] <= 1 for month in there_are)


def test_what_is_planned_already_counts_and_stays() -> None:
    september = [week for week in WEEKS if week.month == date(2026, 9, 1)]
    turns = spread_over_the_year(visited(10), WEEKS, WIDE, planned=[september[0]] * 5)

    assert by_month(turns)[date(2026, 9, 1)] == 0


def test_one_that_is_overdue_comes_in_the_first_month_and_is_marked() -> None:
    turns = spread_over_the_year([Visited("AP-1", date(2024, 1, 1))], WEEKS, LIMITS)

    assert turns["AP-1"].is_late
    assert turns["AP-1"].week.month == date(2026, 9, 1)


def test_one_that_was_visited_lately_has_no_turn_this_year() -> None:
    assert spread_over_the_year([Visited("AP-1", date(2027, 1, 1))], WEEKS, LIMITS) == {}


def test_without_weeks_nothing_is_proposed() -> None:
    assert spread_over_the_year(visited(3), [], LIMITS) == {}


def test_somebody_who_can_go_elsewhere_makes_room_for_somebody_who_cannot() -> None:
    possible = {"free": ["a", "b"], "also free": ["b", "c"], "bound": ["a"], "bound too": ["a"]}

    chosen = even(possible, {"a": 0, "b": 1})

    assert chosen == {"free": "b", "also free": "c", "bound": "a", "bound too": "a"}


def test_the_same_providers_make_the_same_plan() -> None:
    assert spread_over_the_year(visited(30), WEEKS, LIMITS) == spread_over_the_year(visited(30), WEEKS, LIMITS)


@pytest.mark.parametrize(
    "said",
    [
        {"every": "12 months", "at_least": "13 months", "at_most": "16 months", "arrange": "6 weeks"},
        {"every": "12 months", "at_least": "8 months", "at_most": "11 months", "arrange": "6 weeks"},
        {"every": "200 school days", "at_least": "8 months", "at_most": "16 months", "arrange": "6 weeks"},
    ],
)
def test_limits_that_make_no_sense_are_refused(said: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"lies between|cannot be counted"):
        RoutineVisits.model_validate(said)


def test_a_change_of_the_limits_is_told_in_sentences() -> None:
    council = shipped_library().council
    assert council.routine_visits is not None
    rarer = council.routine_visits.model_copy(update={"at_most": Duration.parse("20 months")})
    changed = council.model_copy(update={"routine_visits": rarer})

    assert list(compare_councils(council, changed)) == [
        "No routine visit is now later than 20 months after the last, was 16 months."
    ]
    without = council.model_copy(update={"routine_visits": None})
    assert list(compare_councils(council, without)) == ["Routine visits are no longer planned."]
    assert list(compare_councils(without, council)) == [
        "Routine visits are now planned, about every 12 months, no sooner than 8 months and no later than 16 months "
        "after the last."
    ]
