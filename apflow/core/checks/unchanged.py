"""What is wrong with what an event does only now and then: nothing to leave out, or no way to tell when."""

from collections.abc import Iterator, Sequence

from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.findings import Finding, Path, Subject, questions_of
from apflow.core.definition.events import EventSpec


def check_if_changed(subject: Subject) -> Iterator[Finding]:
    """Every finding about `if_changed`."""
    for path, name, event in subject.events():
        if event.if_changed:
            yield from _told_apart(subject, (*path, "if_changed"), name, event)
            yield from _left_out((*path, "if_changed"), name, event, event.if_changed)


def check_if_holds(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about `if_holds`."""
    for path, name, event in subject.events():
        if event.if_holds is not None:
            yield from check_condition(words, (*path, "if_holds", "when"), event.if_holds.when)
            yield from _left_out((*path, "if_holds", "does"), name, event, event.if_holds.does)


def _told_apart(subject: Subject, path: Path, name: str, event: EventSpec) -> Iterator[Finding]:
    """Once there is a case, only an event that asks for fields of it, or empties some, may or may not change one."""
    if path[0] == "start" or event.proposal is not None:
        what = "begins a case" if path[0] == "start" else "makes or settles a proposal"
        yield Finding(path, "always-changes", f'"{name}" {what}, which is a change each time; leave this out')
    elif subject.workflow.fields.keys().isdisjoint({*questions_of(subject.workflow, event), *event.empties}):
        message = f'"{name}" neither asks for one of the case\'s own fields nor empties one; leave this out'
        yield Finding(path, "never-changes", message)


def _left_out(path: Path, name: str, event: EventSpec, listed: Sequence[str]) -> Iterator[Finding]:
    for number, what in enumerate(listed):
        place = (*path, number)
        if not getattr(event, what):
            yield Finding(place, "not-done", f'"{name}" has no {what}: that it could do now and not another time')
        if what in listed[:number]:
            yield Finding(place, "said-twice", f'"{what}" is in this list already; leave it out')
