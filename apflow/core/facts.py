"""The facts of a case, as conditions read them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from apflow.core.conditions import Facts
from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import UNTOUCHED
from apflow.core.definition.words import day
from apflow.core.snapshot import Item, SetAside, Snapshot, World

CHANGED_ON = "changed_on"  # Of an item: the day on which something was last done to it.
CASE_STATE = "case.state"  # Of an item that is another case: where that stands.
ADDED_AT = "added_at"  # Of an item that is another case: when it was added, or last began afresh.


def facts_of(
    definition: Definition,
    snapshot: Snapshot,
    world: World,
    *,
    answers: Mapping[str, Any] | None = None,
    item: tuple[str, str] | None = None,
) -> Facts:
    """What conditions may look up about this case, today; `item` is the (collection, key) an event acts on."""
    collections = {name: items_of(definition, snapshot, name) for name in definition.workflow.collections}
    return Facts(
        fields=snapshot.fields,
        today=world.today.isoformat(),
        answers=answers or {},
        council=world.facts,
        collections=collections,
        item=collections.get(item[0], {}).get(item[1], {}) if item else {},
        set_aside=frozenset(set_aside_on(snapshot, world.today)),
        children=_child_facts(definition, snapshot),
        record=world.record,
        people=_people(definition, collections, world) if definition.asks_for_people else {},
        time=world.time,
    )


def _people(
    definition: Definition, collections: Mapping[str, Mapping[str, Mapping[str, Any]]], world: World
) -> dict[int, dict[str, Any]]:
    """The facts of all whom questions offer: who they are, and how their own item of each collection stands."""
    own = [name for name in collections if definition.collection(name).keyed_by == "actor"]
    return {
        id: {"key": str(id), "person": id, "label": name, "agency": world.agencies.get(id)}
        | {kept: collections[kept].get(str(id), {}).get("status", UNTOUCHED) for kept in own}
        for offered in world.people.values()
        for id, name in offered.items()
    }


def set_aside_on(snapshot: Snapshot, today: date) -> dict[str, SetAside]:
    """The guards that are set aside on the case today; the last day counts in full."""
    return {guard: one for guard, one in snapshot.overrides.items() if one.until >= today}


def items_of(definition: Definition, snapshot: Snapshot, collection: str) -> dict[str, dict[str, Any]]:
    """Each item's facts by key: every catalogue item, touched or not, or those that were added, in their order."""
    found = items_facts(definition, snapshot.items.get(collection, {}), collection)
    if collection in definition.of_cases:
        for key in found.keys() & snapshot.linked.keys():
            found[key][CASE_STATE] = snapshot.linked[key].state
    return found


def items_facts(definition: Definition, items: Mapping[str, Item], collection: str) -> dict[str, dict[str, Any]]:
    """The same of items that stand so, whatever the case has now."""
    untouched = definition.untouched[collection]
    found: dict[str, dict[str, Any]] = {key: dict(facts) for key, facts in untouched.items()}
    for key, item in _in_order(definition, items, collection):
        if untouched and key not in untouched:
            continue  # The catalogue has dropped it since; history keeps what was said of it.
        found[key] = {"label": key, **found.get(key, {}), **item.data, "key": key, "status": item.status}
        if item.changed_at is not None:
            found[key][CHANGED_ON] = local_date(item.changed_at).isoformat()
    called = definition.collection(collection).called
    if called is None:
        return found
    said = _day if collection in definition.called_by_day else str
    return {key: {**facts, "label": said(facts[called]) if facts.get(called) else key} for key, facts in found.items()}


def _day(value: str) -> str:
    return day(date.fromisoformat(value))


def _in_order(definition: Definition, items: Mapping[str, Item], collection: str) -> Iterable[tuple[str, Item]]:
    """What was added in the order in which it was, other cases that came at once by what they are called."""
    match definition.collection(collection).keyed_by:
        case "case":
            return sorted(items.items(), key=_when_added)
        case "number":
            return sorted(items.items(), key=lambda one: int(one[0]))
        case _:
            return items.items()


def _when_added(one: tuple[str, Item]) -> tuple[str, str, str]:
    """Those of which it was not kept when are from before any of which it was."""
    key, item = one
    return str(item.data.get(ADDED_AT, "")), str(item.data.get("label", key)).casefold(), key


def keys_of(definition: Definition, snapshot: Snapshot, collection: str) -> Collection[str]:
    """The keys by which an item can be named: the catalogue's, or those of what was added or drawn."""
    if definition.collection(collection).grows:
        return snapshot.items.get(collection, {})
    return definition.catalogue_of(collection)


def status_of(definition: Definition, collection: str, item: Item | None) -> str:
    """The item's status; one nobody has touched has the collection's first."""
    return item.status if item else definition.collection(collection).starts or UNTOUCHED


def _child_facts(definition: Definition, snapshot: Snapshot) -> dict[str, Any]:
    """For each kind, how many children are open, and in which state the newest is; missing until it has one."""
    facts: dict[str, Any] = {}
    for kind in definition.workflow.children:
        mine = [child for child in snapshot.children if child.kind == kind]
        facts[f"{kind}.open"] = sum(child.is_open for child in mine)
        facts[f"{kind}.state"] = (mine[-1].state or None) if mine else None
    return facts
