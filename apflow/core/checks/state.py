"""What is wrong inside states: tasks, deadlines and extensions that speak of what is not there."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Path, Subject, each_known, known
from apflow.core.definition.events import CLOCK
from apflow.core.definition.timing import DeadlineSpec, TaskSpec


def check_states(subject: Subject) -> Iterator[Finding]:
    """Every finding about every state of the workflow."""
    for name, state in subject.workflow.states.items():
        path = ("states", name)
        if state.awaiting:
            yield from known((*path, "awaiting"), "role", state.awaiting, subject.roles)
        for role in state.do_now:
            yield from known((*path, "do_now", role), "role", role, subject.roles)
        for key, deadline in state.deadlines.items():
            yield from _deadline(subject, (*path, "deadlines", key), name, deadline)
        for key, task in state.tasks.items():
            yield from _task(subject, (*path, "tasks", key), name, task)
    yield from _extensions(subject)


def _deadline(subject: Subject, path: Path, state: str, spec: DeadlineSpec) -> Iterator[Finding]:
    if spec.of and not spec.among:
        yield from known((*path, "of"), "field", spec.of, subject.workflow.fields)
    for number, reminder in enumerate(spec.remind):
        yield from known((*path, "remind", number, "who"), "role", reminder.who, subject.definition.council.roles)
        yield from subject.notice((*path, "remind", number, "notice"), reminder.notice)
    if spec.then.event:
        offered = subject.definition.events[state]
        yield from known((*path, "then", "event"), "event", spec.then.event, offered)
        if spec.then.event in offered and CLOCK not in offered[spec.then.event].by:
            yield Finding((*path, "then", "event"), "not-the-clock", f'"{spec.then.event}" is not by: clock')
    party = subject.workflow.party_role
    if spec.then.after_warning and not any(reminder.who == party for reminder in spec.remind):
        message = f"this waits for a warning to the {party}, and there is none; add a reminder (remind: …)"
        yield Finding((*path, "then", "after_warning"), "no-warning", message, True)
    if spec.then.escalate:
        yield from known((*path, "then", "escalate"), "role", spec.then.escalate, subject.definition.council.roles)
    if spec.then.notice:
        yield from subject.notice((*path, "then", "notice"), spec.then.notice)


def _task(subject: Subject, path: Path, state: str, spec: TaskSpec) -> Iterator[Finding]:
    yield from known((*path, "for"), "role", spec.for_, subject.definition.council.roles)
    yield from each_known((*path, "done_by"), "event", spec.done_by, subject.definition.events[state])
    if spec.deadline:
        yield from known((*path, "deadline"), "deadline", spec.deadline, subject.definition.deadlines[state])
    if spec.each:
        yield from known((*path, "each"), "collection", spec.each, subject.workflow.collections)


def _extensions(subject: Subject) -> Iterator[Finding]:
    """An event that gives more time to what does not run in a state where it is possible, or does not stay there."""
    for path, name, event in subject.events():
        if event.extends is None:
            continue
        open_in = [state for state, events in subject.definition.events.items() if events.get(name) is event]
        for state in open_in:
            running = subject.definition.deadlines.get(state, {})
            yield from known((*path, "extends", "deadline"), "deadline", event.extends.deadline, running)
        if event.to is not None:
            message = f'"{name}" leads on, and more time is given only where the case stays; leave out extends: or to:'
            yield Finding((*path, "to"), "leads-on", message)
