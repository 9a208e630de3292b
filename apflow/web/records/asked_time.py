"""Which days a report or return is about: two dates, or a school year or part of one that people choose by its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Request

from apflow.core.days.calendar import local_date
from apflow.core.days.school import Period, SchoolDays
from apflow.core.definition.words import short_day
from apflow.web.records.recording import Keeping

_SEPTEMBER = 9
_FAR = 30  # Years: further away somebody has mistyped.
_WRONG = "Give two dates, the earlier one first. This school year is shown instead."


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The days that were asked for, and why not when they made no sense. `until` is the last that has come."""

    first: date
    last: date
    until: date
    error: str
    years: tuple[Period, ...]
    terms: tuple[Period, ...]

    @property
    def words(self) -> str:
        return f"{short_day(self.first)} to {short_day(self.last)}"

    @property
    def query(self) -> str:
        return f"first={self.first.isoformat()}&last={self.last.isoformat()}"

    @property
    def stem(self) -> str:
        """For the name of a file."""
        return f"{self.first.isoformat()}-to-{self.last.isoformat()}"

    def is_chosen(self, period: Period) -> bool:
        return (period.first_day, period.last_day) == (self.first, self.last)


def asked_time(request: Request[Any, Any, Any], keeper: Keeping) -> AskedTime:
    """What the address asks for; without anything this school year so far."""
    today = local_date(keeper.site.now())
    school = keeper.site.library.calendar.school
    begins = _first_of_year(today)
    first, last = _day(request, "first", begins), _day(request, "last", today)
    error = ""
    if first is None or last is None or last < first:
        error, first, last = _WRONG, begins, today
    begun = [half for half in school.half_terms if half.first_day <= today]
    return AskedTime(first, last, max(first, min(last, today)), error, tuple(_years(begun, school)), tuple(begun[::-1]))


def _years(begun: list[Period], school: SchoolDays) -> Iterator[Period]:
    """Every school year that has begun, the latest first, each to the last day of its last published half-term."""
    for begins in sorted({_first_of_year(half.first_day) for half in begun}, reverse=True):
        halves = [half for half in school.half_terms if _first_of_year(half.first_day) == begins]
        name = f"School year {begins.year}/{(begins.year + 1) % 100:02}"
        yield Period(name, halves[0].first_day, halves[-1].last_day)


def _first_of_year(day: date) -> date:
    return date(day.year - (day.month < _SEPTEMBER), _SEPTEMBER, 1)


def _day(request: Request[Any, Any, Any], name: str, otherwise: date) -> date | None:
    text = request.query_params.get(name, "")
    try:
        day = date.fromisoformat(text) if text else otherwise
    except ValueError:
        return None
    return day if abs(day.year - otherwise.year) < _FAR else None
