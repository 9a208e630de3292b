"""One item as an event acts on it: which it is, whether the event is for it as it stands, and how it stands after."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace

from apflow.core.commands import Fire
from apflow.core.days.calendar import shift
from apflow.core.days.duration import Duration
from apflow.core.deadlines.among import Items
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import UNTOUCHED, EventSpec, ItemMove
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Invalid, NotFound, NotOpen
from apflow.core.facts import ADDED_AT, keys_of, status_of
from apflow.core.people.actor import Actor
from apflow.core.people.permission import named_for
from apflow.core.snapshot import Item, ItemKey, Snapshot, World


def own_item(definition: Definition, snapshot: Snapshot, spec: EventSpec, actor: Actor) -> ItemKey | None:
    """The item an event acts on without its being named: the actor's own, or the next where the event adds one.

    Of colleagues none has one beside whom the case names: else two of one side would count as both.
    """
    if spec.item is None or spec.item.whose:
        return None
    match definition.collection(spec.item.of).keyed_by:
        case "actor":
            return spec.item.of, _key_of_side(snapshot, spec.item, actor)
        case "number" if adds(definition, spec):
            return spec.item.of, str(1 + max(map(int, snapshot.items.get(spec.item.of, {})), default=0))
        case _:
            return None


def _key_of_side(snapshot: Snapshot, move: ItemMove, actor: Actor) -> str:
    """Whoever records something for a side where nobody is named writes its one item, and not one of their own.

    Somebody who is both sides, as a school that places pupils at a centre of its own, acts for one and then the other.
    """
    if move.side is not None:
        return str(snapshot.party_roles.get(move.side, move.side))
    person = named_for(snapshot, actor)
    sides = sorted(role for role, named in snapshot.party_roles.items() if named == person)
    keys = [str(person), *sides[1:]]
    left = (key for key in keys if (item := snapshot.item(move.of, key)) is None or item.status in move.from_)
    return next(left, keys[0])


def adds(definition: Definition, spec: EventSpec) -> bool:
    """Whether the event adds an item to a collection that is counted up, or made of other cases."""
    return (
        spec.item is not None
        and UNTOUCHED in spec.item.from_
        and definition.collection(spec.item.of).keyed_by in ("number", "case")
    )


def says_again(definition: Definition, spec: EventSpec) -> bool:
    """Whether the event is for saying the same of an item again, so that its form begins with what was said of it.

    The item is the actor's own, or may stand already as the event leaves it.
    """
    move = spec.item
    if move is None or move.whose or move.adds_to:
        return False
    if definition.collection(move.of).keyed_by == "actor":
        return True
    return move.to in move.from_ and not move.afresh


def can_be_emptied(definition: Definition, spec: EventSpec, form: Mapping[str, FieldSpec]) -> Iterator[str]:
    """The questions whose answer an item can lose by the event: left without one, or if a file when that is said."""
    for name, asked in form.items():
        if asked.can_be_emptied and (asked.type is FieldType.FILE or says_again(definition, spec)):
            yield name


def item_of_another(spec: EventSpec, answers: Mapping[str, Any]) -> ItemKey | None:
    """The item of the person whom an answer names, where the event is about theirs."""
    person = answers.get(spec.item.whose or "") if spec.item else None
    return (spec.item.of, str(person)) if spec.item and isinstance(person, int) else None


def holder_of(spec: EventSpec, answers: Mapping[str, Any], actor: Actor, world: World) -> Actor:
    """Whose item an event keyed by actor is about: the actor's, unless an answer names somebody else."""
    person = answers.get(spec.item.whose or "") if spec.item else None
    if not isinstance(person, int):
        return actor
    name = next((offered[person] for offered in world.people.values() if person in offered), "")
    return Actor(person, name, frozenset(), world.agencies.get(person))


def item_key(definition: Definition, snapshot: Snapshot, spec: EventSpec, command: Fire) -> ItemKey | None:
    """The item the command is about; None when it names none and must."""
    if spec.item is None:
        return None
    own = own_item(definition, snapshot, spec, command.actor)
    if own is not None:
        return own
    return (spec.item.of, command.item) if command.item is not None else None


def is_for_somebody(snapshot: Snapshot, move: ItemMove) -> bool:
    """Of an event about the part of whoever is named: whether there is anybody of whom it could be done."""
    there = snapshot.items.get(move.of, {}).values()
    return UNTOUCHED in move.from_ or any(item.status in move.from_ for item in there)


