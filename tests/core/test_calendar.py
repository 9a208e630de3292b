"""Counting days: weekends, bank holidays, the cut-off, the two clock changes and the end of what is known."""

from datetime import UTC, date, datetime, time, timedelta
from operator import le, lt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apflow.core.days.calendar import LONDON, Calendar, add_months, local_date
from apflow.core.days.duration import Duration, Unit
from apflow.loader import Library

FIVE_DAYS = Calendar(known_until=date(2028, 12, 31), closures={date(2026, 12, 25): "Christmas Day"})
ANY_DAY = st.dates(date(2026, 1, 1), date(2028, 10, 1))


def at(day: date | str, clock: str = "10:00") -> datetime:
    """A moment in London."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(on, time.fromisoformat(clock), LONDON)


def duration(text: str) -> Duration:
    return Duration.parse(text)


@pytest.mark.parametrize(
    ("received", "within", "due_on"),
    [
        ("2026-11-02", "1 working day", "2026-11-03"),
        ("2026-11-06", "1 working day", "2026-11-09"),  # Friday, over a weekend
        ("2026-12-17", "10 working days", "2027-01-05"),  # Christmas 2026: Boxing Day is kept on the 28th
        ("2027-12-20", "10 working days", "2028-01-06"),  # Christmas 2027 falls on a weekend: the 27th and 28th
        ("2028-12-18", "7 working days", "2028-12-29"),  # Christmas 2028: the 25th and 26th
        ("2026-04-01", "3 working days", "2026-04-08"),  # Easter 2026
        ("2027-03-24", "3 working days", "2027-03-31"),  # Easter 2027
        ("2028-04-12", "3 working days", "2028-04-19"),  # Easter 2028
        ("2026-11-02", "0 working days", "2026-11-02"),
    ],
)
def test_working_days_pass_over_weekends_and_bank_holidays(
    library: Library, received: str, within: str, due_on: str
) -> None:
    due = library.calendar.due(at(received), duration(within))

    assert due.on == date.fromisoformat(due_on)
    assert not due.provisional


def test_the_days_skipped_are_named(library: Library) -> None:
    due = library.calendar.due(at("2026-12-24"), duration("1 working day"))

    skipped = [(day.isoformat(), why) for day, why in due.skipped]
    assert skipped == [
        ("2026-12-25", "Christmas Day"),
        ("2026-12-26", "Saturday"),
        ("2026-12-27", "Sunday"),
        ("2026-12-28", "Boxing Day"),
    ]


def test_a_day_the_council_is_closed_is_not_counted() -> None:
    calendar = Calendar(date(2028, 12, 31), {date(2026, 11, 3): "Office closed"})

    assert calendar.due(at("2026-11-02"), duration("1 working day")).on == date(2026, 11, 4)


@pytest.mark.parametrize(
    ("received", "clock", "counts_as"),
    [
        ("2026-11-02", "17:00", "2026-11-02"),
        ("2026-11-02", "17:01", "2026-11-03"),
        ("2026-11-06", "17:01", "2026-11-09"),  # Friday evening
        ("2026-11-07", "09:00", "2026-11-09"),  # Saturday
        ("2026-12-24", "17:01", "2026-12-29"),  # Christmas Eve
        ("2026-07-01", "17:00", "2026-07-01"),  # in summer time, which is 16:00 in UTC
    ],
)
def test_what_comes_after_the_cut_off_or_on_a_closed_day_counts_as_received_on_the_next_working_day(
    library: Library, received: str, clock: str, counts_as: str
) -> None:
    assert library.calendar.received_on(at(received, clock)) == date.fromisoformat(counts_as)


@pytest.mark.parametrize(
    ("received", "within", "due_at"),
    [
        ("2026-03-27", "1 calendar day", datetime(2026, 3, 28, 23, 59, tzinfo=UTC)),  # the day before the clocks go on
        ("2026-03-27", "1 working day", datetime(2026, 3, 30, 22, 59, tzinfo=UTC)),  # summer time
        ("2026-10-23", "1 calendar day", datetime(2026, 10, 24, 22, 59, tzinfo=UTC)),
        ("2026-10-23", "1 working day", datetime(2026, 10, 26, 23, 59, tzinfo=UTC)),  # winter time
    ],
)
def test_a_deadline_ends_a_minute_before_midnight_in_london_on_both_sides_of_a_clock_change(
    received: str, within: str, due_at: datetime
) -> None:
    due = FIVE_DAYS.due(at(received), duration(within))

    assert due.at == due_at
    assert due.at.astimezone(LONDON).time() == time(23, 59)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_stay_inside_the_month_they_land_in(day: str, count: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), count) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("within", "due_on"),
    [("3 calendar days", "2026-12-07"), ("2 weeks", "2026-12-18"), ("1 month", "2027-01-04"), ("1 year", "2027-12-04")],
)
def test_other_spans_count_every_day(library: Library, within: str, due_on: str) -> None:
    assert library.calendar.due(at("2026-12-04", "18:00"), duration(within)).on == date.fromisoformat(due_on)


def test_a_date_beyond_the_known_holidays_is_provisional(library: Library) -> None:
    known_until = library.calendar.known_until

    last = library.calendar.due(at(known_until - timedelta(days=2)), duration("2 calendar days"))
    beyond = library.calendar.due(at(known_until - timedelta(days=2)), duration("3 calendar days"))

    assert not last.provisional
    assert beyond.provisional


@pytest.mark.parametrize(
    ("due_on", "left", "goes_on"),
    [
        ("2026-11-09", "3 working days", "2026-11-04"),
        ("2026-12-29", "1 working day", "2026-12-24"),
        ("2026-11-30", "4 weeks", "2026-11-02"),
        ("2026-03-31", "1 month", "2026-02-28"),
        ("2026-11-09", "0 working days", "2026-11-09"),
    ],
)
def test_a_reminder_goes_on_the_morning_when_so_much_is_left(
    library: Library, due_on: str, left: str, goes_on: str
) -> None:
    goes_at = library.calendar.before(date.fromisoformat(due_on), duration(left))

    assert goes_at == at(goes_on, "09:00")


@pytest.mark.parametrize(
    ("due_on", "left", "goes_on"),
    [
        ("2026-11-12", "5 calendar days", "2026-11-09"),  # Not on Saturday the 7th: on the Monday, before the Thursday.
        ("2026-11-09", "2 calendar days", "2026-11-06"),  # Monday is the day itself, so on the Friday before.
        ("2026-11-08", "1 calendar day", "2026-11-06"),
        ("2026-12-29", "4 calendar days", "2026-12-24"),  # Christmas, a weekend and a bank holiday lie between.
        ("2026-11-07", "0 calendar days", "2026-11-06"),
    ],
)
def test_nobody_is_reminded_on_a_closed_day_nor_so_late_that_it_is_due(
    library: Library, due_on: str, left: str, goes_on: str
) -> None:
    due_at = library.calendar.due(at(due_on), duration("0 calendar days")).at

    assert library.calendar.reminds_at(due_at, duration(left)) == at(goes_on, "09:00")


def test_what_goes_at_once_goes_on_a_closed_day(library: Library) -> None:
    due_at = library.calendar.due(at("2026-11-12"), duration("0 calendar days")).at

    assert library.calendar.reminds_at(due_at, duration("5 calendar days"), at_once=True) == at("2026-11-07", "09:00")


def test_a_reminder_goes_at_nine_in_london_in_summer_too() -> None:
    assert FIVE_DAYS.before(date(2026, 7, 3), duration("1 working day")) == datetime(2026, 7, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-11-02", "2026-11-02", 0),
        ("2026-11-02", "2026-11-09", 5),
        ("2026-11-09", "2026-11-02", -5),
        ("2026-11-07", "2026-11-08", 0),
        ("2026-12-24", "2026-12-29", 2),  # this calendar knows of Christmas Day only
    ],
)
def test_working_days_between_two_dates_are_negative_backwards(first: str, last: str, count: int) -> None:
    assert FIVE_DAYS.working_days_between(date.fromisoformat(first), date.fromisoformat(last)) == count


def test_the_date_in_london_is_tomorrow_an_hour_before_midnight_utc_in_summer() -> None:
    assert local_date(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert local_date(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)


@settings(deadline=None, max_examples=40)
@given(day=ANY_DAY, count=st.integers(0, 40), clock=st.times())
def test_working_days_never_end_on_a_closed_day(library: Library, day: date, count: int, clock: time) -> None:
    due = library.calendar.due(datetime.combine(day, clock, LONDON), Duration(count, Unit.WORKING_DAY))

    assert library.calendar.is_working(due.on)


@settings(deadline=None, max_examples=40)
@given(day=ANY_DAY, count=st.integers(0, 40), clock=st.times(), unit=st.sampled_from(list(Unit)))
def test_a_day_more_is_never_due_earlier(library: Library, day: date, count: int, clock: time, unit: Unit) -> None:
    received = datetime.combine(day, clock, LONDON)

    shorter, longer = (library.calendar.due(received, Duration(n, unit)) for n in (count, count + 1))

    # In a holiday, no half-term on is the end of the next, and so is one.
    in_order = le if count == 0 and unit in (Unit.HALF_TERM, Unit.TERM) else lt
    assert in_order(shorter.at, longer.at)


@settings(deadline=None, max_examples=40)
@given(day=ANY_DAY, count=st.integers(0, 40))
def test_going_back_as_many_working_days_as_were_counted_leads_to_the_day_of_receipt(
    library: Library, day: date, count: int
) -> None:
    span = Duration(count, Unit.WORKING_DAY)
    due = library.calendar.due(at(day), span)

    assert library.calendar.before(due.on, span) == at(due.counted_from, "09:00")
    assert library.calendar.working_days_between(due.counted_from, due.on) == count
