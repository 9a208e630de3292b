"""What a case knows of those on a register whom its e-mails did not reach."""

from apflow.beyond.reaching import is_wide
from apflow.core.definition.compiled import Definition
from apflow.core.snapshot import Snapshot
from apflow.provision.drawn import UNDELIVERED
from apflow.web.case.opened import Opened


def unreached_in(definition: Definition) -> str:
    """The collection that they are kept in; empty in a workflow that writes to nobody on a register."""
    found = (name for name in definition.workflow.collections if definition.source_name(name) == UNDELIVERED)
    return next(found, "")


def told_otherwise(definition: Definition, snapshot: Snapshot) -> dict[str, str]:
    """Those of them who are known to have heard otherwise, by the number of their record, and how that was."""
    collection = unreached_in(definition)
    if not collection:
        return {}
    first = definition.collection(collection).starts
    items = snapshot.items.get(collection, {})
    return {key: str(item.data.get("how_told", "")) for key, item in items.items() if item.status != first}


def writes_to_many_before(opened: Opened) -> bool:
    """Whether something that leads where the case stands writes to a register: else nobody need look for it."""
    definition = opened.definition
    leading = (spec for events in definition.events.values() for spec in events.values())
    return bool(unreached_in(definition)) and any(
        spec.to == opened.snapshot.state and is_wide(definition, spec) for spec in leading
    )
