"""The council's and the schools' calendar: closures, and the bank holidays shipped with the library, never fetched."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources

from apflow.core.days.calendar import Calendar
from apflow.core.days.school import Period, SchoolDays
from apflow.core.definition.calendars import DAYS, Closure, SchoolCalendar
from apflow.core.definition.council import Council


def build_calendar(council: Council) -> Calendar:
    """The calendar, known until the end of the last year the bank-holiday list covers."""
    spec = council.calendar
    holidays = _bank_holidays(spec.bank_holidays)
    return Calendar(
        known_until=date(max(holidays).year, 12, 31),
        closures=holidays | _told(spec.closed),
        working_week=frozenset(DAYS.index(day) for day in spec.working_days),
        cut_off=spec.cut_off,
        day_starts=spec.day_starts,
        day_ends=spec.day_ends,
        school=_school(council.school_calendar, holidays),
    )


def _bank_holidays(division: str) -> dict[date, str]:
    """Those in the library's own copy of GOV.UK's list; its reader would first load all that it takes to fetch one."""
    text = resources.files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text(encoding="utf-8")
    return {date.fromisoformat(day["date"]): day["title"] for day in json.loads(text)[division]["events"]}


def _school(spec: SchoolCalendar | None, holidays: Mapping[date, str]) -> SchoolDays:
    """When schools are open: bank holidays close them, days on which the council's own offices are closed do not."""
    if spec is None:
        return SchoolDays()
    halves = sorted((Period(term.name, term.first_day, term.last_day) for term in spec.terms), key=_first_day)
    return SchoolDays(tuple(halves), {**holidays, **_told(spec.inset)})


def _told(closures: Iterable[Closure]) -> dict[date, str]:
    return {day: closure.because for closure in closures for day in closure.days}


def _first_day(period: Period) -> date:
    return period.first_day
