"""What was provided over some time: pupils, hours, cost and attendance, by provider, school, need and year."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apflow.core.school import SchoolDays

_DAYS_A_WEEK = 5


@dataclass(frozen=True, slots=True)
class Provided:
    """One placement as far as it lies in the time asked for: its school days, and how its sessions were marked."""

    pupil: int
    provider: str
    school: str
    needs: tuple[str, ...]
    year: str
    minutes: int
    cost: Decimal | None
    school_days: int
    attended: int
    absent: int
    is_ended: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. `without_cost` are the placements whose cost is not on record, so not in `cost`."""

    name: str
    pupils: int
    placements: int
    hours: int
    cost: Decimal
    without_cost: int
    attended: int
    absent: int
    ended: int

    @property
    def attendance(self) -> str:
        """The share of marked sessions that were attended; empty where none was marked."""
        marked = self.attended + self.absent
        return f"{100 * self.attended / marked:.1f}%" if marked else ""


_GROUPS: Mapping[str, Callable[[Provided], Iterable[str]]] = {
    "Provider": lambda one: (one.provider,),
    "School": lambda one: (one.school,),
    "Need": lambda one: one.needs,
    "Year": lambda one: (one.year,),
}


def lines_by_group(provided: Sequence[Provided]) -> dict[str, list[Line]]:
    """The lines of each of the four groups, by name. A pupil with two needs, or two providers, is in both lines."""
    made = {}
    for group, names_of in _GROUPS.items():
        found: dict[str, list[Provided]] = {}
        for one in provided:
            for name in names_of(one):
                found.setdefault(name, []).append(one)
        made[group] = [line_of(name, found[name]) for name in sorted(found, key=_by_number)]
    return made


def line_of(name: str, provided: Sequence[Provided]) -> Line:
    """Everything of these placements added up; hours and cost are a week's for every five school days."""
    minutes = sum(one.minutes * one.school_days for one in provided)
    costs = [one.cost * one.school_days / _DAYS_A_WEEK for one in provided if one.cost is not None]
    return Line(
        name=name,
        pupils=len({one.pupil for one in provided}),
        placements=len(provided),
        hours=round(minutes / _DAYS_A_WEEK / 60),
        cost=sum(costs, Decimal()).quantize(Decimal("0.01")),
        without_cost=sum(one.cost is None for one in provided),
        attended=sum(one.attended for one in provided),
        absent=sum(one.absent for one in provided),
        ended=sum(one.is_ended for one in provided),
    )


def school_days_of(first: date, last: date, school: SchoolDays) -> int:
    """The school days from one day to another, both counted."""
    return max(0, school.days_between(first - timedelta(days=1), last))


def _by_number(name: str) -> tuple[int, str]:
    """Year 9 before Year 10, and otherwise by name."""
    number = name.rpartition(" ")[2]
    return (int(number) if number.isdecimal() else 0, name.casefold())
