"""Moving one case to another version of its workflow, and back: where it then stands, what runs, and what is to do.

Nothing is sent, nothing that has fired fires again, and where the new version cannot take the case as it stands, the
case stays. What is said of it, line by line, is what its history keeps.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from apflow.core.commands import MoveBack, MoveVersion
from apflow.core.days.calendar import local_date
from apflow.core.deadlines.carrying import Carried, Carrying
from apflow.core.deadlines.changes import Happening, Running, all_of
from apflow.core.deadlines.unless import unwanted_of
from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, NotOpen
from apflow.core.firing import moves
from apflow.core.firing.holders import given
from apflow.core.fitting import broken_promises, misfits, state_after
from apflow.core.outcome import Entry, NewTask, Outcome, TaskChange, unmoved
from apflow.core.snapshot import OpenTask, RunningDeadline, Snapshot, World

Deadlines = Mapping[str, Carried]
MOVED_TO, MOVED_BACK = "moved to version", "moved back to version"


class ToBeAsked(Blocked):
    """Whoever moves the case must say what becomes of some of its deadlines."""

    code = "to-be-asked"


def move_version(
    definition: Definition, snapshot: Snapshot, command: MoveVersion, world: World, now: datetime
) -> Outcome:
    """The case under the text it is moved to; Blocked with every reason why not, ToBeAsked with every question."""
    to, at = command.to, max(now, snapshot.changed_at or now)
    if to.digest == snapshot.digest or definition.state(snapshot.state).final:
        raise NotOpen("It has ended, or goes by this version already.")
    state = state_after(definition, snapshot, to)
    moved = replace(snapshot, state=state, digest=to.digest)
    if reasons := (*misfits(definition, snapshot, to), *broken_promises(snapshot, state, moved, to, world)):
        raise Blocked(reasons)
    happening = Happening(to, "", state, snapshot.fields, at, snapshot.items, snapshot.entered_at)
    unwanted = unwanted_of(to, state, snapshot.fields, snapshot.items, world.today.isoformat())
    carrying = Carrying(happening, command.answers, frozenset(unwanted), frozenset(snapshot.unwanted))
    deadlines = _carried(definition, snapshot, carrying)
    if questions := [one.ask for one in deadlines.values() if one.ask]:
        raise ToBeAsked(questions)
    outcome = _outcome(definition, snapshot, command, state, deadlines, at)
    if not _is_brought_up_again(snapshot, outcome, {name: deadlines[name] for name in deadlines.keys() - unwanted}):
        raise Blocked([f"No deadline would run in “{to.state(state).label.staff}”, and no task be open."])
    return outcome


def move_back(snapshot: Snapshot, command: MoveBack, now: datetime) -> Outcome:
    """The case as it stood before it was moved; its history keeps that it was."""
    before, to = command.before, command.to
    assert to is not None
    was = {one.id: one for one in msgspec.convert(before["deadlines"], list[RunningDeadline])}
    runs = {one.id: one for one in (*snapshot.deadlines.values(), *snapshot.unwanted.values())}
    name = f"{MOVED_BACK} {to.workflow.version}"
    at = max(now, snapshot.changed_at or now)
    note = "It stands as it did before it was moved."
    entry = Entry("version", name, command.actor, at, snapshot.state, before["state"], note=note)
    return replace(
        unmoved(snapshot, entry),
        tasks=tuple(_tasks_back(snapshot, before["tasks"], command)),
        stopped=tuple(one for id, one in runs.items() if id not in was),
        resumed=tuple(id for id in was if id is not None and id not in runs),
        altered=tuple(one for id, one in was.items() if id in runs and _unclaimed(one) != _unclaimed(runs[id])),
    )


def _outcome(
    definition: Definition,
    snapshot: Snapshot,
    command: MoveVersion,
    state: str,
    deadlines: Deadlines,
    at: datetime,
) -> Outcome:
    to = command.to
    gone = _gone(all_of(definition, snapshot, at), deadlines)
    changes, opened = _tasks(definition, snapshot, command, state, deadlines, gone, at)
    said = [
        _where(definition, snapshot, to, state),
        *(one.said for one in deadlines.values()),
        *(f"“{_label(definition, snapshot, one.name)}” no longer runs; it was due {_on(one.due_at)}." for one in gone),
        *_tasks_said(snapshot, changes, opened),
    ]
    name = f"{MOVED_TO} {to.workflow.version}"
    entry = Entry("version", name, command.actor, at, snapshot.state, state, note="\n".join(said))
    changed = [one for one in deadlines.values() if not one.is_same]
    return replace(
        unmoved(snapshot, replace(entry, answers=command.answers, before=_before(snapshot))),
        tasks=changes,
        opened=opened,
        started=tuple(one.now for one in changed if one.now and not one.is_in_place),
        altered=tuple(one.now for one in changed if one.now and one.is_in_place),
        stopped=(*gone, *(one.was for one in changed if one.was and not one.is_in_place)),
    )


def _before(snapshot: Snapshot) -> dict[str, Any]:
    """What it takes to move the case back: of its own it says only when what is due."""
    return {
        "digest": snapshot.digest,
        "state": snapshot.state,
        "deadlines": [msgspec.to_builtins(one) for one in (*snapshot.deadlines.values(), *snapshot.unwanted.values())],
        "tasks": {str(task.id): task.due_at.isoformat() if task.due_at else None for task in snapshot.tasks},
    }


def _unclaimed(one: RunningDeadline) -> RunningDeadline:
    return replace(one, token=0, warned_at=None)


def _carried(definition: Definition, snapshot: Snapshot, carrying: Carrying) -> dict[str, Carried]:
    """Each deadline of the new version, those after others once these are known."""
    specs, old = carrying.happening.specs, definition.deadlines[snapshot.state]
    there_are = all_of(definition, snapshot, carrying.happening.now)
    carried: dict[str, Carried] = {}
    waiting = list(specs)
    while ready := next((name for name in waiting if specs[name].after_deadline not in waiting), None):
        waiting.remove(ready)
        names = [name for name in (ready, specs[ready].formerly) if name]
        was = next((there_are[name] for name in names if name in there_are), None)
        spec = next((old[name] for name in names if name in old), None)
        if one := carrying.carried(ready, spec, was, carried):
            carried[ready] = one
    return carried


def _gone(there_are: Running, deadlines: Deadlines) -> tuple[RunningDeadline, ...]:
    kept = {one.was.name for one in deadlines.values() if one.was}
    return tuple(one for name, one in there_are.items() if name not in kept)


def _tasks(
    definition: Definition,
    snapshot: Snapshot,
    command: MoveVersion,
    state: str,
    deadlines: Deadlines,
    gone: tuple[RunningDeadline, ...],
    at: datetime,
) -> tuple[tuple[TaskChange, ...], tuple[NewTask, ...]]:
    """What becomes of open work, and what is new; what was done in this state already is not asked for again."""
    to, actor = command.to, command.actor
    specs, before = to.state(state).tasks, definition.state(snapshot.state).tasks
    running = [one.now for one in deadlines.values() if one.now]
    own = [task for task in snapshot.tasks if not task.is_alert]
    kept = [task for task in own if _is_same(to, state, task)]
    changed = [one.now for one in deadlines.values() if one.now and not one.is_same]
    changes = [TaskChange(task.id, "cancelled", actor.id) for task in own if task not in kept]
    changes += moves.tasks_moved(to.state(state), kept, changed)
    changes += moves.no_longer_overdue(snapshot.tasks, (one.name for one in gone), actor)
    wanted = specs.keys() - {task.name for task in kept} - (before.keys() - {task.name for task in own})
    due = {one.name: one.due_at for one in running}
    fresh = (
        moves.new_task(to, name, spec, due, snapshot.assigned_to, at) for name, spec in specs.items() if name in wanted
    )
    return tuple(changes), given(to, state, snapshot.fields, fresh)


def _is_same(to: Definition, state: str, task: OpenTask) -> bool:
    spec = to.state(state).tasks.get(task.name)
    return spec is not None and (spec.title, spec.for_, spec.each) == (task.title, task.role, task.each)


def _tasks_back(snapshot: Snapshot, was: Mapping[str, str | None], command: MoveBack) -> Iterator[TaskChange]:
    now_open = {str(task.id): task for task in snapshot.tasks}
    for id, task in now_open.items():
        if id not in was:
            yield TaskChange(task.id, "cancelled", command.actor.id)
    for id, due in was.items():
        due_at = datetime.fromisoformat(due) if due else None
        if id not in now_open:
            yield TaskChange(int(id), "reopened")
        elif now_open[id].due_at != due_at:
            yield TaskChange(int(id), "moved", due_at=due_at)


def _is_brought_up_again(snapshot: Snapshot, outcome: Outcome, deadlines: Deadlines) -> bool:
    closed = {change.task for change in outcome.tasks if change.how == "cancelled"}
    stays = any(not task.is_alert and task.id not in closed for task in snapshot.tasks)
    return stays or bool(outcome.opened) or any(one.now and one.now.next_at for one in deadlines.values())


def _where(definition: Definition, snapshot: Snapshot, to: Definition, state: str) -> str:
    label, before = to.state(state).label.staff, definition.state(snapshot.state).label.staff
    return f"It stays in “{label}”." if state == snapshot.state else f"It goes from “{before}” to “{label}”."


def _tasks_said(snapshot: Snapshot, changes: tuple[TaskChange, ...], opened: tuple[NewTask, ...]) -> Iterator[str]:
    titles = {task.id: task.title for task in snapshot.tasks}
    for change in changes:
        title = titles[change.task]
        if change.how == "cancelled":
            yield f"The task “{title}” is no longer needed."
        elif change.due_at is not None:
            yield f"The task “{title}” is due {_on(change.due_at)}."
    for task in opened:
        yield f"The task “{task.title}” is new{f', due {_on(task.due_at)}' if task.due_at else ''}."


def _label(definition: Definition, snapshot: Snapshot, name: str) -> str:
    spec = definition.deadlines[snapshot.state].get(name)
    return spec.label if spec else name.replace("_", " ")


def _on(at: datetime) -> str:
    return words.short_day(local_date(at))
