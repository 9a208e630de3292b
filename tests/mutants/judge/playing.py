"""Brute force: everything that everybody and the clock can do to a small instance, breadth first, and what comes of it.

Where it is bounded: two papers to a catalogue, and two items where they are added; one more person than a count asks
for (six at the most), of whom one drops out; one value on each side of what a condition compares; as many open
children as are counted (three at the most); and MOST_CASES cases that differ. When that bound is reached, nothing is
said of what never happened. The clock is let run until something changes, for MOST_RINGS rings at the most.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from itertools import product
from typing import Any

from msgspec import structs

from apflow.core.actor import THE_CLOCK, Actor
from apflow.core.commands import ChildEnded, Fire, Open, Told
from apflow.core.conditions import holds
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.workflow import EventSpec, Invariant
from apflow.core.errors import ApflowError, NotAllowed, NotFound, Refusal
from apflow.core.facts import facts_of, items_of, status_of
from apflow.core.outcome import Outcome
from apflow.core.permission import asked_of
from apflow.core.play import Play, next_due, unborn
from apflow.core.snapshot import Child, Linked, Snapshot
from tests.mutants.judge.instance import PARTY, Instance

MOST_CASES = 10_000
MOST_RINGS = 25
MOST_ADDED = 2  # One more of what is added makes no difference that two do not.
START = "start"


@dataclass
class Playing:
    """What has been seen so far."""

    instance: Instance
    told: frozenset[str]
    child_ends: dict[str, list[str]]
    entered: set[str] = field(default_factory=set)
    fired: set[tuple[str, str]] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    unwatched: set[str] = field(default_factory=set)
    onward: dict[Hashable, set[Hashable]] = field(default_factory=dict)
    waiting: deque[tuple[Hashable, Play]] = field(default_factory=deque)
    settled: set[tuple[str, str]] = field(default_factory=set)  # What need not be tried again in this state.
    is_whole: bool = True

    @property
    def definition(self) -> Definition:
        return self.instance.definition

    @cached_property
    def invariants(self) -> Mapping[str, Invariant]:
        return self.instance.whole.workflow.invariants

    def run(self) -> None:
        self._begin()
        while self.waiting:
            if self.broken or len(self.onward) > MOST_CASES:
                self.is_whole = False
                return
            key, play = self.waiting.popleft()
            self._everything(key, play)

    def _begin(self) -> None:
        for is_open in (True, False):
            play = Play(
                self.definition,
                unborn(self.definition, self.instance.first),
                self.instance.first,
                PARTY,
                {"applications_open": is_open, "reviews_decisions": True},
            )
            for event, spec in self.definition.workflow.start.items():
                if (START, event) not in self.fired:
                    self._try(None, play, event, spec, None)

    def _everything(self, key: Hashable, play: Play) -> None:
        if not any(self._lasts(name, play.case.state) for name in play.case.deadlines):
            self.unwatched.add(play.case.state)
        for event, spec in self.definition.events[play.case.state].items():
            if (play.case.state, event) in self.settled:
                continue
            if spec.item is None or self._keyed(spec) == "actor":
                self._try(key, play, event, spec, None)
            elif self._keyed(spec) in ("number", "case") and "none" in spec.item.from_:
                there_are = len(play.case.items.get(spec.item.of, {}))
                if there_are < MOST_ADDED:
                    is_case = self._keyed(spec) == "case"
                    self._try(key, play, event, spec, f"XX-CASE-{there_are}" if is_case else None)
            else:
                for item in self._named(play, spec.item.of):
                    # The first thing that is refused is an item that stands otherwise, whoever it is that tries.
                    if status_of(self.definition, spec.item.of, play.case.item(spec.item.of, item)) in spec.item.from_:
                        for standing in self._standing(play, spec, item):
                            self._try(key, standing, event, spec, item)
        self._relatives(key, play)
        self._clock(key, play)

    def _standing(self, play: Play, spec: EventSpec, item: str) -> Iterator[Play]:
        """As it is; and where the item is another case, as if that had gone on meanwhile."""
        yield play
        if self._keyed(spec) == "case":
            gone = Linked("elsewhere", "Gone on", "elsewhere")
            yield replace(play, case=structs.replace(play.case, linked={**play.case.linked, item: gone}))

    def _keyed(self, spec: EventSpec) -> str | None:
        """How the items are told apart that the event acts on, where no catalogue has them."""
        return self.definition.collection(spec.item.of).keyed_by if spec.item else None

    def _named(self, play: Play, collection: str) -> list[str]:
        return [*(self.definition.catalogue_of(collection) or play.case.items.get(collection, {}))]

    def _lasts(self, name: str, state: str) -> bool:
        """Whether the deadline is not one of the whole case that may be over by now."""
        spec = self.definition.deadlines[state][name]
        return not spec.while_in or spec.every is not None or spec.then.event is not None

    def _try(self, key: Hashable, play: Play, event: str, spec: EventSpec, item: str | None) -> None:
        state = play.case.state
        actors = [one for role in spec.by for one in self.instance.people(role) if not one.is_clock or state == START]
        for actor in actors:
            if self._is_one_too_many(play, spec, actor):
                continue
            worlds = self._worlds(play, spec)
            done = [self._fire(key, replace(play, facts=facts), event, actor, item) for facts in worlds]
            if any(done) and self._is_idle(spec, event, state):
                self.settled.add((state, event))
            if any(done) and not self._matters_who(spec, event, state):
                return

    def _is_one_too_many(self, play: Play, spec: EventSpec, actor: Actor) -> bool:
        """Whether there are as many others as are needed, or one has dropped out: that there are more is not played."""
        if spec.item is None or self._keyed(spec) != "actor":
            return False
        items = play.case.items.get(spec.item.of, {})
        others = [item.status for key, item in items.items() if key != str(actor.id)]
        out = [status for status in others if self.instance.does_not_count(spec.item.of, status)]
        if self.instance.does_not_count(spec.item.of, spec.item.to):
            return bool(out)
        return len(others) - len(out) >= self.instance.needed

    def _worlds(self, play: Play, spec: EventSpec) -> list[dict[str, bool]]:
        guards = (self.definition.workflow.guards[name] for name in spec.requires)
        read = {fact for guard in guards for fact in facts_read(guard.when)}
        if play.case.state == START or not any(fact.startswith("council.") for fact in read):
            return [dict(play.facts)]
        ways = product((True, False), repeat=2)
        return [{"applications_open": is_open, "reviews_decisions": reviews} for is_open, reviews in ways]

    def _afresh(self, play: Play, facts: dict[str, bool]) -> Play:
        return replace(play, facts=facts, outcomes=[], changes=[])

    def _matters_who(self, spec: EventSpec, event: str, state: str) -> bool:
        own = self._keyed(spec) == "actor"
        asked = self.definition.forms[state, event].items()
        writers = any(one.write and name in self.instance.told_apart for name, one in asked)
        return own or writers or bool(spec.not_by) or event in self.definition.watched_events

    def _is_idle(self, spec: EventSpec, event: str, state: str) -> bool:
        """Whether doing it once tells all: it changes nothing that counts, or it ends every case of the state alike."""
        if event in self.definition.watched_events or spec.item or spec.clears or spec.begins or spec.signals:
            return False
        if spec.to is None:
            return not self.instance.kept & self.definition.forms[state, event].keys()
        promised = any(spec.to in one.on_entry_to or one.always for one in self.invariants.values())
        if promised or not self.definition.state(spec.to).final:
            return False
        if not spec.requires and not spec.not_by:
            self.settled.add((state, "can always be left"))
        return (state, "can always be left") in self.settled

    def _fire(self, key: Hashable, play: Play, event: str, actor: Actor, item: str | None) -> bool:
        """Fire it with each way of answering; whether it came off at all."""
        state, came_off = play.case.state, False
        form = asked_of(self.definition.forms[state, event], actor)
        for answers in self.instance.answers(play, form, self._facts_of_item(play, event, item)):
            trial = self._afresh(play, dict(play.facts))
            command = Open(event, actor, answers) if state == START else Fire(event, actor, answers, item)
            try:
                outcome = trial.do(command)
            except (NotAllowed, NotFound):
                return came_off
            except Refusal:
                continue
            came_off = True
            self._happened(key, trial, play.case, outcome)
        return came_off

    def _facts_of_item(self, play: Play, event: str, item: str | None) -> Mapping[str, Any]:
        spec = self.definition.events[play.case.state][event].item
        return items_of(self.definition, play.case, spec.of).get(item, {}) if spec and item else {}

    def _happened(self, key: Hashable, after: Play, before: Snapshot, outcome: Outcome) -> None:
        if outcome.entry.kind == "event":
            self.fired.add((before.state, outcome.entry.name))
        self._children(after, outcome)
        self._promises(after, before, outcome)
        self.entered.add(after.case.state)
        new = self.instance.key(after.case, after)
        if key is not None:
            self.onward.setdefault(key, set()).add(new)
        if new not in self.onward:
            self.onward[new] = set()
            if not self.definition.state(after.case.state).final:
                self.waiting.append((new, after))

    def _promises(self, after: Play, before: Snapshot, outcome: Outcome) -> None:
        spec = self.definition.events[before.state].get(outcome.entry.name)
        entered = outcome.entry.kind == "event" and spec is not None and spec.to is not None
        for name, one in self.invariants.items():
            counts = one.always or (entered and after.case.state in one.on_entry_to)
            if counts and holds(one.holds, facts_of(self.definition, after.case, after.world)) is not True:
                self.broken[name] = f"{outcome.entry.name} in {before.state} leads to {after.case.state} all the same"

    def _children(self, after: Play, outcome: Outcome) -> None:
        """Children that were asked for have begun, unless as many are open as are ever counted."""
        for signal in outcome.signals:
            others = [child for child in after.case.children if child.kind == signal.kind and child.is_open]
            if signal.purpose == "begin" and len(others) < self.instance.most_children:
                child = Child(signal.kind, f"XX-CHILD-{len(others)}", "", True)
                kept = tuple(one for one in after.case.children if one.kind != signal.kind or one.is_open)
                after.case = structs.replace(after.case, children=(*kept, child))

    def _relatives(self, key: Hashable, play: Play) -> None:
        for child in play.case.children:
            for state in self.child_ends.get(child.kind, ()) if child.is_open else ():
                trial = self._afresh(play, dict(play.facts))
                over = tuple(
                    structs.replace(one, state=state, is_open=False) if one is child else one
                    for one in play.case.children
                )
                trial.case = structs.replace(play.case, children=over)
                self._hear(key, trial, ChildEnded(child.kind, child.reference, state, state, THE_CLOCK))
        for event in self.told & self.definition.events[play.case.state].keys():
            form = self.definition.forms[play.case.state, event]
            for answers in self.instance.answers(play, form, {}) if form else ():
                command = Fire(event, THE_CLOCK, answers, told_by="XX-OTHER")
                self._hear(key, self._afresh(play, dict(play.facts)), command)
            if not form:
                self._hear(key, self._afresh(play, dict(play.facts)), Told(event, "XX-PARENT", THE_CLOCK))

    def _hear(self, key: Hashable, play: Play, word: ChildEnded | Told | Fire) -> None:
        before = play.case
        try:
            outcome = play.do(word)
        except ApflowError:
            return
        self._happened(key, play, before, outcome)

    def _clock(self, key: Hashable, play: Play) -> None:
        """Let time pass until the case is another than it was."""
        state = play.case.state
        if (state, "the clock") in self.settled:
            return
        trial, rung = self._afresh(play, dict(play.facts)), set[str]()
        for _ in range(MOST_RINGS):
            due = self._next(trial, rung)
            if due is None:
                break
            before = trial.case
            try:
                outcome = trial.ring(due)
            except ApflowError:
                break
            trial.deliver()
            if outcome.entry.kind == "event" or self.instance.key(trial.case, trial) != key:
                self._happened(key, trial, before, outcome)
                break
            if trial.now >= before.deadlines[due].due_at:
                rung.add(due)
        if self._is_settled(state, trial):
            self.settled.add((state, "the clock"))
        self._days(key, play)

    def _next(self, play: Play, rung: set[str]) -> str | None:
        """The next deadline to act, of those that have not come to their end once already."""
        case = structs.replace(
            play.case, deadlines={name: one for name, one in play.case.deadlines.items() if name not in rung}
        )
        due = next_due(case, self.instance.first + timedelta(days=900))
        if due is None or due.next_at is None:
            return None
        play.now = max(play.now, due.next_at)
        return due.name

    def _is_settled(self, state: str, after: Play) -> bool:
        """Whether the clock does the same to all cases of the state."""
        events = [
            self.definition.events[state].get(one.then.event or "") for one in self.definition.deadlines[state].values()
        ]
        ends = [one for one in events if one is not None]
        anchored = any(one.of or one.after or one.while_in for one in self.definition.deadlines[state].values())
        if any(one.requires for one in ends) or (anchored and ends):
            return False
        promised = any(one.on_entry_to or one.always for one in self.invariants.values())
        return all(one.to and self.definition.state(one.to).final for one in ends) and not (ends and promised)

    def _days(self, key: Hashable, play: Play) -> None:
        """Let the days come that a date of the case, or of its papers, is about, without a deadline if none is due."""
        today = play.world.today.isoformat()
        dates = [value for name, value in play.case.fields.items() if name in self.instance.told_apart]
        dates += [item.data.get("expires_on") for items in play.case.items.values() for item in items.values()]
        later = sorted(
            {str(day) for day in dates if isinstance(day, str) and len(day) == 10 and day[4] == "-" and day >= today}
        )
        for day in later[:2]:
            trial = self._afresh(play, dict(play.facts))
            at = datetime.combine(datetime.fromisoformat(day).date() + timedelta(days=1), time(10), UTC)
            due = next_due(play.case, at)
            if (
                due is not None
                and play.now < due.due_at <= at
                and self.definition.deadlines[play.case.state][due.name].then.event
            ):
                continue
            trial.now = max(trial.now, at)
            new = self.instance.key(trial.case, trial)
            self.onward.setdefault(key, set()).add(new)
            if new not in self.onward:
                self.onward[new] = set()
                self.waiting.append((new, trial))
