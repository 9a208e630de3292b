"""What of a case a person is told: staff everything their roles see; an outsider their own side of it and no more.

An outsider reads what they said, what was said to them and where the case stands: never what staff wrote to each other.
"""

from collections.abc import Mapping

from apflow.core.deadlines.kept import kept_by
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, PrivacyClass
from apflow.core.people.permission import may_read, readable
from apflow.core.snapshot import RunningDeadline
from apflow.provision.drawn import SOURCES
from apflow.web.asking.sets import is_shown
from apflow.web.case.opened import Opened
from apflow.web.case.outsiders import reads_as_staff
from apflow.web.case.panel import asked_of_items
from apflow.web.case.pupil import may_look_up


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
