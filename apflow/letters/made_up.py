"""Made-up cases, and what each message that a workflow may send is made of in one."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from apflow.core.checks.emptied import answered_after, answered_before, missing_after
from apflow.core.checks.sure import sure_of
from apflow.core.deadlines import deadlines
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.machine import START
from apflow.core.outcome import Entry, Outcome, Send
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import Item, RunningDeadline, SetAside, Snapshot
from apflow.letters.contexts import Recipient, context_of

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
_TO = Recipient(None, "Sample Person", "sample@person.example", "")
After = Callable[["MadeUp", str, str, Send], dict[str, Any]]
Fullness = Callable[[Mapping[str, FieldSpec]], dict[str, Any]]
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


def contexts(definition: Definition) -> Iterator[tuple[Send, dict[str, Any]]]:
    """What each message that the workflow may send is made of: with all answers and items made up, and with as few as
    there can be.
    """
    for made_up in (MadeUp(definition, everything), MadeUp(definition, nothing_optional, is_sparse=True)):
        yield from ((send, after(made_up, state, name, send)) for after, state, name, send in sendings_of(definition))


def sendings_of(definition: Definition) -> Iterator[tuple[After, str, str, Send]]:
    """Each notice with how it comes about in a made-up case, the state, and what sends it there."""
    yield from ((MadeUp.after_event, *sending) for sending in sends_of(definition))
    yield from ((MadeUp.after_override, *sending) for sending in overrides_of(definition))


def sends_of(definition: Definition) -> Iterator[tuple[str, str, Send]]:
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


def overrides_of(definition: Definition) -> Iterator[tuple[str, str, Send]]:
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


def everything(form: Mapping[str, FieldSpec]) -> dict[str, Any]:
    return {name: sample_of(spec) for name, spec in form.items()}


def nothing_optional(form: Mapping[str, FieldSpec]) -> dict[str, Any]:
    asked = {name: spec for name, spec in form.items() if not spec.optional and spec.asked_if is None}
    return everything(asked)


def sample_of(spec: FieldSpec) -> Any:
    if spec.options:
        first = next(iter(spec.options))
        return [first] if spec.type is FieldType.MANY else first
    return _SAMPLES.get(spec.type, "Sample")


def _items(definition: Definition, collection: str, only: str | None) -> Iterator[tuple[str, Item]]:
    """Items of the collection by key, one of each status as far as it has so many, with all that is said of any.

    Where there is `only` one status that some could have, all of them have that.
    """
    statuses: Collection[str] = definition.collection(collection).statuses
    statuses = [only] * len(statuses) if only is not None and only in statuses else statuses
    keys = definition.catalogue_of(collection) or map(str, range(1, len(statuses) + 1))
    data = {"label": "Sample", **everything(dict(definition.said_of_items(collection)))}
    yield from ((key, Item(collection, key, status, data, NOW)) for key, status in zip(keys, statuses, strict=False))


@dataclass(frozen=True)
class MadeUp:
    """A made-up case of the definition, as full of answers as forms are made by `fullness`.

    One that is sparse has no items, and nothing that may have been emptied before. All items are in one `status`, where
    that is given. Its messages are written `now`, which may be long after its deadlines, to one like this.
    """

    definition: Definition
    fullness: Fullness
    is_sparse: bool = False
    status: str | None = None
    now: datetime = NOW
    to: Recipient = _TO
    _running: dict[str, Mapping[str, RunningDeadline]] = field(default_factory=dict)
    _there: dict[str | None, Mapping[str, Mapping[str, Item]]] = field(default_factory=dict)
    _emptied: list[Mapping[str, frozenset[str]]] = field(default_factory=list)
    _answered: list[Mapping[str, frozenset[str]]] = field(default_factory=list)

    @cached_property
    def _case(self) -> Snapshot:
        name, fields = self.definition.name, self.fullness(self.definition.workflow.fields)
        there = {} if self.is_sparse else self._items
        return Snapshot(None, "XX-0000-0000", name, "", START, NOW, 1, fields, items=there, changed_at=NOW)

    @property
    def _items(self) -> Mapping[str, Mapping[str, Item]]:
        if self.status not in self._there:
            collections = self.definition.workflow.collections
            self._there[self.status] = {of: dict(_items(self.definition, of, self.status)) for of in collections}
        return self._there[self.status]

    def after_event(self, state: str, event: str, send: Send) -> dict[str, Any]:
        """What the notice may speak of once the event, or the deadline, has come about in the state."""
        spec = self.definition.events[state].get(event)
        to_state = (spec.to if spec else None) or state
        answers = self.fullness(self.definition.forms.get((state, event), {}))
        emptied = spec.empties if spec else ()
        if self.is_sparse:
            emptied = (*emptied, *(self._emptied_before[state] - answers.keys()))
        entry = Entry("event", event, THE_CLOCK, NOW, state, to_state, answers)
        return self._after(entry, send, emptied, is_event=spec is not None)

    @property
    def _emptied_before(self) -> Mapping[str, frozenset[str]]:
        if not self._emptied:
            self._emptied.append(missing_after(self.definition))
        return self._emptied[0]

    def after_override(self, state: str, guard: str, send: Send) -> dict[str, Any]:
        """The same once the guard has been set aside."""
        one = SetAside(NOW.date(), "Sample Person", "Sample")
        entry = Entry("override", f"set aside {guard}", THE_CLOCK, NOW, state, state, set_aside={guard: one})
        return self._after(entry, send)

    def _after(
        self, entry: Entry, send: Send, emptied: Collection[str] = (), *, is_event: bool = False
    ) -> dict[str, Any]:
        definition, to_state = self.definition, entry.to_state
        fields = {name: value for name, value in self._case.fields.items() if name not in emptied}
        outcome = Outcome(to_state, NOW, fields, entry)
        after = replace(self._case, state=to_state, fields=fields, deadlines=self._deadlines(entry, send, is_event))
        recipient = replace(self.to, audience=definition.audience(send.role))
        return context_of(definition, after, outcome, send, recipient, _LINK, self.now, names={1: "Sample Person"})

    def _deadlines(self, entry: Entry, send: Send, is_event: bool) -> Mapping[str, RunningDeadline]:
        """The deadlines of the state, all of them begun now; of a sparse case those alone that are sure to run.

        One may not be wanted, or be counted from what is not known. That which sends the notice runs.
        """
        there_are = self._all_deadlines(entry.to_state)
        if not self.is_sparse or not there_are:
            return there_are
        definition, before = self.definition, self._answered_before[entry.from_state]
        known = answered_after(definition, before, entry.from_state, entry.name) if is_event else before
        sure = sure_of(definition, entry.to_state, known, entry.name)
        return {name: one for name, one in there_are.items() if name == send.deadline or name in sure}

    @property
    def _answered_before(self) -> Mapping[str, frozenset[str]]:
        if not self._answered:
            self._answered.append(answered_before(self.definition))
        return self._answered[0]

    def _all_deadlines(self, state: str) -> Mapping[str, RunningDeadline]:
        if state not in self._running:
            rules = self.definition.state(state).deadlines if state != START else {}
            calendar = self.definition.calendar
            self._running[state] = {
                name: deadlines.start(name, rule, NOW, calendar, NOW) for name, rule in rules.items()
            }
        return self._running[state]
