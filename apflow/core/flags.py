"""What is to be known of a case as it stands: flags that are shown, and stop nothing."""

from apflow.core.conditions import holds
from apflow.core.definition.compiled import Definition
from apflow.core.facts import facts_of
from apflow.core.people.actor import Actor
from apflow.core.people.permission import acts_as
from apflow.core.snapshot import Snapshot, World


def flags_for(definition: Definition, snapshot: Snapshot, actor: Actor, world: World) -> tuple[str, ...]:
    """Those that hold now, of those that are for the actor; what cannot be told yet is not shown."""
    flags = definition.workflow.flags.values()
    mine = [flag for flag in flags if not flag.seen_by or acts_as(definition, snapshot, flag.seen_by, actor)]
    facts = facts_of(definition, snapshot, world) if mine else None
    return tuple(flag.says for flag in mine if facts is not None and holds(flag.when, facts) is True)
