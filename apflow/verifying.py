"""Nobody forgotten, asked of the cases there are: how each stands, and what is late or stuck around them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core import words
from apflow.core.standing import faults_of
from apflow.handler import Handler
from apflow.store.cases import load_case, references_of_all
from apflow.store.history import broken_chains
from apflow.store.lateness import late_deadlines, stuck_messages, unheard_signals
from apflow.store.people import with_role

LATE_AFTER = timedelta(minutes=10)  # A worker looks every 20 seconds, and takes up another's work within a minute.
STUCK_AFTER = timedelta(hours=1)


def verified(handler: Handler, connection: Connection, now: datetime) -> Iterator[str]:
    """A sentence for each thing that is wrong, by case: its history, how it stands, its deadlines, mail and signals."""
    yield from broken_chains(connection)
    yield from _standing(handler, connection)
    for row in late_deadlines(connection, now - LATE_AFTER):
        yield f"{row.reference}: the deadline “{row.name}” has been due since {_moment(row)}, and nothing was done"
    for row in stuck_messages(connection, now - STUCK_AFTER):
        yield f"{row.reference or 'A letter'}: an e-mail has waited to be sent since {_moment(row)}"
    for row in unheard_signals(connection, now - LATE_AFTER):
        yield f"{row.reference}: what it says to another case has not been heard since {_moment(row)}"


def _standing(handler: Handler, connection: Connection) -> Iterator[str]:
    held = {role: bool(with_role(connection, role)) for role in handler.library.council.roles}
    for reference in references_of_all(connection):
        snapshot = load_case(connection, reference)
        assert snapshot is not None
        definition = handler.definition_of(connection, snapshot)
        yield from (f"{reference}: {fault}" for fault in faults_of(definition, snapshot, held))


def _moment(row: Row[Any]) -> str:
    return words.moment(row.since)
