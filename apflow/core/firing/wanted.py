"""What a command leaves of deadlines that are not wanted, and of the work that goes by them: asked of every outcome."""

from collections.abc import Iterator, Mapping, Set
from datetime import datetime

from msgspec.structs import replace

from apflow.core.deadlines.changes import Changes, Happening
from apflow.core.deadlines.unless import as_wanted, unwanted_of
from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import TaskSpec
from apflow.core.firing.moves import no_longer_overdue
from apflow.core.outcome import NewTask, Outcome, TaskChange
from apflow.core.snapshot import Snapshot, World

Due = Mapping[str, datetime | None]


def only_wanted(definition: Definition, snapshot: Snapshot, outcome: Outcome, world: World) -> Outcome:
    """The outcome in which nothing runs that is not wanted of the case as it then is, and all that is does."""
    if outcome.state not in definition.unless and not snapshot.unwanted:
        return outcome
    items = outcome.items_left(snapshot)
    unwanted = unwanted_of(definition, outcome.state, outcome.fields, items, world.today.isoformat())
    at, since = outcome.entry.at, outcome.entered_at
    happening = Happening(definition, "", outcome.state, outcome.fields, at, items, since)
    changes = as_wanted(happening, snapshot, Changes(outcome.started, outcome.altered, outcome.stopped), unwanted)
    governed = definition.unless.get(outcome.state, {}).keys() | snapshot.unwanted.keys()
    due: dict[str, datetime | None] = {
        one.name: one.due_at for one in (*changes.altered, *changes.started) if one.name in governed
    }
    due |= dict.fromkeys(unwanted)
    return replace(
        outcome,
        started=changes.started,
        altered=changes.altered,
        stopped=changes.stopped,
        tasks=tuple(_tasks(definition, snapshot, outcome, unwanted, due)),
        opened=tuple(_opened(definition, outcome, task, due) for task in outcome.opened),
    )


def _tasks(
    definition: Definition, snapshot: Snapshot, outcome: Outcome, unwanted: Set[str], due: Due
) -> Iterator[TaskChange]:
    """What becomes of open work: due when its deadline now is, and gone where it was that one had passed."""
    specs = definition.state(outcome.state).tasks
    closed = {change.task for change in outcome.tasks if change.how in ("done", "cancelled")}
    left = [task for task in snapshot.tasks if task.id not in closed]
    moved = {
        task.id: TaskChange(task.id, "moved", due_at=due[deadline])
        for task in left
        if not task.is_alert and (deadline := _goes_by(specs.get(task.name))) in due and outcome.state == snapshot.state
    }
    stands = {task.id: task.due_at for task in left}
    yield from (one for one in outcome.tasks if not (one.how == "moved" and one.task in moved))
    yield from (one for id, one in moved.items() if one.due_at != stands[id])
    yield from no_longer_overdue(left, unwanted, outcome.entry.actor)


def _opened(definition: Definition, outcome: Outcome, task: NewTask, due: Due) -> NewTask:
    deadline = "" if task.is_alert else _goes_by(definition.state(outcome.state).tasks.get(task.name))
    return replace(task, due_at=due[deadline]) if deadline in due else task


def _goes_by(task: TaskSpec | None) -> str:
    """The deadline whose day the task is due on; none where it has a time of its own."""
    return task.deadline or "" if task is not None and task.due is None else ""
