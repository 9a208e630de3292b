"""Names in tasks, deadlines and overrides that must lead somewhere, and names that nothing may have."""

from collections.abc import Iterable, Iterator, Mapping

from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key
from apflow.core.definition.events import CLOCK, UNTOUCHED
from apflow.core.definition.fields import OF_PEOPLE, FieldSpec, FieldType
from apflow.core.definition.timing import DeadlineSpec, Override, TaskSpec
from apflow.core.machine import START

TITLE_LIMIT = 200  # As the database keeps it: opening a task of a longer one would fail, and what opens it with it.
_TODAY, _PUBLIC = "today", "public"
_MEANINGS: Mapping[str, str] = {
    _TODAY: "is the day it is",
    CLOCK: "is who acts when a deadline passes",
    _PUBLIC: "is anyone at all",
    UNTOUCHED: "is the status of an item nobody has touched",
    START: "is where every case begins",
}


def check_references(subject: Subject) -> Iterator[Finding]:
    """Every finding about what tasks, deadlines, overrides and events of the past are called."""
    for path, spec in _questions(subject):
        yield from _fits_its_type(path, spec)
    for path, task in _tasks(subject):
        yield from _holder(subject, path, task)
        if len(task.title) > TITLE_LIMIT:
            message = f"this has {len(task.title)} characters, and a task's title can have {TITLE_LIMIT} at most"
            yield Finding((*path, "title"), "wrong-value", message)
    for path, _, event in subject.events():
        yield from each_known((*path, "not_by"), "event", event.not_by, subject.definition.event_names)
    for name, guard in subject.workflow.guards.items():
        if guard.override is not None:
            yield from _override(subject, ("guards", name, "override"), guard.override)
    yield from _deadlines(subject)
    yield from _reserved(subject)


def check_role_names(roles: Iterable[str]) -> Iterator[Finding]:
    """A role that nobody could be told from the clock."""
    yield from (_taken(("roles", name), name) for name in roles if name == CLOCK)


def _questions(subject: Subject) -> Iterator[tuple[Path, FieldSpec]]:
    """Every question of the workflow, wherever it is asked, with its path."""
    workflow = subject.workflow
    yield from ((("fields", name), spec) for name, spec in workflow.fields.items())
    forms: list[tuple[Path, Mapping[str, object]]] = [(("forms", name), form) for name, form in workflow.forms.items()]
    forms += [((*path, "form"), event.form) for path, _, event in subject.events()]
    for path, form in forms:
        yield from (((*path, name), entry) for name, entry in form.items() if isinstance(entry, FieldSpec))


def _fits_its_type(path: Path, spec: FieldSpec) -> Iterator[Finding]:
    if spec.type not in OF_PEOPLE and spec.role is not None:
        message = "only a person is chosen from a role; write type: person (or people), or leave out role:"
        yield Finding((*path, "role"), "not-a-person", message, True)
    if spec.minimum is not None and spec.maximum is not None and spec.minimum > spec.maximum:
        message = f"the least ({spec.minimum}) is more than the most ({spec.maximum}), so no answer is right"
        yield Finding((*path, "minimum"), "backwards", message)


def _tasks(subject: Subject) -> Iterator[tuple[Path, TaskSpec]]:
    for name, state in subject.workflow.states.items():
        yield from ((("states", name, "tasks", key), task) for key, task in state.tasks.items())
    yield from ((("alerts", name), task) for name, task in subject.workflow.alerts.items())


def _holder(subject: Subject, path: Path, task: TaskSpec) -> Iterator[Finding]:
    fields = subject.workflow.fields
    if task.person is None:
        return
    yield from known((*path, "person"), "field", task.person, fields)
    if task.person in fields and fields[task.person].type is not FieldType.PERSON:
        message = f'"{task.person}" is no person; name a field of type: person'
        yield Finding((*path, "person"), "not-a-person", message)


def _override(subject: Subject, path: Path, spec: Override) -> Iterator[Finding]:
    roles = subject.definition.council.roles
    yield from each_known((*path, "by"), "role", spec.by, roles)
    for role, notice in spec.tell.items():
        yield from known_key((*path, "tell", role), "role", roles)
        yield from subject.notice((*path, "tell", role), notice)


def _deadlines(subject: Subject) -> Iterator[Finding]:
    for name, state in subject.workflow.states.items():
        beside = subject.definition.deadlines[name]
        for key, spec in state.deadlines.items():
            path: Path = ("states", name, "deadlines", key)
            yield from _anchors(subject, path, key, spec, beside)
            yield from _of_one_state(path, spec)
    wide = subject.workflow.deadlines
    for key, spec in wide.items():
        yield from _anchors(subject, ("deadlines", key), key, spec, wide)
        yield from _of_the_case(subject, ("deadlines", key), spec)


