"""Names that lead into another workflow: kinds of child case, how they begin, and what passes between the two."""

from collections.abc import Iterator, Mapping

from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.findings import Finding, Path, Subject, copyable, each_known, events_told, known, known_key
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.workflow import ChildSpec, Each, Workflow


def check_children(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about kinds of child case, and about the events that begin or signal them."""
    begun = {kind for _, _, event in subject.events() for kind in event.begins}
    for kind, spec in subject.workflow.children.items():
        yield from _kind(subject, ("children", kind), spec)
        if spec.each is not None:
            yield from _each(subject, words, ("children", kind, "each"), spec.each)
        if spec.beside is not None:
            there_are = subject.workflow.fields
            yield from each_known(("children", kind, "beside", "shows"), "field", spec.beside.shows, there_are)
        if kind not in begun:
            message = f'no event begins a "{kind}"; name it in one (begins: …), or leave it out'
            yield Finding(("children", kind), "never-begun", message, True)
    for path, _, event in subject.events():
        yield from _begins(subject, path, event)
        yield from _signals(subject, path, event)


def _kind(subject: Subject, path: Path, spec: ChildSpec) -> Iterator[Finding]:
    offered = subject.definition.events
    by_clock = {name for events in offered.values() for name, event in events.items() if CLOCK in event.by}
    for state, event in spec.ends.items():
        place = (*path, "ends", state)
        yield from known(place, "event", event, subject.definition.event_names)
        if event in subject.definition.event_names and event not in by_clock:
            yield Finding(place, "not-the-clock", f'"{event}" is not by: clock')
    if subject.workflows is None:
        return
    yield from known((*path, "workflow"), "workflow", spec.workflow, subject.workflows)
    child = subject.workflows.get(spec.workflow)
    if child is not None:
        yield from known((*path, "start"), "event", spec.start, child.start)
        finals = [name for name, state in child.states.items() if state.final]
        for state in spec.ends:
            yield from known_key((*path, "ends", state), "state", child.states)
            if state in child.states and state not in finals:
                message = f'"{state}" is no end of a "{spec.workflow}" case; name a state that is final: true'
                yield Finding((*path, "ends", state), "not-final", message, True)


def _each(subject: Subject, words: Vocabulary, path: Path, each: Each) -> Iterator[Finding]:
    yield from known((*path, "items"), "collection", each.items, subject.workflow.collections)
    if each.where is not None and each.items in subject.workflow.collections:
        yield from check_condition(words, (*path, "where"), each.where, each.items)


def _begins(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    for kind, copied in event.begins.items():
        place = (*path, "begins", kind)
        yield from known_key(place, "child", subject.workflow.children)
        child, there_are = _child(subject, kind), copyable(subject, event, kind)
        for theirs, ours in copied.items():
            yield from known((*place, theirs), "field", ours, there_are)
            if child is not None:
                yield from known_key((*place, theirs), "field", child.fields)
                yield from _alike((*place, theirs), there_are, ours, child, theirs)


def _alike(
    path: Path, there_are: Mapping[str, FieldSpec], ours: str, child: Workflow, theirs: str
) -> Iterator[Finding]:
    if ours in there_are and theirs in child.fields:
        given, wanted = there_are[ours].type, child.fields[theirs].type
        if given is not wanted:
            message = f'"{ours}" is of type {given}, and the child\'s "{theirs}" is of type {wanted}'
            yield Finding(path, "other-type", message)


def _signals(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    for kind, signalled in event.signals.items():
        place = (*path, "signals", kind)
        yield from known_key(place, "child", subject.workflow.children)
        child = _child(subject, kind)
        if child is None:
            continue
        theirs = events_told(child)
        name = signalled.event
        yield from known(place, "event", name, theirs)
        if name in theirs and CLOCK not in theirs[name].by:
            yield Finding(place, "not-the-clock", f'"{name}" is not by: clock in the child\'s workflow')


def _child(subject: Subject, kind: str) -> Workflow | None:
    """The workflow a kind of child runs, if both are known."""
    spec = subject.workflow.children.get(kind)
    return (subject.workflows or {}).get(spec.workflow) if spec else None
