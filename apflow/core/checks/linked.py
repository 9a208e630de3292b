"""What leads to other cases: those that can be items, what an event does to them as well, and the pack made of them."""

from collections.abc import Iterator, Mapping

from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.findings import (
    Finding,
    Path,
    Subject,
    copyable_with,
    each_known,
    events_told,
    known,
    known_key,
    meant,
    nearest,
    questions_of,
)
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.linked import KEPT_BY, Calling, Joining, Signalling, Telling
from apflow.core.definition.workflow import Collection, Workflow


def check_linked(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about cases that are items of this one, or keep what is."""
    for name, spec in subject.workflow.collections.items():
        yield from _cases(subject, ("collections", name), spec)
    for path, _, event in subject.events():
        for name, telling in event.tells.items():
            yield from _telling(subject, (*path, "tells", name), name, event, telling)
        for name, calling in event.calls.items():
            yield from _calling(subject, words, (*path, "calls", name), name, event, calling)
        for kind, signalling in event.signals.items():
            yield from _signalling(subject, (*path, "signals", kind), kind, event, signalling)
        if event.joins is not None:
            yield from _joining(subject, (*path, "joins"), event.joins)
    yield from _pack(subject)


def _joining(subject: Subject, path: Path, joins: Joining) -> Iterator[Finding]:
    yield from known((*path, "case"), "field", joins.case, subject.workflow.fields)
    if subject.workflows is not None:
        kinds = {
            kind
            for other in subject.workflows.values()
            for kind, spec in other.children.items()
            if spec.workflow == subject.workflow.workflow
        }
        yield from known((*path, "as"), "child", joins.as_, kinds)


def _cases(subject: Subject, path: Path, spec: Collection) -> Iterator[Finding]:
    if (spec.keyed_by == "case") != (spec.cases is not None):
        yield Finding(
            path, "collection", "say which cases can be its items: keyed_by: case and cases: go together", True
        )
    if spec.cases is not None and subject.workflows is not None:
        yield from known((*path, "cases", "workflow"), "workflow", spec.cases.workflow, subject.workflows)
        there = subject.workflows.get(spec.cases.workflow)
        if there is not None:
            yield from each_known((*path, "cases", "states"), "state", spec.cases.states, there.states)


def _telling(subject: Subject, path: Path, name: str, event: EventSpec, telling: Telling) -> Iterator[Finding]:
    collections = subject.workflow.collections
    yield from known_key(path, "collection", (one for one, spec in collections.items() if spec.cases))
    if name not in collections:
        return
    yield from each_known((*path, "those"), "status", telling.those, collections[name].statuses)
    is_about_one = event.item is not None and event.item.of == name
    if is_about_one is bool(telling.those):
        message = f'say which of "{name}" are told (those: …)' if not telling.those else "the item itself is told"
        yield Finding(path, "nobody-told", f"{message}; an event on one of them leaves those: out", True)
    there = _workflow_of(subject, name)
    if there is not None:
        yield from _told(subject, path, event, telling, there)


def _calling(
    subject: Subject, words: Vocabulary, path: Path, name: str, event: EventSpec, calling: Calling
) -> Iterator[Finding]:
    """The items must be drawn from records that cases keep; the cases called ask nobody, so what they need is given."""
    sources = subject.definition.records
    keepable = [
        one
        for one, spec in subject.workflow.collections.items()
        if (source := sources.get(spec.drawn_from or "")) and KEPT_BY in source.facts
    ]
    yield from known_key(path, "collection", keepable)
    if calling.where is not None and name in subject.workflow.collections:
        yield from check_condition(words, (*path, "where"), calling.where, name)
    if subject.workflows is None:
        return
    yield from known((*path, "workflow"), "workflow", calling.workflow, subject.workflows)
    there = subject.workflows.get(calling.workflow)
    if there is not None:
        asked, found = _asked_there(path, calling.event, there)
        yield from found
        yield from _given(path, calling.event, calling.with_, copyable_with(subject, event, name), asked)


def _signalling(subject: Subject, path: Path, kind: str, event: EventSpec, signalling: Signalling) -> Iterator[Finding]:
    """Of what is told to cases below with answers: that those are what the event there asks."""
    spec = subject.workflow.children.get(kind)
    child = (subject.workflows or {}).get(spec.workflow) if spec else None
    told = events_told(child).get(signalling.event) if child else None
    if child is not None and told is not None and (signalling.with_ or questions_of(child, told)):
        known_here = copyable_with(subject, event, "")
        yield from _given(path, signalling.event, signalling.with_, known_here, questions_of(child, told))


def _asked_there(path: Path, event: str, there: Workflow) -> tuple[Mapping[str, FieldSpec], list[Finding]]:
    """What the event of the other workflow asks, and whether there is one that can be told."""
    theirs = events_told(there)
    found = list(known((*path, "event"), "event", event, theirs))
    told = theirs.get(event)
    if told is None:
        return {}, found
    if CLOCK not in told.by:
        found.append(Finding((*path, "event"), "not-the-clock", f'"{event}" is not by: clock in its own workflow'))
    return questions_of(there, told), found


def _told(subject: Subject, path: Path, event: EventSpec, telling: Telling, there: Workflow) -> Iterator[Finding]:
    asked, found = _asked_there(path, telling.event, there)
    yield from found
    told = events_told(there).get(telling.event)
    if told is None:
        return
    if told.tells:
        message = f'"{telling.event}" tells other cases in its turn; what is told together is told by one event'
        yield Finding((*path, "event"), "told-on", message)
    yield from _given(path, telling.event, telling.with_, copyable_with(subject, event, ""), asked)


def _given(
    path: Path,
    event: str,
    given: Mapping[str, str],
    there_are: Mapping[str, FieldSpec],
    asked: Mapping[str, FieldSpec],
) -> Iterator[Finding]:
    """The other case asks nobody, so that what it needs must be copied."""
    for name, spec in asked.items():
        if name not in given and not spec.optional and spec.asked_if is None:
            yield Finding(path, "not-copied", f'"{event}" asks for "{name}", and it is not copied here', True)
    for theirs, ours in given.items():
        place = (*path, "with", theirs)
        yield from known(place, "field", ours, there_are)
        if theirs not in asked:
            near = nearest(theirs, asked)
            message = f'"{event}" does not ask for "{theirs}"{meant(near)}'
            yield Finding(place, "not-asked-there", message, True, near)
        elif ours in there_are and asked[theirs].type is not there_are[ours].type:
            message = (
                f'"{ours}" is of type {there_are[ours].type}, and "{theirs}" there is of type {asked[theirs].type}'
            )
            yield Finding(place, "other-type", message)


def _pack(subject: Subject) -> Iterator[Finding]:
    pack, collections = subject.workflow.pack, subject.workflow.collections
    if pack is None:
        return
    yield from known(("pack", "of"), "collection", pack.of, (one for one, spec in collections.items() if spec.cases))
    if pack.of in collections:
        yield from each_known(("pack", "those"), "status", pack.those, collections[pack.of].statuses)
    there = _workflow_of(subject, pack.of)
    if there is not None:
        yield from each_known(("pack", "shows"), "field", pack.shows, there.fields)
        for key, name in (("evidence", pack.evidence), ("views", pack.views)):
            if name is not None:
                yield from known(("pack", key), "collection", name, there.collections)
        said = there.collections.get(pack.views or "")
        yield from each_known(("pack", "aside"), "status", pack.aside, said.statuses if said else ())


def _workflow_of(subject: Subject, collection: str) -> Workflow | None:
    """Whose cases are items of the collection, if that is known."""
    spec = subject.workflow.collections.get(collection)
    return (subject.workflows or {}).get(spec.cases.workflow) if spec and spec.cases else None
