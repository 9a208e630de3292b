"""Rendering every notice with made-up data before any is needed, so that a slip in a template stops nobody's work."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from apflow.core.checks.emptied import missing_after
from apflow.core.checks.privacy import Mention, leaks
from apflow.core.deadlines import deadlines
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Problem
from apflow.core.machine import START
from apflow.core.outcome import Entry, Outcome, Send
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import Item, RunningDeadline, SetAside, Snapshot
from apflow.letters.contexts import Recipient, context_of
from apflow.letters.digest import rehearse_digest
from apflow.letters.misspelt import Spoken, unknown_names
from apflow.letters.notices import NoticeError, Notices
from apflow.loader import Library, Reading, read_folder, read_texts

_NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
_LINK = "https://council.example/cases/XX-0000-0000"
_SAMPLES: Mapping[FieldType, Any] = {
    FieldType.EMAIL: "name@sample.example",
    FieldType.DATE: "2026-12-11",
    FieldType.TIME: "10:30",
    FieldType.NUMBER: 3,
    FieldType.YES_NO: True,
    FieldType.CONFIRM: True,
    FieldType.MONEY: "1250.50",
    FieldType.UPN: "R201100018042",
    FieldType.PERSON: 1,
    FieldType.PEOPLE: [1],
    FieldType.RECORDS: [1],
}


def check_folder(folder: Path, notices: Notices) -> list[Problem]:
    """Every problem of the workflow files and, once they have none, of the notices they send."""
    return check_reading(read_folder(folder, notices.names()), notices)


def check_texts(texts: Mapping[str, str], notices: Notices) -> list[Problem]:
    """The same of workflow files that are at hand as texts, such as those of an edition."""
    return check_reading(read_texts(texts, notices.names()), notices)


def check_reading(reading: Reading, notices: Notices) -> list[Problem]:
    """The same of workflow files that have been read already, with the names of these notices."""
    return check_written(reading, notices) or rehearse(reading.library, notices)


def check_written(reading: Reading, notices: Notices) -> list[Problem]:
    """What keeps the notices from being rehearsed: every problem of the workflow files, and of what files there are."""
    written = sorted([*reading.problems, *_incomplete(notices)])
    return written or rehearse_digest(reading.library.council, notices)


@dataclass(frozen=True)
class Rehearsed:
    """What each notice of one workflow speaks of, and the slips by which some cannot be rendered."""

    workflow: str
    mentions: Mapping[str, Sequence[Mention]]
    slips: Sequence[Problem]


def rehearse(library: Library, notices: Notices) -> list[Problem]:
    """A problem for each notice that cannot be rendered, with all optional answers or none, or says what it may not."""
    return slips_of(library, [rehearse_one(library, notices, workflow) for workflow in library.sources])


def rehearse_earlier(definition: Definition, notices: Notices) -> list[Problem]:
    """The same for cases that began under an earlier text: there, a name that is new may stand for nothing.

    A notice can ask whether it `is defined`; one that does not, and cannot be rendered, is a problem.
    """
    rehearsed = _rehearsed(definition, notices)
    return [*rehearsed.slips, *_leaks(_spoken(definition, rehearsed.mentions))]


def rehearse_one(library: Library, notices: Notices, workflow: str) -> Rehearsed:
    """The notices of one workflow read and rendered, which takes nearly all the time that rehearsing them does."""
    return _rehearsed(library.current(workflow), notices)


def slips_of(library: Library, rehearsed: Sequence[Rehearsed]) -> list[Problem]:
    """Every problem of the notices of all workflows, in order."""
    spoken = [_spoken(library.current(one.workflow), one.mentions) for one in rehearsed]
    unknown = {(problem.file, problem.line): problem for problem in unknown_names(spoken)}
    failing = {(problem.file, problem.line): problem for one in rehearsed for problem in one.slips}
    leaking = (leak for one in spoken for leak in _leaks(one))
    return sorted([*(failing | unknown).values(), *leaking])


def mentions_of(rehearsed: Sequence[Rehearsed]) -> dict[str, Sequence[Mention]]:
    """What each notice speaks of, by `workflow/notice`."""
    return {f"{one.workflow}/{name}": said for one in rehearsed for name, said in one.mentions.items()}


def _rehearsed(definition: Definition, notices: Notices) -> Rehearsed:
    names = sorted({send.notice for _, _, send in (*_sends(definition), *_overrides(definition))})
    mentions = {name: notices.mentions(f"{definition.name}/{name}") for name in names}
    return Rehearsed(definition.name, mentions, _failing(definition, notices))


def _incomplete(notices: Notices) -> Iterator[Problem]:
    """A problem for each notice of which a file is missing, or called otherwise."""
    for there, lacking in notices.incomplete():
        message = f"there is no {lacking} beside this; a notice is a .subject.txt, a .txt and a .html of one name"
        yield Problem(str(notices.folder / there), 1, 1, "half-a-notice", message)


def _failing(definition: Definition, notices: Notices) -> list[Problem]:
    found: dict[str, Problem] = {}
    for send, context in contexts(definition):
        try:
            notices.as_written(f"{definition.name}/{send.notice}", context)
        except NoticeError as error:
            file = error.file or str(notices.folder / f"{definition.name}/{send.notice}")
            found[send.notice] = Problem(file, error.line or 1, 1, "notice", error.message)
    return list(found.values())


def _spoken(definition: Definition, mentions: Mapping[str, Sequence[Mention]]) -> Spoken:
    return Spoken(definition, [*_sends(definition), *_overrides(definition)], mentions)


def _leaks(spoken: Spoken) -> Iterator[Problem]:
    """A problem for each value in a notice that somebody it goes to may not read, told of the first who may not."""
    found = reversed(list(leaks(spoken.definition, spoken.sends, spoken.mentions)))
    told = {(one.file, one.line): one for one in found}
    yield from (Problem(one.file, one.line, 1, "not-theirs-to-read", one.message) for one in told.values())


def contexts(definition: Definition) -> Iterator[tuple[Send, dict[str, Any]]]:
    """What each message that the workflow may send is made of: with all answers and items made up, and with as few as
    there can be.
    """
    for fullness in (_everything, _nothing_optional):
        made_up = _MadeUp(definition, fullness)
        for state, event, send in _sends(definition):
            yield send, made_up.after_event(state, event, send)
        for state, guard, send in _overrides(definition):
            yield send, made_up.after_override(state, guard, send)


def _sends(definition: Definition) -> Iterator[tuple[str, str, Send]]:
    """Each notice with the state and event (or deadline) that sends it."""
    for state, events in definition.events.items():
        for name, event in events.items():
            yield from ((state, name, Send(use.notice, role, about=use.about)) for role, use in event.notify.items())
    for state, specs in definition.deadlines.items():
        for name, deadline in specs.items():
            for ladder in deadline.remind:
                yield state, name, Send(ladder.notice, ladder.who, deadline=name)
            if deadline.then.notice:
                yield state, name, Send(deadline.then.notice, deadline.then.escalate or "", deadline=name)


def _overrides(definition: Definition) -> Iterator[tuple[str, str, Send]]:
    """Each notice that tells of an override, with a state whose events it may help and the guard set aside."""
    for guard, spec in definition.workflow.guards.items():
        asking = (
            state
            for state, events in definition.events.items()
            if state != START and any(guard in event.requires for event in events.values())
        )
        state = next(asking, None)
        if spec.override is not None and state is not None:
            yield from ((state, guard, Send(notice, role)) for role, notice in spec.override.tell.items())


def _everything(form: Mapping[str, FieldSpec]) -> dict[str, Any]:
    return {name: _sample(spec) for name, spec in form.items()}


def _nothing_optional(form: Mapping[str, FieldSpec]) -> dict[str, Any]:
    asked = {name: spec for name, spec in form.items() if not spec.optional and spec.asked_if is None}
    return _everything(asked)


def _sample(spec: FieldSpec) -> Any:
    if spec.options:
        first = next(iter(spec.options))
        return [first] if spec.type is FieldType.MANY else first
    return _SAMPLES.get(spec.type, "Sample")


def _items(definition: Definition, collection: str) -> Iterator[tuple[str, Item]]:
    """Items of the collection by key, one of each status as far as it has so many, with all that is said of any."""
    statuses = definition.collection(collection).statuses
    keys = definition.catalogue_of(collection) or map(str, range(1, len(statuses) + 1))
    data = {"label": "Sample", **_everything(dict(definition.said_of_items(collection)))}
    yield from ((key, Item(collection, key, status, data, _NOW)) for key, status in zip(keys, statuses, strict=False))


@dataclass(frozen=True)
class _MadeUp:
    """A made-up case of the definition, as full of answers as forms are made by `fullness`."""

    definition: Definition
    fullness: Callable[[Mapping[str, FieldSpec]], dict[str, Any]]
    _running: dict[str, Mapping[str, RunningDeadline]] = field(default_factory=dict)

    @cached_property
    def _case(self) -> Snapshot:
        name, fields = self.definition.name, self.fullness(self.definition.workflow.fields)
        items = {of: dict(_items(self.definition, of)) for of in self.definition.workflow.collections}
        there = items if self.fullness is _everything else {}
        return Snapshot(None, "XX-0000-0000", name, "", START, _NOW, 1, fields, items=there, changed_at=_NOW)

    def after_event(self, state: str, event: str, send: Send) -> dict[str, Any]:
        """What the notice may speak of once the event, or the deadline, has come about in the state."""
        spec = self.definition.events[state].get(event)
        to_state = (spec.to if spec else None) or state
        answers = self.fullness(self.definition.forms.get((state, event), {}))
        emptied = spec.empties if spec else ()
        if self.fullness is _nothing_optional:
            emptied = (*emptied, *(self._emptied_before[state] - answers.keys()))
        return self._after(Entry("event", event, THE_CLOCK, _NOW, state, to_state, answers), send, emptied)

    @cached_property
    def _emptied_before(self) -> Mapping[str, frozenset[str]]:
        return missing_after(self.definition)

    def after_override(self, state: str, guard: str, send: Send) -> dict[str, Any]:
        """The same once the guard has been set aside."""
        one = SetAside(_NOW.date(), "Sample Person", "Sample")
        entry = Entry("override", f"set aside {guard}", THE_CLOCK, _NOW, state, state, set_aside={guard: one})
        return self._after(entry, send)

    def _after(self, entry: Entry, send: Send, emptied: Collection[str] = ()) -> dict[str, Any]:
        definition, to_state = self.definition, entry.to_state
        fields = {name: value for name, value in self._case.fields.items() if name not in emptied}
        outcome = Outcome(to_state, _NOW, fields, entry)
        after = replace(self._case, state=to_state, fields=fields, deadlines=self._deadlines(to_state, send))
        recipient = Recipient(None, "Sample Person", "sample@person.example", definition.audience(send.role))
        return context_of(definition, after, outcome, send, recipient, _LINK, _NOW, names={1: "Sample Person"})

    def _deadlines(self, state: str, send: Send) -> Mapping[str, RunningDeadline]:
        """The deadlines of the state, all of them begun now; once without those that may not be wanted."""
        there_are = self._all_deadlines(state)
        if self.fullness is _everything or state not in self.definition.unless:
            return there_are
        unless = self.definition.unless[state].keys() - {send.deadline}
        return {name: one for name, one in there_are.items() if name not in unless}

    def _all_deadlines(self, state: str) -> Mapping[str, RunningDeadline]:
        if state not in self._running:
            rules = self.definition.state(state).deadlines if state != START else {}
            calendar = self.definition.calendar
            self._running[state] = {
                name: deadlines.start(name, rule, _NOW, calendar, _NOW) for name, rule in rules.items()
            }
        return self._running[state]
