"""Whoever did something without giving a name, where the policy keeps it in confidence who it was."""

from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import Actor
from apflow.store.reading.history import HistoryView

UNNAMED = "Somebody who gave no name"


def is_in_confidence(definition: Definition, entry: HistoryView, reader: Actor) -> bool:
    """Whether the reader is not told who did it; that it is kept, whoever did it was told before."""
    spec = definition.events.get(entry.from_state, {}).get(entry.name) if entry.kind == "event" else None
    if spec is None or spec.in_confidence is None or reader.has_any(spec.in_confidence.known_to):
        return False
    is_named = bool((entry.payload.get("answers") or {}).get(spec.in_confidence.without))
    return not is_named and (entry.actor_id is None or entry.actor_id != reader.id)
