"""Until when what is held about a child is kept. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from apflow.core.days.calendar import shift
from apflow.core.definition.keeping import ClosedCases, KeptFor, Retention
from apflow.core.definition.words import short_day


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """The last day on which it is kept, and the rule in a sentence."""

    day: date
    because: str


@dataclass(frozen=True, slots=True)
class Above:
    """A case that another belongs to, and when it was closed; None while it is open."""

    reference: str
    closed_on: date | None


def kept_until(rule: Retention, *, last: date, born: date, true_of: Iterable[str], says_so: bool) -> KeptUntil:
    """`last` is the last day of the last placement; `says_so` that a case wants it kept longer."""
    usual = _years_on(last, rule.years)
    longer = says_so or not set(rule.longer_for).isdisjoint(true_of)
    birthday = _years_on(born, rule.until_age)
    if longer and birthday > usual:
        return KeptUntil(birthday, f"To the age of {rule.until_age}, as it is kept longer for this child")
    return KeptUntil(usual, f"{rule.years} years after {short_day(last)}, when the last of it ended")


def last_that_is_over(rule: Retention, day: date) -> date:
    """No record whose last placement ended on this day or later has a time that is over by `day`."""
    return _years_on(day, -rule.years) + timedelta(days=1)


def rule_for(closed: ClosedCases, workflow: str, state: str, fields: Mapping[str, Any]) -> KeptFor | None:
    """The first rule that fits a closed case; None where no rule says how long it is kept."""
    return next((rule for rule in closed.rules.values() if _fits(rule, workflow, state, fields)), None)


def case_kept_until(
    rule: KeptFor, closed_on: date, added_on: date, fields: Mapping[str, Any], above: Iterable[Above] = ()
) -> KeptUntil:
    """Until when a case is kept that was closed on a day, and added to last on another, below those `above`."""
    days = {closed_on: "when it was closed"}
    if added_on > closed_on:
        days[added_on] = "when something was last added to it"
    for case in above if rule.with_parent else ():
        if case.closed_on is None:
            return KeptUntil(
                date.max, f"While {case.reference}, to which it belongs, is open, and {rule.keep} after that"
            )
        days.setdefault(case.closed_on, f"when {case.reference}, to which it belongs, was closed")
    if isinstance(named := fields.get(rule.counted_from or ""), str):
        days.setdefault(date.fromisoformat(named), "a day that it names")
    last = max(days)
    return KeptUntil(shift(last, rule.keep), f"{rule.keep} after {short_day(last)}, {days[last]}")


def _fits(rule: KeptFor, workflow: str, state: str, fields: Mapping[str, Any]) -> bool:
    return (
        rule.of == workflow
        and (not rule.states or state in rule.states)
        and all(fields.get(name) == option for name, option in rule.answered.items())
    )


def _years_on(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the last of the month."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
