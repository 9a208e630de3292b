"""Clocks by name: how a date that the law counts out follows from others. Which there are, a domain registers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from apflow.core.days.duration import Unit
from apflow.core.days.school import SchoolDays
from apflow.core.definition.base import Claim, Name, Span
from apflow.core.definition.conditions import Condition

Count = Callable[[Mapping[str, Any], int, SchoolDays], "str | None"]


@dataclass(frozen=True, slots=True)
class Clock:
    """One way to count out a date: from what, in which unit, and where that is laid down.

    `counts` is given what `needs` and `may` name as the case keeps it, how many, and the case's own school days; it
    answers an ISO date, or None while there is none.
    """

    title: str
    unit: Unit
    counts: Count
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


class Counted(Claim):
    """A date that nobody is asked for: a clock counts it `from` other fields (theirs: ours), a `span` of its unit.

    While `when` does not hold, or what it needs is missing, there is none. It is counted anew with each change.
    """

    clock: Name
    from_: Annotated[Mapping[Name, Name], Field(alias="from", min_length=1)]
    span: Span
    when: Condition | None = None