def refuse_unknown_item(definition: Definition, snapshot: Snapshot, spec: EventSpec, command: Fire) -> None:
    """Refuse an event on an item that was not named, or that the case does not have (any more)."""
    if spec.item is not None and spec.item.whose and not is_for_somebody(snapshot, spec.item):
        raise NotOpen("There is nobody of whom this could be done.")
    if spec.item is None or spec.item.whose or own_item(definition, snapshot, spec, command.actor) is not None:
        return
    if command.item is None:
        label = definition.collection(spec.item.of).label.staff
        raise Invalid({"item": f"Say which of {label.lower()} this is about."})
    if command.item in keys_of(definition, snapshot, spec.item.of):
        return
    found = snapshot.linked.get(command.item) if adds(definition, spec) else None
    wanted = definition.of_cases.get(spec.item.of)
    if found is None or wanted is None or found.workflow != wanted.workflow:
        raise NotFound(f'There is no item called "{command.item}".')
    if found.state not in wanted.states:
        label = definition.collection(spec.item.of).label.staff.lower()
        raise NotOpen(f"{found.title} does not stand where it could go on the {label}.")


def refuse_item(definition: Definition, snapshot: Snapshot, spec: EventSpec, item: ItemKey | None) -> None:
    """Refuse an event on an item whose status does not offer it."""
    if spec.item is None or item is None:
        return
    collection, key = item
    status = status_of(definition, collection, snapshot.item(collection, key))
    if status not in spec.item.from_:
        known = definition.collection(collection).statuses.get(status)
        label = known.label.staff if known else "Not started"
        if spec.item.whose:
            said = f"This has been said of them already: {label.lower()}."
            raise Invalid({spec.item.whose: said if known else "Nothing of the kind is recorded of them."})
        raise NotOpen(f"This cannot be done while it stands at “{label}”.")


def items_after(
    definition: Definition,
    snapshot: Snapshot,
    spec: EventSpec,
    said: Mapping[str, Any],
    item: ItemKey | None,
    holder: Actor,
    now: datetime,
) -> tuple[Item, ...]:
    """The item as the event leaves it, without what is said to be None; none when it acts on none, or drops it."""
    if spec.item is None or item is None or spec.item.drops:
        return ()
    collection, key = item
    before = snapshot.item(collection, key)
    kept = {} if before is None else _brought(definition, before) if spec.item.afresh else before.data
    told = {**kept, **said, **expiry_of(definition, collection, key, said)}
    data = {name: value for name, value in told.items() if value is not None}
    if definition.collection(collection).keyed_by == "actor":
        data |= {"label": holder.name, "agency": holder.agency}
    if collection in definition.of_cases:
        data |= {"label": snapshot.linked[key].title} if key in snapshot.linked else {}
        data |= {} if ADDED_AT in data else {ADDED_AT: now.astimezone(UTC).isoformat()}
    return (Item(collection, key, spec.item.to, data, now),)


def settled_anew(definition: Definition, items: Iterable[Item], left: Items) -> tuple[Item, ...]:
    """The items that an event changes, with each reader by a link of whom it is to be said anew that they still are.

    Their links stay as they are: nothing opens by them until it is said, and then they have new ones.
    """
    changed, by_link = {(item.collection, item.key): item for item in items}, definition.workflow.read_by_link
    if by_link is not None and by_link.settled is not None:
        says = by_link.settled.says
        for item in left.get(by_link.of, {}).values():
            if says in item.data:
                data = {name: value for name, value in item.data.items() if name != says}
                changed[item.collection, item.key] = replace(item, data=data)
    return tuple(changed.values())


def dropped_by(spec: EventSpec, item: ItemKey | None) -> tuple[ItemKey, ...]:
    """The item that the event takes back to what it was before anybody touched it."""
    return (item,) if item is not None and spec.item is not None and spec.item.drops else ()


def _brought(definition: Definition, item: Item) -> dict[str, Any]:
    """What it began with, which was said elsewhere and stays however often it is dealt with here."""
    names = definition.collection(item.collection).brought
    return {name: value for name, value in item.data.items() if name in names}


def drawn_items(
    definition: Definition, snapshot: Snapshot, spec: EventSpec, drawn: Mapping[str, Any], now: datetime
) -> tuple[Item, ...]:
    """One for each record that the event draws an item from, where the case has none of it yet, or has none left."""
    return tuple(
        drawn_item(definition, collection, key, facts, now)
        for collection in spec.draws
        for key, facts in drawn.get(definition.source_name(collection), {}).items()
        if collection in spec.clears or snapshot.item(collection, key) is None
    )


def drawn_item(definition: Definition, collection: str, key: str, facts: Mapping[str, Any], now: datetime) -> Item:
    return Item(collection, key, definition.collection(collection).starts or UNTOUCHED, facts, now)


def expiry_of(definition: Definition, collection: str, key: str, said: Mapping[str, Any]) -> dict[str, str | None]:
    """An item good for so long from the date on it expires then; without that date nobody knows when."""
    entry = definition.catalogue_of(collection).get(key)
    if entry is None or not isinstance(entry.expires, Duration) or "dated_on" not in said:
        return {}
    dated_on = said["dated_on"]
    return {"expires_on": shift(date.fromisoformat(dated_on), entry.expires).isoformat() if dated_on else None}
