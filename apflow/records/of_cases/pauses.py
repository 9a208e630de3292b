"""The pauses of a placement that a case keeps: begun and ended by the commit that moves the case, and logged."""

from datetime import date

from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.records.placements.places import PLACEMENT
from apflow.store.cases.unit import Unit
from apflow.store.records.pauses import begin_pause, end_pause, pauses_of
from apflow.store.records.placements import kept_by
from apflow.store.records.records import log_change


def keep_pause(connection: Connection, unit: Unit, *, is_paused: bool) -> None:
    """Let the placement be paused since the case entered its state, or go on; nothing where it is so already."""
    row = kept_by(connection, unit.snapshot.id) if unit.snapshot.id is not None else None
    if row is None:
        return
    now = next((one for one in pauses_of(connection, [row.id]).get(row.id, ()) if one.resumed_on is None), None)
    if is_paused and now is None:
        day = local_date(unit.outcome.entered_at)
        begin_pause(connection, row.id, day)
        _log(connection, unit, row.id, "paused_on", day)
    elif not is_paused and now is not None:
        day = max(local_date(unit.outcome.entry.at), now.paused_on)
        end_pause(connection, row.id, now.paused_on, day)
        _log(connection, unit, row.id, "resumed_on", day)


def _log(connection: Connection, unit: Unit, placement: int, what: str, day: date) -> None:
    entry = unit.outcome.entry
    log_change(
        connection,
        kind=PLACEMENT.name,
        record_id=placement,
        action="changed",
        fields={what: [None, day.isoformat()]},
        through=f"Case {unit.snapshot.reference}",
        actor=(entry.actor.id, entry.actor.name),
        at=entry.at,
    )
