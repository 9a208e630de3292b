"""A placement with an attendance plan, and marks of it, for tests of attendance."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.provision.attendance import Mark
from apflow.records.attendance.marking import Marking, Said, Taken
from apflow.records.attendance.school_years import SCHOOL_YEAR
from apflow.records.door import By, add
from apflow.records.letters import Writing
from apflow.records.placements.attendance_plans import ATTENDANCE_PLAN
from apflow.store.records.attendance import Attending
from apflow.store.records.pauses import begin_pause, end_pause
from apflow.store.tables.attendance import session_marks
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, PAT, TODAY
from tests.brought import again
from tests.records.council import a_placement, a_pupil, a_school, a_site, an_approved_provider, by

ALL_WEEK = [
    f"{day} {half}" for day in ("monday", "tuesday", "wednesday", "thursday", "friday") for half in ("am", "pm")
]
PLAN = {
    "from_on": "2026-09-07",
    "setting": "provider",
    "arranged_by": "school",
    "sessions": ALL_WEEK,
    "is_supervised": True,
    "authorised": "Hattie Head",
    "reporter": "Pat Provider",
}
SCHOOL_MAIL = "office@hill.example"


def a_plan(door: Handler, placement: int, **more: Any) -> int:
    return add(door.store, ATTENDANCE_PLAN, {**PLAN, **more}, by(door), {"placement_id": placement})


def a_placed_pupil(door: Handler, **more: Any) -> tuple[int, int]:
    """The number of a provider's case, and of the placement there of a pupil who has an attendance plan."""
    return again(door, _placed_pupil, **more)


def _placed_pupil(door: Handler, **more: Any) -> tuple[int, int]:
    case = an_approved_provider(door)
    a_school(door, email=SCHOOL_MAIL)
    a_site(door, case)
    placement = a_placement(door, a_pupil(door))
    a_plan(door, placement, **more)
    return case, placement


def own_dates(door: Handler, school: int = 1, **said: Any) -> int:
    """What a school says of its own school year 2026/27."""
    return add(door.store, SCHOOL_YEAR, said, by(door), {"commissioner_id": school, "year": 2026})


def said(placement: int, mark: str = "present", **more: Any) -> Said:
    given = {"day": TODAY, "half": "am", "reason": None, "key": f"{placement}-{mark}", **more}
    return Said(placement=placement, mark=Mark(mark), **given)


def marking(door: Handler, actor: Actor = PAT, *, minutes_on: int = 0) -> Marking:
    now = MONDAY + timedelta(minutes=minutes_on)
    library = door.library
    assert library.attendance
    writing = Writing(door.letters, library.council, now)
    return Marking(door.store, By(actor, now, library), library.attendance, writing)


def mark(door: Handler, case: int, *marks: Said, actor: Actor = PAT, minutes_on: int = 0) -> list[Taken]:
    days = [one.day for one in marks]
    of = Attending(min(days), max(days), case_id=case)
    return marking(door, actor, minutes_on=minutes_on).mark(of, marks, "provider")


def kept(door: Handler) -> list[tuple[int, date, str, int, str, str | None]]:
    """Every mark there is, in the order in which they came."""
    with door.store.reading() as connection:
        rows = connection.execute(select(session_marks).order_by(session_marks.c.id))
        return [(row.placement_id, row.day, row.half, row.number, row.mark, row.reason) for row in rows]


def letters(door: Handler, notice: str) -> list[Row[Any]]:
    with door.store.reading() as connection:
        query = select(messages).where(messages.c.notice == f"attendance/{notice}")
        return list(connection.execute(query.order_by(messages.c.id)))


def paused(door: Handler, placement: int, since: date, until: date | None = None) -> None:
    """Pause a placement from a day on, as its case would; until the day on which it goes on, if it does."""
    with door.store.writing() as connection:
        begin_pause(connection, placement, since)
        if until is not None:
            end_pause(connection, placement, since, until)
