"""E-mails that wait for somebody whom a case names no longer: they do not go, and are written to whoever comes instead.

So are those that nobody has taken to the mail server yet; what is on its way arrives where it was written to.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import structs
from sqlalchemy import Connection, Row

from apflow.core.definition.compiled import Definition
from apflow.core.outcome import Outcome
from apflow.core.snapshot import Snapshot
from apflow.letters.again import as_it_stands
from apflow.letters.messages import Batch, Letters
from apflow.store.cases.unit import PartyDetails, Redirected
from apflow.store.redirecting import waiting_for


def redirected(
    letters: Letters,
    connection: Connection,
    definition: Definition,
    snapshot: Snapshot,
    outcome: Outcome,
    parties: Sequence[PartyDetails],
    now: datetime,
) -> tuple[Batch, tuple[Redirected, ...]]:
    """What is written in their place, and of each that waited whether anything is; else somebody has it as a task."""
    if not parties:  # As a rule: nobody is named who was not before.
        return Batch(), ()
    batch, waited = Batch(), list[Redirected]()
    after = structs.replace(snapshot, fields=outcome.fields)
    for comes, rows in _waiting(connection, definition, snapshot, parties):
        for row in rows:
            again = as_it_stands(letters, connection, definition, after, row, outcome.entry.actor, now, comes.email)
            batch.messages.extend(again.messages)
            batch.links.extend(again.links)
            waited.append(Redirected(row.id, row.token, bool(again.messages)))
    return batch, tuple(waited)


def _waiting(
    connection: Connection, definition: Definition, snapshot: Snapshot, parties: Iterable[PartyDetails]
) -> Iterator[tuple[PartyDetails, Sequence[Row[tuple[int, ...]]]]]:
    """Whoever comes, with what waits for whoever the case named in that role before."""
    emails = {party.role: party.email for party in definition.workflow.parties}
    for comes in parties:
        before = str(snapshot.fields.get(emails.get(comes.role, "")) or "").lower()
        if snapshot.id is not None and before not in ("", comes.email):
            yield comes, waiting_for(connection, snapshot.id, before)
