"""What an event writes into the case's own fields, which case it joins by them, and what it says of an item."""

from collections.abc import Mapping
from typing import Any

from apflow.core.deadlines.counting import counted_anew
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.words import all_in_words
from apflow.core.firing.items import can_be_emptied
from apflow.core.firing.proposals import settled
from apflow.core.people.actor import Actor
from apflow.core.people.permission import form_for, may_read
from apflow.core.snapshot import ItemKey, Parent, Snapshot, World


def different(
    definition: Definition, snapshot: Snapshot, event: str, actor: Actor, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The case's own fields that are no longer what they were; None for one that has been emptied."""
    form = form_for(definition, snapshot.state, event, actor)
    written = {
        name: answers.get(name)
        for name in definition.asked[snapshot.state, event].fields
        if name in form
        if answers.get(name) is not None or _is_emptied(definition, form[name], actor, is_said=name in answers)
    }
    return {name: value for name, value in written.items() if value != snapshot.fields.get(name)}


def emptied_of_case(snapshot: Snapshot, spec: EventSpec) -> dict[str, None]:
    """The case's own fields that say nothing any more once the event is done, of those that said something."""
    return dict.fromkeys(name for name in spec.empties if name in snapshot.fields)


def said_of_item(
    definition: Definition,
    snapshot: Snapshot,
    event: str,
    actor: Actor,
    answers: Mapping[str, Any],
    item: ItemKey | None,
    world: World,
) -> Mapping[str, Any]:
    """What the event has to say of the item: its answers, or the text to which they are added as a line.

    None stands for an answer that has been emptied.
    """
    move = definition.events[snapshot.state][event].item
    if move is None or item is None:
        return answers
    if move.adds_to is None:
        said = {name: value for name, value in answers.items() if value is not None}
        return {**said, **dict.fromkeys(_emptied_of_item(definition, snapshot, event, actor, answers, item))}
    names = {person: name for offered in world.people.values() for person, name in offered.items()}
    words = all_in_words(definition.forms[snapshot.state, event], answers, names)
    before = snapshot.item(*item)
    lines = (before.data.get(move.adds_to) if before else None, ": ".join(said for said in words.values() if said))
    return {move.adds_to: "\n".join(line for line in lines if line)}


def _emptied_of_item(
    definition: Definition, snapshot: Snapshot, event: str, actor: Actor, answers: Mapping[str, Any], item: ItemKey
) -> list[str]:
    """The questions that had an answer in the form as it was begun, and came back without; and files taken out."""
    before, spec = snapshot.item(*item), definition.events[snapshot.state][event]
    form = form_for(definition, snapshot.state, event, actor)
    return [
        name
        for name in can_be_emptied(definition, spec, form)
        if before and name in before.data and answers.get(name) is None
        if _is_emptied(definition, form[name], actor, is_said=name in answers)
    ]


def taken(
    definition: Definition,
    snapshot: Snapshot,
    event: str,
    answers: Mapping[str, Any],
    changed: Mapping[str, Any],
    world: World,
) -> dict[str, Any]:
    """What the records say that were chosen here, in the fields that are taken from them; None where none is now."""
    form = definition.forms[snapshot.state, event]
    said = {
        name: _said_by(world.chosen.get(form[question].records or "", {}), answers.get(question), fact)
        for name, (question, fact) in definition.taken.items()
        if question in form and (question in answers or question in changed)
    }
    return {name: value for name, value in said.items() if value != snapshot.fields.get(name)}


def _said_by(offered: Mapping[int, Mapping[str, Any]], chosen: Any, fact: str) -> Any:
    """The fact of the record, or of each of several in one line."""
    if not isinstance(chosen, list):
        return offered.get(chosen, {}).get(fact)
    return "; ".join(str(offered[one][fact]) for one in chosen if offered.get(one, {}).get(fact)) or None


def joined(spec: EventSpec, fields: Mapping[str, Any]) -> Parent | None:
    """The case that this one becomes a child of, if the event has it join one."""
    reference = fields.get(spec.joins.case) if spec.joins else None
    return Parent(str(reference), spec.joins.as_) if spec.joins and reference else None


def _is_emptied(definition: Definition, spec: FieldSpec, actor: Actor, *, is_said: bool) -> bool:
    """Whether no answer takes away the one there was: the form had it in it, or it is a file and that `is_said`.

    The clock is asked nothing, and whoever may not read an answer cannot empty it.
    """
    is_meant = is_said if spec.type is FieldType.FILE else spec.can_be_emptied
    return is_meant and not actor.is_clock and may_read(definition, spec, actor)


def fields_changed(
    definition: Definition,
    snapshot: Snapshot,
    event: str,
    spec: EventSpec,
    actor: Actor,
    answers: Mapping[str, Any],
    world: World,
) -> dict[str, Any]:
    """The fields of the case that the event leaves otherwise: by its answers, by a record, and by counting."""
    changed = settled(snapshot.fields, spec, different(definition, snapshot, event, actor, answers))
    changed |= emptied_of_case(snapshot, spec)
    changed |= taken(definition, snapshot, event, answers, changed, world)
    changed |= counted_anew(definition, {**snapshot.fields, **changed}, world.today.isoformat())
    return changed
