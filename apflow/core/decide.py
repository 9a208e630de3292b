"""Decide what one command does to one case. Pure: same inputs, same Outcome, or the same Refusal raised."""

from collections.abc import Set
from datetime import datetime

from msgspec.structs import replace

from apflow.core.commands import (
    Alert,
    BringBackTask,
    ChildBegun,
    ChildEnded,
    ChildNotBegun,
    ClaimTask,
    Command,
    CompleteTask,
    Fire,
    HandOver,
    Hide,
    MoveBack,
    MoveVersion,
    Open,
    PassTask,
    PutOffTask,
    Recount,
    ReleaseTask,
    Rename,
    Ring,
    SendAgain,
    SetGuardAside,
    TakeGuardBack,
    Told,
)
from apflow.core.definition.compiled import Definition
from apflow.core.firing.brought import items_brought
from apflow.core.firing.fire import fire
from apflow.core.firing.handing_over import hand_over, rename
from apflow.core.firing.hiding import hide
from apflow.core.firing.overrides import set_aside, take_back
from apflow.core.firing.wanted import only_wanted
from apflow.core.heed import heed
from apflow.core.outcome import Outcome
from apflow.core.putting_off import bring_back, put_off, with_news
from apflow.core.recounting import recount
from apflow.core.ring import ring
from apflow.core.snapshot import Snapshot, World
from apflow.core.versions import move_back, move_version
from apflow.core.work import alert, claim, complete, pass_on, release, send_again


def decide(definition: Definition, snapshot: Snapshot, command: Command, world: World, now: datetime) -> Outcome:
    """What the command changes. Refusals come in order: visible, exists, may, up to date, open, guards, answers."""
    outcome = with_news(definition, snapshot, _decided(definition, snapshot, command, world, now))
    match command:
        case MoveBack():
            return outcome
        case MoveVersion(to):
            return only_wanted(to, snapshot, outcome, world)
        case _:
            return only_wanted(definition, snapshot, outcome, world)


def _decided(definition: Definition, snapshot: Snapshot, command: Command, world: World, now: datetime) -> Outcome:
    match command:
        case Open(event, actor, answers, brought):
            begun = fire(definition, snapshot, Fire(event, actor, answers), world, now)
            return replace(begun, items=(*begun.items, *items_brought(definition, brought, now))) if brought else begun
        case Fire():
            return fire(definition, snapshot, command, world, now)
        case Ring():
            rung = ring(definition, snapshot, command, world, now)
            return replace(rung, deadline=command.deadline, token=command.token)
        case ClaimTask():
            return claim(definition, snapshot, command, now)
        case ReleaseTask():
            return release(definition, snapshot, command, now)
        case PassTask():
            return pass_on(definition, snapshot, command, now)
        case PutOffTask():
            return put_off(definition, snapshot, command, now)
        case BringBackTask():
            return bring_back(definition, snapshot, command, now)
        case CompleteTask():
            return complete(definition, snapshot, command, now)
        case Alert():
            return alert(definition, snapshot, command, now)
        case SendAgain():
            return send_again(definition, snapshot, command, now)
        case SetGuardAside():
            return set_aside(definition, snapshot, command, world, now)
        case TakeGuardBack():
            return take_back(definition, snapshot, command, world, now)
        case Recount():
            return recount(definition, snapshot, command, world, now)
        case Hide():
            return hide(definition, snapshot, command, now)
        case HandOver():
            return hand_over(definition, snapshot, command, now)
        case Rename():
            return rename(definition, snapshot, command, now)
        case MoveVersion():
            return move_version(definition, snapshot, command, world, now)
        case MoveBack():
            return move_back(snapshot, command, now)
        case ChildBegun() | ChildNotBegun() | ChildEnded() | Told():
            return heed(definition, snapshot, command, world, now)


def events_it_can_come_to(definition: Definition, state: str, command: Command) -> Set[str] | None:
    """The events that the command may do to a case there; None where it looks at all that could be done to it."""
    match command:
        case Open() | Fire() | Told():
            return {command.event}
        case Ring():
            spec = definition.deadlines[state].get(command.deadline)
            return {spec.then.event} if spec and spec.then.event else frozenset()
        case ClaimTask() | ReleaseTask() | PassTask() | PutOffTask() | BringBackTask() | CompleteTask():
            return frozenset()
        case Alert() | SendAgain() | Hide() | HandOver() | Rename():
            return frozenset()
        case _:
            return None
