"""What a case does when a relative speaks: fire the event it was told to, or open a task that says why not."""

from datetime import datetime

from msgspec.structs import replace

from apflow.core.commands import ChildBegun, ChildEnded, ChildNotBegun, Fire, Told
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Refusal
from apflow.core.firing import moves
from apflow.core.firing.fire import fire
from apflow.core.firing.holders import given
from apflow.core.firing.spare import spare_task
from apflow.core.outcome import Entry, Outcome, unmoved
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot, World

SIGNAL_REFUSED = "signal_refused"
Heard = ChildBegun | ChildNotBegun | ChildEnded | Told


def heed(definition: Definition, snapshot: Snapshot, command: Heard, world: World, now: datetime) -> Outcome:
    """What the word changes here; it counts from when it was said, but never before what has happened here since."""
    at = max(now, snapshot.changed_at or now)
    match command:
        case ChildBegun(kind, child, actor):
            return _noted(snapshot, actor, f"begun {kind}", child, at)
        case ChildNotBegun(kind, reason, actor):
            label = definition.workflow.children[kind].label.staff
            return _task(definition, snapshot, actor, f'"{label}" could not be begun. {reason}', at)
        case ChildEnded(kind, child, state, label, actor):
            said = f"{child} has ended: {label}."
            spec = definition.workflow.children.get(kind)
            event = spec.ends.get(state) if spec else None
            # A case that has ended has nobody at work on it, and nothing that its child's end could still change.
            if event is None or definition.state(snapshot.state).final:
                return _noted(snapshot, actor, f"ended {kind}", said, at)
            return _fired(definition, snapshot, Fire(event, actor), said, world, at)
        case Told(event, sender, actor, answers):
            said = f"{sender} asked for this."
            if definition.state(snapshot.state).final and event not in definition.events[snapshot.state]:
                return _noted(
                    snapshot, actor, f"told {event}", said, at
                )  # It ended first: there is nothing left to do.
            return _fired(definition, snapshot, Fire(event, actor, answers), said, world, at)


def _fired(definition: Definition, snapshot: Snapshot, command: Fire, said: str, world: World, at: datetime) -> Outcome:
    try:
        outcome = fire(definition, snapshot, command, world, at)
    except Refusal as refusal:
        return _task(definition, snapshot, command.actor, f"{said} {refusal.message}", at)
    return replace(outcome, entry=replace(outcome.entry, note=said))


def _task(definition: Definition, snapshot: Snapshot, actor: Actor, note: str, at: datetime) -> Outcome:
    spec = definition.workflow.alerts.get(SIGNAL_REFUSED) or spare_task(
        definition, snapshot.state, "What a linked case asked for could not be done"
    )
    task = moves.new_task(definition, SIGNAL_REFUSED, spec, {}, snapshot.assigned_to, at)
    opened = given(definition, snapshot.state, snapshot.fields, [replace(task, is_alert=True, note=note)])
    outcome = unmoved(snapshot, Entry("alert", SIGNAL_REFUSED, actor, at, snapshot.state, snapshot.state, note=note))
    return replace(outcome, opened=opened)


def _noted(snapshot: Snapshot, actor: Actor, name: str, note: str, at: datetime) -> Outcome:
    return unmoved(snapshot, Entry("child", name, actor, at, snapshot.state, snapshot.state, note=note))
