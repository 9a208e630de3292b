"""The council's and the schools' calendar: closures, and the bank holidays shipped with the library, never fetched."""

from collections.abc import Mapping
from datetime import date

from govuk_bank_holidays.bank_holidays import BankHolidays

from apflow.core.calendar import Calendar
from apflow.core.definition.council import DAYS, Council, SchoolCalendar
from apflow.core.school import Period, SchoolDays


def build_calendar(council: Council) -> Calendar:
    """The calendar, known until the end of the last year the bank-holiday list covers."""
    spec = council.calendar
    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=spec.bank_holidays)
    holidays = {day["date"]: str(day["title"]) for day in listed}
    return Calendar(
        known_until=date(max(holidays).year, 12, 31),
        closures=holidays | {closure.on: closure.because for closure in spec.closed},
        working_week=frozenset(DAYS.index(day) for day in spec.working_days),
        cut_off=spec.cut_off,
        day_starts=spec.day_starts,
        day_ends=spec.day_ends,
        school=_school(council.school_calendar, holidays),
    )


def _school(spec: SchoolCalendar | None, holidays: Mapping[date, str]) -> SchoolDays:
    """When schools are open: bank holidays close them, days on which the council's own offices are closed do not."""
    if spec is None:
        return SchoolDays()
    halves = sorted((Period(term.name, term.first_day, term.last_day) for term in spec.terms), key=_first_day)
    return SchoolDays(tuple(halves), {**holidays, **{closure.on: closure.because for closure in spec.inset}})


def _first_day(period: Period) -> date:
    return period.first_day
