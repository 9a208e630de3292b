"""What of a case a person is told: staff everything their roles see; an outsider their own side of it and no more.

An outsider reads what they said, what was said to them and where the case stands: never what staff wrote to each other.
"""

from collections.abc import Mapping
from dataclasses import replace

from apflow.core.deadlines.kept import kept_by
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, PrivacyClass
from apflow.core.definition.labels import STAFF
from apflow.core.definition.workflow import Seen
from apflow.core.people.permission import may_read, readable
from apflow.core.snapshot import RunningDeadline
from apflow.provision.drawn import SOURCES
from apflow.store.reading.history import HistoryView
from apflow.web.asking.sets import is_shown
from apflow.web.case.opened import Opened
from apflow.web.case.panel import asked_of_items
from apflow.web.case.pupil import may_look_up
from apflow.web.case.unseen import is_unseen

_OF_OURS = (STAFF, "clock")


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
    """The case's own fields that the actor reads; the number of a child's record only where they may look it up."""
    fields = readable(opened.definition, opened.definition.workflow.fields, opened.actor)
    knows_who = may_look_up(opened)
    return {name: spec for name, spec in fields.items() if knows_who or not is_of_a_child(spec)}


def is_of_a_child(spec: FieldSpec) -> bool:
    """Whether the answer is the number of a child's record."""
    return spec.records is not None and SOURCES[spec.records].facts["label"].privacy is PrivacyClass.CHILD


def item_fields_told(opened: Opened, collection: str, status: str) -> Mapping[str, FieldSpec]:
    """The questions whose answers the actor reads on an item that has this status, as its page shows them."""
    if is_shown(opened, collection):
        return asked_of_items(opened, collection)
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
    if reads_as_staff(opened):
        return opened.snapshot.deadlines
    theirs = kept_by(opened.definition, opened.snapshot.state, opened.actor.roles) if _awaits_them(opened) else set()
    return {name: running for name, running in opened.snapshot.deadlines.items() if name in theirs}


def _awaits_them(opened: Opened) -> bool:
    return opened.definition.state(opened.snapshot.state).awaiting in opened.actor.roles


def is_told(opened: Opened, entry: HistoryView) -> bool:
    """Whether the actor reads this line of history at all."""
    if is_unseen(opened, entry):
        return False
    if reads_as_staff(opened) or is_own(opened, entry):
        return True
    if entry.kind != "event" or not _was_in_sight(opened, entry):
        return False
    spec = _event_of(opened, entry)
    was_written_to = spec is not None and not opened.actor.roles.isdisjoint(spec.notify)
    is_other_side = entry.actor_audience not in _OF_OURS
    return is_other_side or was_written_to or entry.from_state != entry.to_state


def is_own(opened: Opened, entry: HistoryView) -> bool:
    """Whether someone on the actor's own side of the case did this; of two outsiders each has only their own."""
    if entry.actor_audience != audience_of(opened):
        return False
    could_have = _outsiders_by(opened, entry)
    if could_have and could_have.isdisjoint(opened.actor.roles):
        return False
    return could_have <= opened.actor.roles or entry.actor_id in _people_beside(opened)


def as_told(opened: Opened, entry: HistoryView) -> HistoryView:
    """The line of history with what was said in it, if the actor reads that, and else without, and without a name."""
    if reads_as_staff(opened) or is_own(opened, entry):
        return entry
    told = replace(entry, payload={"item": entry.payload.get("item")})
    return replace(told, actor_name=_other_side(opened, entry)) if entry.actor_audience not in _OF_OURS else told


def _was_in_sight(opened: Opened, entry: HistoryView) -> bool:
    """Whether it left or reached a state in which the actor sees the case: a draft was never theirs to read."""
    rules = [opened.definition.workflow.seen_by[role] for role in _roles_that_see(opened)]
    seen = {state for rule in rules for state in rule.states}
    called = opened.definition.now_called
    return any(not rule.states for rule in rules) or not seen.isdisjoint(
        (called(entry.from_state), called(entry.to_state))
    )


def _roles_that_see(opened: Opened) -> frozenset[str]:
    return opened.actor.roles & opened.definition.workflow.seen_by.keys()


def _event_of(opened: Opened, entry: HistoryView) -> EventSpec | None:
    return opened.definition.events.get(entry.from_state, {}).get(entry.name) if entry.kind == "event" else None


def _outsiders_by(opened: Opened, entry: HistoryView) -> frozenset[str]:
    """The sides of a case between several of which one did this; empty where there is only one side."""
    by_link = opened.definition.workflow.read_by_link
    sides = opened.definition.workflow.party_roles | ({by_link.role} if by_link else set())
    if len(sides) < 2:
        return frozenset()
    spec = _event_of(opened, entry)
    return (sides.intersection(spec.by) if spec else sides) or sides


def _people_beside(opened: Opened) -> set[int]:
    """Whom the case names on the actor's side, and their colleagues."""
    snapshot = opened.snapshot
    named = {person for role, person in snapshot.party_roles.items() if role in opened.actor.roles}
    beside = {one for role in opened.actor.roles for one in snapshot.colleagues.get(role, ())}
    return named | beside


def _other_side(opened: Opened, entry: HistoryView) -> str:
    """Who it was, without a name: a parent's is not for everybody on the case."""
    others = _outsiders_by(opened, entry) - opened.actor.roles
    roles = opened.definition.council.roles
    return roles[next(iter(others))].title if len(others) == 1 else "Somebody else"
