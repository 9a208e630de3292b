"""Claiming, releasing, passing on and finishing tasks, and raising alerts."""

from datetime import datetime

from msgspec.structs import replace

from apflow.core.commands import Alert, ClaimTask, CompleteTask, PassTask, ReleaseTask, SendAgain
from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import TaskSpec
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen, UnknownEvent
from apflow.core.firing import moves
from apflow.core.firing.holders import given
from apflow.core.firing.items import drawn_item
from apflow.core.firing.spare import spare_task
from apflow.core.firing.typed import clean
from apflow.core.outcome import Entry, How, Outcome, TaskChange, unmoved
from apflow.core.people.actor import Actor
from apflow.core.people.doers import is_for_another, is_theirs_alone
from apflow.core.people.permission import may_see, named_for, passes_on
from apflow.core.snapshot import Item, OpenTask, Snapshot

NOTE_LIMIT = 1000
_CHANGED = "This task has changed hands since you looked at it."
SENT_AGAIN = "sent_again email"
MAIL_FAILED = "mail_failed"  # The alert about an e-mail that could not be delivered.
MAIL_UNCERTAIN = "mail_uncertain"  # The same of one of which nobody knows; a workflow without it has the other.
MAIL_STOPPED = "mail_stopped"  # The same of one that somebody stopped; a workflow without it has the other.
ABOUT = "about"  # What the history says of an alert about items: the keys of those.
NOT_REACHED = "not_reached"  # The alert about somebody on a register whom an e-mail did not reach.

_OF_MAIL = {
    MAIL_FAILED: "An email could not be delivered",
    MAIL_UNCERTAIN: "An email may not have arrived",
    MAIL_STOPPED: "An email was stopped, and what it tells of stands: tell them otherwise",
    NOT_REACHED: "Tell somebody otherwise whom an email did not reach",
}


def claim(definition: Definition, snapshot: Snapshot, command: ClaimTask, now: datetime) -> Outcome:
    """Take a task; refused when someone else has it. Work that follows the case takes the case with it."""
    task = visible_task(definition, snapshot, command.task, command.actor)
    if task.each:
        raise Blocked(["Everyone on this list does this for themselves; there is nothing to claim."])
    refuse_unless_free_or_theirs(definition, snapshot, task, command.actor)
    keeps = moves.follows_the_case(definition, task.role)
    outcome = _entry(snapshot, command.actor, now, f"claimed {task.name}", task, "claimed")
    return replace(outcome, assigned_to=command.actor.id if keeps else snapshot.assigned_to)


def release(definition: Definition, snapshot: Snapshot, command: ReleaseTask, now: datetime) -> Outcome:
    """Put a task back, for whoever has it; for somebody else, whoever could also have passed it on."""
    whose, task = command.held_by or command.actor.id, open_task(definition, snapshot, command.task, command.actor)
    if not (task.role in command.actor.roles if whose == command.actor.id else _passes(definition, command, task)):
        raise NotAllowed
    if task.each:
        raise Blocked(["Everyone who was asked does this for themselves; there is nothing to put back."])
    _refuse_for_another(definition, snapshot, task)
    if task.claimed_by != whose:
        raise NotOpen("You do not have this task, so you cannot put it back." if command.held_by is None else _CHANGED)
    outcome = _entry(snapshot, command.actor, now, f"released {task.name}", task, "released")
    has_case = snapshot.assigned_to == whose and moves.follows_the_case(definition, task.role)
    leaves = has_case and not _others_with_it(definition, snapshot, task)
    return replace(outcome, assigned_to=None if leaves else snapshot.assigned_to)


def pass_on(definition: Definition, snapshot: Snapshot, command: PassTask, now: datetime) -> Outcome:
    """Give a task to somebody who can do it, whoever has it; what its holder has of the case as well goes with it."""
    task, to = open_task(definition, snapshot, command.task, command.actor), command.to
    if not _passes(definition, command, task):
        raise NotAllowed
    if task.each:
        raise Blocked(["Everyone who was asked does this for themselves; it cannot be passed on."])
    _refuse_for_another(definition, snapshot, task)
    if task.claimed_by != command.held_by:
        raise NotOpen(_CHANGED)
    if why := _why_not(definition, snapshot, task, to):
        raise Invalid({"to": why})
    with_it = [
        one for one in _others_with_it(definition, snapshot, task) if not _why_not(definition, snapshot, one, to)
    ]
    how = "took_over" if to.id == command.actor.id else "passed"
    entry = Entry("task", f"{how} {task.name}", command.actor, now, snapshot.state, snapshot.state)
    said = f"To {to.name}." + (f" With it: {', '.join(one.title for one in with_it)}." if with_it else "")
    keeps = moves.follows_the_case(definition, task.role)
    return replace(
        unmoved(snapshot, replace(entry, answers={"to": to.id}, note=said)),
        tasks=tuple(TaskChange(one.id, "claimed", to.id) for one in (task, *with_it)),
        assigned_to=to.id if keeps else snapshot.assigned_to,
    )


def complete(definition: Definition, snapshot: Snapshot, command: CompleteTask, now: datetime) -> Outcome:
    """Finish an alert; a task of the state itself is finished by what is done to the case."""
    task = visible_task(definition, snapshot, command.task, command.actor)
    if task.claimed_by not in (None, command.actor.id, *command.covers):
        raise NotOpen("Someone else has taken this task.")
    if not task.is_alert:
        raise Blocked(["This task is finished by acting on the case, not by ticking it off."])
    note = clean(command.note)
    if not note:
        raise Invalid({"note": "Say what you did about it."})
    if len(note) > NOTE_LIMIT:
        raise Invalid({"note": f"Use {NOTE_LIMIT:,} characters or fewer."})
    outcome = _entry(snapshot, command.actor, now, f"completed {task.name}", task, "done")
    return replace(outcome, entry=replace(outcome.entry, note=note))


