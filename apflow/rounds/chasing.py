"""Chasing what nobody has marked, and raising absences that are a pattern. Done any number of times, it tells once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.definition.words import clock, short_day
from apflow.handler import Handler
from apflow.provision.attendance import is_pattern
from apflow.provision.coding import Attendance
from apflow.provision.sessions import HALVES, session_words
from apflow.records.attendance.coding import CodedSession, Coding
from apflow.records.attendance.counted_marks import latest_counted
from apflow.records.attendance.school_years import days_by_school
from apflow.records.letters import To, Writing, at_provider
from apflow.records.people.around import those_around
from apflow.rounds.attending import raise_task, tell_once
from apflow.rounds.long_absences import long_absences
from apflow.rounds.missing import missing
from apflow.rounds.schools_told import schools_told
from apflow.store.outbox import is_open
from apflow.store.people import people
from apflow.store.records import attendance as kept
from apflow.store.records import chases
from apflow.store.records.attendance import Attending

NOT_MARKED, PATTERN = "attendance_not_marked", "absence_pattern"  # Alerts of a provider's case.
_FLAG, _REMIND, _LATER = "flag", "remind", "later"  # What is left for later is said once the task before is done.
_MORE = " What else is not marked while this is open makes no task of its own: it is on the same page."
_A_FEW = 6
_LATELY = timedelta(weeks=2)
_A_SUMMER = timedelta(weeks=10)  # No last school day is longer ago.
_A_YEAR = timedelta(weeks=52)  # A pattern of a placement that ended before is forgotten.


@dataclass(frozen=True, slots=True)
class Unmarked:
    """The sessions of one provider in one half of a day that nobody has marked, and whom it is time to tell."""

    case_id: int
    reference: str
    provider: str
    day: date
    half: str
    step: str
    count: int

    @property
    def path(self) -> str:
        """The page on which they are marked."""
        return f"/attendance/providers/{self.reference}?day={self.day.isoformat()}"


def chasing(handler: Handler, now: datetime) -> Iterator[bool]:
    """Do all that is due, saying of each piece that it was done; whoever stops asking stops it."""
    attendance = handler.library.attendance
    if attendance is None:
        return
    writing = Writing(handler.letters, handler.library.council, now)
    with handler.store.reading() as connection:
        due = list(_unmarked(connection, handler, attendance, now))
    for one in due:
        yield _remind(handler, writing, one) if one.step == _REMIND else _flag(handler, writing, one)
    yield from _left_for_later(handler, writing, attendance, now)
    yield from schools_told(handler, writing, attendance, now)
    yield from missing(handler, writing, attendance, now)
    yield from long_absences(handler, writing, attendance, now)
    yield from _patterns(handler, writing, attendance, now)


def _unmarked(connection: Connection, handler: Handler, attendance: Attendance, now: datetime) -> Iterator[Unmarked]:
    """What is due today, and what was due on each school's last school day while nothing ran."""
    today, at = local_date(now), now.astimezone(LONDON).time()
    days = days_by_school(connection, handler.library, today - _A_SUMMER)
    for day in sorted({*(school.day_before(today, 1) for school in days.every), today}):
        told = chases.chased(connection, day)
        coding = Coding(attendance, handler.library, today)
        sessions = [
            one
            for one in coding.sessions(connection, Attending(day, day))
            if day in (today, days.of(one.placement.home_school_id).day_before(today, 1))
        ]
        for (case_id, half), every in _by_provider(sessions).items():
            chase = attendance.chasing.of(half)
            step = _FLAG if day < today or at >= chase.flag_at else _REMIND if at >= chase.remind_at else None
            if step and told.isdisjoint({(case_id, half, step), (case_id, half, _LATER)}):
                first = every[0].placement
                yield Unmarked(case_id, first.reference, first.provider, day, half, step, len(every))


def _by_provider(sessions: Sequence[CodedSession]) -> Mapping[tuple[int, str], list[CodedSession]]:
    found: dict[tuple[int, str], list[CodedSession]] = {}
    for half in HALVES:
        for one in sessions:
            if one.is_planned and one.mark is None and one.half == half:
                found.setdefault((one.placement.case_id, half), []).append(one)
    return found


def _remind(handler: Handler, writing: Writing, one: Unmarked) -> bool:
    with handler.store.reading() as connection:
        rows = [people.person(connection, person) for person in kept.parties_of(connection, one.case_id)]
    to = [To(row.name, row.email, row.id) for row in rows if row is not None and row.is_active]
    by = clock(_attendance(handler).chasing.of(one.half).flag_at)
    said = {"session": session_words(one.day, one.half), "count": one.count, "by": by}
    letters = [writing.letter("not_marked", each, one.path, **said) for each in to or [writing.team]]
    return _tell(handler, writing, one, letters)


def _flag(handler: Handler, writing: Writing, one: Unmarked) -> bool:
    """A task on the provider's case, or a note for later while the one before is open."""
    with handler.store.reading() as connection:
        if is_open(connection, one.case_id, NOT_MARKED, ""):
            return _tell(handler, writing, replace(one, step=_LATER), [])
    words = session_words(one.day, one.half)
    note = f"{_counted(one.count)} not marked on {words}. See {one.path}"
    key = f"attendance-{one.case_id}-{one.day.isoformat()}-{one.half}"
    letters = raise_task(handler, writing, one.reference, NOT_MARKED, note, key, one.path, _MORE)
    return _tell(handler, writing, one, letters)


def _counted(count: int) -> str:
    return f"{count} session{'' if count == 1 else 's'}"


