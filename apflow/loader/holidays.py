"""The council's calendar: its own closures and the national bank holidays shipped with the library, never fetched."""

from datetime import date

from govuk_bank_holidays.bank_holidays import BankHolidays

from apflow.core.calendar import Calendar
from apflow.core.definition.council import DAYS, CalendarSpec


def build_calendar(spec: CalendarSpec) -> Calendar:
    """The calendar, known until the end of the last year the bank-holiday list covers."""
    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=spec.bank_holidays)
    closures = {day["date"]: str(day["title"]) for day in listed}
    last = max(closures)
    closures |= {closure.on: closure.because for closure in spec.closed}
    return Calendar(
        known_until=date(last.year, 12, 31),
        closures=closures,
        working_week=frozenset(DAYS.index(day) for day in spec.working_days),
        cut_off=spec.cut_off,
        day_starts=spec.day_starts,
        day_ends=spec.day_ends,
    )
