"""Cases played at random: by people who may and who may not, with answers right and wrong, and by waiting."""

import copy
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec.structs import replace

from apflow.core.commands import (
    ChildBegun,
    ChildEnded,
    ChildNotBegun,
    Command,
    Open,
    Told,
)
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Refusal
from apflow.core.machine import START
from apflow.core.outcome import Outcome, Signal
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import Play, unborn
from apflow.core.snapshot import Child, Parent, Snapshot
from tests.random_policies.tries import PARENT, a_command

BEGUN = datetime(2026, 9, 7, 10, tzinfo=UTC)
MOST_CASES = 6


@dataclass(frozen=True)
class Happened:
    """One thing that happened to one case: the state before, what was decided and the case as it then was."""

    workflow: str
    before: str
    outcome: Outcome
    after: Snapshot


@dataclass
class Walk:
    """A case and those it begins: its `trail` of what happened; `refused` counts what was not done, by why not.

    What cases say to each other waits until it is heard, which is sooner or later.
    """

    definitions: Mapping[str, Definition]
    dice: Random
    plays: list[Play] = field(default_factory=list)
    trail: list[Happened] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    waiting: deque[tuple[Play, Signal]] = field(default_factory=deque)

    def step(self) -> None:
        """Somebody tries something, some time passes, or a case hears what another said."""
        play, chance = self.dice.choice(self.plays), self.dice.random()
        if self.waiting and chance < 0.5:
            self._hear(*self.waiting.popleft())
        elif play.case.state != START and chance < 0.2:
            self._wait()
        else:
            self._try(play, a_command(play, self.dice))

    def _wait(self) -> None:
        days, hours = self.dice.choice([0, 1, 4, 20]), self.dice.randint(0, 23)
        until = self.plays[0].now + timedelta(days=days, hours=hours)
        for play in list(self.plays):
            seen, before = len(play.outcomes), play.case.state
            play.wait_until(until)
            for outcome in play.outcomes[seen:]:
                self._note(play, before, outcome)
                before = outcome.state

    def _try(self, play: Play, command: Command) -> bool:
        """Whether it was done; tried twice without effect, it comes out the same."""
        before, kept = play.case, copy.deepcopy(play.case)
        assert _said(play, command) == _said(play, command)
        assert before == kept
        try:
            outcome = play.do(command)
        except Refusal as refusal:
            self.refused[type(refusal).__name__] += 1
            return False
        finally:
            assert before == kept
        self._note(play, before.state, outcome)
        return True

    def _note(self, play: Play, before: str, outcome: Outcome) -> None:
        self.trail.append(Happened(play.definition.name, before, outcome, play.case))
        for signal in outcome.signals:
            self.waiting.append((play, signal))
            if signal.purpose == "begin":
                _relate(play, Child(signal.kind, "", "", True))
        if play.case.parent is not None:
            is_open = not play.definition.state(outcome.state).final
            kind, reference = play.case.parent.kind, play.case.reference
            _relate(self._parent_of(play), Child(kind, reference, outcome.state, is_open, play.case.version))

    def _parent_of(self, play: Play) -> Play:
        assert play.case.parent is not None
        return self.plays[int(play.case.parent.reference)]

    def _hear(self, sender: Play, signal: Signal) -> None:
        reference = sender.case.reference
        match signal.purpose:
            case "begin":
                self._begin(sender, signal)
            case "tell":
                for child in sender.case.children:
                    if child.is_open and child.reference:
                        assert self._try(self.plays[int(child.reference)], Told(signal.event, reference, THE_CLOCK))
            case "ended":
                ended = ChildEnded(signal.kind, reference, signal.event, signal.event, THE_CLOCK)
                assert self._try(self._parent_of(sender), ended)

    def _begin(self, parent: Play, signal: Signal) -> None:
        """The child begins, or its parent hears why not; either way it is not waited for any more."""
        asked = next(child for child in parent.case.children if not child.reference)
        children = list(parent.case.children)
        children.remove(asked)
        parent.case = replace(parent.case, children=tuple(children))
        reference = str(len(self.plays))
        if len(self.plays) == MOST_CASES:
            assert self._try(parent, ChildNotBegun(signal.kind, "There are too many already.", THE_CLOCK))
            return
        self.begin(signal.workflow or "", parent.now, Parent(parent.case.reference, signal.kind))
        assert self._try(self.plays[-1], Open(signal.event, THE_CLOCK, signal.answers))
        assert self._try(parent, ChildBegun(signal.kind, reference, THE_CLOCK))

    def begin(self, workflow: str, now: datetime = BEGUN, parent: Parent | None = None) -> None:
        """One more case, of this workflow."""
        definition = self.definitions[workflow]
        case = unborn(definition, now, str(len(self.plays)))
        self.plays.append(Play(definition, replace(case, parent=parent), now, PARENT))


def a_walk(definitions: Mapping[str, Definition], workflow: str, dice: Random, steps: int) -> Walk:
    """A case of the workflow begun, and it and those it begins played so many steps."""
    walk = Walk(definitions, dice)
    walk.begin(workflow)
    for _ in range(steps):
        walk.step()
    return walk


def _relate(play: Play, child: Child) -> None:
    """The case sees where its child stands."""
    others = (other for other in play.case.children if not other.reference or other.reference != child.reference)
    play.case = replace(play.case, children=(*others, child))


def _said(play: Play, command: Command) -> str:
    """The outcome or the refusal, in full."""
    try:
        return repr(play.decide(command))
    except Refusal as refusal:
        return repr(refusal)
