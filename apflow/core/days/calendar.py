"""Counting days: when a deadline falls, when a reminder goes, and which days were skipped on the way."""

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from apflow.core.days.duration import Duration, Unit
from apflow.core.days.school import WEEKDAYS, Counted, SchoolDays

LONDON = ZoneInfo("Europe/London")
_ONE_DAY = timedelta(days=1)
_Day = tuple[date, tuple[tuple[date, str], ...]]  # and the closed days that were skipped on the way to it


class Due(Struct, frozen=True):
    """When something is due, and how the date came about.

    `provisional` says the count ran past the last day the calendar knows, so an unknown holiday may move it.
    """

    at: datetime
    counted_from: date
    skipped: tuple[tuple[date, str], ...] = ()
    provisional: bool = False

    @property
    def on(self) -> date:
        return local_date(self.at)


@dataclass(frozen=True)
class Calendar:
    """The council's working days, and beside them the schools' own.

    `closures` maps a closed date to its name; `known_until` is the last date for which holidays are known.
    What arrives after `cut_off`, or on a closed day, counts as received on the next working day.
    """

    known_until: date
    closures: Mapping[date, str] = field(default_factory=dict)
    working_week: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    cut_off: time = time(17, 0)
    day_starts: time = time(9, 0)
    day_ends: time = time(23, 59)
    school: SchoolDays = field(default_factory=SchoolDays)
    _counted: dict[tuple[date, int, timedelta], _Day] = field(default_factory=dict, compare=False, repr=False)
    _between: dict[tuple[date, date], int] = field(default_factory=dict, compare=False, repr=False)
    _dues: dict[tuple[date, int], Due] = field(default_factory=dict, init=False, compare=False, repr=False)
    _reminded: dict[tuple[date, Duration, bool], datetime] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def why_closed(self, day: date) -> str | None:
        """The reason no work is counted on `day`, or None for a working day."""
        if day.weekday() not in self.working_week:
            return WEEKDAYS[day.weekday()]
        return self.closures.get(day)

    def is_working(self, day: date) -> bool:
        return self.why_closed(day) is None

    def received_on(self, at: datetime) -> date:
        """The working day on which something that arrived at `at` counts as received."""
        local = at.astimezone(LONDON)
        day = local.date() if local.time() <= self.cut_off else local.date() + _ONE_DAY
        return next(day for day in _days_from(day) if self.is_working(day))

    def due(self, anchor: datetime, within: Duration) -> Due:
        """The end of the last day of `within`, counted from the day after `anchor` was received.

        The council's cut-off is for working days only: school and calendar days are counted from the day itself.
        Hours are those of the clock, nights and weekends too, and end to the minute.
        """
        if within.unit is Unit.HOUR:
            return Due(anchor.astimezone(UTC) + timedelta(hours=within.count), local_date(anchor))
        if counted := self._in_schools(local_date(anchor), within):
            at = _utc(counted.on, self.day_ends)
            return Due(at, local_date(anchor), counted.skipped, provisional=not counted.is_sure)
        if within.unit is not Unit.WORKING_DAY:
            start = local_date(anchor)
            return self._due(shift(start, within), start, ())
        key = (self.received_on(anchor), within.count)
        if key not in self._dues:
            self._dues[key] = self._working_days_on(*key)
        return self._dues[key]

    def reminds_at(self, due_at: datetime, left: Duration, *, at_once: bool = False) -> datetime:
        """When `left` remains: to the minute in hours, else on the morning from which that day is so far ahead.

        On a closed day nobody is reminded, unless `at_once`: it is the next working day, or where that is not before
        the day it is due, the last one before.
        """
        if left.unit is Unit.HOUR:
            return due_at - timedelta(hours=left.count)
        key = (local_date(due_at), left, at_once)
        if key not in self._reminded:  # Worked out once, as cases share the days they are due on.
            self._reminded[key] = self._reminds_on(*key)
        return self._reminded[key]

    def _reminds_on(self, due_on: date, left: Duration, at_once: bool) -> datetime:
        morning = self.before(due_on, left)
        if at_once or self.is_working(day := local_date(morning)):
            return morning
        later = next(after for after in _days_from(day) if self.is_working(after))
        earlier = self._count(day, 1, -_ONE_DAY)[0]
        return _utc(later if later < due_on else earlier, self.day_starts)

    def is_at_work(self, at: datetime) -> bool:
        """Whether it is a working day at that time, and the hours in which somebody is there."""
        local = at.astimezone(LONDON)
        return self.is_working(local.date()) and self.day_starts <= local.time() < self.cut_off

    def next_morning(self, at: datetime) -> datetime:
        """When the next working hours begin."""
        local = at.astimezone(LONDON)
        first = local.date() if local.time() < self.day_starts else local.date() + _ONE_DAY
        return _utc(next(day for day in _days_from(first) if self.is_working(day)), self.day_starts)

    def before(self, due_on: date, left: Duration) -> datetime:
        """The morning on which exactly `left` remains before the end of `due_on`."""
        match left.unit:
            case Unit.WORKING_DAY:
                day, _ = self._count(due_on, left.count, -_ONE_DAY)
            case Unit.SCHOOL_DAY:
                day = self.school.day_before(due_on, left.count)
            case Unit.HALF_TERM:
                day = self.school.half_terms_before(due_on, left.count)
            case Unit.TERM:
                day = self.school.terms_before(due_on, left.count)
            case _:
                day = shift(due_on, left, -1)
        return _utc(day, self.day_starts)

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when `last` is the earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        found = self._between.get((first, last))
        if found is None:
            days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
            found = self._between[first, last] = sum(self.is_working(day) for day in days)
        return found

    def _in_schools(self, start: date, within: Duration) -> Counted | None:
        """Where a count of the schools' own time ends, or None for any other."""
        match within.unit:
            case Unit.SCHOOL_DAY:
                return self.school.days_after(start, within.count)
            case Unit.HALF_TERM:
                return self.school.half_terms_after(start, within.count)
            case Unit.TERM:
                return self.school.terms_after(start, within.count)
            case _:
                return None

    def _count(self, start: date, count: int, step: timedelta) -> _Day:
        """The day so many working days on; counted once, as cases share the days their deadlines run from."""
        key = (start, count, step)
        found = self._counted.get(key)
        if found is None:
            found = self._counted[key] = self._counted_out(start, count, step)
        return found

    def _counted_out(self, start: date, count: int, step: timedelta) -> _Day:
        day, skipped = start, []
        while count:
            day += step
            if closed := self.why_closed(day):
                skipped.append((day, closed))
            else:
                count -= 1
        return day, tuple(skipped)

    def _working_days_on(self, start: date, count: int) -> Due:
        day, skipped = self._count(start, count, _ONE_DAY)
        return self._due(day, start, skipped)

    def _due(self, day: date, start: date, skipped: tuple[tuple[date, str], ...]) -> Due:
        return Due(_utc(day, self.day_ends), start, skipped, provisional=day > self.known_until)


@lru_cache(maxsize=1024)
def local_date(at: datetime) -> date:
    """The date in London at the instant `at`."""
    return at.astimezone(LONDON).date()


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += _ONE_DAY


def shift(day: date, by: Duration, sign: int = 1) -> date:
    """`day` moved by a span of calendar time; `sign` -1 moves it back. Working and school days need a Calendar."""
    count = sign * by.count
    match by.unit:
        case Unit.HOUR:
            raise ValueError("hours are counted from a moment, not from a day")
        case Unit.WEEK:
            return day + timedelta(weeks=count)
        case Unit.MONTH:
            return add_months(day, count)
        case Unit.YEAR:
            return add_months(day, 12 * count)
        case _:
            return day + timedelta(days=count)


def add_months(day: date, count: int) -> date:
    """`day` moved by whole months, kept inside the month it lands in (31 January + 1 month is the last of February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
