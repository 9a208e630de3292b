"""The clocks that policy files name: each counts a date by a rule of `clocks`, from fields of a case."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from apflow.core.days.duration import Unit
from apflow.core.days.school import SchoolDays
from apflow.core.definition.clocks import Clock
from apflow.provision.clocks import (
    Begins,
    after_permanent_exclusion,
    after_suspension,
    health_duty_on,
    last_day_of_weeks,
    must_review_from,
    notice_by,
)

_A_YEAR = timedelta(days=365)
Given = Mapping[str, Any]


def _day(given: Given, name: str) -> date | None:
    return date.fromisoformat(given[name]) if given.get(name) else None


def _excluded(given: Given, days: int, school: SchoolDays) -> str | None:
    return after_permanent_exclusion(date.fromisoformat(given["first_day"]), school, day=days).latest.isoformat()


def _suspended(given: Given, days: int, school: SchoolDays) -> str | None:
    return after_suspension(date.fromisoformat(given["first_day"]), school, day=days).latest.isoformat()


def _excluded_in_care(given: Given, days: int, school: SchoolDays) -> str | None:
    first, since = date.fromisoformat(given["first_day"]), _day(given, "looked_after_since")
    return _if_sooner(after_permanent_exclusion(first, school, day=days, looked_after_since=since))


def _suspended_in_care(given: Given, days: int, school: SchoolDays) -> str | None:
    first, since = date.fromisoformat(given["first_day"]), _day(given, "looked_after_since")
    return _if_sooner(after_suspension(first, school, day=days, looked_after_since=since))


def _if_sooner(begins: Begins) -> str | None:
    """The day on which it should begin, where that is not the one by which it must in any case."""
    return begins.wanted.isoformat() if begins.wanted != begins.latest else None


def _missed_for_health(given: Given, days: int, school: SchoolDays) -> str | None:
    """Days missed earlier in the year are given as how many there were; without a day of return it goes on."""
    first, left = date.fromisoformat(given["first_day"]), days - given.get("missed_before", 0)
    until = _day(given, "expected_until") or first + _A_YEAR
    found = health_duty_on([school.first_on(first)], until, school, days=max(left, 1))
    return found.isoformat() if found else None


def _told_by(given: Given, days: int, school: SchoolDays) -> str | None:
    return notice_by(date.fromisoformat(given["first_day"]), school, days=days).isoformat()


def _may_ask_from(given: Given, weeks: int, _school: SchoolDays) -> str | None:
    return must_review_from(date.fromisoformat(given["last_review"]), weeks=weeks).isoformat()


def _last_of_weeks(given: Given, weeks: int, _school: SchoolDays) -> str | None:
    return last_day_of_weeks(date.fromisoformat(given["first_day"]), weeks=weeks).isoformat()


def _before_it_begins(given: Given, days: int, school: SchoolDays) -> str | None:
    """The first of the days by which education is due that has passed, by so many school days, when it begins."""
    first = date.fromisoformat(given["first_day"])
    due = sorted(found for name in _DUE if (found := _day(given, name)) is not None)
    return next((one.isoformat() for one in due if school.days_between(one, first) >= days), None)


_DUE = ("after_exclusion", "in_suspension", "for_health")
_DAYS, _WEEKS = Unit.SCHOOL_DAY, Unit.WEEK
CLOCKS: Mapping[str, Clock] = {
    "permanent_exclusion": Clock("so many school days after a permanent exclusion", _DAYS, _excluded, ("first_day",)),
    "permanent_exclusion_in_care": Clock(
        "as soon as a looked-after child is permanently excluded, where that is possible",
        _DAYS,
        _excluded_in_care,
        ("first_day", "looked_after_since"),
    ),
    "suspension": Clock("the school day of this number of a suspension", _DAYS, _suspended, ("first_day",)),
    "suspension_in_care": Clock(
        "as soon as a looked-after child is suspended, where that is possible",
        _DAYS,
        _suspended_in_care,
        ("first_day", "looked_after_since"),
    ),
    "missed_for_health": Clock(
        "the school day of this number missed for a health need",
        _DAYS,
        _missed_for_health,
        ("first_day",),
        ("missed_before", "expected_until"),
    ),
    "notice_of_direction": Clock("the last day of which so many school days remain", _DAYS, _told_by, ("first_day",)),
    "parents_may_ask": Clock("the day after so many weeks since a review", _WEEKS, _may_ask_from, ("last_review",)),
    "due_before_it_begins": Clock(
        "the first day by which education is due that comes so many school days before the first day",
        _DAYS,
        _before_it_begins,
        ("first_day",),
        _DUE,
    ),
    "last_day_of_weeks": Clock("the last day of so many weeks", _WEEKS, _last_of_weeks, ("first_day",)),
}