def alert(definition: Definition, snapshot: Snapshot, command: Alert, now: datetime) -> Outcome:
    """Open the workflow's task for something that went wrong outside the case, or one about each item."""
    name, spec = _alert(definition, snapshot.state, command.alert)
    task = moves.new_task(definition, name, spec, {}, snapshot.assigned_to, now)
    said = {ABOUT: list(command.items)} if command.items else {}
    entry = Entry("alert", name, command.actor, now, snapshot.state, snapshot.state, said, note=command.note)
    drawn = _drawn(definition, command, now)
    keys = command.items or (drawn[0].key if drawn else None,)
    tasks = [replace(task, is_alert=True, note=command.note, item=key) for key in keys]
    opened = given(definition, snapshot.state, snapshot.fields, tasks)
    return replace(unmoved(snapshot, entry), opened=opened, items=drawn)


def _alert(definition: Definition, state: str, name: str) -> tuple[str, TaskSpec]:
    """The workflow's alert; of an e-mail the one of those that could not be delivered, or a task all the same."""
    alerts = definition.workflow.alerts
    if name in (MAIL_STOPPED, MAIL_UNCERTAIN) and name not in alerts and MAIL_FAILED in alerts:
        name = MAIL_FAILED
    if name not in alerts and name not in _OF_MAIL:
        raise UnknownEvent(f'There is no alert called "{name}".')
    return name, alerts.get(name) or spare_task(definition, state, _OF_MAIL[name])


def send_again(definition: Definition, snapshot: Snapshot, command: SendAgain, now: datetime) -> Outcome:
    """Note that one of the staff has an e-mail sent again, which is what was asked for; what it says is written beside.

    One that does not go this time is told of anew.
    """
    if not may_see(definition, snapshot, command.actor):
        raise NotFound
    if not definition.council.is_staff(command.actor.roles):
        raise NotAllowed
    noted = unmoved(snapshot, Entry("task", SENT_AGAIN, command.actor, now, snapshot.state, snapshot.state))
    open_still = sorted(command.tasks & {task.id for task in snapshot.tasks})
    return replace(noted, tasks=tuple(TaskChange(task, "done", command.actor.id) for task in open_still))


def _drawn(definition: Definition, command: Alert, now: datetime) -> tuple[Item, ...]:
    """What the alert is about, as an item of the collection that is drawn from there; anew if it was there before."""
    drawn = command.drawn
    if drawn is None:
        return ()
    into = (name for name in definition.workflow.collections if definition.source_name(name) == drawn.source)
    return tuple(drawn_item(definition, collection, drawn.key, drawn.facts, now) for collection in into)


def refuse_unless_free_or_theirs(definition: Definition, snapshot: Snapshot, task: OpenTask, actor: Actor) -> None:
    """Refuse a task that somebody else has, or that somebody else must do."""
    if task.claimed_by is not None and task.claimed_by != actor.id:
        raise NotOpen("Someone else has taken this task.")
    if is_for_another(definition, snapshot.state, snapshot.doers, task.name, named_for(snapshot, actor)):
        raise Blocked(["You did the step before, so somebody else must do this."])


def visible_task(definition: Definition, snapshot: Snapshot, task_id: int, actor: Actor) -> OpenTask:
    """The open task, for somebody of its role who sees the case."""
    task = open_task(definition, snapshot, task_id, actor)
    if task.role not in actor.roles:
        raise NotAllowed
    return task


def open_task(definition: Definition, snapshot: Snapshot, task_id: int, actor: Actor) -> OpenTask:
    """The open task, for somebody who sees the case."""
    if not may_see(definition, snapshot, actor):
        raise NotFound
    task = next((task for task in snapshot.tasks if task.id == task_id), None)
    if task is None:
        raise NotOpen("This task has been finished or is no longer needed.")
    return task


def _passes(definition: Definition, command: ReleaseTask | PassTask, task: OpenTask) -> bool:
    return passes_on(definition.council, command.actor, task.role)


def _refuse_for_another(definition: Definition, snapshot: Snapshot, task: OpenTask) -> None:
    if is_theirs_alone(definition, snapshot, task):
        raise Blocked(["Only the person whom the case names can do this, so nobody else can have it."])


def _others_with_it(definition: Definition, snapshot: Snapshot, task: OpenTask) -> list[OpenTask]:
    """What whoever has the task has beside it of the work that goes to the person who has the case."""
    if task.claimed_by is None or not moves.follows_the_case(definition, task.role):
        return []
    theirs = (one for one in snapshot.tasks if one.claimed_by == task.claimed_by and one.id != task.id)
    return [one for one in theirs if moves.follows_the_case(definition, one.role) and not one.each]


def _why_not(definition: Definition, snapshot: Snapshot, task: OpenTask, to: Actor) -> str | None:
    """Why somebody cannot have the task; None when they can."""
    if task.role not in to.roles or not may_see(definition, snapshot, to):
        return f"{to.name} cannot do this. Choose somebody else."
    if task.claimed_by == to.id:
        return f"{to.name} has this already."
    if is_for_another(definition, snapshot.state, snapshot.doers, task.name, named_for(snapshot, to)):
        return f"{to.name} did the step before, so somebody else must do this."
    return None


def _entry(snapshot: Snapshot, actor: Actor, now: datetime, name: str, task: OpenTask, how: How) -> Outcome:
    entry = Entry("task", name, actor, now, snapshot.state, snapshot.state)
    return replace(unmoved(snapshot, entry), tasks=(TaskChange(task.id, how, actor.id),))
