"""Whether a case, as it stands, has a place in another version of its workflow: its state, answers, items, children."""

from collections.abc import Iterator

from apflow.core.conditions import holds
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import UNTOUCHED
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Blocked
from apflow.core.facts import facts_of
from apflow.core.snapshot import Snapshot, World


def state_after(definition: Definition, snapshot: Snapshot, to: Definition) -> str:
    """The state in which the case goes on; Blocked when the new version has none for it."""
    workflow, label = to.workflow, definition.state(snapshot.state).label.staff
    state = snapshot.state if snapshot.state in workflow.states else workflow.migrate.get(snapshot.state)
    if state is None:
        raise Blocked([f"“{label}” is no longer there, and migrate: does not say where its cases go."])
    if workflow.states[state].final:
        raise Blocked([f"“{label}” would become “{workflow.states[state].label.staff}”, and no move ends a case."])
    return state


def misfits(definition: Definition, snapshot: Snapshot, to: Definition) -> Iterator[str]:
    """A sentence for each thing about the case that the new version would not understand."""
    yield from _answers(snapshot, to)
    yield from _items(snapshot, to)
    yield from _listed(definition, snapshot, to)
    yield from _relatives(snapshot, to)


def broken_promises(snapshot: Snapshot, state: str, moved: Snapshot, to: Definition, world: World) -> tuple[str, ...]:
    """What the new version's invariants say against the case; those on entry only where it goes to another state."""
    facts = facts_of(to, moved, world)
    asked = (
        invariant
        for invariant in to.workflow.invariants.values()
        if invariant.always or (state != snapshot.state and state in invariant.on_entry_to)
    )
    return tuple(f"This would not hold: {one.says}" for one in asked if holds(one.holds, facts) is not True)


def _answers(snapshot: Snapshot, to: Definition) -> Iterator[str]:
    for name, value in snapshot.fields.items():
        spec = to.workflow.fields.get(name)
        if spec is not None and value is not None and not _is_readable(spec, value):
            yield f"What “{spec.label}” says can no longer be an answer to it."


def _is_readable(spec: FieldSpec, value: object) -> bool:
    """Whether the value is of the kind that the field now has, and, where it was chosen, still among the choices."""
    match spec.type:
        case FieldType.YES_NO | FieldType.CONFIRM:
            return isinstance(value, bool)
        case FieldType.NUMBER | FieldType.PERSON | FieldType.RECORD:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case FieldType.MANY:
            return isinstance(value, list | tuple) and set(value) <= spec.options.keys()
        case FieldType.PEOPLE | FieldType.RECORDS:
            return isinstance(value, list | tuple)
        case FieldType.CHOICE:
            return value in spec.options
        case _:
            return isinstance(value, str)


def _items(snapshot: Snapshot, to: Definition) -> Iterator[str]:
    for name, items in snapshot.items.items():
        collection = to.workflow.collections.get(name)
        if collection is None and items:
            yield f"It has items of “{name.replace('_', ' ')}”, which is no longer there."
        elif collection is not None:
            statuses = {*collection.statuses, UNTOUCHED}
            for status in sorted({item.status for item in items.values()} - statuses):
                yield f"Items of “{collection.label.staff}” are “{status.replace('_', ' ')}”, which is no longer there."


def _listed(definition: Definition, snapshot: Snapshot, to: Definition) -> Iterator[str]:
    """What the case has under items of a catalogue, where the collection is of another one that lacks them."""
    for name in snapshot.items.keys() & definition.workflow.collections.keys() & to.workflow.collections.keys():
        before, after = definition.catalogue_of(name), to.catalogue_of(name)
        for key in sorted(snapshot.items[name].keys() & before.keys() - after.keys()):
            yield f"It has something under “{before[key].label}”, which is no longer there."


def _relatives(snapshot: Snapshot, to: Definition) -> Iterator[str]:
    kinds = {child.kind for child in snapshot.children if child.is_open}
    for kind in sorted(kinds - to.workflow.children.keys()):
        yield f"A case that it began is open, of a kind that is no longer there: “{kind.replace('_', ' ')}”."
    for role in sorted(snapshot.party_roles.keys() - to.workflow.party_roles):
        yield f"It is about a {role.replace('_', ' ')}, and would be about none."
