"""That open cases of a provider call it by its new name, as its own case does."""

from datetime import datetime

from sqlalchemy import Connection

from apflow.beyond.cases import Decided, DefinitionOf
from apflow.beyond.handed_over import placed
from apflow.core.commands import Rename
from apflow.core.definition.compiled import Definition
from apflow.core.firing.handing_over import saying_name
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Unit
from apflow.store.records.handed_over import of_provider
from apflow.store.records.sites import PROVIDERS


def renamed_units(
    connection: Connection,
    library: Library,
    definition: Definition,
    snapshot: Snapshot,
    outcome: Outcome,
    now: datetime,
    *,
    definition_of: DefinitionOf,
    decided: Decided,
) -> tuple[Unit, ...]:
    """Each of them as it says the new name, in the same commit, also under an older text of its workflow."""
    called = definition.workflow.called
    was, name = snapshot.fields.get(called), outcome.fields.get(called)
    if snapshot.id is None or snapshot.workflow not in PROVIDERS or not was or not name or was == name:
        return ()
    note = f"{was} is called {name} from now on."
    role = definition.workflow.parties[0].role
    units = []
    for reference in of_provider(connection, snapshot.id, placed(library, "site")):
        case = load_case(connection, reference)
        if case is None:
            continue
        theirs = definition_of(connection, case)
        command = Rename(role, was, name, _copied(definition, theirs.name), note, THE_CLOCK)
        if saying_name(theirs, case, command):
            units.append(decided(connection, theirs, case, command, max(now, case.changed_at or now)))
    return tuple(units)


def _copied(definition: Definition, workflow: str) -> frozenset[str]:
    """The fields of another workflow's cases into which the provider's own case has its name copied."""
    called = definition.workflow.called
    events = (spec for by_event in definition.events.values() for spec in by_event.values())
    calls = (one for spec in events for one in spec.calls.values() if one.workflow == workflow)
    return frozenset(theirs for one in calls for theirs, ours in one.with_.items() if ours == called)
