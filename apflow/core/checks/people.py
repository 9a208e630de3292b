"""What is wrong with saying who: overrides that are nobody's, steps kept apart from nobody, tasks of the wrong people.

That the names lead somewhere is checked with all other references.
"""

from collections.abc import Iterator, Mapping

from apflow.core.checks.findings import Finding, Path, Subject
from apflow.core.definition.events import CLOCK
from apflow.core.definition.timing import Override, TaskSpec

_NOBODY = (CLOCK, "public")


def check_people(subject: Subject) -> Iterator[Finding]:
    """Every finding about `override`, `not_by`, the `person` of tasks and whom a notice `also` goes to."""
    for name, guard in subject.workflow.guards.items():
        if guard.override is not None:
            yield from _override(subject, ("guards", name, "override"), guard.override)
    for path, _, event in subject.events():
        if event.not_by and set(event.by) == {CLOCK}:
            message = "the clock is nobody, so this keeps nobody out; leave out not_by:, or say which people may"
            yield Finding((*path, "not_by"), "clock-kept-out", message, True)
        for role, use in event.notify.items():
            chosen = subject.workflow.fields.get(use.also or "")
            if chosen is not None and chosen.role not in (None, role):
                message = f'"{use.also}" is chosen from the people of "{chosen.role}", and the notice is for "{role}"'
                yield Finding((*path, "notify", role, "also"), "wrong-people", message)
    for path, tasks in _tasks(subject):
        for name, task in tasks.items():
            yield from _person(subject, (*path, name), task)


def _override(subject: Subject, path: Path, override: Override) -> Iterator[Finding]:
    for number, role in enumerate(override.by):
        if role in _NOBODY:
            message = f'a guard is set aside by a person who answers for it, not by "{role}"'
            yield Finding((*path, "by", number), "override-by-nobody", message)
        elif role in subject.roles and role not in subject.workflow.seen_by:
            message = f'"{role}" does not see these cases, so could never set this aside; add it to seen_by:'
            yield Finding((*path, "by", number), "override-unseen", message)


def _tasks(subject: Subject) -> Iterator[tuple[Path, Mapping[str, TaskSpec]]]:
    yield ("alerts",), subject.workflow.alerts
    yield from ((("states", name, "tasks"), state.tasks) for name, state in subject.workflow.states.items())


def _person(subject: Subject, path: Path, task: TaskSpec) -> Iterator[Finding]:
    field = subject.workflow.fields.get(task.person or "")
    if field is not None and field.role not in (None, task.for_):
        message = f'"{task.person}" is chosen from the people of "{field.role}", and the task is for "{task.for_}"'
        yield Finding((*path, "person"), "wrong-people", message)
    if task.person is not None and task.each is not None:
        message = "what everyone does for themselves (each: …) is nobody's alone; leave out one of each: and person:"
        yield Finding((*path, "person"), "each-person", message, True)
