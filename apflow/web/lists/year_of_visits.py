"""The year's routine visits as officers plan them: who was visited when, what is planned, and what is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from apflow.core.days.calendar import Calendar, local_date, shift
from apflow.core.definition.council import RoutineVisits
from apflow.provision.visits import SchoolWeek, Turn, Visited, school_weeks, spread_over_the_year
from apflow.store.records.visits import Listed, Visit

ROUTINE = "routine"
_A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Row:
    """One provider: its last visit, the next as far as there is one, else the week that is proposed for it."""

    listed: Listed
    last_on: date
    was_before_approval: bool
    under_way: Visit | None
    planned_by: date | None
    turn: Turn | None

    @property
    def next_on(self) -> date | None:
        """The day of the next visit, or by when it is to be made."""
        fields = self.under_way.fields if self.under_way else {}
        known = fields.get("visit_on") or fields.get("visit_by")
        return date.fromisoformat(known) if known else self.planned_by


@dataclass(frozen=True, slots=True)
class Month:
    """How many routine visits a month has, those proposed included."""

    first_day: date
    weeks: int
    planned: int
    proposed: int


@dataclass(frozen=True, slots=True)
class Year:
    """The whole plan: one row a provider, and how the months compare."""

    rows: tuple[Row, ...]
    months: tuple[Month, ...]
    weeks: tuple[SchoolWeek, ...]

    @property
    def proposed(self) -> list[Row]:
        """Those for whom a week is proposed, the soonest first."""
        dated = [(row.turn.week, row.listed.title, row) for row in self.rows if row.turn]
        return [row for *_, row in sorted(dated, key=lambda one: one[:2])]

    @property
    def settled(self) -> list[Row]:
        """Those with a visit under way or planned, the soonest first."""
        rows = [row for row in self.rows if row.under_way or row.planned_by]
        return sorted(rows, key=lambda row: (row.next_on or date.max, row.listed.title))

    @property
    def not_yet(self) -> list[Row]:
        """Those whose turn does not come this year."""
        return [row for row in self.rows if not (row.under_way or row.planned_by or row.turn)]


def year_of(listed: Sequence[Listed], limits: RoutineVisits, weeks: Sequence[SchoolWeek], today: date) -> Year:
    """The plan as it stands and as it could go on."""
    rows = [_row(one, today) for one in listed]
    fixed = [day for row in rows if (day := row.next_on)]
    taken = [week for day in fixed for week in weeks if _is_in(day, week)]
    free = [Visited(row.listed.reference, row.last_on) for row in rows if not (row.under_way or row.planned_by)]
    turns = spread_over_the_year(free, weeks, limits, taken)
    whole = (replace(row, turn=turns.get(row.listed.reference)) for row in rows)
    return Year(tuple(whole), tuple(_months(weeks, taken, list(turns.values()))), tuple(weeks))


def weeks_ahead(calendar: Calendar, limits: RoutineVisits, today: date) -> list[SchoolWeek]:
    """The school weeks of a year, from the first for which a visit can still be arranged in good time."""
    soonest = shift(today, limits.arrange)
    monday = soonest + timedelta(days=-soonest.weekday() % 7)
    return school_weeks(calendar.school, monday, monday + _A_YEAR)


def arranged_from(week_begins: date, limits: RoutineVisits, today: date) -> date:
    """From when a visit in that week is to be arranged: so long before, and not in the past."""
    return max(today, shift(week_begins, limits.arrange, -1))


def week_of(weeks: Sequence[SchoolWeek], last_day: str) -> SchoolWeek | None:
    """The school week that ends on this day, as a form says it."""
    return next((week for week in weeks if week.last_day.isoformat() == last_day), None)


def _row(one: Listed, today: date) -> Row:
    routine = [visit for visit in one.visits if visit.fields.get("kind") == ROUTINE]
    made = [date.fromisoformat(day) for visit in routine if (day := visit.fields.get("visited_on"))]
    before = one.fields.get("visited_on")
    last_on = max(made, default=None) or (date.fromisoformat(before) if before else local_date(one.since))
    under_way = next((visit for visit in routine if visit.is_open and not visit.fields.get("visited_on")), None)
    return Row(one, last_on, not made, under_way, _planned(one, last_on, today) if not under_way else None, None)


def _planned(one: Listed, last_on: date, today: date) -> date | None:
    """By when the visit is planned to be made; a plan that a visit has come of, or that is over, is none."""
    start, end = one.fields.get("routine_from"), one.fields.get("routine_by")
    if not start or not end or date.fromisoformat(end) < today or last_on >= date.fromisoformat(start):
        return None
    if any(visit.fields.get("visit_by") == end for visit in one.visits):
        return None
    return date.fromisoformat(end)


def _is_in(day: date, week: SchoolWeek) -> bool:
    return timedelta(0) <= day - (week.first_day - timedelta(days=week.first_day.weekday())) < timedelta(weeks=1)


def _months(weeks: Sequence[SchoolWeek], taken: Sequence[SchoolWeek], turns: Sequence[Turn]) -> list[Month]:
    return [
        Month(
            month,
            sum(week.month == month for week in weeks),
            sum(week.month == month for week in taken),
            sum(turn.week.month == month for turn in turns),
        )
        for month in dict.fromkeys(week.month for week in weeks)
    ]
