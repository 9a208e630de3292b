"""What of a case a person is told: staff everything their roles see; an outsider their own side of it and no more.

An outsider reads what they said, what was said to them and where the case stands: never what staff wrote to each other.
"""

from collections.abc import Mapping
from dataclasses import replace

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.labels import STAFF
from apflow.core.definition.workflow import Seen
from apflow.core.people.permission import may_read, readable
from apflow.core.snapshot import RunningDeadline
from apflow.store.reading.history import HistoryView
from apflow.web.case.opened import Opened
from apflow.web.case.unseen import is_unseen


def reads_as_staff(opened: Opened) -> bool:
    """Whether a role of the council's own shows the actor this case, in its present state."""
    rules = opened.definition.workflow.seen_by
    return any(
        opened.definition.audience(role) == STAFF and _sees(rules[role], opened.snapshot.state)
        for role in opened.actor.roles
        if role in rules
    )


def _sees(rule: Seen, state: str) -> bool:
    return not rule.own and (not rule.states or state in rule.states)


def audience_of(opened: Opened) -> str:
    """Whose words to use."""
    return STAFF if reads_as_staff(opened) else opened.definition.audience(opened.definition.workflow.party_role)


def fields_told(opened: Opened) -> Mapping[str, FieldSpec]:
    """The case's own fields that the actor reads."""
    return readable(opened.definition, opened.definition.workflow.fields, opened.actor)


def item_fields_told(opened: Opened, collection: str, status: str) -> Mapping[str, FieldSpec]:
    """The questions whose answers the actor reads on an item that has this status."""
    return {
        name: spec
        for state, event, offered in _item_events(opened.definition, collection)
        if reads_as_staff(opened) or _is_theirs(opened, offered) or _is_told_to_them(opened, offered, status)
        for name, spec in opened.definition.forms[state, event].items()
        if may_read(opened.definition, spec, opened.actor)
    }


def _item_events(definition: Definition, collection: str) -> list[tuple[str, str, EventSpec]]:
    return [
        (state, event, spec)
        for state, events in definition.events.items()
        for event, spec in events.items()
        if spec.item is not None and spec.item.of == collection
    ]


def _is_theirs(opened: Opened, spec: EventSpec) -> bool:
    return not opened.actor.roles.isdisjoint(spec.by)


def _is_told_to_them(opened: Opened, spec: EventSpec, status: str) -> bool:
    """Whether this is how the item got its status, and the case has come back to them with it to be mended."""
    if spec.item is None or spec.item.to != status or not _awaits_them(opened):
        return False
    here = opened.definition.events[opened.snapshot.state].values()
    return any(one.item is not None and status in one.item.from_ and _is_theirs(opened, one) for one in here)


def deadlines_told(opened: Opened) -> Mapping[str, RunningDeadline]:
    """The deadlines the actor reads; an outsider only those they must keep."""
    if reads_as_staff(opened) or _awaits_them(opened):
        return opened.snapshot.deadlines
    return {}


def _awaits_them(opened: Opened) -> bool:
    return opened.definition.state(opened.snapshot.state).awaiting in opened.actor.roles


def is_told(opened: Opened, entry: HistoryView) -> bool:
    """Whether the actor reads this line of history at all."""
    if reads_as_staff(opened) or is_own(opened, entry):
        return not is_unseen(opened, entry)
    spec = opened.definition.events.get(entry.from_state, {}).get(entry.name)
    was_written_to = spec is not None and not opened.actor.roles.isdisjoint(spec.notify)
    return entry.kind == "event" and (entry.from_state != entry.to_state or was_written_to)


def is_own(opened: Opened, entry: HistoryView) -> bool:
    """Whether someone on the actor's own side of the case did this."""
    return entry.actor_audience == audience_of(opened)


def as_told(opened: Opened, entry: HistoryView) -> HistoryView:
    """The line of history with what was said in it, if the actor reads that, and else without."""
    if reads_as_staff(opened) or is_own(opened, entry):
        return entry
    return replace(entry, payload={"item": entry.payload.get("item")})
