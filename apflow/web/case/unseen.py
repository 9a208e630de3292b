"""What happened on a case that somebody who sees the case is not told of."""

from collections.abc import Iterable

from apflow.core.people.permission import may_see_collection, readable
from apflow.store.reading.history import HistoryView
from apflow.web.case.opened import Opened


def seen_by(opened: Opened, entries: Iterable[HistoryView]) -> list[HistoryView]:
    """Those of the entries that the actor is told of."""
    return [entry for entry in entries if not is_unseen(opened, entry)]


def is_unseen(opened: Opened, entry: HistoryView) -> bool:
    """Whether it is about an item or a case they may not see, or asked questions of which they read not one."""
    item = entry.payload.get("item")
    if item and not may_see_collection(opened.definition, item[0], opened.actor):
        return True
    if entry.kind == "child":
        return _is_of_another_kind(opened, entry.name.partition(" ")[2])
    form = opened.definition.forms.get((entry.from_state, entry.name), {}) if entry.kind == "event" else {}
    return bool(form) and not readable(opened.definition, form, opened.actor)


def _is_of_another_kind(opened: Opened, kind: str) -> bool:
    """Whether the child is of a kind of case of which the actor sees none."""
    spec = opened.definition.workflow.children.get(kind)
    if spec is None or spec.workflow not in opened.site.library.sources:
        return False
    seen = opened.site.library.current(spec.workflow).workflow.seen_by
    return opened.actor.roles.isdisjoint(seen)
