"""The days that count: the council's working days, when schools are open, and when applications are closed."""

from datetime import date, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from apflow.core.definition.base import (
    Claim,
    ClockTime,
    Part,
    Said,
    each_once,
)

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


DAYS: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


_A_YEAR = timedelta(days=366)


def _day(value: Any) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    elif isinstance(value, date):
        return value
    raise ValueError(f'"{value}" is not a date; write year, month and day, like 2026-12-24')


CalendarDate = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-24"]})
]


class Closure(Part):
    """A day the council does not count as a working day, or all of them from that day to the end of `until`."""

    on: CalendarDate
    until: CalendarDate | None = None
    because: Said

    @property
    def last(self) -> date:
        return self.until or self.on

    @property
    def days(self) -> list[date]:
        return [self.on + timedelta(days=number) for number in range((self.last - self.on).days + 1)]

    @model_validator(mode="after")
    def _is_no_slip(self) -> "Closure":
        if self.last < self.on:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.on}")
        if self.last - self.on > _A_YEAR:
            raise ValueError(f"{self.on} to {self.last} is more than a year; correct one of the two")
        return self


class CalendarSpec(Claim):
    """The working-day calendar; bank holidays come from the national list for the division."""

    working_days: Annotated[tuple[Day, ...], AfterValidator(each_once)] = Field(min_length=1)
    bank_holidays: Literal["england-and-wales", "scotland", "northern-ireland"]
    closed: tuple[Closure, ...] = ()
    cut_off: ClockTime = time(17, 0)
    day_starts: ClockTime = time(9, 0)
    day_ends: ClockTime = time(23, 59)

    @model_validator(mode="after")
    def _a_day_in_order(self) -> "CalendarSpec":
        if not self.day_starts < self.cut_off <= self.day_ends:
            raise ValueError("a day starts (day_starts), has its cut_off, and ends (day_ends), in this order")
        return self


class Term(Part):
    """One half of a school term as children attend it: between two halves there is a half-term holiday."""

    name: Said
    first_day: CalendarDate
    last_day: CalendarDate


class SchoolCalendar(Claim):
    """When schools are open; school days are the weekdays within terms, without bank holidays or INSET days."""

    terms: tuple[Term, ...] = Field(min_length=1)
    inset: tuple[Closure, ...] = ()


class ClosedPeriod(Part):
    """From the start of `start` to the end of `until` no new application is taken."""

    start: CalendarDate
    until: CalendarDate
    because: Said


class Applications(Part):
    """Whether new applications are taken: a switch, and closures planned ahead."""

    open: bool = True
    because: Said | None = None
    closed_periods: tuple[ClosedPeriod, ...] = ()

    def closed_because(self, today: date) -> str | None:
        """Why applications are closed `today`, or None while they are open."""
        if not self.open:
            return self.because or "Applications are closed at present."
        return next((p.because for p in self.closed_periods if p.start <= today <= p.until), None)

    def open_again_on(self, today: date) -> date | None:
        """The first day from `today` on which applications are taken; None while the switch is off, as nobody knows."""
        if not self.open:
            return None
        day = today
        for period in sorted(self.closed_periods, key=lambda period: period.start):
            if period.start <= day <= period.until:
                day = period.until + timedelta(days=1)
        return day
