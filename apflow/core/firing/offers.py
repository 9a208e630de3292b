"""What an actor can do to a case now, and why not the rest: the walk of `fire`, stopped before the answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apflow.core.conditions import Facts
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.errors import Refusal
from apflow.core.facts import facts_of, keys_of
from apflow.core.firing.against import others_against
from apflow.core.firing.guards import objections, passed_over
from apflow.core.firing.items import adds, is_for_somebody, own_item, refuse_item
from apflow.core.firing.overrides import may_set_aside
from apflow.core.firing.proposals import lacks_proposal
from apflow.core.people.actor import Actor
from apflow.core.people.permission import may_fire, may_see
from apflow.core.snapshot import SetAside, Snapshot, World


@dataclass(frozen=True, slots=True)
class Offer:
    """One event this actor's role has in this state. `reasons` is empty when it can be done now.

    `set_aside` holds the guards that would say no were they not overridden; `could_set_aside` those that the actor may
    override, each with its reason. `is_past` where nothing is in its way but how its item stands already.
    """

    event: str
    spec: EventSpec
    reasons: tuple[str, ...] = ()
    item: tuple[str, str] | None = None
    set_aside: Mapping[str, SetAside] = field(default_factory=dict)
    could_set_aside: Mapping[str, str] = field(default_factory=dict)
    is_past: bool = False

    @property
    def is_possible(self) -> bool:
        return not self.reasons


def offers(definition: Definition, snapshot: Snapshot, actor: Actor, world: World) -> tuple[Offer, ...]:
    """The events open to the actor on the case itself, on the actor's own item or on a new one, possible or blocked."""
    facts = facts_of(definition, snapshot, world)
    return tuple(
        _offer(definition, snapshot, event, spec, actor, facts, own)
        for event, spec in _open_to(definition, snapshot, actor)
        if (own := own_item(definition, snapshot, spec, actor)) is not None
        or spec.item is None
        or (spec.item.whose and is_for_somebody(snapshot, spec.item))
    )


def item_offers(
    definition: Definition, snapshot: Snapshot, actor: Actor, world: World, item: tuple[str, str]
) -> tuple[Offer, ...]:
    """The events open to the actor on one item that is named; none on one the case does not have (any more)."""
    collection, key = item
    if key not in keys_of(definition, snapshot, collection):
        return ()
    facts = facts_of(definition, snapshot, world)
    return tuple(
        _offer(definition, snapshot, event, spec, actor, facts, item)
        for event, spec in _open_to(definition, snapshot, actor)
        if spec.item is not None and spec.item.of == collection and not adds(definition, spec)
    )


def _open_to(definition: Definition, snapshot: Snapshot, actor: Actor) -> list[tuple[str, EventSpec]]:
    if not may_see(definition, snapshot, actor):
        return []
    offered = definition.events[snapshot.state].items()
    return [
        (event, spec)
        for event, spec in offered
        if may_fire(definition, snapshot, spec, actor) and not lacks_proposal(snapshot.fields, spec)
    ]


def _offer(
    definition: Definition,
    snapshot: Snapshot,
    event: str,
    spec: EventSpec,
    actor: Actor,
    facts: Facts,
    item: tuple[str, str] | None,
) -> Offer:
    try:
        refuse_item(definition, snapshot, spec, item)
    except Refusal as refusal:
        return Offer(event, spec, (refusal.message,), item, is_past=True)
    if item is not None:
        facts = facts.of(facts.collections[item[0]].get(item[1], {}))
    against = objections(definition, spec, facts, reading_answers=False)
    others = others_against(definition, snapshot, event, spec, actor)
    return Offer(
        event,
        spec,
        tuple(dict.fromkeys((*against.values(), *others))),
        item,
        {guard: snapshot.overrides[guard] for guard in passed_over(definition.workflow, spec, facts)},
        {guard: why for guard, why in against.items() if may_set_aside(definition, snapshot, guard, actor)},
    )
