"""Letting cases hear what their relatives said: each signal once, in the order a case said them, by any process."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from msgspec import structs
from sqlalchemy import Connection

from apflow.beyond.units import unborn
from apflow.clock import machine_now as machine_clock
from apflow.core.commands import Brought, ChildBegun, ChildEnded, ChildNotBegun, Command, Open, Told
from apflow.core.definition.compiled import Definition
from apflow.core.errors import ApflowError, NotFound, Refusal
from apflow.core.firing.brought import newest, taken
from apflow.core.firing.handing_over import with_who_acts
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import Parent, Snapshot
from apflow.handler import Handler
from apflow.store import signals
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Unit
from apflow.store.signals import Claimed, Taken
from apflow.watching.logs import fault

POSTPONED_FOR = timedelta(minutes=5)

log = structlog.get_logger()


class RelativeMissing(ApflowError):
    """A signal is from or for a case that is not in the database."""


def hear_all(handler: Handler, *, machine_now: Callable[[], datetime]) -> int:
    """Let every signal that waits be heard; how many were. What one brings about is heard as well."""
    heard = 0
    while (claimed := signals.claim_next(handler.store, machine_now())) is not None:
        heard += _heard(handler, claimed, machine_now)
    return heard


def hear(handler: Handler, claimed: Claimed) -> None:
    """Let one signal be heard: what comes of it, and that it has been heard, commit together under its claim.

    It counts from when it was said. A case that refuses gets a task saying why; only what is broken raises.
    """
    if claimed.purpose == "tell" and claimed.receiver is None:
        signals.tell_each(handler.store, claimed, machine_clock())
        return
    receiver = claimed.receiver or claimed.sender
    handler.commit(receiver, lambda connection: _prepared(handler, connection, claimed, receiver))


def _heard(handler: Handler, claimed: Claimed, machine_now: Callable[[], datetime]) -> bool:
    try:
        hear(handler, claimed)
    except Taken:
        return False
    except Exception as error:  # Whatever is wrong with one signal must not stop those of other cases.
        log.warning("signal could not be heard", case=claimed.sender, signal=claimed.id, **fault(error))
        signals.postpone(handler.store, claimed, machine_now() + POSTPONED_FOR)
        return False
    return True


def _prepared(handler: Handler, connection: Connection, claimed: Claimed, receiver: str) -> Unit:
    """What the receiver makes of it; to begin a child, its sender receives it, and the two commit together."""
    definition, snapshot = _case(handler, connection, receiver)
    command, child = _asked(handler, connection, claimed, definition, snapshot)
    unit = handler.decided(connection, definition, snapshot, command, claimed.sent_at)
    return structs.replace(unit, heard=claimed, child=child)


def _asked(
    handler: Handler, connection: Connection, claimed: Claimed, definition: Definition, receiver: Snapshot
) -> tuple[Command, Unit | None]:
    match claimed.purpose:
        case "tell":
            # An earlier text of the receiver may not ask all of it: it is to hear of the event all the same.
            form = definition.forms.get((receiver.state, claimed.event), {})
            answers = {name: said for name, said in claimed.answers.items() if name in form}
            return Told(claimed.event, claimed.sender, THE_CLOCK, answers), None
        case "ended":
            label = _end_of(handler, connection, claimed)
            return ChildEnded(claimed.kind, claimed.sender, claimed.event, label, THE_CLOCK), None
        case _:
            return _begun(handler, connection, claimed, receiver)


def _begun(handler: Handler, connection: Connection, claimed: Claimed, parent: Snapshot) -> tuple[Command, Unit | None]:
    try:
        child = _child(handler, connection, claimed, parent)
    except Refusal as refusal:
        return ChildNotBegun(claimed.kind, refusal.message, THE_CLOCK), None
    return ChildBegun(claimed.kind, child.snapshot.reference, THE_CLOCK), child


def _child(handler: Handler, connection: Connection, claimed: Claimed, parent: Snapshot) -> Unit:
    """The child as it begins: with whoever has its parent, and what was copied for it as its start event's answers."""
    workflow = claimed.workflow or ""
    if workflow not in handler.library.sources:
        raise NotFound(f'There is no workflow called "{workflow}".')
    definition, at = handler.library.current(workflow), max(claimed.sent_at, parent.changed_at or claimed.sent_at)
    parentage = Parent(parent.reference, claimed.kind)
    case = structs.replace(unborn(definition, at), parent=parentage, assigned_to=parent.assigned_to)
    brought, said = _brought(handler, connection, claimed.kind, parent)
    theirs = handler.definition_of(connection, parent)
    answers = with_who_acts(theirs, parent, definition, claimed.kind, claimed.answers)
    unit = handler.decided(connection, definition, case, Open(claimed.event, THE_CLOCK, answers, brought), at)
    entry = structs.replace(unit.outcome.entry, note=said) if said else unit.outcome.entry
    return structs.replace(unit, outcome=structs.replace(unit.outcome, entry=entry))


def _brought(handler: Handler, connection: Connection, kind: str, parent: Snapshot) -> tuple[Brought, str]:
    """What the child's items begin with, from the newest cases of its family; and which those are, for its history."""
    spec = handler.definition_of(connection, parent).workflow.children.get(kind)
    brought, told = {}, []
    for collection, brings in spec.brings.items() if spec else ():
        child = newest(parent.children, brings)
        if child is not None:
            _, earlier = _case(handler, connection, child.reference)
            brought[collection] = taken(brings, earlier.items)
            told.append(child.reference)
    return brought, f"With what {' and '.join(told)} says." if told else ""


def _end_of(handler: Handler, connection: Connection, claimed: Claimed) -> str:
    """What staff call the state a child has ended in."""
    definition, _ = _case(handler, connection, claimed.sender)
    state = definition.workflow.states.get(claimed.event)
    return state.label.staff if state else claimed.event


def _case(handler: Handler, connection: Connection, reference: str) -> tuple[Definition, Snapshot]:
    snapshot = load_case(connection, reference)
    if snapshot is None:
        raise RelativeMissing
    return handler.definition_of(connection, snapshot), snapshot
