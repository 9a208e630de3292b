"""Raising who is away so long that the law wants education to be arranged otherwise; each once, and without a name."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.days.school import SchoolDays
from apflow.handler import Handler
from apflow.provision.attendance import Mark, days_away, running
from apflow.provision.chasing import LongAbsence
from apflow.provision.coding import Attendance
from apflow.provision.school_years import school_year
from apflow.records.attendance.counted_marks import marks_of_days
from apflow.records.attendance.school_years import days_by_school
from apflow.records.letters import To, Writing, at_provider
from apflow.records.people.around import those_around
from apflow.rounds.attending import raise_task, tell_once
from apflow.store.records import attendance as kept
from apflow.store.records.attendance import Attending

_LATELY = timedelta(weeks=3)  # Who was not away since then is there, or nobody was told more of it.
_A_SUMMER = timedelta(weeks=10)  # What runs on from before the holidays began no longer ago.


@dataclass(frozen=True, slots=True)
class Away:
    """A pupil who is away by one rule: on how many school days, counted from which, and at which placement last."""

    placement: Row[Any]
    name: str
    rule: LongAbsence
    count: int
    since: date

    @property
    def known_as(self) -> tuple[int, str, date]:
        return self.placement.pupil_id, self.name, self.since


def long_absences(handler: Handler, writing: Writing, attendance: Attendance, now: datetime) -> Iterator[bool]:
    """Tell once of each pupil who is away so long, of all their placements together."""
    if not attendance.long_absences:
        return
    with handler.store.reading() as connection:
        found = list(_away(connection, handler, attendance, local_date(now)))
        known = kept.long_absences(connection, {one.placement.pupil_id for one in found})
    for one in found:
        if one.known_as not in known:
            yield _tell(handler, writing, attendance, one)


def _away(connection: Connection, handler: Handler, attendance: Attendance, today: date) -> Iterator[Away]:
    year = date(school_year(today), 9, 1)
    first = min(year, today - _A_SUMMER)
    for name, rule in attendance.long_absences.items():
        lately, rows = _often_away(connection, rule, Attending(first, today))
        if not lately:
            continue
        days = days_by_school(connection, handler.library, first)
        marks = marks_of_days(connection, days, {row.id: row.home_school_id for row in rows}, first, today)
        for row in lately:
            theirs = {each.id for each in rows if each.pupil_id == row.pupil_id}
            marked = [mark for mark in marks if mark.placement_id in theirs]
            count, since = _counted(rule, marked, days.of(row.home_school_id), year)
            if count >= rule.days_for(looked_after=row.looked_after):
                yield Away(row, name, rule, count, since)


def _often_away(
    connection: Connection, rule: LongAbsence, span: Attending
) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
    """The latest placement of each pupil who may be away so long by the rule, and all of theirs in this time.

    Who has too few days by far is left out, so that no marks of a whole year are read of somebody who has a cold.
    """
    absent = kept.absent_since(connection, span.last - _LATELY, rule.reasons)
    if not absent:
        return (), ()
    lately = kept.placed(connection, Attending(span.last, span.last, placements=tuple(sorted(absent))))
    pupils = tuple(sorted({row.pupil_id for row in lately}))
    rows = kept.placed(connection, Attending(span.first, span.last, pupils=pupils)) if pupils else ()
    absences = kept.days_absent(connection, (row.id for row in rows), rule.reasons, span.first)
    often = Counter[int]()
    for row in rows:
        often[row.pupil_id] += absences.get(row.id, 0)
    # Of those that run on, the days between count as well, on which nobody was due.
    least = {row.pupil_id: rule.days_for(looked_after=row.looked_after) for row in rows}
    of_them = {pupil for pupil, days in often.items() if days >= (1 if rule.counted == "running" else least[pupil])}
    latest = {row.pupil_id: row for row in lately if row.pupil_id in of_them}
    return list(latest.values()), [row for row in rows if row.pupil_id in of_them]


def _counted(rule: LongAbsence, marks: Iterable[Row[Any]], school: SchoolDays, year: date) -> tuple[int, date]:
    """On how many school days somebody is away by the rule, and from which day on that is counted."""
    away = days_away((mark.day, mark.mark == Mark.ABSENT and mark.reason in rule.reasons) for mark in marks)
    if rule.counted == "in the school year":
        return sum(is_away for day, is_away in away if day >= year), year
    run = running(away)
    return (school.days_between(run[-1], run[0]) + 1, run[-1]) if run else (0, year)


def _tell(handler: Handler, writing: Writing, attendance: Attendance, one: Away) -> bool:
    """Tell the officers by a task, and the home school and those around by letters that name nobody."""
    row, path = one.placement, f"/placements/{one.placement.id}/attendance"
    with handler.store.reading() as connection:
        also = "attendance/long_absence_around"
        around = those_around(connection, handler.library, writing, one.rule.also, row, also)
    days = f"{one.count} school day{'' if one.count == 1 else 's'}"
    note = (
        f"A pupil placed here has been away for {days} {_words(one.rule)}: {_why(attendance, one.rule, writing.now)}."
    )
    key = f"attendance-{one.name}-{row.pupil_id}-{one.since.isoformat()}"
    letters: list[Mapping[str, Any]] = [
        *raise_task(handler, writing, row.reference, one.name, f"{note}{around.words} See {path}", key, path),
        *around.letters,
    ]
    if row.school_email:
        to, page = To(row.school, row.school_email), f"/attendance/schools/{row.home_school_id}"
        said = {"days": days, "counted": _words(one.rule)}
        letters.append(at_provider(writing.letter("long_absence", to, page, **said), row))
    return tell_once(handler, writing, letters, lambda it: kept.note_long_absence(it, *one.known_as), let_in=[row])


def _words(rule: LongAbsence) -> str:
    return "of this school year" if rule.counted == "in the school year" else "running"


def _why(attendance: Attendance, rule: LongAbsence, now: datetime) -> str:
    table = attendance.in_force(local_date(now))
    known: Sequence[str] = [table.reasons[name].says for name in rule.reasons if name in table.reasons] if table else ()
    return " or ".join(known) or ", ".join(rule.reasons)
