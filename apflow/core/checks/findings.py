"""What a check finds, and the commonest finding: a name that leads nowhere."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.linked import THIS_CASE, Calling
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.definition.workflow import Workflow
from apflow.core.explore.exploring import Exploration, explore

Path = tuple[str | int, ...]
_TOO_MANY = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, at a path inside the file; `at_key` points at the key rather than its value.

    `suggestion` is the word that was probably meant; the message says it too.
    """

    path: Path
    code: str
    message: str
    at_key: bool = False
    suggestion: str | None = None


@dataclass(frozen=True)
class Subject:
    """The definition under check; `notices` names the templates there are, or is None to leave them unchecked.

    `workflows` are all those of the folder, or None when what a child case runs cannot be known.
    """

    definition: Definition
    notices: frozenset[str] | None = None
    workflows: Mapping[str, Workflow] | None = None

    @property
    def workflow(self) -> Workflow:
        return self.definition.workflow

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset({*self.definition.council.roles, CLOCK})

    def sources(self, use: str) -> list[str]:
        """The sources of records that there are for this use."""
        return [name for name, source in self.definition.records.items() if source.use == use]

    def events(self) -> Iterator[tuple[Path, str, EventSpec]]:
        """Every event as the file has it: its path, its name and what it says."""
        workflow = self.workflow
        yield from ((("start", name), name, event) for name, event in workflow.start.items())
        yield from ((("events", name), name, event) for name, event in workflow.events.items())
        for state, spec in workflow.states.items():
            yield from ((("states", state, "events", name), name, event) for name, event in spec.events.items())

    def deadlines(self) -> Iterator[tuple[Path, tuple[str, ...], DeadlineSpec]]:
        """Every deadline as the file has it: its path, the states it runs in, and what it says."""
        for name, state in self.workflow.states.items():
            for key, spec in state.deadlines.items():
                yield ("states", name, "deadlines", key), (name,), spec
        for key, spec in self.workflow.deadlines.items():
            known = tuple(name for name in spec.while_in if name in self.workflow.states)
            yield ("deadlines", key), known, spec

    def is_told(self, event: str) -> bool:
        """Whether some workflow of the folder begins its children by this event or signals it, as far as is known."""
        return self.workflows is None or event in self._told

    @cached_property
    def told(self) -> frozenset[str]:
        """The events that are known to be fired by cases of other workflows, or may be while those are not known."""
        if self.workflows is None:
            return frozenset(name for _, name, event in self.events() if CLOCK in event.by)
        return self.definition.event_names & self._told

    @cached_property
    def _told(self) -> frozenset[str]:
        workflows = (self.workflows or {}).values()
        kinds = (kind for other in workflows for kind in other.children.values())
        begun = {kind.start for kind in kinds if kind.workflow == self.workflow.workflow}
        signalled = {one.event for other in workflows for spec in _events_of(other) for one in spec.signals.values()}
        return frozenset(begun | signalled) | self.told_by_cases | self._told_by_records

    @property
    def _told_by_records(self) -> frozenset[str]:
        used = {spec.drawn_from for spec in self.workflow.collections.values()}
        used |= {spec.records for spec in self.workflow.fields.values()} if self.workflow.keeps else set()
        records = self.definition.records
        return frozenset(event for name, source in records.items() if name in used for event in source.tells)

    @cached_property
    def told_by_cases(self) -> frozenset[str]:
        """The events that cases above one, or that have it or its record among their items, do on it with answers."""
        calls = (one for other in (self.workflows or {}).values() for one in calls_of(other))
        signalled = frozenset(
            one.event
            for other in (self.workflows or {}).values()
            for spec in _events_of(other)
            for kind, one in spec.signals.items()
            if one.with_ and kind in other.children and other.children[kind].workflow == self.workflow.workflow
        )
        called = frozenset(one.event for one in calls if one.workflow == self.workflow.workflow)
        return (
            signalled
            | called
            | frozenset(
                telling.event
                for other in (self.workflows or {}).values()
                for spec in _events_of(other)
                for name, telling in spec.tells.items()
                if (kept := other.collections.get(name))
                and kept.cases
                and kept.cases.workflow == self.workflow.workflow
            )
        )

    @cached_property
    def exploration(self) -> Exploration:
        """Where following it leads; its references must all lead somewhere."""
        return explore(self.definition, self.told)

    def notice(self, path: Path, notice: str) -> Iterator[Finding]:
        """A finding when the workflow has no such template."""
        if self.notices is not None:
            yield from known(path, "notice", notice, self.own_notices)

    @cached_property
    def own_notices(self) -> list[str]:
        """The templates that there are for its cases, by their names alone."""
        mine = f"{self.workflow.workflow}/"
        return [name.removeprefix(mine) for name in self.notices or () if name.startswith(mine)]


