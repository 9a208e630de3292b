"""The pauses of placements: read for many at once, begun and ended one by one."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from apflow.provision.pauses import Pause
from apflow.store.tables.pupils import placement_pauses


def pauses_of(connection: Connection, numbers: Iterable[int]) -> dict[int, list[Pause]]:
    """The pauses of each of these placements that has any, the first before the later ones."""
    query = select(placement_pauses).where(placement_pauses.c.placement_id.in_(sorted(set(numbers))))
    found: dict[int, list[Pause]] = {}
    for row in connection.execute(query.order_by(placement_pauses.c.paused_on)):
        found.setdefault(row.placement_id, []).append(Pause(row.paused_on, row.resumed_on))
    return found


def begin_pause(connection: Connection, placement_id: int, day: date) -> None:
    """Add a pause; the last goes on instead, where it ended on this day or later."""
    last = pauses_of(connection, [placement_id]).get(placement_id, [])[-1:]
    if last and (last[0].resumed_on or day) >= day:
        end_pause(connection, placement_id, last[0].paused_on, None)
    else:
        connection.execute(insert(placement_pauses).values(placement_id=placement_id, paused_on=day))


def end_pause(connection: Connection, placement_id: int, paused_on: date, day: date | None) -> None:
    """Let the pause that began on a day end on the day on which the placement goes on; None: it goes on pausing."""
    found = placement_pauses.c.placement_id == placement_id, placement_pauses.c.paused_on == paused_on
    connection.execute(update(placement_pauses).where(*found).values(resumed_on=day))


def set_pauses(connection: Connection, placement_id: int, pauses: Iterable[Pause]) -> None:
    """Let these be all its pauses."""
    connection.execute(delete(placement_pauses).where(placement_pauses.c.placement_id == placement_id))
    for pause in pauses:
        values = {"placement_id": placement_id, "paused_on": pause.paused_on, "resumed_on": pause.resumed_on}
        connection.execute(insert(placement_pauses).values(values))
