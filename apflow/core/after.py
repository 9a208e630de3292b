"""A case as an outcome leaves it, without a database: what `save` writes, as the next decision would read it."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from apflow.core.outcome import Outcome, TaskChange
from apflow.core.snapshot import OpenTask, RunningDeadline, Snapshot


def delivered(case: Snapshot, outcome: Outcome, at: datetime) -> Snapshot:
    """The case once what the outcome sent has arrived: the deadlines that warned of themselves have warned."""
    sent = {send.deadline for send in outcome.sends}
    warned = {
        name: replace(running, warned_at=at) if name in sent else running for name, running in case.deadlines.items()
    }
    return replace(case, deadlines=warned)


def after(case: Snapshot, outcome: Outcome) -> Snapshot:
    """The case as the outcome leaves it; new tasks and deadlines get ids that no earlier one had."""
    version = case.version + 1
    clocks = _deadlines(case, outcome, version)
    return replace(
        case,
        state=outcome.state,
        entered_at=outcome.entered_at,
        version=version,
        fields=outcome.fields,
        items=outcome.items_left(case),
        tasks=_tasks(case, outcome, version),
        deadlines={name: one for name, one in clocks.items() if not one.is_unwanted},
        unwanted={name: one for name, one in clocks.items() if one.is_unwanted},
        assigned_to=outcome.assigned_to,
        changed_at=outcome.entry.at,
        since=(),
        doers={**case.doers, **outcome.doers},
        overrides=case.overrides if outcome.overrides is None else outcome.overrides,
        uploads={
            id: replace(kept, case_id=case.id) if id in outcome.uploads else kept for id, kept in case.uploads.items()
        },
    )


def _tasks(case: Snapshot, outcome: Outcome, version: int) -> tuple[OpenTask, ...]:
    kept = (_changed_by_all(task, outcome.tasks) for task in case.tasks)
    opened = (
        OpenTask(
            id=100 * version + number,
            name=task.name,
            role=task.role,
            title=task.title,
            due_at=task.due_at,
            claimed_by=task.claimed_by,
            opened_at=outcome.entry.at,
            each=task.each,
            is_alert=task.is_alert,
            note=task.note,
            item=task.item,
        )
        for number, task in enumerate(outcome.opened)
    )
    return (*(task for task in kept if task), *opened)


def _changed_by_all(task: OpenTask, changes: Iterable[TaskChange]) -> OpenTask | None:
    left: OpenTask | None = task
    for change in changes:
        left = _changed(left, change) if left and change.task == left.id else left
    return left


def _changed(task: OpenTask, change: TaskChange) -> OpenTask | None:
    match change:
        case TaskChange(how="claimed"):
            return replace(task, claimed_by=change.by, put_off_until=None)
        case TaskChange(how="released"):
            return replace(task, claimed_by=None, put_off_until=None)
        case TaskChange(how="moved"):
            return replace(task, due_at=change.due_at, put_off_until=None)
        case TaskChange(how="put_off"):
            return replace(task, claimed_by=change.by, put_off_until=change.until)
        case TaskChange(how="brought_back"):
            return replace(task, put_off_until=None)
        case _:
            return None


def _deadlines(case: Snapshot, outcome: Outcome, version: int) -> dict[str, RunningDeadline]:
    stopped = {deadline.id for deadline in outcome.stopped}
    there_were = {**case.deadlines, **case.unwanted}
    running = {name: deadline for name, deadline in there_were.items() if deadline.id not in stopped}
    started = _numbered(outcome.started, version)
    return running | {deadline.name: deadline for deadline in (*outcome.altered, *started)}


def _numbered(started: Iterable[RunningDeadline], version: int) -> Iterable[RunningDeadline]:
    return (replace(deadline, id=100 * version + number) for number, deadline in enumerate(started))
