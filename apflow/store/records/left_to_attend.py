"""Which sessions are marked already, and which of the marks are absences: from these it is seen what is left to do."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from apflow.store.records.attendance import STANDS, Session
from apflow.store.tables.attendance import session_marks


def marked_between(connection: Connection, numbers: Iterable[int], first: date, last: date) -> frozenset[Session]:
    """The sessions of these placements that somebody has marked, as whatever."""
    marks = session_marks.c
    query = select(marks.placement_id, marks.day, marks.half).where(
        marks.placement_id.in_(sorted(set(numbers))), marks.day.between(first, last)
    )
    return frozenset((row.placement_id, row.day, row.half) for row in connection.execute(query.distinct()))


def absences_between(connection: Connection, numbers: Iterable[int], first: date, last: date) -> Sequence[Row[Any]]:
    """The marks that stand of these placements by which somebody was absent, the oldest first."""
    marks = session_marks.c
    query = select(session_marks).where(
        marks.placement_id.in_(sorted(set(numbers))), marks.day.between(first, last), marks.mark == "absent", STANDS
    )
    return connection.execute(query.order_by(marks.day, marks.half, marks.placement_id)).all()
