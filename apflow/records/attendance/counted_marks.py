"""The marks that count: those of days on which the pupil's own school is open, and the placement is not paused.

Others are kept, and add up to nothing.

Source: Working together to improve school attendance (DfE, August 2024), code #: a planned closure is no session.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.school import SchoolDays
from apflow.provision.coding import Attendance
from apflow.provision.pauses import Pause, pause_on
from apflow.records.attendance.school_years import DaysBySchool
from apflow.store.records.attendance import latest_marks, marks_by_day
from apflow.store.records.pauses import pauses_of

Homes = Mapping[int, int | None]


def mark_counts(
    connection: Connection, attendance: Attendance | None, days: DaysBySchool, homes: Homes, first: date, last: date
) -> dict[int, dict[str, int]]:
    """How many sessions of each placement were marked as what; `homes` has the home school of each.

    Of whoever could not come, as the table of the day counts the reason, it is neither an absence nor anything else.
    """
    found: dict[int, dict[str, int]] = {}
    pauses = pauses_of(connection, homes)
    for row in marks_by_day(connection, homes, first, last):
        table = attendance.in_force(row.day) if attendance and row.reason else None
        could_come = table is None or table.could_come(row.reason)
        if could_come and _counts(days.of(homes[row.placement_id]), pauses.get(row.placement_id, ()), row.day):
            counted = found.setdefault(row.placement_id, {})
            counted[row.mark] = counted.get(row.mark, 0) + row.how_many
    return found


def latest_counted(
    connection: Connection, days: DaysBySchool, homes: Homes, most: int
) -> dict[int, list[tuple[date, str]]]:
    """The last marks of each placement with their days, the newest session first; further back where some do not."""
    found: dict[int, list[tuple[date, str]]] = {}
    asked, depth, pauses = set(homes), most, pauses_of(connection, homes)
    while asked:
        read = latest_marks(connection, asked, depth)
        for number, marks in read.items():
            school, paused = days.of(homes[number]), pauses.get(number, ())
            found[number] = [(day, mark) for day, mark in marks if _counts(school, paused, day)][:most]
        asked = {number for number, marks in read.items() if len(marks) == depth and len(found[number]) < most}
        depth *= 2
    return found


def marks_of_days(connection: Connection, days: DaysBySchool, homes: Homes, first: date, last: date) -> list[Row[Any]]:
    """What was marked of these placements on which day and why, the days on which it counts."""
    pauses = pauses_of(connection, homes)
    return [
        row
        for row in marks_by_day(connection, homes, first, last)
        if _counts(days.of(homes[row.placement_id]), pauses.get(row.placement_id, ()), row.day)
    ]


def _counts(school: SchoolDays, pauses: Sequence[Pause], day: date) -> bool:
    return school.why_closed(day) is None and pause_on(pauses, day) is None
