"""Hiding a case from somebody whom it is about, and that somebody is left to deal with it."""

from datetime import datetime

from msgspec.structs import replace

from apflow.core.commands import Hide
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, NotOpen
from apflow.core.firing.holders import handed_on, kept_by
from apflow.core.outcome import Entry, Outcome, unmoved
from apflow.core.people.permission import hidden_from
from apflow.core.snapshot import Snapshot, World

HIDDEN = "changed who_sees_it"
NOBODY_LEFT = "Somebody has to be able to deal with this: leave out at least one of those you chose."


def refuse_if_hidden_from_all(definition: Definition, outcome: Outcome, world: World) -> None:
    """Blocked when somebody would hide it from everybody of the roles that can be chosen for that.

    What apflow does by itself copies what people have said of another case, and is not refused.
    """
    asked, entry = definition.workflow.hidden_from, outcome.entry
    if entry.actor.id is None or entry.changed.keys().isdisjoint(asked):
        return
    roles = (definition.workflow.fields[name].chosen_from for name in asked)
    everybody = {person for role in roles for person in world.people.get(role, {})}
    if everybody and everybody <= hidden_from(definition, outcome.fields):
        raise Blocked([NOBODY_LEFT])


def hide(definition: Definition, snapshot: Snapshot, command: Hide, now: datetime) -> Outcome:
    """What the people had of the case is anybody's again; NotOpen where it is hidden from them already, or never can
    be."""
    named = definition.workflow.hidden_from
    if not named or hidden_from(definition, snapshot.fields) == command.people:
        raise NotOpen("This case is hidden from nobody else.")
    said = {**dict.fromkeys(named, ()), named[0]: command.people}
    changed = {name: sorted(people) or None for name, people in said.items()}
    fields = {name: value for name, value in {**snapshot.fields, **changed}.items() if value is not None}
    entry = Entry("task", HIDDEN, command.actor, now, snapshot.state, snapshot.state, changed=changed)
    return replace(
        unmoved(snapshot, entry),
        fields=fields,
        tasks=handed_on(definition, snapshot.state, fields, {}, snapshot.tasks),
        assigned_to=kept_by(definition, fields, snapshot.assigned_to),
    )
