"""Who may see a case, and who may do what to it."""

from apflow.core.actor import Actor
from apflow.core.definition.compiled import Definition
from apflow.core.definition.workflow import EventSpec
from apflow.core.snapshot import Snapshot


def may_see(definition: Definition, snapshot: Snapshot, actor: Actor) -> bool:
    """Whether any of the actor's roles sees this case in its present state."""
    if actor.is_clock:
        return True
    rules = definition.workflow.seen_by
    return any(
        (not rules[role].states or snapshot.state in rules[role].states)
        and (not rules[role].own or actor.id in snapshot.parties)
        for role in actor.roles
        if role in rules
    )


def may_see_collection(definition: Definition, collection: str, actor: Actor) -> bool:
    """Whether the actor sees the collection's items at all."""
    seen_by = definition.collection(collection).seen_by
    return not seen_by or actor.is_clock or actor.has_any(seen_by)


def may_fire(definition: Definition, snapshot: Snapshot, spec: EventSpec, actor: Actor) -> bool:
    """Whether the actor holds a role this event is for; a party's role counts only on its own cases."""
    held = set(actor.roles)
    if actor.id not in snapshot.parties:
        held.discard(definition.workflow.party.role)
    return not held.isdisjoint(spec.by)
