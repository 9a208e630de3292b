"""Cases that ask somebody to see to another, which are hidden from whomever that is hidden from."""

from datetime import datetime

from sqlalchemy import Connection

from apflow.beyond.cases import Decided, DefinitionOf
from apflow.core.commands import Hide
from apflow.core.definition.compiled import Definition
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_CLOCK
from apflow.core.people.permission import hidden_from
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Unit
from apflow.store.findings import asking_about


def hiding_events(library: Library) -> frozenset[str]:
    """The events, of whatever workflow, that may say from whom a case is hidden: decided with the case held."""
    current = (library.current(name) for name in library.sources)
    asked = ((made.workflow.hidden_from, key, form) for made in current for key, form in made.forms.items())
    return frozenset(event for hides, (_, event), form in asked if not form.keys().isdisjoint(hides))


def hiding_units(
    connection: Connection,
    definition: Definition,
    snapshot: Snapshot,
    outcome: Outcome,
    now: datetime,
    *,
    definition_of: DefinitionOf,
    decided: Decided,
) -> tuple[Unit, ...]:
    """What asks somebody to see to the case, hidden as the case is once the outcome has happened."""
    people = hidden_from(definition, outcome.fields)
    if snapshot.id is None or people == hidden_from(definition, snapshot.fields):
        return ()
    return hidden_as_well(connection, snapshot.reference, people, now, definition_of=definition_of, decided=decided)


def hidden_as_well(
    connection: Connection,
    reference: str,
    people: frozenset[int],
    now: datetime,
    *,
    definition_of: DefinitionOf,
    decided: Decided,
) -> tuple[Unit, ...]:
    """The same of a case that is hidden from these people; those of it that are hidden so already are left."""
    units = []
    for asking in asking_about(connection, reference):
        case = load_case(connection, asking)
        if case is None or not (definition := definition_of(connection, case)).workflow.hidden_from:
            continue
        if hidden_from(definition, case.fields) != people:
            command = Hide(people, THE_CLOCK)
            units.append(decided(connection, definition, case, command, max(now, case.changed_at or now)))
    return tuple(units)
