"""Going through a catalogue's items: which of them wait for staff to look, and which comes next."""

from apflow.core.definition.compiled import Definition
from apflow.core.facts import items_of
from apflow.web.case.opened import Opened


def awaiting_check(definition: Definition, collection: str) -> frozenset[str]:
    """The statuses that an outsider can bring an item to: whatever they sent or said is for staff to look at."""
    party = definition.workflow.party_role
    return frozenset(
        spec.item.to
        for events in definition.events.values()
        for spec in events.values()
        if spec.item is not None and spec.item.of == collection and party in spec.by
    )


def to_check(opened: Opened, collection: str) -> tuple[str, ...]:
    """The keys of the items the actor can check now, in catalogue order."""
    waiting = awaiting_check(opened.definition, collection)
    items = items_of(opened.definition, opened.snapshot, collection)
    return tuple(
        key
        for key in opened.definition.catalogue_of(collection)
        if items[key]["status"] in waiting and _can_decide(opened, collection, key)
    )


def next_to_check(opened: Opened, collection: str, after: str) -> str | None:
    """The next item to check after one of them, beginning again at the top; None when all are done."""
    keys = list(opened.definition.catalogue_of(collection))
    place = keys.index(after) + 1 if after in keys else 0
    waiting = to_check(opened, collection)
    return next((key for key in (*keys[place:], *keys[:place]) if key in waiting), None)


def _can_decide(opened: Opened, collection: str, key: str) -> bool:
    offers = opened.item_offers((collection, key))
    return any(offer.is_possible and offer.spec.emphasis == "main" for offer in offers)
