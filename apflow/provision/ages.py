"""Compulsory school age: the days on which it begins and ends for a child, and the school year a child belongs to."""

from dataclasses import dataclass
from datetime import date, timedelta

# Education (Start of Compulsory School Age) Order 1998 (SI 1998/1607), article 2.
_PRESCRIBED = ((3, 31), (8, 31), (12, 31))
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day of compulsory school age."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


def compulsory_school_age(born: date) -> Span:
    """When a child born on this day is of compulsory school age.

    Source: Education Act 1996, section 8: from the prescribed day on or next after the fifth birthday (SI 1998/1607:
    31 March, 31 August, 31 December) to the end of the school leaving date (SI 1997/1970: the last Friday in June) of
    the school year in which they are 16. A school year is taken to run from 1 September.
    """
    fifth = _birthday(born, 5)
    years = (fifth.year, fifth.year + 1)
    prescribed = (date(year, month, day) for year in years for month, day in _PRESCRIBED)
    sixteenth = _birthday(born, 16)
    leaving_year = sixteenth.year + (sixteenth.month >= 9)
    return Span(next(day for day in prescribed if day >= fifth), school_leaving_date(leaving_year))


def school_leaving_date(year: int) -> date:
    """The last Friday in June (Education (School Leaving Date) Order 1997, SI 1997/1970)."""
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - _FRIDAY) % 7)


def usual_year(born: date, today: date) -> int:
    """The national curriculum year of most children born on this day: 0 is Reception, less is before school."""
    this_year = today.year - (today.month < 9)
    reception = born.year + 4 + (born.month >= 9)
    return this_year - reception


def school_year(born: date, years_out: int | None, today: date) -> int:
    """The year a child is in, who is so many years ahead of the usual one (less than 0: behind), or in that."""
    return usual_year(born, today) + (years_out or 0)


def _birthday(born: date, years: int) -> date:
    """Someone born on 29 February has their birthday on 1 March in other years, as the law counts."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
