"""A school's own term dates and INSET days as records, and the school days that follow from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.school import Period, SchoolDays
from apflow.core.definition.calendars import SchoolCalendar
from apflow.core.errors import Invalid
from apflow.loader import Library
from apflow.provision.school_years import HALVES, OwnYear, own_school_days, school_year, what_is_wrong, year_words
from apflow.records.asking import day, question
from apflow.records.door import Kind, Place
from apflow.records.files.columns import Column, as_date
from apflow.store.records.school_years import every_year, year_of, years_of
from apflow.store.tables.places import commissioners
from apflow.store.tables.terms import school_years

_BETWEEN = re.compile(r"[,;\s]+")
_YEAR = re.compile(r"(\d{4})(?:\s*[/-]\s*(?:\d{2}|\d{4}))?")
_NUMBERS = range(1, HALVES + 1)
_DAYS = tuple((f"first_{number}", f"last_{number}") for number in _NUMBERS)
FORM = {
    "inset": question(
        "text",
        "INSET days",
        optional=True,
        max_length=300,
        hint="Days in term on which staff are in and pupils are not. For example, 27/11/2026, 4/1/2027",
    ),
    **{
        name: question("date", f"Term {number}: {which} day for pupils", optional=True)
        for number, names in zip(_NUMBERS, _DAYS, strict=True)
        for name, which in zip(names, ("first", "last"), strict=True)
    },
}


def read_days(text: str) -> list[date]:
    """The days in "27/11/2026, 4/1/2027", in order and each once; Invalid naming what is none."""
    found = set()
    for part in filter(None, _BETWEEN.split(text)):
        try:
            found.add(date.fromisoformat(as_date(part)))
        except ValueError:
            message = f"INSET days: “{part}” is no date. Write day, month and year, like 27/11/2026"
            raise Invalid({"inset": message}) from None
    return sorted(found)


def year_values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns; half-terms that are the council's are kept as such, so that they follow when those change."""
    year, school = place.within["year"], place.within["commissioner_id"]
    calendar, inset = place.by.library.calendar.school, read_days(said.get("inset", ""))
    followed = half_terms_of(calendar, year)
    halves = _half_terms(said)
    if year not in years_there_are(calendar):
        raise Invalid({"inset": f"{year_words(year)} is too far from the years of the council's calendar"})
    if not halves and not followed:
        raise Invalid({"first_1": f"The council has no term dates for {year_words(year)}, so give all six half-terms"})
    if wrong := what_is_wrong(year, halves, inset, followed):
        raise Invalid({"inset" if not halves else "first_1": ". ".join(wrong)})
    if place.id is None and year_of(connection, school, year) is not None:
        raise Invalid({"first_1": f"There are dates for {year_words(year)} already: change those"})
    own = [] if _days_of(halves) == _days_of(followed) else _days_of(halves)
    return {"half_terms": own, "inset": [one.isoformat() for one in inset]}


def answers_of_year(row: Row[Any] | None, library: Library, year: int) -> dict[str, Any]:
    """The record as its form shows it; the council's dates for whatever the school has not said."""
    halves = _periods(row.half_terms) if row is not None and row.half_terms else None
    shown = halves or half_terms_of(library.calendar.school, year)
    inset = [date.fromisoformat(one) for one in row.inset] if row is not None else council_inset(library, year)
    days = {
        name: one
        for names, half in zip(_DAYS, _days_of(shown), strict=False)
        for name, one in zip(names, half, strict=True)
    }
    return {**days, "inset": ", ".join(f"{one.day}/{one.month}/{one.year}" for one in inset)}


def school_days_of(connection: Connection, library: Library, school: int) -> SchoolDays:
    """By which days one school counts today: its own, and the council's for the years it has said nothing of."""
    return _own(library, years_of(connection, school))


@dataclass(frozen=True, slots=True)
class DaysBySchool:
    """By which days each school counts today, read once for all of them."""

    council: SchoolDays
    own: Mapping[int, SchoolDays]

    def of(self, school: int | None) -> SchoolDays:
        """The council's where the school keeps none, and for a pupil of no school that is known."""
        return self.council if school is None else self.own.get(school, self.council)

    @property
    def every(self) -> Sequence[SchoolDays]:
        return (self.council, *self.own.values())


