"""What entering and leaving a state brings with it: tasks and deadlines."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from apflow.core import deadlines
from apflow.core.actor import Actor
from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import TaskSpec
from apflow.core.definition.workflow import EventSpec, StateSpec
from apflow.core.outcome import NewTask, TaskChange
from apflow.core.snapshot import OpenTask, RunningDeadline, Snapshot


def deadlines_on_entry(
    definition: Definition, state: StateSpec, fields: Mapping[str, Any], now: datetime
) -> tuple[RunningDeadline, ...]:
    """The deadlines that start on entering the state; one counted `of` a date waits until the date is known."""
    started = (_start(definition, name, state, fields, now) for name in state.deadlines)
    return tuple(deadline for deadline in started if deadline)


def deadlines_on_date(
    definition: Definition, state: StateSpec, snapshot: Snapshot, changed: Mapping[str, Any], now: datetime
) -> tuple[RunningDeadline, ...]:
    """The deadlines to start, or start again, because the date they are counted from has changed."""
    fields = {**snapshot.fields, **changed}
    started = (_start(definition, name, state, fields, now) for name in _counted_from(state, changed))
    return tuple(deadline for deadline in started if deadline)


def deadlines_off_date(state: StateSpec, snapshot: Snapshot, changed: Mapping[str, Any]) -> tuple[RunningDeadline, ...]:
    """The running deadlines to stop, because the date they are counted from has changed or is gone."""
    return tuple(snapshot.deadlines[name] for name in _counted_from(state, changed) if name in snapshot.deadlines)


def _counted_from(state: StateSpec, changed: Mapping[str, Any]) -> Iterable[str]:
    return (name for name, spec in state.deadlines.items() if spec.of is not None and spec.of in changed)


def _start(
    definition: Definition, name: str, state: StateSpec, fields: Mapping[str, Any], now: datetime
) -> RunningDeadline | None:
    spec = state.deadlines[name]
    if spec.of is None:
        return deadlines.start(name, spec, now, definition.calendar, now)
    day = fields.get(spec.of)
    if not day:
        return None
    return deadlines.start(name, spec, deadlines.anchor_on(day, definition.calendar), definition.calendar, now)


def tasks_on_entry(
    definition: Definition,
    state: StateSpec,
    running: Iterable[RunningDeadline],
    assigned_to: int | None,
    now: datetime,
) -> tuple[NewTask, ...]:
    """The tasks the state opens, each due with its deadline; the case's own officer keeps hers."""
    due = {deadline.name: deadline.due_at for deadline in running}
    return tuple(new_task(definition, name, spec, due, assigned_to, now) for name, spec in state.tasks.items())


def new_task(
    definition: Definition,
    name: str,
    spec: TaskSpec,
    due: Mapping[str, datetime],
    assigned_to: int | None,
    now: datetime,
) -> NewTask:
    due_at = definition.calendar.due(now, spec.due).at if spec.due else due.get(spec.deadline or "")
    keeps = follows_the_case(definition, spec.for_) and spec.each is None
    return NewTask(
        name=name,
        role=spec.for_,
        title=spec.title,
        due_at=due_at,
        each=spec.each,
        claimed_by=assigned_to if keeps else None,
    )


def follows_the_case(definition: Definition, role: str) -> bool:
    """Whether work for the role goes to the person who has the case."""
    known = definition.council.roles.get(role)
    return known is not None and known.mail == "assigned"


def tasks_on_leaving(
    state: StateSpec, open_tasks: Iterable[OpenTask], event: str, actor: Actor
) -> tuple[TaskChange, ...]:
    """Close the state's tasks: done where this event or this person does them, else cancelled. Alerts stay."""
    return tuple(
        TaskChange(task.id, "done" if _does(state, task, event, actor) else "cancelled", actor.id)
        for task in open_tasks
        if not task.is_alert
    )


def tasks_done_by(state: StateSpec, open_tasks: Iterable[OpenTask], event: str, actor: Actor) -> tuple[TaskChange, ...]:
    """Close the tasks this event does while the case stays where it is."""
    done = (task for task in open_tasks if task.name in state.tasks and event in state.tasks[task.name].done_by)
    return tuple(TaskChange(task.id, "done", actor.id) for task in done)


def tasks_moved(
    state: StateSpec, open_tasks: Iterable[OpenTask], changed: Iterable[RunningDeadline]
) -> tuple[TaskChange, ...]:
    """The tasks whose deadline has changed are due when it now is."""
    due = {deadline.name: deadline.due_at for deadline in changed}
    return tuple(
        TaskChange(task.id, "moved", due_at=due[deadline])
        for task in open_tasks
        if task.name in state.tasks and (deadline := state.tasks[task.name].deadline or "") in due
    )


def alerts_opened(
    definition: Definition, names: Iterable[str], assigned_to: int | None, now: datetime
) -> tuple[NewTask, ...]:
    """The tasks of their own that an event opens."""
    alerts = definition.workflow.alerts
    opened = (new_task(definition, name, alerts[name], {}, assigned_to, now) for name in names)
    return tuple(replace(task, is_alert=True) for task in opened)


def _does(state: StateSpec, task: OpenTask, event: str, actor: Actor) -> bool:
    spec = state.tasks.get(task.name)
    if spec and spec.done_by:
        return event in spec.done_by
    return task.role in actor.roles


def extended(
    definition: Definition, spec: EventSpec, running: Mapping[str, RunningDeadline], now: datetime
) -> tuple[RunningDeadline, ...]:
    """The deadline this event gives more time, if it does."""
    if spec.extends is None or spec.extends.deadline not in running:
        return ()
    return (deadlines.extend(running[spec.extends.deadline], spec.extends.by, definition.calendar, now),)
