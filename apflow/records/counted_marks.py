"""The marks that count: those of days on which the pupil's own school is open. Others are kept, and add up to nothing.

Source: Working together to improve school attendance (DfE, August 2024), code #: a planned closure is no session.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from apflow.records.school_years import DaysBySchool
from apflow.store.attendance import latest_marks, marks_by_day

Homes = Mapping[int, int | None]


def mark_counts(
    connection: Connection, days: DaysBySchool, homes: Homes, first: date, last: date
) -> dict[int, dict[str, int]]:
    """How many sessions of each placement were marked as what; `homes` has the home school of each."""
    found: dict[int, dict[str, int]] = {}
    for row in marks_by_day(connection, homes, first, last):
        if days.of(homes[row.placement_id]).why_closed(row.day) is None:
            counted = found.setdefault(row.placement_id, {})
            counted[row.mark] = counted.get(row.mark, 0) + row.how_many
    return found


def latest_counted(connection: Connection, days: DaysBySchool, homes: Homes, most: int) -> dict[int, list[str]]:
    """The last marks of each placement, the newest session first; further back for those with marks that do not."""
    found: dict[int, list[str]] = {}
    asked, depth = set(homes), most
    while asked:
        read = latest_marks(connection, asked, depth)
        for number, marks in read.items():
            school = days.of(homes[number])
            found[number] = [mark for day, mark in marks if school.why_closed(day) is None][:most]
        asked = {number for number, marks in read.items() if len(marks) == depth and len(found[number]) < most}
        depth *= 2
    return found
