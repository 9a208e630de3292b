"""What a case begins with from an earlier one of its family: answers about items, beside which it puts its own."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from apflow.core.commands import Brought
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import UNTOUCHED
from apflow.core.definition.workflow import Brings
from apflow.core.snapshot import Child, Item


def newest(children: tuple[Child, ...], brings: Brings) -> Child | None:
    """The case of the family that it is brought from; None while there is none that stands where it must."""
    found = (child for child in reversed(children) if child.kind == brings.of and child.state in brings.in_)
    return next(found, None)


def taken(brings: Brings, items: Mapping[str, Mapping[str, Item]]) -> dict[str, dict[str, Any]]:
    """By key, what the earlier case's items answer, under the names it has here; none of those that answer nothing."""
    found = {
        key: {theirs: item.data[asked] for theirs, asked in brings.takes.items() if item.data.get(asked) is not None}
        for key, item in items.get(brings.items, {}).items()
    }
    return {key: said for key, said in found.items() if said}


def items_brought(definition: Definition, brought: Brought, now: datetime) -> Iterator[Item]:
    """The items as the case begins with them, at the first status; none that its own catalogue has dropped since."""
    for collection, by_key in brought.items():
        starts, asked_for = definition.collection(collection).starts, definition.catalogue_of(collection)
        yield from (
            Item(collection, key, starts or UNTOUCHED, said, now) for key, said in by_key.items() if key in asked_for
        )
