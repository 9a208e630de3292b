"""Durations that keep their unit: ten working days are never turned into hours."""

import re
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

_FORM = re.compile(
    r"^\s*(\d{1,3})\s+((?:working|school|calendar) days?|weeks?|months?|years?|half-terms?|terms?|hours?)\s*$"
)

_NUMBERED = re.compile(r"^\s*-?\s*(\d{1,3})\s*([^\d]*?)\s*$")  # Time that is counted back is written as time, too.


class Unit(StrEnum):
    """What is counted; the value is the singular, as the workflow files write it."""

    WORKING_DAY = "working day"
    SCHOOL_DAY = "school day"
    CALENDAR_DAY = "calendar day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    HALF_TERM = "half-term"
    TERM = "term"
    HOUR = "hour"


Units = frozenset[Unit]
OF_SCHOOLS: Units = frozenset({Unit.SCHOOL_DAY, Unit.HALF_TERM, Unit.TERM})
BY_CALENDAR: Units = OF_SCHOOLS | {Unit.WORKING_DAY}  # What a holiday that is added moves.


class Duration(Struct, frozen=True):
    """A count of one unit, as written by the policy's owner."""

    count: int
    unit: Unit

    @classmethod
    @lru_cache(maxsize=512)
    def parse(cls, text: str) -> "Duration":
        """Read "10 working days"; ValueError tells which units there are."""
        match = _FORM.match(text)
        if not match:
            units = ", ".join(f"{unit}s" for unit in Unit)
            raise ValueError(f'"{text}" is not a duration; write a number and one of: {units}{_meant(text)}')
        return cls(int(match[1]), Unit(match[2].removesuffix("s")))

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def _meant(text: str) -> str:
    """What was probably meant: a number alone, or of days that are not said to be of which kind, leaves two."""
    if not (match := _NUMBERED.match(text)):
        return ""
    count, said = int(match[1]), match[2].lower().replace(" ", "").removesuffix("s")
    days = [Unit.WORKING_DAY, Unit.CALENDAR_DAY]
    joined = {unit.replace(" ", ""): unit for unit in Unit}
    near = days if said in ("", "day") else [joined[name] for name in get_close_matches(said, joined, n=1, cutoff=0.7)]
    meant = " or ".join(f'"{Duration(count, unit)}"' for unit in near)
    return f"; did you mean {meant}?" if meant else ""
