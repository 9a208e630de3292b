"""Playing a case by pure decisions, without database, mail or clock: for tests, and for looking ahead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from apflow.core.after import after, delivered
from apflow.core.commands import Command, Fire, Open, Ring
from apflow.core.days.calendar import local_date
from apflow.core.decide import decide
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import ApflowError
from apflow.core.machine import START
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.snapshot import Change, Linked, People, RunningDeadline, Snapshot, Upload, World

MOST_AT_ONCE = 1000  # A case has some ten deadlines, each with a few reminders.
_SOMEBODY = 900
_PLENTY = 99
_SAMPLES: Mapping[FieldType, Any] = {
    FieldType.EMAIL: "name@sample.example",
    FieldType.PHONE: "01225 000000",
    FieldType.TIME: "10:30",
    FieldType.NUMBER: 1,
    FieldType.YES_NO: True,
    FieldType.CONFIRM: True,
    FieldType.POSTCODE: "BA1 1AA",
    FieldType.URN: "123456",
    FieldType.MONEY: "1250.50",
    FieldType.UPN: "R201100018042",
}


class NeverRests(ApflowError):
    """Deadlines follow on each other at one moment without end."""

    def __init__(self, deadline: str) -> None:
        self.deadline = deadline
        super().__init__(f'deadlines follow on each other at one moment without end, "{deadline}" among them')


@dataclass
class Play:
    """One case as a run of decisions leaves it, at a `now` that only its player moves; `outcomes` keeps them all.

    `party` is the person whose case it is, once an enquiry has made it, and `other_party` the second, if it has one.
    `record` is what is known of the record that it keeps.
    """

    definition: Definition
    case: Snapshot
    now: datetime
    party: int
    facts: Mapping[str, Any] = field(default_factory=lambda: {"applications_open": True, "reviews_decisions": True})
    record: Mapping[str, Any] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    other_party: int = 2

    @property
    def world(self) -> World:
        agencies = list(self.definition.council.agencies)
        there_are = sorted({id for offered in self.people.values() for id in offered})
        come_from = {id: agencies[number % len(agencies)] for number, id in enumerate(there_are) if agencies}
        return World(
            local_date(self.now),
            self.facts,
            self.people,
            agencies=come_from,
            drawn=self.drawn,
            chosen=self.chosen,
            record=self.record or record_in_order(self.definition),
        )

    @property
    def drawn(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """One record of every source that something here draws items from."""
        sources = {
            name: self.definition.records[name]
            for name in self.definition.drawn_in[self.case.state] & self.definition.records.keys()
        }
        return {
            name: {"1": {fact: self._sample(fact, spec) for fact, spec in source.facts.items()}}
            for name, source in sources.items()
            if source.use == "drawn"
        }

    @property
    def chosen(self) -> Mapping[str, Mapping[int, Mapping[str, Any]]]:
        """One record of every source that forms offer to choose from."""
        records = self.definition.records
        return {
            name: {_SOMEBODY: {fact: self._sample(fact, spec) for fact, spec in records[name].facts.items()}}
            for name in self.definition.chosen_records & records.keys()
        }

    @property
    def people(self) -> People:
        """Whom forms offer to choose from: of every role there is a question about, as many as there are at least."""
        people = {role: self._held_by(role) for role in self.definition.chosen_roles}
        return people | {name: {_SOMEBODY: "Sample record"} for name in self.chosen}

    def _held_by(self, role: str) -> dict[int, str]:
        known = self.definition.council.roles.get(role)
        there_are = (known.least if known else None) or 1
        return {_SOMEBODY + n: f"Sample Person{f' {n + 1}' if n else ''}" for n in range(there_are)}

    def decide(self, command: Command) -> Outcome:
        """What the command would do to the case, which stays as it is."""
        return decide(self.definition, self._with_linked(command), command, self.world, self.now)

    def _with_linked(self, command: Command) -> Snapshot:
        """The case with one that can be an item of it, under the name the command has for it."""
        item = command.item if isinstance(command, Fire) else None
        kinds = self.definition.of_cases.values()
        if item is None or item in self.case.linked or not kinds:
            return self.case
        kind = next(iter(kinds))
        made_up = Linked(kind.workflow, f"Sample case {item}", kind.states[0])
        return replace(self.case, linked={**self.case.linked, item: made_up})

    def do(self, command: Command) -> Outcome:
        """Decide, and let the outcome happen; a Refusal leaves everything as it was."""
        outcome = self.decide(command)
        self.case = after(self.case, outcome)
        if self.case.state != START and not self.case.parties:
            parties = frozenset(
                {self.party, self.other_party} if self.definition.workflow.other_party else {self.party}
            )
            self.case = replace(self.case, parties=parties)
        self.outcomes.append(outcome)
        self.changes.append(_change(outcome, self.case.version))
        return outcome

    def open(self, actor: Actor, event: str, **answers: Any) -> Outcome:
        return self.do(Open(event, actor, answers))

    def fire(self, actor: Actor, event: str, item: str | None = None, **answers: Any) -> Outcome:
        return self.do(Fire(event, actor, answers, item))

    def fire_having_seen(
        self, version: int, actor: Actor, event: str, item: str | None = None, **answers: Any
    ) -> Outcome:
        """Fire from a page that showed the case at an earlier version."""
        since = tuple(change for change in self.changes if change.version > version)
        self.case = replace(self.case, since=since)
        return self.do(Fire(event, actor, answers, item, version))

    def ring(self, deadline: str) -> Outcome:
        return self.do(Ring(deadline, THE_CLOCK))

    def wait_until(self, at: datetime) -> None:
        """Let time pass: each deadline acts when it is due, and whatever it sends is delivered at once.

        NeverRests where one leads to the next without any time in between, and without end.
        """
        at_once = 0
        while due := next_due(self.case, at):
            later = max(self.now, due.next_at or self.now)
            at_once = 0 if later > self.now else at_once + 1
            if at_once > MOST_AT_ONCE:
                raise NeverRests(due.name)
            self.now = later
            self.ring(due.name)
            self.deliver()
        self.now = max(self.now, at)

    def deliver(self) -> None:
        """The reminders that the last outcome sent arrive now."""
        self.case = delivered(self.case, self.outcomes[-1], self.now)

    def answers(self, event: str, **given: Any) -> dict[str, Any]:
        """Acceptable answers to the form of an event open here, some of them as given; its files are staged."""
        form = self.definition.forms[self.case.state, event]
        return {
            name: self._given(spec, given[name]) if name in given else self._sample(name, spec)
            for name, spec in form.items()
        }

    def _given(self, spec: FieldSpec, value: Any) -> Any:
        """The answer; of several people it is enough to say how many."""
        if spec.type is FieldType.PEOPLE and isinstance(value, int):
            return list(self.people.get(spec.role or "", {}))[:value]
        return value

    def _sample(self, name: str, spec: FieldSpec) -> Any:
        match spec.type:
            case FieldType.FILE:
                return self.stage(f"{name}-{len(self.case.uploads)}")
            case FieldType.DATE:
                return local_date(self.now).isoformat()
            case FieldType.CHOICE | FieldType.MANY:
                return next(iter(spec.options))
            case FieldType.PERSON | FieldType.RECORD:
                return _SOMEBODY
            case FieldType.PEOPLE if spec.apart_from or name in self.definition.workflow.hidden_from:
                return []
            case FieldType.PEOPLE | FieldType.RECORDS:
                return list(self.people.get(spec.chosen_from, {}))
            case _:
                return _SAMPLES.get(spec.type, f"Sample of {name}")

    def stage(self, upload: str) -> str:
        """A file of this id that is there to be used."""
        staged = Upload(upload, "sample.pdf", "application/pdf", 1, "0" * 64, None)
        self.case = replace(self.case, uploads={**self.case.uploads, upload: staged})
        return upload


def record_in_order(definition: Definition) -> Mapping[str, Any]:
    """What there is to know of the record that a case keeps, if all is in order, and there is plenty of time."""
    kept = definition.workflow.keeps
    source = definition.records.get(kept.records) if kept else None
    facts = source.facts if source else {}
    return {name: True if spec.type is FieldType.YES_NO else _PLENTY for name, spec in facts.items()}


def next_due(case: Snapshot, by: datetime) -> RunningDeadline | None:
    """The deadline of the case that acts first, if any does by then."""
    due = [running for running in case.deadlines.values() if running.next_at and running.next_at <= by]
    return min(due, key=lambda running: running.next_at or by, default=None)


def unborn(definition: Definition, at: datetime, reference: str = "AP-TEST-CASE") -> Snapshot:
    """A case before its first event."""
    return Snapshot(1, reference, definition.name, definition.digest, START, at, 0, fields={}, changed_at=at)


def _change(outcome: Outcome, version: int) -> Change:
    entry = outcome.entry
    changed = frozenset(entry.changed)
    return Change(version, entry.at, entry.actor.name, entry.name, outcome.moved, changed, entry.item)
