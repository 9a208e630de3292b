"""What is wrong with states: cases that could be forgotten, work for nobody, deadlines that lead nowhere."""

from collections.abc import Iterator

from apflow.core.definition.timing import DeadlineSpec, TaskSpec
from apflow.core.definition.workflow import CLOCK, StateSpec
from apflow.core.findings import Finding, Path, Subject, each_known, known
from apflow.core.machine import START


def check_states(subject: Subject) -> Iterator[Finding]:
    """Every finding about every state of the workflow."""
    for name, state in subject.workflow.states.items():
        path = ("states", name)
        if state.awaiting:
            yield from known((*path, "awaiting"), "role", state.awaiting, subject.roles)
        for key, deadline in state.deadlines.items():
            yield from _deadline(subject, (*path, "deadlines", key), name, deadline)
        for key, task in state.tasks.items():
            yield from _task(subject, (*path, "tasks", key), name, task)
        yield from _extensions(path, state)
        yield from _forgotten(subject, path, name, state)
    yield from _unreachable(subject)


def _deadline(subject: Subject, path: Path, state: str, spec: DeadlineSpec) -> Iterator[Finding]:
    if spec.of:
        yield from known((*path, "of"), "field", spec.of, subject.workflow.fields)
    for number, reminder in enumerate(spec.remind):
        yield from known((*path, "remind", number, "who"), "role", reminder.who, subject.definition.council.roles)
        yield from subject.notice((*path, "remind", number, "notice"), reminder.notice)
    if spec.then.event:
        offered = subject.definition.events[state]
        yield from known((*path, "then", "event"), "event", spec.then.event, offered)
        if spec.then.event in offered and CLOCK not in offered[spec.then.event].by:
            yield Finding((*path, "then", "event"), "not-the-clock", f'"{spec.then.event}" is not by: clock')
    if spec.then.after_warning and not spec.remind:
        message = "this waits for a warning to be delivered, and there is none; add a reminder (remind: …)"
        yield Finding((*path, "then", "after_warning"), "no-warning", message, True)
    if spec.then.escalate:
        yield from known((*path, "then", "escalate"), "role", spec.then.escalate, subject.definition.council.roles)
    if spec.then.notice:
        yield from subject.notice((*path, "then", "notice"), spec.then.notice)


def _task(subject: Subject, path: Path, state: str, spec: TaskSpec) -> Iterator[Finding]:
    yield from known((*path, "for"), "role", spec.for_, subject.definition.council.roles)
    yield from each_known((*path, "done_by"), "event", spec.done_by, subject.definition.events[state])
    if spec.deadline:
        yield from known((*path, "deadline"), "deadline", spec.deadline, subject.workflow.states[state].deadlines)
    if spec.each:
        yield from known((*path, "each"), "collection", spec.each, subject.workflow.collections)


def _extensions(path: Path, state: StateSpec) -> Iterator[Finding]:
    for key, event in state.events.items():
        if event.extends:
            place = (*path, "events", key, "extends", "deadline")
            yield from known(place, "deadline", event.extends.deadline, state.deadlines)


def _forgotten(subject: Subject, path: Path, name: str, state: StateSpec) -> Iterator[Finding]:
    offered = subject.definition.events[name]
    if state.final:
        if offered or state.deadlines or state.tasks:
            yield Finding(path, "final-but-open", f'"{name}" is final, so nothing can be done or due in it', True)
        return
    if not any(event.to and set(event.by) != {CLOCK} for event in offered.values()):
        message = f'nobody can move a case out of "{name}"; add an event or final: true'
        yield Finding(path, "dead-end", message, True)
    if all(deadline.of for deadline in state.deadlines.values()):
        message = f'no deadline is sure to run in "{name}", so a case there could be forgotten'
        yield Finding(path, "no-deadline", message, True)
    if state.awaiting is None:
        yield Finding(path, "no-one-awaited", f'"{name}" does not say whose move it is (awaiting: …)', True)


def _unreachable(subject: Subject) -> Iterator[Finding]:
    reached, frontier = set[str](), [START]
    while frontier:
        state = frontier.pop()
        onward = {event.to for event in subject.definition.events.get(state, {}).values() if event.to}
        frontier += onward - reached
        reached |= onward
    for name in subject.workflow.states:
        if name not in reached:
            yield Finding(("states", name), "unreachable", f'no event leads to "{name}"', True)
