"""What items of a child begin with: whether both ends of each answer are there, fit each other and are as private."""

from collections.abc import Iterator, Mapping

from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key, questions_of
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.workflow import Brings, Workflow
from apflow.core.people.permission import role_reads


def check_brought(subject: Subject) -> Iterator[Finding]:
    """Every finding about what kinds of child case are brought from an earlier one of the family."""
    for kind, spec in subject.workflow.children.items():
        for collection, brings in spec.brings.items():
            path: Path = ("children", kind, "brings", collection)
            yield from known((*path, "of"), "child", brings.of, subject.workflow.children)
            child, earlier = (_workflow(subject, name) for name in (kind, brings.of))
            if child is not None:
                yield from known_key(path, "collection", child.collections)
            if earlier is not None:
                yield from known((*path, "items"), "collection", brings.items, earlier.collections)
                yield from each_known((*path, "in"), "state", brings.in_, earlier.states)
            if child is not None and earlier is not None:
                yield from _between(subject, path, child, earlier, brings)


def _between(subject: Subject, path: Path, child: Workflow, earlier: Workflow, brings: Brings) -> Iterator[Finding]:
    here, there = child.collections.get(str(path[-1])), earlier.collections.get(brings.items)
    if here is None or there is None:
        return
    if here.catalogue is None or here.catalogue != there.catalogue:
        message = f'"{path[-1]}" here and "{brings.items}" there are not of one catalogue, so no item of theirs is one'
        yield Finding(path, "other-catalogue", message, True)
    asked = _asked(earlier, brings.items)
    for theirs, ours in brings.takes.items():
        place = (*path, "takes", theirs)
        yield from known_key(place, "question", here.brought)
        yield from known(place, "question", ours, asked)
        if theirs in here.brought and ours in asked:
            yield from _alike(subject, place, here.brought[theirs], asked[ours], ours)


def _alike(subject: Subject, path: Path, here: FieldSpec, there: FieldSpec, ours: str) -> Iterator[Finding]:
    if there.type is FieldType.FILE:
        yield Finding(path, "file-copied", f'"{ours}" is a file, which stays with the case it was sent for')
    elif here.type is not there.type:
        yield Finding(path, "other-type", f'"{ours}" is of type {there.type}, and the child\'s is of type {here.type}')
    council = subject.definition.council
    for role in council.roles:
        if role_reads(council, role, here) and not role_reads(council, role, there):
            message = f'"{role}" may not read "{ours}" there, and would in the child case'
            yield Finding(path, "copied-too-openly", message)


def _workflow(subject: Subject, kind: str) -> Workflow | None:
    spec = subject.workflow.children.get(kind)
    return (subject.workflows or {}).get(spec.workflow) if spec else None


def _asked(workflow: Workflow, collection: str) -> Mapping[str, FieldSpec]:
    """What the events on the collection's items ask."""
    events: list[EventSpec] = [*workflow.start.values(), *workflow.events.values()]
    events += [event for state in workflow.states.values() for event in state.events.values()]
    acting = (event for event in events if event.item is not None and event.item.of == collection)
    return {name: spec for event in acting for name, spec in questions_of(workflow, event).items()}
