"""Whose a task is because a field of the case says so: the person it names, or each of the people.

Only the id is known here: that somebody who is gone, or no longer has the role, holds no task is seen to on loading.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import TaskSpec
from apflow.core.outcome import NewTask, TaskChange
from apflow.core.people.permission import hidden_from
from apflow.core.snapshot import OpenTask, RunningDeadline


def given(
    definition: Definition, state: str, fields: Mapping[str, Any], tasks: Iterable[NewTask]
) -> tuple[NewTask, ...]:
    """The new tasks, each with whom its field names; while the field is empty it goes the usual way.

    What everyone of a role does for themselves is opened once for each of those the case writes to, if it chooses.
    """
    whole = (one for task in tasks for one in _for_each(definition, fields, task))
    return tuple(_given(task, _field(definition, state, task), fields) for task in whole)


def handed_on(
    definition: Definition,
    state: str,
    now: Mapping[str, Any],
    changed: Mapping[str, Any],
    tasks: Iterable[OpenTask],
) -> tuple[TaskChange, ...]:
    """The open tasks whose field has changed, now with whom it names or with nobody, and those that somebody has from
    whom the case is hidden."""
    hidden = hidden_from(definition, now)
    fields = [(task, _field(definition, state, task)) for task in tasks]
    handed = [_handed(task, changed[field]) for task, field in fields if field and field in changed]
    left = {change.task for change in handed}
    put_back = (task.id for task, _ in fields if task.claimed_by in hidden and task.id not in left)
    return (*handed, *(TaskChange(task, "released") for task in put_back))


def kept_by(definition: Definition, fields: Mapping[str, Any], person: int | None) -> int | None:
    """Whoever has the case, unless it is hidden from them; then nobody."""
    return None if person in hidden_from(definition, fields) else person


def asked_anew(
    definition: Definition, state: str, changed: Mapping[str, Any], tasks: Iterable[OpenTask]
) -> tuple[tuple[OpenTask, ...], frozenset[str]]:
    """The open tasks of everybody for themselves that end as others are asked now; and the names to open anew."""
    roles = {role for role, field in definition.workflow.writes_to.items() if field in changed}
    over = tuple(task for task in tasks if task.each and task.role in roles)
    names = {name for name, spec in definition.workflow.states[state].tasks.items() if spec.each and spec.for_ in roles}
    return over, frozenset(names)


def asked_again(
    definition: Definition, state: str, tasks: Iterable[OpenTask], started: Iterable[RunningDeadline]
) -> frozenset[str]:
    """The names of what everybody did for themselves, that was over and is to be done by another day now."""
    is_open, days = {task.name for task in tasks}, {deadline.name for deadline in started}
    specs = definition.workflow.states[state].tasks.items()
    return frozenset(name for name, spec in specs if spec.each and spec.deadline in days and name not in is_open)


def _for_each(definition: Definition, fields: Mapping[str, Any], task: NewTask) -> Iterable[NewTask]:
    chosen = fields.get(definition.workflow.writes_to.get(task.role, "")) if task.each else None
    return [replace(task, claimed_by=person) for person in chosen] if chosen else [task]


def _given(task: NewTask, field: str | None, fields: Mapping[str, Any]) -> NewTask:
    person = fields.get(field) if field else None
    return replace(task, claimed_by=person) if isinstance(person, int) else task


def _handed(task: OpenTask, person: Any) -> TaskChange:
    return TaskChange(task.id, "claimed", person) if isinstance(person, int) else TaskChange(task.id, "released")


def _field(definition: Definition, state: str, task: NewTask | OpenTask) -> str | None:
    workflow = definition.workflow
    specs: Mapping[str, TaskSpec] = workflow.alerts if task.is_alert else workflow.states[state].tasks
    spec = specs.get(task.name)
    return spec.person if spec else None
