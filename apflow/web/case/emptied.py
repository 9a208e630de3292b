"""What something that was done took away: answers that came back empty, and fields that it empties without asking."""

from collections.abc import Iterable, Mapping
from typing import Any

from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec
from apflow.store.reading.history import HistoryView

EMPTIED = "Taken out"


def taken_away(emptied: Iterable[str], changed: Mapping[str, Any]) -> set[str]:
    """The questions that had an answer, of the item or of the case, until this was done."""
    return {*emptied, *(name for name, value in changed.items() if value is None)}


def emptied_by(entry: HistoryView) -> set[str]:
    """The same of something that was done before."""
    return taken_away(entry.payload.get("emptied") or (), entry.payload.get("changed") or {})


def asked_or_emptied(definition: Definition, entry: HistoryView) -> Mapping[str, FieldSpec]:
    """The questions that something asked, and the fields that it empties."""
    spec = definition.events.get(entry.from_state, {}).get(entry.name) if entry.kind == "event" else None
    fields = definition.workflow.fields
    emptied = {name: fields[name] for name in spec.empties} if spec else {}
    return {**definition.forms.get((entry.from_state, entry.name), {}), **emptied}
