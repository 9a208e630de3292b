"""That nothing is done any more to a closed case of which only a stub is left."""

from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.definition.words import short_day
from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.core.people.permission import may_see
from apflow.core.snapshot import Snapshot
from apflow.store.records.erased_cases import erased_case


def refuse_if_erased(connection: Connection, definition: Definition, snapshot: Snapshot, actor: Actor) -> None:
    """Blocked where the case was erased, for whoever sees it; asked of closed cases alone."""
    state = definition.workflow.states.get(snapshot.state)
    if snapshot.id is None or state is None or not state.final or not may_see(definition, snapshot, actor):
        return
    if (erased := erased_case(connection, snapshot.reference)) is not None:
        day = short_day(local_date(erased.erased_at))
        raise Blocked([f"What this case said was erased on {day}. Nothing can be done to it any more."])
