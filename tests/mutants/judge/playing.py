"""Brute force: everything that everybody and the clock can do to a small instance, breadth first, and what comes of it.

Where it is bounded: two papers to a catalogue, and two items where they are added; one more person than a count asks
for (six at the most), of whom one drops out; one value on each side of what a condition compares; as many open
children as are counted (three at the most); and MOST_CASES cases that differ. When that bound is reached, nothing is
said of what never happened. The clock is let run until something changes, for MOST_RINGS rings at the most.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from msgspec import structs

from apflow.core.commands import Brought, ChildEnded, Fire, Open, Told
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.events import EventSpec
from apflow.core.errors import ApflowError, NotAllowed, NotFound, Refusal
from apflow.core.facts import items_of, status_of
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.people.permission import asked_of
from apflow.core.play import Play, unborn
from apflow.core.snapshot import Linked
from tests.mutants.judge.ahead import START
from tests.mutants.judge.instance import PARTY, Instance
from tests.mutants.judge.passing import let_days_come, let_time_pass
from tests.mutants.judge.seen import Seen, afresh

MOST_CASES = 20_000
MOST_ADDED = 2  # One more of what is added makes no difference that two do not.


@dataclass
class Choosing(Play):
    """A play in which some facts are `unknown` of the records that there are to choose."""

    unknown: frozenset[str] = frozenset()

    @property
    def chosen(self) -> Mapping[str, Mapping[int, Mapping[str, Any]]]:
        return {
            source: {
                number: {fact: None if fact in self.unknown else value for fact, value in said.items()}
                for number, said in records.items()
            }
            for source, records in super().chosen.items()
        }


@dataclass
class Playing:
    """What is tried, with what relatives of the case may do to it: tell it, end, and bring it answers."""

    seen: Seen
    told: frozenset[str]
    child_ends: Mapping[str, list[str]]
    brought: Mapping[str, frozenset[str]]
    settled: set[tuple[str, str]] = field(default_factory=set)  # What need not be tried again in this state.
    is_whole: bool = True

    @property
    def instance(self) -> Instance:
        return self.seen.instance

    @property
    def definition(self) -> Definition:
        return self.seen.definition

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Try everything, or as much as it takes until this is so."""
        self._begin()
        while self.seen.waiting and not until():
            if self.seen.broken or len(self.seen.onward) > MOST_CASES:
                self.is_whole = False
                return
            key, play = self.seen.waiting.popleft()
            self._everything(key, play)
        self.seen.hear_of_quiet_children(self.settled)

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
                if (START, event) not in self.seen.fired:
                    self._try(None, play, event, spec, None)

    def _everything(self, key: Hashable, play: Play) -> None:
        for event, spec in self.definition.events[play.case.state].items():
            if (play.case.state, event) in self.settled:
                continue
            if spec.item is None or self._keyed(spec) == "actor":
                self._try(key, play, event, spec, None)
            elif self._keyed(spec) in ("number", "case") and "none" in spec.item.from_:
                there_are = len(play.case.items.get(spec.item.of, {}))
                if there_are < self._most_added(play, spec.item.of):
                    is_case = self._keyed(spec) == "case"
                    self._try(key, play, event, spec, f"XX-CASE-{there_are}" if is_case else None)
            else:
                for item in self._named(play, spec.item.of):
                    # The first thing that is refused is an item that stands otherwise, whoever it is that tries.
                    if status_of(self.definition, spec.item.of, play.case.item(spec.item.of, item)) in spec.item.from_:
                        for standing in self._standing(play, spec, item):
                            self._try(key, standing, event, spec, item)
        self._relatives(key, play)
        if (play.case.state, "the clock") not in self.settled:
            let_time_pass(self.seen, key, play)
            if self._is_settled(play.case.state):
                self.settled.add((play.case.state, "the clock"))
        let_days_come(self.seen, key, play)

    def _most_added(self, play: Play, collection: str) -> int:
        """As many items as can make a difference; of those that stand apart, one of all of them at a time."""
        apart = self.seen.apart.of(play.case.state)
        if collection in apart:
            return 0 if apart & play.case.items.keys() else 1
        return 1 if collection in self.seen.apart.single else MOST_ADDED

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

    def _try(self, key: Hashable, play: Play, event: str, spec: EventSpec, item: str | None) -> None:
        state = play.case.state
        actors = [one for one in self.instance.doers(spec, play.case) if not one.is_clock or state == START]
        for actor in actors:
            if self._is_one_too_many(play, spec, actor):
                continue
            plays = [replace(play, facts=facts) for facts in self._worlds(play, spec)]
            plays = [one for each in plays for one in self._chosen(each, event)]
            done = [self._fire(key, one, event, actor, item) for one in plays]
            if any(done) and self._is_idle(spec, event, state):
                self.settled.add((state, event))
            if any(done) and not self._matters_who(spec, event, state):
                return

    def _is_one_too_many(self, play: Play, spec: EventSpec, actor: Actor) -> bool:
        """Whether there are as many others as are needed, or one has dropped out: that there are more is not played."""
        if spec.item is None or spec.item.drops or self._keyed(spec) != "actor":
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

    def _chosen(self, play: Play, event: str) -> list[Play]:
        """With all known of the records that can be chosen, and with nothing of what is still asked about them."""
        state = play.case.state
        apart, form = self.seen.ahead.apart(state, event), self.definition.forms[state, event]
        taken = self.definition.taken.items()
        asked = frozenset(fact for field, (question, fact) in taken if field in apart and question in form)
        knowing = replace(play, unknown=frozenset()) if isinstance(play, Choosing) else play
        return [knowing, Choosing(**vars(knowing) | {"unknown": asked})] if asked else [knowing]

    def _matters_who(self, spec: EventSpec, event: str, state: str) -> bool:
        own = self._keyed(spec) == "actor"
        apart = self.seen.ahead.apart(state, event)
        writers = any(one.write and name in apart for name, one in self.definition.forms[state, event].items())
        return own or writers or bool(spec.not_by) or event in self.definition.watched_events

    def _is_idle(self, spec: EventSpec, event: str, state: str) -> bool:
        """Whether doing it once tells all: it changes nothing that counts, or it ends every case of the state alike."""
        if event in self.definition.watched_events or spec.item or spec.clears or spec.draws:
            return False
        if spec.begins and (spec.requires or spec.begins.keys() - self.instance.quiet_children):
            return False
        if spec.to is None:
            changes = self.seen.ahead.names(state) & {*self.definition.forms[state, event], *spec.empties}
            return not changes and not self.instance.starts(state, event) and not self._is_of_proposals(state, spec)
        promised = any(spec.to in one.on_entry_to or one.always for one in self.seen.invariants.values())
        if promised or not self.definition.state(spec.to).final or self.definition.events[spec.to]:
            return False
        if not spec.requires and not spec.not_by:
            self.settled.add((state, "can always be left"))
        return (state, "can always be left") in self.settled

    def _is_of_proposals(self, state: str, spec: EventSpec) -> bool:
        return spec.proposal is not None and self.seen.ahead.asks(state, "proposal", "")

    def _fire(self, key: Hashable, play: Play, event: str, actor: Actor, item: str | None) -> bool:
        """Fire it with each way of answering; whether it came off at all."""
        state, came_off = play.case.state, False
        form = asked_of(self.definition.forms[state, event], actor)
        apart = self.seen.ahead.apart(state, event)
        ways = self.instance.answers(play, form, self._facts_of_item(play, event, item), apart)
        for answers, brought in product(ways, self._brought(play, event)):
            trial = afresh(play)
            command = Open(event, actor, answers, brought) if state == START else Fire(event, actor, answers, item)
            try:
                outcome = trial.do(command)
            except (NotAllowed, NotFound):
                return came_off
            except Refusal:
                continue
            came_off = True
            self.seen.happened(key, trial, play.case, outcome)
        return came_off

    def _brought(self, play: Play, event: str) -> list[Brought]:
        """What it begins with of an earlier case: nothing, or something of every item."""
        collections = self.brought.get(event, ()) if play.case.state == START else ()
        whole = {name: self._said(play, name) for name in collections}
        return [{}, whole] if whole else [{}]

    def _said(self, play: Play, collection: str) -> Mapping[str, Mapping[str, Any]]:
        asked = self.definition.collection(collection).brought
        said = {name: self.instance.sample(play, name, spec) for name, spec in asked.items()}
        return dict.fromkeys(self.definition.catalogue_of(collection), said)

    def _facts_of_item(self, play: Play, event: str, item: str | None) -> Mapping[str, Any]:
        spec = self.definition.events[play.case.state][event].item
        return items_of(self.definition, play.case, spec.of).get(item, {}) if spec and item else {}

    def _relatives(self, key: Hashable, play: Play) -> None:
        for child in play.case.children:
            for state in self.child_ends.get(child.kind, ()) if child.is_open else ():
                trial = afresh(play)
                over = tuple(
                    structs.replace(one, state=state, is_open=False) if one is child else one
                    for one in play.case.children
                )
                trial.case = structs.replace(play.case, children=over)
                self._hear(key, trial, ChildEnded(child.kind, child.reference, state, state, THE_CLOCK))
        for event in self.told & self.definition.events[play.case.state].keys():
            if (play.case.state, event) not in self.settled:
                self._tell(key, play, event)

    def _tell(self, key: Hashable, play: Play, event: str) -> None:
        """Let another case tell this one to do the event, with answers if it asks for some."""
        state, form = play.case.state, self.definition.forms[play.case.state, event]
        answers = self.instance.answers(play, form, {}, self.seen.ahead.apart(state, event)) if form else ()
        words: list[Fire | Told] = [Fire(event, THE_CLOCK, given, told_by="XX-OTHER") for given in answers]
        done = [self._hear(key, afresh(play), word) for word in words or [Told(event, "XX-PARENT", THE_CLOCK)]]
        if any(done) and self._is_idle(self.definition.events[state][event], event, state):
            self.settled.add((state, event))

    def _hear(self, key: Hashable, play: Play, word: ChildEnded | Told | Fire) -> bool:
        """Let it hear the word; whether anything came of it."""
        before = play.case
        try:
            outcome = play.do(word)
        except ApflowError:
            return False
        self.seen.happened(key, play, before, outcome)
        return outcome.entry.kind == "event"

    def _is_settled(self, state: str) -> bool:
        """Whether the clock does the same to all cases of the state."""
        events = [
            self.definition.events[state].get(one.then.event or "") for one in self.definition.deadlines[state].values()
        ]
        ends = [one for one in events if one is not None]
        anchored = any(one.of or one.after or one.while_in for one in self.definition.deadlines[state].values())
        if any(one.requires for one in ends) or (anchored and ends):
            return False
        if ends and state in self.definition.unless:
            return False
        promised = any(one.on_entry_to or one.always for one in self.seen.invariants.values())
        return all(one.to and self.definition.state(one.to).final for one in ends) and not (ends and promised)
