"""The part of one side in a case that waits for another: a question to answer, a change to read, a part to write."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from apflow.core.conditions import holds
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.events import EventSpec
from apflow.core.facts import items_of
from apflow.core.firing.offers import Offer
from apflow.core.people.permission import may_see_collection
from apflow.store.reading.items import Standing
from apflow.web.case.opened import Opened


@dataclass(frozen=True, slots=True)
class ItemToDo:
    """One item, under the heading of its set, and what is mainly done about it."""

    set: str
    heading: str
    key: str
    name: str
    event: str
    label: str


def can_wait_for(definition: Definition, state: str, sides: frozenset[str], standing: Standing) -> bool:
    """Whether a case with items that stand so can have any that waits for one of these sides, before it is opened."""
    moves = [spec for spec in definition.events[state].values() if _is_main(spec) and not sides.isdisjoint(spec.by)]
    return any(_moves_on(spec, *one) for spec in moves for one in standing)


def items_to_do(opened: Opened) -> list[ItemToDo]:
    """Those that are there already and that the reader can move on now, set by set as the page shows them."""
    collections = opened.definition.workflow.collections
    seen = [name for name in collections if may_see_collection(opened.definition, name, opened.actor)]
    return [one for name in seen for one in _of_set(opened, name)]


def to_write(definition: Definition, state: str, fields: Mapping[str, Any], sides: frozenset[str]) -> set[str]:
    """The events by which one of these sides writes its part of a case, where nothing of it is written yet."""
    if definition.state(state).awaiting in sides:
        return set()
    mine = (event for event, spec in definition.events[state].items() if _is_main(spec) and _is_whole(spec, sides))
    return {event for event in mine if _is_unwritten(definition, definition.forms[state, event].keys(), fields)}


def parts_to_write(opened: Opened, offers: Iterable[Offer]) -> list[Offer]:
    """Those of the offers by which the reader's side does so now."""
    snapshot = opened.snapshot
    events = to_write(opened.definition, snapshot.state, snapshot.fields, opened.actor.roles)
    return [offer for offer in offers if offer.event in events and offer.is_possible]


def parts_done(opened: Opened, offers: Iterable[Offer]) -> list[Offer]:
    """Those of the offers that give what another main step waits for, and have given it: they can be changed."""
    definition, facts = opened.definition, opened.facts()
    guards, main = definition.workflow.guards, [offer for offer in offers if _is_main(offer.spec)]
    found = []
    for offer in main if any(offer.spec.requires for offer in main) else ():
        asked = definition.forms[opened.snapshot.state, offer.event].keys()
        wanted = {
            name
            for other in main
            for name in other.spec.requires
            if other is not offer and not asked.isdisjoint(facts_read(guards[name].when))
        }
        if (
            offer.is_possible
            and offer.spec.to is None
            and wanted
            and all(holds(guards[name].when, facts) is True for name in wanted)
        ):
            found.append(offer)
    return found


def _is_whole(spec: EventSpec, sides: frozenset[str]) -> bool:
    return spec.item is None and spec.to is None and not sides.isdisjoint(spec.by)


def _is_unwritten(definition: Definition, asked: Set[str], fields: Mapping[str, Any]) -> bool:
    return bool(asked) and asked <= definition.workflow.fields.keys() and not any(fields.get(name) for name in asked)


def _of_set(opened: Opened, name: str) -> Iterator[ItemToDo]:
    collection = opened.definition.collection(name)
    if collection.keyed_by == "actor":  # Their own part in it is offered as an event of the case.
        return
    heading, touched = collection.label.to(opened.audience), opened.snapshot.items.get(name, {})
    for key, facts in items_of(opened.definition, opened.snapshot, name).items():
        for offer in opened.item_offers((name, key)) if key in touched else ():
            if offer.is_possible and _is_main(offer.spec) and _moves_on(offer.spec, name, facts["status"]):
                label = offer.spec.label.to(opened.audience)
                yield ItemToDo(name, heading, key, str(facts["label"]), offer.event, label)


def _is_main(spec: EventSpec) -> bool:
    return spec.emphasis == "main"


def _moves_on(spec: EventSpec, collection: str, status: str) -> bool:
    move = spec.item
    return move is not None and move.of == collection and status in move.from_ and status != move.to
