"""The school days of one school: its own half-terms and INSET days of the years it gave, else the council's."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from apflow.core.days.school import Period, SchoolDays

HALVES = 6
INSET = "INSET day"
_SEPTEMBER = 9


@dataclass(frozen=True, slots=True)
class OwnYear:
    """What a school says of one school year; without half-terms of its own it keeps the council's."""

    half_terms: tuple[Period, ...]
    inset: frozenset[date]


def school_year(day: date) -> int:
    """The school year a day belongs to, by the calendar year in which that begins; each is taken from 1 September."""
    return day.year - (day.month < _SEPTEMBER)


def year_words(year: int) -> str:
    """2026/27."""
    return f"{year}/{(year + 1) % 100:02}"


def own_school_days(council: SchoolDays, council_inset: Collection[date], own: Mapping[int, OwnYear]) -> SchoolDays:
    """When the school is open.

    Bank holidays close every school; the council's INSET days those alone that gave none for the year.
    """
    if not own:
        return council
    halves = {year: year_of.half_terms for year, year_of in own.items() if year_of.half_terms}
    kept = (half for half in council.half_terms if school_year(half.first_day) not in halves)
    every = sorted((*kept, *(half for given in halves.values() for half in given)), key=lambda half: half.first_day)
    closed = {
        day: why for day, why in council.closures.items() if not (day in council_inset and school_year(day) in own)
    }
    return SchoolDays(tuple(every), closed | dict.fromkeys((day for one in own.values() for day in one.inset), INSET))


def what_is_wrong(
    year: int, half_terms: Iterable[Period], inset: Iterable[date], followed: Iterable[Period]
) -> list[str]:
    """Why these cannot be a school's dates of the year; without half-terms of its own it has those `followed`."""
    halves, wrong = list(half_terms), []
    for half in halves:
        if half.last_day < half.first_day:
            wrong.append(f"{half.name} ends before it begins")
        elif {school_year(half.first_day), school_year(half.last_day)} != {year}:
            wrong.append(f"{half.name} is not in the school year {year_words(year)}")
    for before, after in pairwise(halves):
        if after.first_day <= before.last_day:
            wrong.append(f"{after.name} begins before {before.name} has ended")
    for day in inset:
        if not any(half.has(day) for half in halves or followed):
            wrong.append(
                f"{day.day}/{day.month}/{day.year} is in no half-term, so the school is closed that day anyway"
            )
    return wrong
