"""What was provided over some time: pupils, hours, cost, attendance, time and outcomes, in groups whose sums add up."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apflow.core.days.school import SchoolDays
from apflow.provision.pauses import Pause

_DAYS_A_WEEK = 5
_ONE_DAY = timedelta(days=1)
Span = tuple[int, int]
_PENNY, _TENTH = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Stretch:
    """School days on which a week of a placement came to the same: `paid_days` are those with its pauses as well."""

    minutes: int
    cost: Decimal | None
    school_days: int
    paid_days: int


@dataclass(frozen=True, slots=True)
class Provided:
    """One placement as far as it lies in the time asked for: its school days, and how its sessions were marked.

    `days` are its school days without its pauses, in spans: the places of the first and of the one after the last in
    the school days of that time, so that a day on which a pupil is at two providers can be told. Its hours and its cost
    are those of its `stretches`. `outcome` is None while it goes on.
    """

    placement: int
    pupil: int
    provider: str
    school: str
    needs: tuple[str, ...]
    year: str
    days: tuple[Span, ...]
    stretches: tuple[Stretch, ...]
    attended: int
    absent: int
    outcome: str | None
    is_considered: bool

    @property
    def hours_provided(self) -> Decimal:
        """A week's hours for every five school days, rounded here, so that lines add up to their total."""
        minutes = sum(one.minutes * one.school_days for one in self.stretches)
        return (Decimal(minutes) / _DAYS_A_WEEK / 60).quantize(_TENTH)

    @property
    def cost_provided(self) -> Decimal | None:
        """A week's cost for every five school days, paused or not as the place is kept, to the penny.

        None where it is not on record for some of the time.
        """
        costs = [one.cost * one.paid_days for one in self.stretches if one.cost is not None]
        return (sum(costs, Decimal()) / _DAYS_A_WEEK).quantize(_PENNY) if len(costs) == len(self.stretches) else None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. `without_cost` are the placements whose cost is not on record, so not in `cost`.

    `pupil_days` are school days in alternative provision: a day at two providers is one. `considered` are placements
    of which it is on record who considered the duty of section 19, when, and on what evidence.
    """

    name: str
    pupils: int
    placements: int
    hours: Decimal
    cost: Decimal
    without_cost: int
    attended: int
    absent: int
    pupil_days: int
    ended: int
    considered: int

    @property
    def attendance(self) -> str:
        """The share of marked sessions that were attended; empty where none was marked."""
        marked = self.attended + self.absent
        return f"{100 * self.attended / marked:.1f}%" if marked else ""

    @property
    def days_each(self) -> str:
        """School days in alternative provision for each pupil, on average."""
        return f"{self.pupil_days / self.pupils:.1f}" if self.pupils else ""


OUTCOME = "Outcome"
_GROUPS: Mapping[str, Callable[[Provided], Iterable[str]]] = {
    "Provider": lambda one: (one.provider,),
    "School": lambda one: (one.school,),
    "Need": lambda one: one.needs,
    "Year": lambda one: (one.year,),
    OUTCOME: lambda one: () if one.outcome is None else (one.outcome,),
}
TOGETHER = "Together, each pupil once"


def lines_by_group(provided: Sequence[Provided]) -> dict[str, list[Line]]:
    """The lines of each group, by name, the last of them for all together.

    A pupil with two needs, or two providers, is in both lines, and once in the last. Outcomes are of what has ended.
    """
    made = {}
    for group, names_of in _GROUPS.items():
        found: dict[str, list[Provided]] = {}
        for one in provided:
            for name in names_of(one):
                found.setdefault(name, []).append(one)
        if found:
            lines = [line_of(name, found[name]) for name in sorted(found, key=_by_number)]
            made[group] = [*lines, line_of(TOGETHER, [one for one in provided if [*names_of(one)]])]
    return made


def line_of(name: str, provided: Sequence[Provided]) -> Line:
    """Everything of these placements added up."""
    costs = [cost for one in provided if (cost := one.cost_provided) is not None]
    by_pupil: dict[int, list[Span]] = {}
    for one in provided:
        by_pupil.setdefault(one.pupil, []).extend(one.days)
    return Line(
        name=name,
        pupils=len(by_pupil),
        placements=len(provided),
        hours=sum((one.hours_provided for one in provided), Decimal()),
        cost=sum(costs, Decimal()),
        without_cost=len(provided) - len(costs),
        attended=sum(one.attended for one in provided),
        absent=sum(one.absent for one in provided),
        pupil_days=sum(map(_covered, by_pupil.values())),
        ended=sum(one.outcome is not None for one in provided),
        considered=sum(one.is_considered for one in provided),
    )


@dataclass(frozen=True)
class Days:
    """The school days from one day to another, in order."""

    days: Sequence[date]

    @classmethod
    def between(cls, first: date, last: date, school: SchoolDays) -> "Days":
        """Both days counted; where no dates are published every weekday counts."""
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return cls([day for day in every if school.why_closed(day) is None])

    def without(self, first: date, last: date, pauses: Iterable[Pause]) -> tuple[Span, ...]:
        """The spans from `first` to `last` that are left between the pauses, which come in order."""
        found = []
        for pause in pauses:
            found.append(self.span(first, min(last, pause.paused_on - _ONE_DAY)))
            first = max(first, pause.resumed_on or last + _ONE_DAY)
        return tuple(span for span in (*found, self.span(first, last)) if span[0] < span[1])

    def span(self, first: date, last: date) -> Span:
        """The places of the first of them from `first` on, and of the one after the last up to `last`."""
        start = bisect_left(self.days, first)
        return start, max(start, bisect_right(self.days, last))


def _covered(spans: Iterable[Span]) -> int:
    """How many places lie in at least one of the spans."""
    covered = reached = 0
    for start, end in sorted(spans):
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def _by_number(name: str) -> tuple[int, str]:
    """Year 9 before Year 10, and otherwise by name."""
    number = name.rpartition(" ")[2]
    return (int(number) if number.isdecimal() else 0, name.casefold())
