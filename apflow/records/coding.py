"""The sessions of placements with what was marked and the code that follows: made anew whenever somebody looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.school import SchoolDays
from apflow.provision.ages import compulsory_school_age
from apflow.provision.attendance import Coded, came, coded
from apflow.provision.coding import Arranger, Attendance, Circumstances, Setting
from apflow.provision.sessions import HALVES, planned_on
from apflow.store.attendance import Attending, Session, marks_between, placed, plan_of, plans_of


@dataclass(frozen=True, slots=True)
class CodedSession:
    """One session of one placement. `mark` is the row that counts, `coded` None where no law says how to code it."""

    placement: Row[Any]
    day: date
    half: str
    is_planned: bool
    mark: Row[Any] | None
    coded: Coded | None

    @property
    def key(self) -> Session:
        return self.placement.id, self.day, self.half


@dataclass(frozen=True)
class Coding:
    """By what attendance is coded: the council's file, the days on which schools are open, and today."""

    attendance: Attendance
    school: SchoolDays
    today: date

    def sessions(self, connection: Connection, of: Attending) -> list[CodedSession]:
        """Every session that is planned on these days, and of each pupil the others as the home school needs them."""
        rows = placed(connection, of)
        plans = plans_of(connection, [row.id for row in rows])
        marks = marks_between(connection, [row.id for row in rows], of.first, of.last)
        made = [one for row in rows for one in self._planned(row, plans.get(row.id, []), marks, of)]
        known = {(one.placement.pupil_id, one.day, one.half) for one in made}
        for row in rows:
            for one in self._others(row, plans.get(row.id, []), of):
                if (place := (row.pupil_id, one.day, one.half)) not in known:
                    known.add(place)
                    made.append(one)
        return made

    def _planned(
        self, row: Row[Any], plans: Sequence[Row[Any]], marks: dict[Session, Row[Any]], of: Attending
    ) -> Iterator[CodedSession]:
        for day in _days(row, of):
            plan = plan_of(plans, day)
            halves = planned_on(plan.sessions, day, self.school) if plan else ()
            for half in HALVES:
                mark = marks.get((row.id, day, half))
                # What was marked counts although the plan was changed afterwards.
                if plan and (half in halves or mark):
                    yield self._session(row, plan, day, half, mark, is_planned=True)

    def _others(self, row: Row[Any], plans: Sequence[Row[Any]], of: Attending) -> Iterator[CodedSession]:
        for day in _days(row, of):
            plan = plan_of(plans, day)
            if plan and self.school.why_closed(day) is None:
                for half in HALVES:
                    yield self._session(row, plan, day, half, None, is_planned=False)

    def _session(
        self, row: Row[Any], plan: Row[Any], day: date, half: str, mark: Row[Any] | None, *, is_planned: bool
    ) -> CodedSession:
        table = self.attendance.in_force(day)
        session = circumstances(row, plan, day, came(mark.mark if mark else None), is_planned=is_planned)
        since = self.school.days_between(day, self.today)
        found = coded(table, session, mark.reason if mark else None, since) if table else None
        return CodedSession(row, day, half, is_planned, mark, found)


def circumstances(
    row: Row[Any], plan: Row[Any], day: date, attended: bool | None, *, is_planned: bool
) -> Circumstances:
    """What the table of codes may ask of one session."""
    part_time = plan.part_time_agreed and plan.part_time_from <= day <= plan.part_time_until
    return Circumstances(
        setting=Setting(plan.setting),
        arranged_by=Arranger(plan.arranged_by),
        planned=is_planned,
        supervised=plan.is_supervised,
        authorised=bool(plan.authorised),
        part_time=bool(part_time),
        compulsory_age=compulsory_school_age(row.born).has(day),
        attended=attended,
    )


def _days(row: Row[Any], of: Attending) -> Iterator[date]:
    day, last = max(of.first, row.starts_on), min(of.last, row.ends_on or of.last)
    while day <= last:
        yield day
        day += timedelta(days=1)
