"""Until when what is held about a child is kept. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from apflow.core.definition.council import Retention
from apflow.core.definition.words import short_day


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """The last day on which it is kept, and the rule in a sentence."""

    day: date
    because: str


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


def _years_on(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the last of the month."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
