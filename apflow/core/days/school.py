"""Counting school days, half-terms and terms; beyond the published dates the count goes on, and says it is a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

HOLIDAY = "School holiday"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_A_SIXTH_OF_A_YEAR = timedelta(days=61)

Skipped = tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A half-term or a term, from its first day to its last."""

    name: str
    first_day: date
    last_day: date

    def has(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Counted:
    """Where a count ended. `is_sure` is False when it began or ended outside the published dates."""

    on: date
    is_sure: bool
    skipped: Skipped = ()


@dataclass(frozen=True)
class SchoolDays:
    """The published half-terms in order, and the weekdays within them on which schools are closed.

    Two half-terms after each other make a term, and the first of them begins one. Without any, nothing is known.
    """

    half_terms: tuple[Period, ...] = ()
    closures: Mapping[date, str] = field(default_factory=dict)
    _walked: dict[tuple[date, int, timedelta], tuple[date, Skipped]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def terms(self) -> tuple[Period, ...]:
        """The terms, each from the first day of its first half to the last day of its second."""
        halves = self.half_terms
        return tuple(Period(a.name, a.first_day, b.last_day) for a, b in zip(halves[::2], halves[1::2], strict=False))

    @property
    def known_until(self) -> date | None:
        """The last day for which dates are published."""
        return self.half_terms[-1].last_day if self.half_terms else None

    def knows(self, day: date) -> bool:
        """Whether the day lies within the published dates, holidays included."""
        return bool(self.half_terms) and self.half_terms[0].first_day <= day <= self.half_terms[-1].last_day

    def why_closed(self, day: date) -> str | None:
        """The reason `day` is not counted; None for a school day, and for a weekday of which nothing is known."""
        if day.weekday() >= _SATURDAY:
            return WEEKDAYS[day.weekday()]
        if reason := self.closures.get(day):
            return reason
        return HOLIDAY if self.knows(day) and not any(half.has(day) for half in self.half_terms) else None

    def is_school_day(self, day: date) -> bool:
        """Whether schools are known to be open."""
        return self.knows(day) and self.why_closed(day) is None

    def first_on(self, day: date) -> date:
        """The day itself where it is a school day, or may be one; else the next that is."""
        return day if self.why_closed(day) is None else self.days_after(day, 1).on

    def days_after(self, start: date, count: int) -> Counted:
        """The school day so many after `start`, which itself is not counted."""
        day, skipped = self._walk(start, count, _ONE_DAY)
        return Counted(day, self.knows(start) and self.knows(day), skipped)

    def day_before(self, end: date, count: int) -> date:
        """The school day so many before `end`."""
        return self._walk(end, count, -_ONE_DAY)[0]

    def days_between(self, first: date, last: date) -> int:
        """School days after `first` up to and including `last`; negative when `last` is the earlier."""
        if last < first:
            return -self.days_between(last, first)
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.why_closed(day) is None for day in days)

    def half_terms_after(self, start: date, count: int) -> Counted:
        """The last day of the half-term so many after `start`; 0 is the one `start` lies in, in a holiday the next."""
        return self._end_of(self.half_terms, start, count, _A_SIXTH_OF_A_YEAR)

    def terms_after(self, start: date, count: int) -> Counted:
        """The last day of the term so many after `start`; 0 is the one `start` lies in, in a holiday the next."""
        return self._end_of(self.terms, start, count, 2 * _A_SIXTH_OF_A_YEAR)

    def half_terms_before(self, end: date, count: int) -> date:
        """The first day of the half-term that, with those after it, makes so many up to `end`."""
        return _start_of(self.half_terms, end, count, _A_SIXTH_OF_A_YEAR)

    def terms_before(self, end: date, count: int) -> date:
        """The first day of the term that, with those after it, makes so many up to `end`."""
        return _start_of(self.terms, end, count, 2 * _A_SIXTH_OF_A_YEAR)

    def _walk(self, start: date, count: int, step: timedelta) -> tuple[date, Skipped]:
        """The day so many school days on; walked once, as cases share the days their deadlines run from."""
        key = (start, count, step)
        found = self._walked.get(key)
        if found is None:
            found = self._walked[key] = self._walked_out(start, count, step)
        return found

    def _walked_out(self, start: date, count: int, step: timedelta) -> tuple[date, Skipped]:
        day, skipped = start, []
        while count:
            day += step
            if closed := self.why_closed(day):
                skipped.append((day, closed))
            else:
                count -= 1
        return day, tuple(skipped)

    def _end_of(self, periods: Sequence[Period], start: date, count: int, length: timedelta) -> Counted:
        if count == 0 and any(period.has(start) for period in periods):
            return Counted(next(period.last_day for period in periods if period.has(start)), is_sure=True)
        if count == 0 and not self.knows(start):
            return Counted(start, is_sure=False)
        count = max(count, 1)
        ahead = [period.last_day for period in periods if period.first_day > start]
        if count <= len(ahead):
            return Counted(ahead[count - 1], self.knows(start))
        last = max(start, self.known_until or start)
        return Counted(last + (count - len(ahead)) * length, is_sure=False)


def _start_of(periods: Sequence[Period], end: date, count: int, length: timedelta) -> date:
    if count == 0:
        return end
    begun = [period.first_day for period in periods if period.first_day <= end]
    return begun[-count] if count <= len(begun) else end - count * length