def calls_of(workflow: Workflow) -> Iterator[Calling]:
    return (calling for event in _events_of(workflow) for calling in event.calls.values())


def _events_of(workflow: Workflow) -> Iterator[EventSpec]:
    yield from (*workflow.start.values(), *workflow.events.values())
    yield from (spec for state in workflow.states.values() for spec in state.events.values())


def events_told(workflow: Workflow) -> Mapping[str, EventSpec]:
    """The events of a workflow that can happen once a case is there; of two of one name, one that is by: clock."""
    found: dict[str, EventSpec] = {}
    offered = [*workflow.events.items(), *(pair for state in workflow.states.values() for pair in state.events.items())]
    for name, event in offered:
        if name not in found or CLOCK in event.by:
            found[name] = event
    return found


def questions_of(workflow: Workflow, event: EventSpec) -> dict[str, FieldSpec]:
    """What the event asks, those of the case's own fields included."""
    shared = {name: entry for form in event.asks for name, entry in workflow.forms.get(form, {}).items()}
    return {
        name: entry if isinstance(entry, FieldSpec) else entry.of(workflow.fields[name])
        for name, entry in (shared | dict(event.form)).items()
        if isinstance(entry, FieldSpec) or name in workflow.fields
    }


def copyable(subject: Subject, event: EventSpec, kind: str) -> dict[str, FieldSpec]:
    """What the event can copy into a child of this kind that it begins, by the name it is copied under.

    That is fields, answers, the case's own reference and, where one is begun for each item, what was drawn and asked of
    the item.
    """
    child = subject.workflow.children.get(kind)
    return copyable_with(subject, event, child.each.items if child and child.each else "")


def copyable_with(subject: Subject, event: EventSpec, collection: str) -> dict[str, FieldSpec]:
    """The same for whatever is told once for each item of the collection."""
    workflow = subject.workflow
    answers = {f"answer.{name}": spec for name, spec in questions_of(workflow, event).items()}
    of_items = asked_of_items(subject.definition, collection) if collection else {}
    own = {THIS_CASE: FieldSpec(type=FieldType.TEXT, label="Its reference")}
    return {**workflow.fields, **answers, **own, **{f"item.{name}": spec for name, spec in of_items.items()}}


def asked_of_items(definition: Definition, collection: str) -> dict[str, FieldSpec]:
    """What is drawn of the collection's items, and what the events on them ask."""
    drawn = definition.drawn_facts(collection) if collection in definition.workflow.collections else {}
    asked = {
        name: spec
        for (state, event), form in definition.forms.items()
        if (item := definition.events[state][event].item) is not None and item.of == collection
        for name, spec in form.items()
    }
    return {**drawn, **asked}


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The known name most like `word`, if one is near and there are not so many that it would take long to find."""
    there_are = list(names)
    if len(there_are) > _TOO_MANY:
        return None
    return next(iter(difflib.get_close_matches(word, there_are, n=1, cutoff=0.6)), None)


def meant(near: str | None) -> str:
    """ "; did you mean …?" when something is near, else nothing."""
    return f'; did you mean "{near}"?' if near else ""


def known(path: Path, what: str, word: str, names: Iterable[str]) -> Iterator[Finding]:
    """A finding when there is no such thing as `word`, with the nearest there is."""
    there_are = list(names)
    if word not in there_are:
        near = nearest(word, there_are)
        message = f'there is no {what} called "{word}"{meant(near)}'
        yield Finding(path, f"unknown-{what}", message, suggestion=near)


def known_key(path: Path, what: str, names: Iterable[str]) -> Iterator[Finding]:
    """A finding when there is no such thing as the key that the path ends in."""
    return (replace(finding, at_key=True) for finding in known(path, what, str(path[-1]), names))


def each_known(path: Path, what: str, words: Iterable[str], names: Iterable[str]) -> Iterator[Finding]:
    """A finding for each word of a list that leads nowhere or is there already, at its own place in the list."""
    there_are, seen = list(names), set[str]()
    for number, word in enumerate(words):
        yield from known((*path, number), what, word, there_are)
        if word in seen:
            yield Finding((*path, number), "said-twice", f'"{word}" is in this list already; leave it out')
        seen.add(word)


def unclaimed(path: Path) -> Finding:
    """The finding that nobody answers for a number or control."""
    return Finding(
        path, "unsourced", "say where this comes from (source: …), or own up to it (assumed: …)", at_key=True
    )
