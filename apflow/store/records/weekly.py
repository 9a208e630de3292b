"""What weeks of placements come to and came to: read for many at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select

from apflow.provision.weekly import Agreed, Earlier, Weekly
from apflow.store.tables.pupils import placement_weeks, placements


def agreed_of(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, Agreed]:
    """What was agreed of each placement, by its number; `rows` have its columns."""
    numbers = sorted({row.id for row in rows})
    query = select(placement_weeks).where(placement_weeks.c.placement_id.in_(numbers))
    earlier: dict[int, list[Earlier]] = {}
    for row in connection.execute(query.order_by(placement_weeks.c.until)):
        earlier.setdefault(row.placement_id, []).append(Earlier(row.until, _weekly(row)))
    return {row.id: Agreed(_weekly(row), tuple(earlier.get(row.id, ()))) for row in rows}


def minutes_on(day: ColumnElement[Any]) -> ColumnElement[int]:
    """How many minutes a week of a placement has on the day, for a statement that reads placements."""
    until = (placement_weeks.c.placement_id == placements.c.id, placement_weeks.c.until > day)
    earlier = select(placement_weeks.c.minutes).where(*until).order_by(placement_weeks.c.until).limit(1)
    return func.coalesce(earlier.scalar_subquery(), placements.c.minutes)


def set_earlier(connection: Connection, placement_id: int, earlier: Iterable[Earlier]) -> None:
    """Let these be all that weeks of it came to before."""
    connection.execute(delete(placement_weeks).where(placement_weeks.c.placement_id == placement_id))
    for one in earlier:
        said = {name: getattr(one.weekly, name) for name in _SAID}
        connection.execute(insert(placement_weeks).values(placement_id=placement_id, until=one.until, **said))


_SAID = ("minutes", "sessions", "has_breaks", "cost")


def _weekly(row: Row[Any]) -> Weekly:
    return Weekly(*(getattr(row, name) for name in _SAID))
