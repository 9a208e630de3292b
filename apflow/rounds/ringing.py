"""Letting many due deadlines act: each decided by itself, all of them written in one commit.

One that cannot go with the others, whatever is the matter with it, is left to be rung by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from time import perf_counter

import structlog
from sqlalchemy import Connection

from apflow.core.commands import Ring
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.store.cases.loading import load_cases
from apflow.store.cases.save_together import save_rung
from apflow.store.cases.unit import Saved, Unit
from apflow.store.timers import Claimed
from apflow.watching.logs import fault
from apflow.watching.telling import Done, tell

WRITES_FOR = 0.1  # seconds, after which whoever waits for the database comes first

log = structlog.get_logger()


def ring_together(
    handler: Handler, claims: Sequence[Claimed], now: datetime, *, writes_for: float = WRITES_FOR
) -> Mapping[int, bool]:
    """Of each deadline by id whether it has acted; those that have not are to be rung by themselves.

    The claims are of cases that have nothing to do with each other. Those that there was no time for are left out.
    """
    begun = perf_counter()
    units = _decided(handler, claims, now)
    try:
        saved = handler.store.write(partial(save_rung, list(units.values()), writes_for))
    except Exception as error:  # Nothing has been written: whoever's fault it was says so when it rings by itself.
        log.warning("deadlines could not be written together", many=len(units), **fault(error))
        return dict.fromkeys((claimed.id for claimed in claims), False)
    _tell(saved, perf_counter() - begun)
    tried = dict(zip(units, saved, strict=False))
    return {
        claimed.id: tried.get(claimed.id) is not None
        for claimed in claims
        if claimed.id in tried or claimed.id not in units
    }


def _decided(handler: Handler, claims: Sequence[Claimed], now: datetime) -> dict[int, Unit]:
    """What each of the deadlines does, by id; nothing of one that is refused or broken."""
    units = {}
    with handler.store.reading() as connection:
        snapshots = load_cases(connection, [claimed.reference for claimed in claims])
        for claimed in claims:
            unit = _one(handler, connection, claimed, snapshots.get(claimed.reference), now)
            if unit is not None:
                units[claimed.id] = unit
    return units


def _one(
    handler: Handler, connection: Connection, claimed: Claimed, snapshot: Snapshot | None, now: datetime
) -> Unit | None:
    command = Ring(claimed.deadline, THE_CLOCK, claimed.token)
    if snapshot is None or claimed.deadline not in snapshot.deadlines:
        return None
    try:
        return handler.decided(connection, handler.definition_of(connection, snapshot), snapshot, command, now)
    except Exception:  # Whatever is wrong with one deadline must not stop the others; it is said when it rings alone.
        return None


def _tell(saved: Sequence[Saved | None], seconds: float) -> None:
    for one in saved:
        if one is not None:
            tell(Done(one.reference, one.workflow, one.kind, one.event, one.version, seconds))
