"""The year's routine visits spread over the weeks in which schools are open, as evenly as each provider's limits allow.

Routine visits are "not triggered by any particular concern" (guidance, Quality Assurance by the Local Authority), so
nothing but how long ago the last one was says whose turn it is.
"""

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from msgspec import Struct

from apflow.core.days.calendar import shift
from apflow.core.days.school import SchoolDays
from apflow.core.definition.council import RoutineVisits

Place = TypeVar("Place", bound=Hashable)
_ONE_DAY, _ONE_WEEK = timedelta(days=1), timedelta(weeks=1)


class SchoolWeek(Struct, frozen=True, order=True):
    """A week with school days, from the first of them to the last."""

    first_day: date
    last_day: date

    @property
    def month(self) -> date:
        """The first day of the month it begins in."""
        return self.first_day.replace(day=1)


class Visited(Struct, frozen=True):
    """A provider and when it was last visited: on a routine visit, else before its approval."""

    key: str
    last_on: date


class Turn(Struct, frozen=True):
    """The week proposed for a provider; `is_late` when the longest time between two visits is over before it."""

    week: SchoolWeek
    is_late: bool


def school_weeks(school: SchoolDays, first: date, last: date) -> list[SchoolWeek]:
    """The weeks between two days that have at least one school day; none beyond the published terms."""
    weeks, monday = [], first - timedelta(days=first.weekday())
    while monday <= last:
        days = [day for n in range(5) if school.is_school_day(day := monday + n * _ONE_DAY) and first <= day <= last]
        if days:
            weeks.append(SchoolWeek(days[0], days[-1]))
        monday += _ONE_WEEK
    return weeks


def spread_over_the_year(
    providers: Iterable[Visited],
    weeks: Sequence[SchoolWeek],
    limits: RoutineVisits,
    planned: Iterable[SchoolWeek] = (),
) -> dict[str, Turn]:
    """A week for every provider whose turn comes within the weeks, by its key; those `planned` stay where they are.

    No visit comes before `at_least` or after `at_most` since the last, or, where that is over already, it comes in the
    first month there is. Within that no month has two more than another that one of its visits could go to as well,
    nor has a week of the same month; so where the limits leave a choice, no two months differ by more than one.
    """
    turns = {one.key: found for one in providers if (found := _possible(one, weeks, limits))}
    taken = list(planned)
    months = even(
        {key: list(dict.fromkeys(week.month for week in possible)) for key, (possible, _) in turns.items()},
        Counter(week.month for week in taken),
    )
    chosen = even(
        {key: [w for w in possible if w.month == months[key]] for key, (possible, _) in turns.items()}, Counter(taken)
    )
    return {key: Turn(week, turns[key][1]) for key, week in chosen.items()}


def even(possible: Mapping[str, Sequence[Place]], taken: Mapping[Place, int] = {}) -> dict[str, Place]:
    """Each to one of its possible places, the first ones preferred, so that no change would even out the loads more.

    While somebody can move from a place to one that has two fewer, perhaps as others move on, they do: this ends with
    the smallest loads there can be.
    """
    chosen: dict[str, Place] = {}
    load = Counter(taken)
    for key, places in possible.items():
        chosen[key] = min(places, key=lambda place: load[place])
        load[chosen[key]] += 1
    while way := _way_down(possible, chosen, load):
        for key, place in way:
            load[chosen[key]] -= 1
            load[place] += 1
            chosen[key] = place
    return chosen


def _way_down(
    possible: Mapping[str, Sequence[Place]], chosen: Mapping[str, Place], load: Mapping[Place, int]
) -> list[tuple[str, Place]]:
    """Who moves where, so that the first place has one fewer and one that had two fewer has one more; or nobody."""
    for start in sorted(set(chosen.values()), key=lambda place: -load[place]):
        came: dict[Place, list[tuple[str, Place]]] = {start: []}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            if load[here] <= load[start] - 2:
                return came[here]
            for key in (key for key, place in chosen.items() if place == here):
                for place in possible[key]:
                    if place not in came:
                        came[place] = [*came[here], (key, place)]
                        queue.append(place)
    return []


def _possible(one: Visited, weeks: Sequence[SchoolWeek], limits: RoutineVisits) -> tuple[list[SchoolWeek], bool] | None:
    """The weeks within the limits, those nearest the usual time first; None while it is not the provider's turn."""
    first, last = shift(one.last_on, limits.at_least), shift(one.last_on, limits.at_most)
    within = [week for week in weeks if first <= week.first_day and week.last_day <= last]
    if within:
        usual = shift(one.last_on, limits.every)
        return sorted(within, key=lambda week: abs(week.first_day - usual)), False
    if weeks and last < weeks[-1].first_day:
        ahead = [week for week in weeks if week.first_day > last] or list(weeks)
        return [week for week in ahead if week.month == ahead[0].month], True
    return None
