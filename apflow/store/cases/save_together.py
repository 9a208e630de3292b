"""Saving what was decided for several cases in one transaction, none of which waits for anybody else's."""

from collections.abc import Sequence
from time import perf_counter

from sqlalchemy import Connection, select

from apflow.store.cases.save import save_outcome
from apflow.store.cases.unit import Saved, Unit
from apflow.store.driver.among import among
from apflow.store.driver.hot import Compiled
from apflow.store.tables.cases import cases
from apflow.store.tables.work import timers

# Whoever holds one of the cases at this moment is not waited for: theirs is saved another time, and the others now.
_FREE = Compiled(
    select(timers.c.id, timers.c.token, cases.c.version)
    .join(cases, cases.c.id == timers.c.case_id)
    .where(among(timers.c.id, "timer_ids"), timers.c.stopped_at.is_(None))
    .with_for_update(key_share=True, skip_locked=True)
)


def save_rung(units: Sequence[Unit], writes_for: float, connection: Connection) -> list[Saved | None]:
    """Write what their deadlines did to these cases; None for one that has moved on, is held, or lost its claim.

    After `writes_for` seconds the last of them are not tried, and the answer is so much shorter.
    """
    begun = perf_counter()
    free = {
        (row.id, row.token, row.version)
        for row in _FREE.all(connection, {"timer_ids": [_timer(unit) for unit in units]})
    }
    saved: list[Saved | None] = []
    for unit in units:
        stands = (_timer(unit), unit.outcome.token, unit.snapshot.version) in free
        saved.append(save_outcome(connection, unit) if stands else None)
        if perf_counter() - begun > writes_for:
            break
    return saved


def _timer(unit: Unit) -> int:
    return unit.snapshot.deadlines[unit.outcome.deadline or ""].id or 0
