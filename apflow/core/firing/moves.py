"""What entering and leaving a state does to tasks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from apflow.core.deadlines.among import Items
from apflow.core.deadlines.changes import Changes, Happening
from apflow.core.definition.by_link import ByLink
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.timing import TaskSpec
from apflow.core.definition.workflow import StateSpec
from apflow.core.outcome import Entry, NewTask, TaskChange
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Item, OpenTask, RunningDeadline


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


def tasks_done_by(
    specs: Mapping[str, TaskSpec],
    open_tasks: Iterable[OpenTask],
    event: str,
    item: tuple[str, str] | None,
    actor: Actor,
) -> tuple[TaskChange, ...]:
    """Close the tasks and alerts that this event does while the case stays; of those about one item, the item's."""
    key = item[1] if item else None
    named = (task for task in open_tasks if task.name in specs and event in specs[task.name].done_by)
    done = (task for task in named if task.item in (None, key))
    return tuple(TaskChange(task.id, "done", actor.id) for task in done)


def tasks_moved(
    state: StateSpec,
    open_tasks: Iterable[OpenTask],
    changed: Iterable[RunningDeadline],
    stopped: Iterable[RunningDeadline] = (),
) -> tuple[TaskChange, ...]:
    """The tasks whose deadline has changed are due when it now is; with one that only stopped, by no day."""
    due: dict[str, datetime | None] = {deadline.name: None for deadline in stopped}
    due |= {deadline.name: deadline.due_at for deadline in changed}
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


def alerts_of(
    definition: Definition,
    spec: EventSpec,
    entry: Entry,
    items: Items,
    open_tasks: Sequence[OpenTask],
    assigned_to: int | None,
) -> tuple[NewTask, ...]:
    """The alerts that the event opens, with the one to write to somebody on paper, where it writes to such.

    One of those is enough: the letter that is printed has all that is new by then.
    """
    by_link = definition.workflow.read_by_link
    letters: tuple[str, ...] = ()
    if by_link is not None and by_link.role in spec.notify:
        there = written_to(by_link, items.get(by_link.of, {}).values(), entry.item)
        is_open = any(task.name == by_link.letter for task in open_tasks)
        if not is_open and any(item.status in by_link.by_post for item in there):
            letters = (by_link.letter,)
    asked = by_link.asks_to_settle if by_link else None
    is_asked = any(task.name == asked for task in open_tasks)
    opens = [name for name in spec.opens if not (is_asked and name == asked)]
    if not opens and not letters:
        return ()
    opened = alerts_opened(definition, opens, assigned_to, entry.at)
    about = tuple(_about_the_item(definition, opened, entry.item, open_tasks))
    return about + alerts_opened(definition, letters, assigned_to, entry.at)


def settled_of_everybody(
    definition: Definition, items: Items, item: tuple[str, str] | None, open_tasks: Iterable[OpenTask], actor: Actor
) -> tuple[TaskChange, ...]:
    """Close what asks to say of each reader that they are still written to, once what is done to one leaves none."""
    by_link = definition.workflow.read_by_link
    if by_link is None or by_link.settled is None or item is None or item[0] != by_link.of:
        return ()
    there = items.get(by_link.of, {}).values()
    if any(one.status in by_link.readers and not one.data.get(by_link.settled.says) for one in there):
        return ()
    asked = (task for task in open_tasks if task.name == by_link.settled.alert)
    return tuple(TaskChange(task.id, "done", actor.id) for task in asked)


def _about_the_item(
    definition: Definition,
    opened: Iterable[NewTask],
    item: tuple[str, str] | None,
    open_tasks: Sequence[OpenTask],
) -> Iterator[NewTask]:
    """Each with what a catalogue calls the item; those that events on such items do are about this one, once."""
    known = definition.catalogue_of(item[0]).get(item[1]) if item else None
    for task in opened:
        said = replace(task, note=known.label) if known else task
        if item is None or item[0] not in definition.alerts_of_items[task.name]:
            yield said
        elif not any((one.name, one.item) == (task.name, item[1]) for one in open_tasks):
            yield replace(said, item=item[1])


def written_to(by_link: ByLink, there: Iterable[Item], item: tuple[str, str] | None) -> Iterator[Item]:
    """Those an event writes to: an event about one of them writes to that one alone."""
    is_about_one = item is not None and item[0] == by_link.of
    return (one for one in there if not is_about_one or one.key == (item or ("", ""))[1])


def _does(state: StateSpec, task: OpenTask, event: str, actor: Actor) -> bool:
    spec = state.tasks.get(task.name)
    if spec and spec.done_by:
        return event in spec.done_by
    return task.role in actor.roles


def no_longer_overdue(open_tasks: Iterable[OpenTask], deadlines: Iterable[str], actor: Actor) -> tuple[TaskChange, ...]:
    """Cancel what was opened because these deadlines had passed."""
    alerts = [task for task in open_tasks if task.is_alert]
    names = {overdue(deadline) for deadline in deadlines} if alerts else ()
    return tuple(TaskChange(task.id, "cancelled", actor.id) for task in alerts if task.name in names)


def settled(happening: Happening, open_tasks: Iterable[OpenTask], clocks: Changes) -> Iterator[str]:
    """The deadlines that no longer run, and those that opened a task for a date of items, none of which is late now."""
    yield from (deadline.name for deadline in clocks.stopped)
    names = {task.name for task in open_tasks}
    for name, spec in happening.specs.items():
        if spec.among is not None and overdue(name) in names and not happening.is_late(spec):
            yield name


def overdue(deadline: str) -> str:
    """The name of the task that a deadline opens when it has passed."""
    return f"overdue_{deadline}"
