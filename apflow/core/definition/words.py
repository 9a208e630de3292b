"""Values as people read them: dates in full, choices by their label, what is left in working or school days."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from apflow.core import money
from apflow.core.days.calendar import LONDON, Calendar, local_date
from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.asked import of_people
from apflow.core.definition.fields import OF_RECORDS, FieldSpec, FieldType

Names = Mapping[Any, str]  # Of people by their number; of records by the list they are chosen from and their number.
NO_NAMES: Names = MappingProxyType({})
_TWO_MONTHS, _A_YEAR = 61, 366


@lru_cache(maxsize=4096)
def day(value: date) -> str:
    """Friday 11 December 2026."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """11 Dec 2026."""
    return f"{value.day} {value:%b %Y}"


def clock(value: time) -> str:
    """5pm, 10:30am, 11:59pm, midday, midnight."""
    if (value.hour, value.minute) in ((0, 0), (12, 0)):
        return "midnight" if value.hour == 0 else "midday"
    hour = value.hour % 12 or 12
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{hour}{minutes}{'am' if value.hour < 12 else 'pm'}"


def moment(at: datetime) -> str:
    """11 December 2026 at 10:30am, in London."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y} at {clock(local.time())}"


def left(due_at: datetime, now: datetime, calendar: Calendar, unit: Unit = Unit.WORKING_DAY) -> str:
    """How much remains: "3 working days", "today", or "overdue by 2 working days".

    In school days or hours if `unit` says so; of one in months or years "about 11 months", while there are more than
    two, and of any that is more than a year away.
    """
    if unit is Unit.HOUR:
        return _hours_left(due_at, now)
    days = (local_date(due_at) - local_date(now)).days
    if days > (_TWO_MONTHS if unit in (Unit.MONTH, Unit.YEAR) else _A_YEAR):
        return f"about {round(days * 12 / 365.25)} months"
    if unit is Unit.SCHOOL_DAY:
        count = calendar.school.days_between(local_date(now), local_date(due_at))
    else:
        unit, count = Unit.WORKING_DAY, calendar.working_days_between(local_date(now), local_date(due_at))
    if now > due_at:
        return f"overdue by {Duration(-count, unit)}" if count < 0 else "overdue"
    if days == 0:
        return "today"
    # A deadline in calendar days can fall before the next working day.
    return str(Duration(count, unit)) if count > 0 else f"{days} day{'' if days == 1 else 's'}"


def _hours_left(due_at: datetime, now: datetime) -> str:
    """To the hour, as 5 working days say nothing of when a night is over: "71 hours", "overdue by 2 hours"."""
    hours = int(abs(due_at - now).total_seconds() // 3600)
    said = str(Duration(hours, Unit.HOUR)) if hours else "less than an hour"
    return f"overdue by {said}" if now > due_at else said


def in_words(spec: FieldSpec | None, value: Any, names: Names = NO_NAMES) -> str | None:
    """One stored answer as words; None for one that was not given. `names` are those of the people it may speak of."""
    if value is None or spec is None:
        return None if value is None else str(value)
    if spec.type is FieldType.PERSON:
        return _name(names, value)
    if spec.type is FieldType.PEOPLE:
        return ", ".join(_name(names, one) for one in value)
    if spec.type in OF_RECORDS:  # A pupil is named on the record alone.
        return "; ".join(names.get((spec.records, one), f"Record {one}") for one in _each(value))
    say = _SAID.get(spec.type)
    return say(spec, value) if say else str(value)


def all_in_words(
    form: Mapping[str, FieldSpec], answers: Mapping[str, Any], names: Names = NO_NAMES
) -> dict[str, str | None]:
    """Every question of the form, answered in words or None."""
    return {name: in_words(spec, answers.get(name), names) for name, spec in form.items()}


def people_in(form: Mapping[str, FieldSpec], answers: Mapping[str, Any]) -> set[int]:
    """The ids of the people who are answers to these questions, for looking up their names."""
    return people_named(of_people(form), answers)


def people_named(questions: Iterable[str], answers: Mapping[str, Any]) -> set[int]:
    """The same of the questions that people are the answers to."""
    return {one for name in questions if name in answers for one in _each(answers[name]) if isinstance(one, int)}


def records_in(form: Mapping[str, FieldSpec], answers: Mapping[str, Any]) -> set[tuple[str, int]]:
    """The records that are answers to these questions: the list each is chosen from, and its number."""
    asked = {name: spec.records for name, spec in form.items() if spec.records}
    chosen = ((source, one) for name, source in asked.items() for one in _each(answers.get(name)))
    return {(source, one) for source, one in chosen if isinstance(one, int)}


def _each(value: Any) -> list[Any]:
    """One answer, or each of several."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _name(names: Names, value: Any) -> str:
    return names.get(int(value), "Someone we no longer know") if str(value).isdecimal() else str(value)


def _yes_or_no(_spec: FieldSpec, value: Any) -> str:
    return "Yes" if value else "No"


_SAID: Mapping[FieldType, Callable[[FieldSpec, Any], str]] = {
    FieldType.DATE: lambda _, value: day(date.fromisoformat(value)),
    FieldType.TIME: lambda _, value: clock(time.fromisoformat(value)),
    FieldType.CHOICE: lambda spec, value: spec.options.get(value, str(value)),
    FieldType.MANY: lambda spec, value: ", ".join(spec.options.get(one, one) for one in value),
    FieldType.YES_NO: _yes_or_no,
    FieldType.CONFIRM: _yes_or_no,
    FieldType.MONEY: lambda _, value: money.in_words(value),
}
