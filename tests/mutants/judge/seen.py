"""What has been seen of a workflow so far, and which cases are still to be played from."""

from collections import deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from msgspec import structs

from apflow.core.commands import Alert, Drawn, Fire
from apflow.core.conditions import holds
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.promises import Invariant
from apflow.core.errors import ApflowError
from apflow.core.facts import facts_of
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import Play
from apflow.core.snapshot import Child, Snapshot
from tests.mutants.judge.ahead import Ahead
from tests.mutants.judge.alike import Likeness
from tests.mutants.judge.apart import Apart
from tests.mutants.judge.free import Free
from tests.mutants.judge.instance import Instance


def afresh(play: Play, facts: Mapping[str, bool] | None = None) -> Play:
    """The same case to go on with, its own way."""
    return replace(play, facts=dict(play.facts if facts is None else facts), outcomes=[], changes=[])


@dataclass
class Seen:
    """The states and events, what was found broken, and each case that differs, with those that come after it."""

    instance: Instance
    entered: set[str] = field(default_factory=set)
    fired: set[tuple[str, str]] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    unwatched: set[str] = field(default_factory=set)
    onward: dict[Hashable, set[Hashable]] = field(default_factory=dict)
    waiting: deque[tuple[Hashable, Play]] = field(default_factory=deque)
    wanted: set[tuple[str, str, bool]] = field(default_factory=set)  # By state, the deadlines seen wanted, and not.
    begun: dict[Hashable, set[str]] = field(default_factory=dict)  # The quiet children that begin with a case.
    _rests: dict[Hashable, Hashable] = field(default_factory=dict)  # What a case is once all that is free is done.

    @property
    def definition(self) -> Definition:
        return self.instance.definition

    @cached_property
    def invariants(self) -> Mapping[str, Invariant]:
        return self.instance.whole.workflow.invariants

    @cached_property
    def ahead(self) -> Ahead:
        return Ahead(self.definition, self.invariants)

    @cached_property
    def apart(self) -> Apart:
        return Apart(self.instance, self.invariants)

    @cached_property
    def free(self) -> Free:
        return Free(self.instance, self.ahead)

    @cached_property
    def likeness(self) -> Likeness:
        return Likeness(self.instance, self.ahead)

    def key(self, play: Play) -> Hashable:
        """The key of the case that it is once it rests, if it has been there."""
        own = self.likeness.key(play.case, play)
        return self._rests.get(own, own)

    def happened(self, key: Hashable, after: Play, before: Snapshot, outcome: Outcome) -> None:
        """Remember what came of a case, and play on from it if it is none that there was."""
        begun = self._note(after, before, outcome)
        for part in self.apart.parts(after):
            new = self.came_to(part)
            self.begun.setdefault(new, set()).update(begun)
            if key is not None:
                self.onward.setdefault(key, set()).add(new)

    def came_to(self, play: Play) -> Hashable:
        """The case as it rests, to be played from if there was none such."""
        own = self.likeness.key(play.case, play)
        self._look_what_is_wanted(play)
        if own in self._rests:
            return self._rests[own]
        state, is_final = play.case.state, self.definition.state(play.case.state).final
        if not is_final and not any(self._lasts(name, state) for name in play.case.deadlines):
            self.unwatched.add(state)
        begun = self._rest(play)
        new = self.likeness.key(play.case, play)
        self._rests[own] = self._rests[new] = new
        self.begun.setdefault(new, set()).update(begun)
        if new not in self.onward:
            self.onward[new] = set()
            if self.definition.events[state]:
                self.waiting.append((new, play))
        return new

    def _look_what_is_wanted(self, play: Play) -> None:
        """Note of each deadline that is not always wanted whether it is here."""
        unless = self.definition.unless.get(play.case.state, {})
        facts = facts_of(self.definition, play.case, play.world) if unless else None
        for name, condition in unless.items():
            assert facts is not None
            self.wanted.add((play.case.state, name, holds(condition, facts) is not True))

    def _rest(self, play: Play) -> set[str]:
        """Do all that is free, and lose mail; the quiet children that began with it."""
        begun = set[str]()
        for event in self.free.to_do(play):
            begun |= self._do(play, event, self.definition.events[play.case.state][event])
        for source in self.free.mail_that_can_be_lost(play.case.state):
            for alert in islice(self.definition.workflow.alerts, 1):
                play.do(Alert(alert, THE_CLOCK, "It did not arrive.", Drawn(source, "1", {})))
        return begun

    def _do(self, play: Play, event: str, spec: EventSpec) -> set[str]:
        form = self.definition.forms[play.case.state, event]
        apart = self.ahead.apart(play.case.state, event)
        for actor in self.instance.first_doers(spec, play.case):
            for answers in self.instance.answers(play, form, {}, apart):
                before = play.case
                try:
                    outcome = play.do(Fire(event, actor, answers))
                except ApflowError:
                    play.case = before  # As it was before files were staged for it.
                    continue
                return self._note(play, before, outcome)
        return set()

    def _lasts(self, name: str, state: str) -> bool:
        """Whether the deadline is not one of the whole case that may be over by now."""
        spec = self.definition.deadlines[state][name]
        return not spec.while_in or spec.every is not None or spec.then.event is not None

    def _note(self, after: Play, before: Snapshot, outcome: Outcome) -> set[str]:
        """Note what the outcome shows; the quiet children that began with it."""
        if outcome.entry.kind == "event":
            self.fired.add((before.state, outcome.entry.name))
        self._promises(after, before, outcome)
        self.entered.add(after.case.state)
        return self._children(after, outcome)

    def _promises(self, after: Play, before: Snapshot, outcome: Outcome) -> None:
        spec = self.definition.events[before.state].get(outcome.entry.name)
        entered = outcome.entry.kind == "event" and spec is not None and spec.to is not None
        for name, one in self.invariants.items():
            counts = one.always or (entered and after.case.state in one.on_entry_to)
            if counts and holds(one.holds, facts_of(self.definition, after.case, after.world)) is not True:
                self.broken[name] = f"{outcome.entry.name} in {before.state} leads to {after.case.state} all the same"

    def _children(self, after: Play, outcome: Outcome) -> set[str]:
        """Children that were asked for have begun, unless as many are open as are ever counted."""
        begun = {signal.kind for signal in outcome.signals if signal.purpose == "begin"}
        for kind in sorted(begun - self.instance.quiet_children):
            others = [child for child in after.case.children if child.kind == kind and child.is_open]
            if len(others) < self.instance.most_children:
                child = Child(kind, f"XX-CHILD-{len(others)}", "", True)
                kept = tuple(one for one in after.case.children if one.kind != kind or one.is_open)
                after.case = structs.replace(after.case, children=(*kept, child))
        return begun & self.instance.quiet_children

    def hear_of_quiet_children(self, settled: set[tuple[str, str]]) -> None:
        """Wherever a case can go once a quiet child has begun, it can end."""
        open_: dict[Hashable, set[str]] = {}
        news = [(key, set(kinds)) for key, kinds in self.begun.items() if kinds]
        news += [(key, self._always_begun(key, settled)) for key in self.onward]
        while news:
            key, kinds = news.pop()
            known = open_.setdefault(key, set())
            if kinds <= known:
                continue
            known |= kinds
            state = state_of(key)
            events = self.definition.events[state]
            for end in self._ends(kinds) & events.keys():
                self.fired.add((state, end))
                news.append((key, set(events[end].begins)))
            news += [(after, set(known)) for after in self.onward.get(key, ())]

    def _always_begun(self, key: Hashable, settled: set[tuple[str, str]]) -> set[str]:
        state = state_of(key)
        events = self.definition.events[state].items()
        return {kind for event, spec in events if spec.to is None and (state, event) in settled for kind in spec.begins}

    def _ends(self, kinds: set[str]) -> set[str]:
        children = self.definition.workflow.children
        return {event for kind in kinds for event in children[kind].ends.values()}


def state_of(key: Hashable) -> str:
    """The state of the cases of this key."""
    return str(key[0])  # type: ignore[index]
