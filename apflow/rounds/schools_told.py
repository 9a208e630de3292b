"""Telling a school that nobody marks the attendance of its pupils: once it lasts, and each week while it does."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from apflow.core.days.calendar import LONDON, local_date, shift
from apflow.core.definition.words import day
from apflow.handler import Handler
from apflow.provision.coding import Attendance
from apflow.records.attendance.coding import CodedSession, Coding
from apflow.records.letters import To, Writing, at_provider
from apflow.rounds.attending import tell_once
from apflow.store.records import chases
from apflow.store.records.attendance import Attending

NOTICE = "not_marked_school"
_SCHOOLS, _HALF = "schools", "am"  # Noted of a provider's case for each day on which its schools were looked at.


def schools_told(handler: Handler, writing: Writing, attendance: Attendance, now: datetime) -> Iterator[bool]:
    """Look once a day at each provider that was chased lately, and tell the schools whose pupils it does not mark."""
    rule, today = attendance.chasing.school, local_date(now)
    if rule is None or now.astimezone(LONDON).time() < attendance.chasing.am.flag_at:
        return
    since = shift(today, rule.counted_within, -1)
    with handler.store.reading() as connection:
        done = {case_id for case_id, _, step in chases.chased(connection, today) if step == _SCHOOLS}
        chased = chases.chased_since(connection, since, "remind") | chases.chased_since(connection, since, "flag")
        cases = sorted(chased - done)
        coding = Coding(attendance, handler.library, today)
        unmarked = coding.unmarked(connection, Attending(since, today, cases=tuple(cases))) if cases else []
        told_at = datetime.combine(shift(today, rule.every, -1) + timedelta(days=1), time.min, LONDON)
        told = chases.written_since(connection, f"attendance/{NOTICE}", cases, told_at)
    due = [one for one in unmarked if one.day < today or _is_over(one, attendance, now)]
    for case_id in cases:
        there = [one for one in due if one.placement.case_id == case_id]
        schools = [theirs for theirs in _by_school(there) if _lasts(theirs, rule.after_days)]
        new = [theirs for theirs in schools if (case_id, theirs[0].placement.school_email) not in told]
        yield _tell(handler, writing, case_id, new) and bool(new)


def _is_over(one: CodedSession, attendance: Attendance, now: datetime) -> bool:
    return now.astimezone(LONDON).time() >= attendance.chasing.of(one.half).flag_at


def _by_school(sessions: Sequence[CodedSession]) -> Iterator[list[CodedSession]]:
    """The sessions of each home school that can be written to."""
    found: dict[int, list[CodedSession]] = {}
    for one in sessions:
        if one.placement.school_email:
            found.setdefault(one.placement.home_school_id, []).append(one)
    yield from found.values()


def _lasts(sessions: Sequence[CodedSession], days: int) -> bool:
    """Whether some pupil of theirs was not marked on so many days."""
    of_each: dict[int, set[object]] = {}
    for one in sessions:
        of_each.setdefault(one.placement.id, set()).add(one.day)
    return any(len(missed) >= days for missed in of_each.values())


def _tell(handler: Handler, writing: Writing, case_id: int, schools: Sequence[Sequence[CodedSession]]) -> bool:
    letters = [_letter(writing, theirs) for theirs in schools]
    today, rows = local_date(writing.now), [theirs[0].placement for theirs in schools]
    return tell_once(
        handler,
        writing,
        letters,
        lambda it: chases.note_chase(it, case_id, today, _HALF, _SCHOOLS, writing.now),
        let_in=rows,
    )


def _letter(writing: Writing, theirs: Sequence[CodedSession]) -> dict[str, object]:
    row = theirs[0].placement
    said = {
        "provider": row.provider,
        "count": len(theirs),
        "days": len({one.day for one in theirs}),
        "since": day(min(one.day for one in theirs)),
    }
    letter = writing.letter(
        NOTICE, To(row.school, row.school_email), f"/attendance/schools/{row.home_school_id}", **said
    )
    return dict(at_provider(letter, row))
