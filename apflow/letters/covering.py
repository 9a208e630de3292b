"""Who covers for somebody whom a notice goes to, and so is written to beside them."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.definition.words import short_day
from apflow.core.people.permission import may_see
from apflow.core.snapshot import Snapshot
from apflow.letters.contexts import Recipient
from apflow.store.people import people
from apflow.store.people.away import away_on


def covering_for(
    connection: Connection, definition: Definition, after: Snapshot, role: str, person: int, today: date
) -> Iterator[Recipient]:
    """Those who cover for the person today in the role, who may see the case, and read what they may themselves."""
    away = away_on(connection, today)
    absence = away.of(person)
    if absence is None:
        return
    said = f"covering for {absence.name}, who is away until {short_day(absence.last_on)}"
    for one in away.covers_in(person, role, definition.council):
        row = people.person(connection, one.id or 0)
        if row is not None and may_see(definition, after, one):
            audience = definition.council.roles[role].audience
            yield Recipient(row.id, row.name, row.email, audience, covering=said, reads_as=one)
