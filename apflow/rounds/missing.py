"""Raising who is missing: a pupil who was due days running, did not come, and of whom nobody has said why."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.definition.words import day
from apflow.handler import Handler
from apflow.provision.attendance import days_missed
from apflow.provision.chasing import Missing
from apflow.provision.coding import Attendance
from apflow.records.attendance.coding import CodedSession, Coding
from apflow.records.letters import To, Writing, at_provider
from apflow.records.people.around import those_around
from apflow.rounds.attending import raise_task, tell_once
from apflow.store.records import attendance as kept
from apflow.store.records.attendance import Attending

MISSING = "pupil_missing"  # An alert of a provider's case.
_LATELY = timedelta(weeks=3)  # Who comes once a week has missed two days within it, with a half-term between them.
_A_SUMMER = timedelta(weeks=10)  # No last school day is longer ago.


def missing(handler: Handler, writing: Writing, attendance: Attendance, now: datetime) -> Iterator[bool]:
    """Tell once of each who is missing, until they are seen or somebody says why; they may be missing anew."""
    if attendance.missing is None:
        return
    today = local_date(now)
    with handler.store.reading() as connection:
        known, absent = kept.missing(connection), kept.absent_since(connection, today - _LATELY)
        asked = Attending(today - _A_SUMMER, today, placements=tuple(sorted(absent | known.keys())))
        sessions = Coding(attendance, handler.library, today).sessions(connection, asked) if asked.placements else []
    explained = [one for one in sessions if _should_be_explained(one, attendance, now)]
    found = dict(_who(explained, attendance.missing, today))
    if gone := known.keys() - found.keys():
        handler.store.write(lambda connection: kept.forget_missing(connection, gone))
    for number in sorted(found.keys() - known.keys()):
        yield _tell(handler, writing, attendance.missing, *found[number])


def _should_be_explained(one: CodedSession, attendance: Attendance, now: datetime) -> bool:
    """Whether it is marked and counts, and is not of so short a while ago that the reason may be on its way."""
    if not one.is_planned or one.mark is None or one.closed is not None:
        return False
    at = now.astimezone(LONDON).time()
    return one.day < local_date(now) or at >= attendance.chasing.of(one.half).flag_at


def _who(
    sessions: Sequence[CodedSession], rule: Missing, today: date
) -> Iterator[tuple[int, tuple[CodedSession, date]]]:
    """Each placement whose pupil is missing, with a session of it and the first day that was missed."""
    of_each: dict[int, list[CodedSession]] = {}
    for one in sessions:
        of_each.setdefault(one.placement.id, []).append(one)
    for number, theirs in of_each.items():
        row = theirs[0].placement
        missed = days_missed((one.day, one.coded is not None and one.coded.is_unexplained) for one in theirs)
        runs = row.ends_on is None or row.ends_on >= today
        if runs and len(missed) >= (rule.sooner if row.looked_after or row.plan else rule.days):
            yield number, (theirs[0], missed[-1])


def _tell(handler: Handler, writing: Writing, rule: Missing, one: CodedSession, since: date) -> bool:
    """Tell the officers by a task; the home school, or else the team, and those around by letters that name nobody."""
    row = one.placement
    path = f"/placements/{row.id}/attendance"
    with handler.store.reading() as connection:
        around = those_around(connection, handler.library, writing, rule.also, row, "attendance/missing_around")
    note = f"A pupil placed here has not come since {day(since)}, and nobody has said why.{around.words} See {path}"
    key = f"attendance-missing-{row.id}-{since.isoformat()}"
    letters = list(raise_task(handler, writing, row.reference, MISSING, note, key, path))
    to = To(row.school, row.school_email) if row.school_email else writing.team
    letter = writing.letter("missing", to, f"/attendance/schools/{row.home_school_id}" if row.school_email else path)
    letters.append(at_provider(letter, row))
    letters += around.letters
    return tell_once(handler, writing, letters, lambda it: kept.note_missing(it, row.id, since), let_in=[row])
