"""The sessions of a school week: their names, and which of them are planned on a day."""

from collections.abc import Collection
from datetime import date, timedelta

from apflow.core.days.school import WEEKDAYS
from apflow.core.definition.words import short_day

HALVES = ("am", "pm")
IN_WORDS = {"am": "Morning", "pm": "Afternoon"}
SCHOOL_WEEK = WEEKDAYS[:5]
EVERY_SESSION = {f"{day.lower()} {half}": f"{day} {IN_WORDS[half].lower()}" for day in SCHOOL_WEEK for half in HALVES}


def planned_on(sessions: Collection[str], day: date) -> tuple[str, ...]:
    """The halves of the day that a plan names, whether or not the home school is open."""
    return tuple(half for half in HALVES if f"{WEEKDAYS[day.weekday()].lower()} {half}" in sessions)


def week_of(day: date) -> tuple[date, ...]:
    """Monday to Friday of the week that the day lies in."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=n) for n in range(5))


def session_words(day: date, half: str) -> str:
    """ "the morning of 3 Nov 2026"."""
    return f"the {IN_WORDS[half].lower()} of {short_day(day)}"
