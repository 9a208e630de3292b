"""What a simulation comes to: week by week for each role, and what it needs people for."""

from collections.abc import Iterator
from math import ceil

from msgspec import Struct

from apflow.core.simulate.plan import WEEK
from apflow.core.simulate.queue import Week
from apflow.core.simulate.running import Ran

_TOGETHER = 4  # Weeks over which a peak is looked at: one hard week can be borne.


class RoleWeek(Struct, frozen=True):
    """One week of a role's queue: how much waited on average and at most, how long what was begun had waited, and work.

    Waiting is in hours of any day; work is in hours of somebody's time.
    """

    week: int
    waiting: float
    most_waiting: int
    open: float
    waited_hours: float | None
    work_hours: float


class RoleYear(Struct, frozen=True):
    """A role's queue through the whole of it: how busy its people were, and how many it needs."""

    role: str
    people: int
    weeks: tuple[RoleWeek, ...]
    hours_a_week: float
    busy: float
    needed: int

    @property
    def work_hours(self) -> float:
        return sum(week.work_hours for week in self.weeks)


def role_years(ran: Ran) -> Iterator[RoleYear]:
    """Every role's queue, in the order of the file."""
    for role, staff in ran.simulation.people.items():
        weeks = tuple(_week(number, week) for number, week in enumerate(ran.roles[role], 1))
        hours = ran.open_hours[role] / len(weeks)
        work = [week.work_hours for week in weeks]
        yield RoleYear(
            role=role,
            people=staff.count,
            weeks=weeks,
            hours_a_week=hours,
            busy=sum(work) / (hours * len(work) * staff.count),
            needed=needed(work, hours, staff.busy_at_most),
        )


def needed(work: list[float], hours: float, busy_at_most: int) -> int:
    """How few people do the work of the four hardest weeks together, busy for no more of their hours than that."""
    together = min(_TOGETHER, len(work))
    peaks = (sum(work[first : first + together]) / together for first in range(len(work) - together + 1))
    return max(1, ceil(max(peaks) / (hours * busy_at_most / 100) - 1e-9))


def _week(number: int, week: Week) -> RoleWeek:
    return RoleWeek(
        week=number,
        waiting=week.waiting_seconds / WEEK,
        most_waiting=week.most_waiting,
        open=week.open_seconds / WEEK,
        waited_hours=week.waited / week.started / 3600 if week.started else None,
        work_hours=week.came / 3600,
    )
