"""The sessions of placements with what was marked and the code that follows: made anew whenever somebody looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.school import WEEKDAYS, SchoolDays
from apflow.loader import Library
from apflow.provision.ages import compulsory_school_age
from apflow.provision.attendance import Coded, came, coded, coded_closed, coded_paused
from apflow.provision.coding import Arranger, Attendance, Circumstances, Setting
from apflow.provision.pauses import Pause, pause_on
from apflow.provision.sessions import HALVES, SCHOOL_WEEK, planned_on, session_words
from apflow.records.attendance.school_years import days_by_school
from apflow.store.records.attendance import Attending, Session, marks_between, placed, plan_of, plans_of
from apflow.store.records.left_to_attend import absences_between, marked_between
from apflow.store.records.pauses import pauses_of


@dataclass(frozen=True, slots=True)
class CodedSession:
    """One session of one placement. `mark` is the row that counts, `coded` None where no law says how to code it.

    `closed` is why a session that the plan names is not asked for: the home school is not open to pupils, or the
    placement is paused. Whoever came all the same can be marked.
    """

    placement: Row[Any]
    day: date
    half: str
    is_planned: bool
    mark: Row[Any] | None
    coded: Coded | None
    closed: str | None = None
    is_paused: bool = False

    @property
    def key(self) -> Session:
        return self.placement.id, self.day, self.half

    @property
    def words(self) -> str:
        """ "the morning of 3 Nov 2026"."""
        return session_words(self.day, self.half)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """An absence that nobody has given a reason for, and the last day before its code says that nobody did."""

    session: CodedSession
    by: date


@dataclass(frozen=True)
class Coding:
    """By what attendance is coded: the council's file, its calendar where a school keeps none, and today."""

    attendance: Attendance
    library: Library
    today: date

    def sessions(self, connection: Connection, of: Attending) -> list[CodedSession]:
        """Every session that is planned on these days, and of each pupil the others as the home school needs them.

        What is planned goes by the days of each pupil's home school, and nothing is while the placement is paused.
        """
        placements = self._placed(connection, of)
        marks = marks_between(connection, [each.row.id for each in placements], of.first, of.last)
        made = [one for each in placements for one in self._planned(each, marks, of)]
        known = {(one.placement.pupil_id, one.day, one.half) for one in made}
        for each in placements:
            for one in self._others(each, of):
                if (place := (each.row.pupil_id, one.day, one.half)) not in known:
                    known.add(place)
                    made.append(one)
        return made

    def planned_days(self, connection: Connection, of: Attending) -> set[date]:
        """Those of these days for which a plan names a session, whether or not it is due."""
        placements = self._placed(connection, of)
        return {day for each in placements for day, plan in each.days(of) if planned_on(plan.sessions, day)}

    def unmarked(self, connection: Connection, of: Attending) -> list[CodedSession]:
        """The sessions of these days that were due and that nobody has marked, the oldest first."""
        placements = self._placed(connection, of)
        marked = marked_between(connection, [each.row.id for each in placements], of.first, of.last)
        made = [
            self._session(each, plan, day, half, None, is_named=True)
            for each in placements
            for day, plan in each.days(of)
            for half in planned_on(plan.sessions, day)
            if (each.row.id, day, half) not in marked
        ]
        return sorted((one for one in made if one.closed is None), key=lambda one: (one.day, one.half))

    def unexplained(self, connection: Connection, of: Attending) -> list[Unexplained]:
        """The absences of these days that nobody has given a reason for, the oldest first; no other is coded."""
        placements = {each.row.id: each for each in self._placed(connection, of)}
        made = []
        for mark in absences_between(connection, placements, of.first, of.last):
            each, table = placements[mark.placement_id], self.attendance.in_force(mark.day)
            plan = plan_of(each.plans, mark.day)
            if plan is None or table is None or not each.runs_on(mark.day):
                continue
            session = self._session(each, plan, mark.day, mark.half, mark, is_named=True)
            if session.coded is not None and session.coded.is_unexplained:
                made.append(Unexplained(session, each.school.days_after(mark.day, table.no_reason.after.count).on))
        return made

    def _placed(self, connection: Connection, of: Attending) -> list["_Placed"]:
        rows, days = placed(connection, of), days_by_school(connection, self.library, of.first)
        pauses = pauses_of(connection, [row.id for row in rows])
        plans = plans_of(connection, [row.id for row in rows])
        return [
            _Placed(row, plans.get(row.id, []), days.of(row.home_school_id), pauses.get(row.id, [])) for row in rows
        ]

    def _planned(self, each: "_Placed", marks: dict[Session, Row[Any]], of: Attending) -> Iterator[CodedSession]:
        for day, plan in each.days(of):
            halves = planned_on(plan.sessions, day)
            for half in HALVES:
                mark = marks.get((each.row.id, day, half))
                # What was marked counts although the plan, or the school's days, were changed afterwards.
                if half in halves or mark:
                    yield self._session(each, plan, day, half, mark, is_named=True)

    def _others(self, each: "_Placed", of: Attending) -> Iterator[CodedSession]:
        for day, plan in each.days(of):
            if WEEKDAYS[day.weekday()] in SCHOOL_WEEK:
                for half in HALVES:
                    yield self._session(each, plan, day, half, None, is_named=False)

    def _session(
        self, each: "_Placed", plan: Row[Any], day: date, half: str, mark: Row[Any] | None, *, is_named: bool
    ) -> CodedSession:
        row, table, closed = each.row, self.attendance.in_force(day), each.school.why_closed(day)
        if closed is not None:
            found = coded_closed(table, closed) if table else None
            return CodedSession(row, day, half, mark is not None, mark, found, closed if is_named else None)
        if is_named and (pause := pause_on(each.pauses, day)):
            return CodedSession(row, day, half, mark is not None, mark, coded_paused(pause.words), pause.words, True)
        session = circumstances(row, plan, day, came(mark.mark if mark else None), is_planned=is_named)
        since = each.school.days_between(day, self.today)
        found = coded(table, session, mark.reason if mark else None, since) if table else None
        return CodedSession(row, day, half, is_named, mark, found)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A placement with its plans, the days of its pupil's home school, and its pauses."""

    row: Row[Any]
    plans: Sequence[Row[Any]]
    school: SchoolDays
    pauses: Sequence[Pause]

    def days(self, of: Attending) -> Iterator[tuple[date, Row[Any]]]:
        """Each day for which there is a plan, with the one that holds."""
        day, last = max(of.first, self.row.starts_on), min(of.last, self.row.ends_on or of.last)
        while day <= last:
            if plan := plan_of(self.plans, day):
                yield day, plan
            day += timedelta(days=1)

    def runs_on(self, day: date) -> bool:
        """Whether the placement had begun on the day and was not over."""
        return bool(self.row.starts_on <= day <= (self.row.ends_on or day))


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