def days_by_school(connection: Connection, library: Library, since: date) -> DaysBySchool:
    """Those of every school from the school year of a day on; what schools said of earlier years is not read."""
    rows: dict[int, list[Row[Any]]] = {}
    for row in every_year(connection, school_year(since)):
        rows.setdefault(row.commissioner_id, []).append(row)
    own = {school: _own(library, years) for school, years in rows.items()}
    return DaysBySchool(library.calendar.school, own)


def years_there_are(calendar: SchoolDays) -> list[int]:
    """The school years that a school can give its own dates for: the council's, and the one after."""
    years = sorted({school_year(half.first_day) for half in calendar.half_terms})
    return [*years, years[-1] + 1] if years else []


def half_terms_of(calendar: SchoolDays, year: int) -> tuple[Period, ...]:
    return tuple(half for half in calendar.half_terms if school_year(half.first_day) == year)


def council_inset(library: Library, year: int) -> list[date]:
    return sorted(one for one in _inset(library.council.school_calendar) if school_year(one) == year)


def read_year(text: str) -> int:
    """2026 in "2026/27", "2026-2027" or "2026"; Invalid for anything else."""
    found = _YEAR.fullmatch(text.strip())
    if not found:
        raise Invalid({"year": f"“{text}” is no school year: write it like 2026/27"})
    return int(found[1])


def _own(library: Library, years: Iterable[Row[Any]]) -> SchoolDays:
    own = {row.year: OwnYear(_periods(row.half_terms), _dates(row.inset)) for row in years}
    return own_school_days(library.calendar.school, _inset(library.council.school_calendar), own)


def _half_terms(said: Mapping[str, Any]) -> tuple[Period, ...]:
    """All of them, or none; Invalid for some."""
    missing = [name for names in _DAYS for name in names if name not in said]
    if len(missing) == 2 * HALVES:
        return ()
    if missing:
        raise Invalid(dict.fromkeys(missing, "Give the first and last day of all six half-terms, or of none"))
    days = [(day(said, first), day(said, last)) for first, last in _DAYS]
    return tuple(
        Period(f"Term {number}", first, last)
        for number, (first, last) in zip(_NUMBERS, days, strict=True)
        if first and last
    )


def _days_of(halves: Sequence[Period]) -> list[list[str]]:
    return [[half.first_day.isoformat(), half.last_day.isoformat()] for half in halves]


def _periods(half_terms: Sequence[Sequence[str]]) -> tuple[Period, ...]:
    days = (tuple(map(date.fromisoformat, half)) for half in half_terms)
    return tuple(Period(f"Term {number}", first, last) for number, (first, last) in enumerate(days, start=1))


def _dates(days: Sequence[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, days))


def _inset(spec: SchoolCalendar | None) -> frozenset[date]:
    return frozenset(day for closure in spec.inset for day in closure.days) if spec else frozenset()


SCHOOL_YEAR = Kind(
    "school year",
    "Term dates",
    school_years,
    FORM,
    year_values,
    {"year": "School year", "half_terms": "Half-terms", "inset": "INSET days"},
    others={"commissioner_id": (commissioners, "name")},
    own_of="commissioner_id",
)
YEAR_COLUMNS = (
    Column("school", "School", ("School name", "URN"), is_needed=True, about="Its name or URN"),
    Column("year", "School year", ("Year", "Academic year"), is_needed=True, about="Like 2026/27"),
    *(
        Column(name, f"Term {number} {which} day", (f"Term {number} {also}",), as_date)
        for number, names in zip(_NUMBERS, _DAYS, strict=True)
        for name, which, also in zip(names, ("first", "last"), ("starts", "ends"), strict=True)
    ),
    Column("inset", "INSET days", ("INSET", "Training days"), about="Like 27/11/2026, 4/1/2027"),
)
