"""Finding the deadlines that went on by an old day when an event that moved the case had given another."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.deadlines.changes import Happening
from apflow.core.deadlines.otherwise import counted_otherwise
from apflow.core.definition.compiled import Definition
from apflow.core.definition.words import day
from apflow.core.snapshot import Snapshot
from apflow.store.reading.history import history_of

COUNTED_OTHERWISE = "counted_otherwise"


def otherwise(
    connection: Connection, definition: Definition, snapshot: Snapshot, now: datetime
) -> Iterator[tuple[str, str]]:
    """Each such deadline of the case by name, with a sentence of it.

    It is counted from a day that its date said before. One that was kept when the case was moved to another version,
    as somebody wanted, is counted from something else.
    """
    if snapshot.state not in definition.deadlines or definition.state(snapshot.state).final:
        return
    happening = Happening(definition, "", snapshot.state, snapshot.fields, now, snapshot.items)
    found = list(counted_otherwise(happening, snapshot))
    said_before = _said_before(connection, snapshot) if found else {}
    for one in found:
        spec = definition.workflow.deadlines[one.name]
        counted_from = local_date(one.anchor_at)
        if counted_from.isoformat() in said_before.get(spec.of or "", ()):
            says = snapshot.fields.get(spec.of or "")
            now_says = (
                f"while the case says {day(date.fromisoformat(says))}" if says else "which the case no longer says"
            )
            yield one.name, f"“{spec.label}” is counted from {day(counted_from)}, {now_says}"


def _said_before(connection: Connection, snapshot: Snapshot) -> dict[str, set[Any]]:
    """What each field of the case has ever said, as its history has it."""
    said: dict[str, set[Any]] = {}
    for entry in history_of(connection, snapshot.reference):
        for name, value in (entry.payload.get("changed") or {}).items():
            if isinstance(value, str):
                said.setdefault(name, set()).add(value)
    return said