def _anchors(
    subject: Subject, path: Path, name: str, spec: DeadlineSpec, beside: Mapping[str, DeadlineSpec]
) -> Iterator[Finding]:
    yield from _one_task(path, name, spec, beside)
    fields = subject.workflow.fields
    if spec.among is None and spec.of is not None and spec.of in fields and fields[spec.of].type is not FieldType.DATE:
        message = f'"{spec.of}" is no date to count from; name a field of type: date'
        yield Finding((*path, "of"), "not-a-date", message)
    if spec.after is not None:
        yield from known((*path, "after"), "event", spec.after, subject.definition.event_names)
    if spec.after_deadline is not None:
        yield from known((*path, "after_deadline"), "deadline", spec.after_deadline, beside)
        if _waits_for_itself(name, beside):
            message = f'"{name}" would wait for itself; count one of them from something else'
            yield Finding((*path, "after_deadline"), "deadline-loop", message)


def _one_task(path: Path, name: str, spec: DeadlineSpec, beside: Mapping[str, DeadlineSpec]) -> Iterator[Finding]:
    if spec.same_task_as is None:
        return
    yield from known((*path, "same_task_as"), "deadline", spec.same_task_as, beside)
    other = beside.get(spec.same_task_as)
    if other is None:
        return
    if other is spec or other.same_task_as is not None:
        message = f'"{spec.same_task_as}" has its task with another; name the one that has a task of its own'
        yield Finding((*path, "same_task_as"), "no-task-to-share", message)
    elif spec.then.escalate is None or other.then.escalate != spec.then.escalate:
        message = f'"{name}" and "{spec.same_task_as}" do not both escalate to the same role; leave out same_task_as:'
        yield Finding((*path, "same_task_as"), "no-task-to-share", message)


def _waits_for_itself(name: str, beside: Mapping[str, DeadlineSpec]) -> bool:
    seen, now = set[str](), beside[name].after_deadline
    while now is not None and now in beside and now not in seen:
        seen.add(now)
        now = beside[now].after_deadline
    return name in seen


def _of_one_state(path: Path, spec: DeadlineSpec) -> Iterator[Finding]:
    for key in ("while_in", "paused_in"):
        if getattr(spec, key):
            message = f"a deadline of one state ends with it; {key}: is for those of the whole case, under deadlines:"
            yield Finding((*path, key), "one-state", message, True)


def _of_the_case(subject: Subject, path: Path, spec: DeadlineSpec) -> Iterator[Finding]:
    states = subject.workflow.states
    if not spec.while_in:
        yield Finding(path, "no-while-in", "say in which states this runs (while_in: …)", True)
    yield from each_known((*path, "while_in"), "state", spec.while_in, states)
    for number, name in enumerate(spec.while_in):
        if name in states and states[name].final:
            yield Finding((*path, "while_in", number), "over", f'"{name}" is final, so nothing is due in it')
    yield from _told(subject, path, spec)
    if spec.paused_in is None:
        return
    yield from each_known((*path, "paused_in", "states"), "state", spec.paused_in.states, states)
    for number, name in enumerate(spec.paused_in.states):
        if name in states and name not in spec.while_in:
            message = f'this does not run in "{name}", so it cannot stand still there; add it to while_in:'
            yield Finding((*path, "paused_in", "states", number), "not-while-in", message)


def _told(subject: Subject, path: Path, spec: DeadlineSpec) -> Iterator[Finding]:
    roles = subject.definition.council.roles
    if spec.of is not None and spec.among is None:
        yield from known((*path, "of"), "field", spec.of, subject.workflow.fields)
    for number, ladder in enumerate(spec.remind):
        yield from known((*path, "remind", number, "who"), "role", ladder.who, roles)
        yield from subject.notice((*path, "remind", number, "notice"), ladder.notice)
    if spec.then.event is not None:
        yield from known((*path, "then", "event"), "event", spec.then.event, subject.definition.event_names)
    if spec.then.escalate is not None:
        yield from known((*path, "then", "escalate"), "role", spec.then.escalate, roles)
    if spec.then.notice is not None:
        yield from subject.notice((*path, "then", "notice"), spec.then.notice)


def _reserved(subject: Subject) -> Iterator[Finding]:
    workflow = subject.workflow
    named: Mapping[str, Iterable[str]] = {"states": workflow.states, "fields": workflow.fields}
    named = {**named, "guards": workflow.guards, "events": workflow.events, "start": workflow.start}
    for place, names in named.items():
        yield from (_taken((place, name), name) for name in names if name in _MEANINGS)
    for state, spec in workflow.states.items():
        yield from (_taken(("states", state, "events", name), name) for name in spec.events if name in _MEANINGS)
    for name, kept in workflow.collections.items():
        if UNTOUCHED in kept.statuses:
            yield _taken(("collections", name, "statuses", UNTOUCHED), UNTOUCHED)


def _taken(path: Path, name: str) -> Finding:
    return Finding(path, "reserved", f'"{name}" {_MEANINGS[name]}; use another name', True)