def _left_for_later(handler: Handler, writing: Writing, attendance: Attendance, now: datetime) -> Iterator[bool]:
    """Once the task before is done, all that came while it was open and is not marked yet, as one."""
    today = local_date(now)
    with handler.store.reading() as connection:
        waiting = {
            case_id: halves
            for case_id, halves in chases.chased_without(
                connection, attendance.open_since(today), _LATER, _FLAG
            ).items()
            if not is_open(connection, case_id, NOT_MARKED, "")
        }
        coding = Coding(attendance, handler.library, today)
        found = {
            case_id: coding.unmarked(connection, Attending(halves[0][0], halves[-1][0], case_id=case_id))
            for case_id, halves in waiting.items()
        }
    for case_id, halves in waiting.items():
        unmarked = [one for one in found[case_id] if (one.day, one.half) in halves]
        yield _flag_together(handler, writing, case_id, halves, unmarked)


def _flag_together(
    handler: Handler, writing: Writing, case_id: int, halves: Sequence[tuple[date, str]], found: Sequence[CodedSession]
) -> bool:
    letters: Sequence[Mapping[str, Any]] = ()
    if found:
        first = found[0]
        words = _when(list(dict.fromkeys((one.day, one.half) for one in found)))
        path = f"/attendance/providers/{first.placement.reference}?day={first.day.isoformat()}"
        note = f"{_counted(len(found))} not marked on {words}. See {path}"
        key = f"attendance-{case_id}-{halves[-1][0].isoformat()}-{halves[-1][1]}-later"
        letters = raise_task(handler, writing, first.placement.reference, NOT_MARKED, note, key, path, _MORE)

    def flagged(connection: Connection) -> bool:
        new = [chases.note_chase(connection, case_id, *each, _FLAG, writing.now) for each in halves]
        return any(new)

    return tell_once(handler, writing, letters, flagged)


def _when(halves: Sequence[tuple[date, str]]) -> str:
    """Each half of a day, or how many where they would be a long list."""
    words = [session_words(*each) for each in halves]
    if len(words) <= _A_FEW:
        return ", ".join(words)
    return f"{len(words)} mornings and afternoons from {words[0]} to {words[-1]}"


def _tell(handler: Handler, writing: Writing, one: Unmarked, letters: Sequence[Mapping[str, Any]]) -> bool:
    def note(connection: Connection) -> bool:
        return chases.note_chase(connection, one.case_id, one.day, one.half, one.step, writing.now)

    return tell_once(handler, writing, letters, note)


def _patterns(handler: Handler, writing: Writing, attendance: Attendance, now: datetime) -> Iterator[bool]:
    today = local_date(now)
    with handler.store.reading() as connection:
        rows = {row.id: row for row in kept.placed(connection, Attending(today, today))}
        known = kept.patterns(connection)
        absent = kept.absent_since(connection, today - _LATELY)  # Who has not been away lately need not be counted.
        asked = Attending(today - _A_YEAR, today, placements=tuple(sorted((absent & rows.keys()) | known.keys())))
        homes = {row.id: row.home_school_id for row in kept.placed(connection, asked)}
        days = days_by_school(connection, handler.library, asked.first)
        latest = latest_counted(connection, days, homes, attendance.pattern.of)
    found = {number for number, marks in latest.items() if is_pattern(attendance.pattern, [mark for _, mark in marks])}
    if gone := known.keys() - found:
        handler.store.write(lambda connection: kept.forget_patterns(connection, gone))
    for number in sorted((found - known.keys()) & rows.keys()):
        yield _raise_pattern(handler, writing, attendance, rows[number], None)
    for number in sorted(found & known.keys() & rows.keys()):
        if _goes_on(attendance, known[number], latest[number]):
            yield _raise_pattern(handler, writing, attendance, rows[number], known[number])


def _goes_on(attendance: Attendance, told: date, newest_first: Sequence[tuple[date, str]]) -> bool:
    """Whether all the sessions of a pattern are later than the day on which somebody was told of it last."""
    return len(newest_first) == attendance.pattern.of and all(day > told for day, _ in newest_first)


def _raise_pattern(handler: Handler, writing: Writing, attendance: Attendance, row: Any, told: date | None) -> bool:
    """Tell the officers by a task, and the home school by a letter; neither says who it is."""
    pattern, today = attendance.pattern, local_date(writing.now)
    path = f"/placements/{row.id}/attendance"
    with handler.store.reading() as connection:
        around = those_around(connection, handler.library, writing, pattern.also, row, "attendance/pattern_around")
    absent = f"A pupil placed here was absent {pattern.absences} times or more in {pattern.of} sessions."
    again = f" It goes on: this was told on {short_day(told)} already." if told else ""
    note = f"{absent}{again}{around.words} See {path}"
    key = f"attendance-pattern-{row.id}-{today.isoformat()}"
    letters = [*raise_task(handler, writing, row.reference, PATTERN, note, key, path), *around.letters]
    if row.school_email:
        said = {"absences": pattern.absences, "of": pattern.of}
        to = To(row.school, row.school_email)
        letter = writing.letter("pattern", to, f"/attendance/schools/{row.home_school_id}", **said)
        letters.append(at_provider(letter, row))

    def note_it(connection: Connection) -> bool:
        if told is None:
            return kept.note_pattern(connection, row.id, today)
        return kept.note_pattern_again(connection, row.id, told, today)

    return tell_once(handler, writing, letters, note_it, let_in=[row])


def _attendance(handler: Handler) -> Attendance:
    assert handler.library.attendance is not None
    return handler.library.attendance
