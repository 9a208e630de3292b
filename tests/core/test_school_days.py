"""Counting school days, half-terms and terms: over holidays and INSET days, and past the end of what is published."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apflow.core.days.calendar import LONDON, Calendar, local_date
from apflow.core.days.duration import Duration, Unit
from apflow.core.days.school import HOLIDAY, Period, SchoolDays
from apflow.core.deadlines import deadlines
from apflow.core.definition.timing import DeadlineSpec, Pause
from apflow.loader import Library

HALVES = (
    Period("Autumn 1", date(2026, 9, 2), date(2026, 10, 23)),
    Period("Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
    Period("Spring 1", date(2027, 1, 4), date(2027, 2, 12)),
    Period("Spring 2", date(2027, 2, 22), date(2027, 3, 25)),
)
INSET = {date(2026, 11, 27): "INSET day"}
CALENDAR = Calendar(date(2028, 12, 31), school=SchoolDays(HALVES, INSET))


def at(day: str, clock: str = "10:00") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), LONDON)


@pytest.mark.parametrize(
    ("since", "within", "due_on"),
    [
        ("2026-11-02", "1 school day", "2026-11-03"),
        ("2026-11-02", "0 school days", "2026-11-02"),
        ("2026-10-22", "2 school days", "2026-11-02"),  # over the half-term holiday
        ("2026-11-26", "1 school day", "2026-11-30"),  # over an INSET day and a weekend
        ("2026-12-18", "6 school days", "2027-01-11"),  # over Christmas
        ("2026-12-25", "1 school day", "2027-01-04"),  # from within a holiday
        ("2026-11-02", "1 half-term", "2027-02-12"),
        ("2026-10-28", "1 half-term", "2026-12-18"),  # from the holiday before it
        ("2026-11-02", "0 half-terms", "2026-12-18"),
        ("2026-10-28", "0 half-terms", "2026-12-18"),
        ("2026-09-10", "2 half-terms", "2027-02-12"),
        ("2026-09-10", "1 term", "2027-03-25"),
        ("2026-11-10", "0 terms", "2026-12-18"),
    ],
)
def test_school_time_is_counted_by_the_published_terms(since: str, within: str, due_on: str) -> None:
    due = CALENDAR.due(at(since), Duration.parse(within))

    assert (due.on.isoformat(), due.provisional) == (due_on, False)
    assert due.at.astimezone(LONDON).time() == time(23, 59)


def test_what_comes_after_the_councils_cut_off_is_not_later_for_schools() -> None:
    due = CALENDAR.due(at("2026-11-03", "18:30"), Duration.parse("1 school day"))

    assert (due.on, due.counted_from) == (date(2026, 11, 4), date(2026, 11, 3))


def test_each_day_that_is_no_school_day_is_named() -> None:
    skipped = CALENDAR.due(at("2026-10-22"), Duration.parse("2 school days")).skipped

    assert [(day.day, why) for day, why in skipped][:4] == [
        (24, "Saturday"), (25, "Sunday"), (26, HOLIDAY), (27, HOLIDAY),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "within"),
    [
        ("2027-03-24", "2 school days"),  # ends beyond the published dates
        ("2026-08-28", "3 school days"),  # begins before them
        ("2027-04-20", "1 school day"),
        ("2027-03-01", "1 half-term"),
        ("2027-03-01", "1 term"),
        ("2026-08-28", "1 half-term"),
    ],
)
def test_beyond_the_published_dates_a_count_goes_on_and_is_provisional(since: str, within: str) -> None:
    due = CALENDAR.due(at(since), Duration.parse(within))

    assert due.provisional
    assert due.on > date.fromisoformat(since)
    assert not CALENDAR.school.is_school_day(date(2027, 4, 20))


@pytest.mark.parametrize("within", ["5 school days", "1 half-term", "2 terms"])
def test_a_council_that_publishes_no_terms_only_ever_has_provisional_dates(within: str) -> None:
    assert Calendar(date(2028, 12, 31)).due(at("2026-11-02"), Duration.parse(within)).provisional


@pytest.mark.parametrize(
    ("due_on", "left", "goes_on"),
    [
        ("2026-11-04", "3 school days", "2026-10-23"),
        ("2026-12-18", "1 half-term", "2026-11-02"),
        ("2027-02-12", "2 half-terms", "2026-11-02"),
        ("2027-03-25", "1 term", "2027-01-04"),
        ("2026-12-18", "0 half-terms", "2026-12-18"),
    ],
)
def test_a_reminder_goes_when_so_much_school_time_is_left(due_on: str, left: str, goes_on: str) -> None:
    assert CALENDAR.before(date.fromisoformat(due_on), Duration.parse(left)) == at(goes_on, "09:00")


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("2026-10-22", "2026-11-03", 3), ("2026-11-03", "2026-10-22", -3), ("2026-12-19", "2027-01-03", 0)],
)
def test_school_days_between_two_dates(first: str, last: str, count: int) -> None:
    assert CALENDAR.school.days_between(date.fromisoformat(first), date.fromisoformat(last)) == count


def test_the_shipped_terms_cover_three_school_years_and_know_the_bank_holidays(library: Library) -> None:
    school = library.calendar.school

    assert len(school.terms) == 9
    assert school.why_closed(date(2027, 5, 3)) == "Early May bank holiday"
    assert all(
        school.is_school_day(half.first_day) and school.is_school_day(half.last_day) for half in school.half_terms
    )
    assert all(180 <= school.days_between(*year) <= 195 for year in _years(school))


def _years(school: SchoolDays) -> list[tuple[date, date]]:
    halves = school.half_terms
    return [(halves[n].first_day, halves[n + 5].last_day) for n in (0, 6, 12)]


@settings(deadline=None, max_examples=60)
@given(since=st.dates(date(2026, 1, 1), date(2028, 1, 1)), count=st.integers(0, 60))
def test_a_sure_count_of_school_days_ends_on_a_school_day_and_counts_back_the_same(since: date, count: int) -> None:
    due = CALENDAR.due(datetime.combine(since, time(12), LONDON), Duration(count, Unit.SCHOOL_DAY))

    assert CALENDAR.school.days_between(since, due.on) == count
    assert due.provisional or count == 0 or CALENDAR.school.is_school_day(due.on)


def test_a_deadline_in_school_days_that_stood_still_is_later_by_as_many_school_days() -> None:
    spec = DeadlineSpec.model_validate(
        {"label": "Reviewed", "within": "5 school days", "then": {"escalate": "officer"}, "assumed": "Made up."}
    )
    limit = Pause.model_validate({"states": "away", "at_most": "8 weeks"})
    running = deadlines.start("review", spec, at("2026-10-19"), CALENDAR, at("2026-10-19"))

    paused = deadlines.pause(running, limit, CALENDAR, at("2026-10-21"))
    resumed = deadlines.resume(paused, limit, CALENDAR, at("2026-11-03"))

    assert local_date(running.due_at) == date(2026, 11, 2)
    assert local_date(resumed.due_at) == date(2026, 11, 6)  # 22 and 23 October, 2 and 3 November


def test_what_is_worked_out_of_a_definition_is_worked_out_once_for_the_days_of_all_schools(library: Library) -> None:
    definition = replace(library.current("placement"))  # Of which nothing is worked out yet.
    hill, dale = (definition.counted_by(SchoolDays(HALVES[:count], INSET)) for count in (2, 4))

    assert hill.calendar.school != dale.calendar.school
    assert hill.forms is dale.forms is definition.forms
    assert hill.machine is dale.machine is definition.machine
    assert hill.chosen_roles is dale.chosen_roles
