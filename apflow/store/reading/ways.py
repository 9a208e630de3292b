"""The way a case came, from its history."""

from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.diagram import Passage, Way
from apflow.core.snapshot import Snapshot
from apflow.store.reading.history import history_of


def way_of(connection: Connection, definition: Definition, snapshot: Snapshot) -> Way:
    """Every move of the case up to now, whoever or whatever made it, between states as they are called now."""
    entries = history_of(connection, snapshot.reference)
    moves = [entry for entry in entries if entry.kind == "event" and entry.from_state != entry.to_state]
    called = definition.now_called
    return Way(
        reference=snapshot.reference,
        state=snapshot.state,
        passages=tuple(
            Passage(entry.name, called(entry.from_state), called(entry.to_state), local_date(entry.at))
            for entry in moves
        ),
    )
