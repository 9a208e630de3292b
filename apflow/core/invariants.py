"""Invariants as cases run: nothing enters a state against what must be true there."""

from msgspec.structs import replace

from apflow.core.conditions import holds
from apflow.core.definition.compiled import Definition
from apflow.core.facts import facts_of
from apflow.core.outcome import Outcome
from apflow.core.snapshot import Snapshot, World


def broken_on_entry(definition: Definition, snapshot: Snapshot, outcome: Outcome, world: World) -> tuple[str, ...]:
    """What the invariants say that the outcome would break by entering its state."""
    invariants = definition.workflow.invariants.values()
    asked = [invariant for invariant in invariants if outcome.state in invariant.on_entry_to]
    if not asked or definition.events[snapshot.state][outcome.entry.name].to is None:
        return ()
    entered = replace(snapshot, state=outcome.state, fields=outcome.fields, items=outcome.items_left(snapshot))
    facts = facts_of(definition, entered, world)
    return tuple(invariant.says for invariant in asked if holds(invariant.holds, facts) is not True)
