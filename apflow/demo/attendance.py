"""The demo's attendance: a plan for each placement, and two weeks of marks made by the providers' own people.

Some absences have no reason, one pupil is often away, and one plan lacks what code B needs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import LONDON, local_date
from apflow.provision.attendance import Mark
from apflow.provision.sessions import EVERY_SESSION
from apflow.records.attendance.coding import CodedSession, Coding
from apflow.records.attendance.marking import Marking, Said
from apflow.records.door import By, add
from apflow.records.letters import Writing
from apflow.records.placements.attendance_plans import ATTENDANCE_PLAN
from apflow.store.people import people
from apflow.store.records.attendance import Attending, parties_of, placed
from apflow.store.records.commissioners import list_commissioners
from apflow.web.site import Site

_WEEKS = 2
_MORNINGS_FIRST = sorted(EVERY_SESSION, key=lambda name: name.endswith("pm"))
_NOBODY_AUTHORISED, _OFTEN_AWAY = "Acorn", "Heron"
_ONE_IN = 19  # How often somebody is late, ill, or away without a reason.


def keep_attendance(site: Site, by: By, since: date) -> None:
    """Add a plan to every placement from the day `since`, then mark the last two weeks, day by day."""
    with site.store.writing() as connection:
        _schools_people(connection, by.now)
    with site.store.reading() as connection:
        rows = placed(connection, Attending(since, by.today))
    seen: set[int] = set()
    for row in rows:
        add(
            site.store, ATTENDANCE_PLAN, _plan(row, since, is_second=row.pupil_id in seen), by, {"placement_id": row.id}
        )
        seen.add(row.pupil_id)
    for days in range(7 * _WEEKS, 0, -1):
        _mark(site, datetime.combine(by.today - timedelta(days=days), time(9, 40), LONDON))


def marked_week(site: Site, monday: date, at: datetime) -> None:
    """Mark every session from that Monday to the day of `at` that nobody has marked yet, each provider its own."""
    _mark_days(site, Attending(monday, local_date(at)), at)


def mark_since(site: Site, day: date, today: date) -> None:
    """Mark, each day on the day itself, what nobody has marked from `day` to yesterday."""
    while day < today:
        _mark(site, datetime.combine(day, time(15, 45), LONDON))
        day += timedelta(days=1)


def _schools_people(connection: Connection, now: datetime) -> None:
    """Somebody to sign in for each school that has an address, unless there is already."""
    for school in list_commissioners(connection, "", "school", limit=10):
        if school.email and school.contact_name and people.person_by_email(connection, school.email) is None:
            roles = ["commissioner"]
            people.add_person(
                connection, name=school.contact_name, email=school.email, roles=roles, agency=None, now=now
            )


def _plan(row: Row[Any], since: date, *, is_second: bool) -> dict[str, Any]:
    count = max(1, min(10, row.minutes // 180))
    order = _MORNINGS_FIRST[::-1] if is_second else _MORNINGS_FIRST
    by_council = row.commissioner_kind != "school"
    part_time = {
        "part_time_agreed": f"The parent, and {row.school}",
        "part_time_from": since.isoformat(),
        "part_time_until": (since + timedelta(weeks=16)).isoformat(),
    }
    return {
        "from_on": since.isoformat(),
        "setting": "another_school" if "School" in row.provider else "provider",
        "arranged_by": "council" if by_council else "school",
        "sessions": order[:count],
        "is_supervised": "yes",
        "reporter": f"The team at {row.provider}",
        **({} if row.surname == _NOBODY_AUTHORISED else {"authorised": f"The lead tutor at {row.site.lower()}"}),
        **(part_time if count < 3 and row.school else {}),
    }


def _mark(site: Site, at: datetime) -> None:
    day = local_date(at)
    _mark_days(site, Attending(day, day), at)


def _mark_days(site: Site, of: Attending, at: datetime) -> None:
    attendance = site.library.attendance
    assert attendance is not None
    with site.store.reading() as connection:
        sessions = Coding(attendance, site.library, of.last).sessions(connection, of)
        by_case: dict[int, list[CodedSession]] = {}
        for one in sessions:
            if one.is_planned and one.mark is None:
                by_case.setdefault(one.placement.case_id, []).append(one)
        markers = {case: [people.person(connection, who) for who in parties_of(connection, case)] for case in by_case}
    writing = Writing(site.handler.letters, site.council, at)
    for case, every in by_case.items():
        for person in [row for row in markers[case] if row is not None][:1]:
            who = By(people.actor_of(person), at, site.library)
            marking = Marking(site.store, who, attendance, writing)
            marking.mark(replace(of, case_id=case), list(_said(every)), "provider")


def _said(sessions: Sequence[CodedSession]) -> Iterator[Said]:
    for one in sessions:
        chance = (one.placement.id * 7 + one.day.toordinal() * 3 + (one.half == "pm")) % _ONE_IN
        if one.placement.surname == _OFTEN_AWAY and one.day.toordinal() % 2:
            chance = 0
        mark, reason = {0: (Mark.ABSENT, None), 5: (Mark.ABSENT, "ill"), 9: (Mark.LATE, None)}.get(
            chance, (Mark.PRESENT, None)
        )
        key = f"demo-{one.placement.id}-{one.day.isoformat()}-{one.half}"
        yield Said(one.placement.id, one.day, one.half, mark, reason, key)
