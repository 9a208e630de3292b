"""How far the deadlines of open cases have been counted anew by the calendar of an edition; a note in the settings.

The note commits with the edition, and goes once the last case has been counted. Whoever finds it goes on from there.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, delete, exists, or_, select

from apflow.store.beside import set_setting, setting
from apflow.store.tables.cases import cases
from apflow.store.tables.settings import settings
from apflow.store.tables.work import timers

_NAME = "counted_anew"


class Recounting(msgspec.Struct, frozen=True):
    """By the calendar of which edition, who published it, and the last case that has been counted."""

    edition: int
    by: str
    by_id: int | None = None
    after: int = 0


def under_way(connection: Connection) -> Recounting | None:
    """What is being counted anew, or None."""
    noted = setting(connection, _NAME)
    return msgspec.json.decode(noted, type=Recounting) if noted else None


def begin(connection: Connection, recounting: Recounting) -> None:
    """Note that cases are to be counted anew, from the first, whatever was being counted before."""
    set_setting(connection, _NAME, msgspec.json.encode(recounting).decode())


def go_on(connection: Connection, was: Recounting, after: int | None) -> None:
    """Note the last case that was counted, None for the end; unless another edition has been published meanwhile."""
    if under_way(connection) != was:
        return
    if after is None:
        connection.execute(delete(settings).where(settings.c.name == _NAME))
    else:
        begin(connection, msgspec.structs.replace(was, after=after))


def cases_counting(
    connection: Connection, units: Iterable[str], *, after: int, limit: int
) -> Sequence[tuple[int, str]]:
    """Open cases on which something counted in these units runs, by rising number, each with its reference."""
    counted = or_(*(timers.c.within.like(f"% {unit}%") for unit in sorted(units)))
    running = (timers.c.case_id == cases.c.id, timers.c.stopped_at.is_(None), timers.c.ended.is_(False))
    query = select(cases.c.id, cases.c.reference).where(cases.c.is_open, cases.c.id > after)
    query = query.where(exists().where(*running, counted))
    return [(row.id, row.reference) for row in connection.execute(query.order_by(cases.c.id).limit(limit))]
