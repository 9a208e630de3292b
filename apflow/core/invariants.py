"""Invariants as cases run: nothing enters a state against what must be true there."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from apflow.core.conditions import holds
from apflow.core.definition.compiled import Definition
from apflow.core.facts import facts_of
from apflow.core.outcome import Outcome
from apflow.core.snapshot import Item, Snapshot, World


def broken_on_entry(definition: Definition, snapshot: Snapshot, outcome: Outcome, world: World) -> tuple[str, ...]:
    """What the invariants say that the outcome would break by entering its state."""
    invariants = definition.workflow.invariants.values()
    asked = [invariant for invariant in invariants if outcome.state in invariant.on_entry_to]
    if not asked or definition.events[snapshot.state][outcome.entry.name].to is None:
        return ()
    entered = replace(snapshot, state=outcome.state, fields=outcome.fields, items=_items(snapshot, outcome))
    facts = facts_of(definition, entered, world)
    return tuple(invariant.says for invariant in asked if holds(invariant.holds, facts) is not True)


def _items(snapshot: Snapshot, outcome: Outcome) -> Mapping[str, Mapping[str, Item]]:
    items: dict[str, dict[str, Any]] = {
        name: dict(kept) for name, kept in snapshot.items.items() if name not in outcome.cleared
    }
    for item in outcome.items:
        items.setdefault(item.collection, {})[item.key] = item
    return items
