"""Cases played at random: by people who may and who may not, with answers right and wrong, and by waiting."""

import copy
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from apflow.core.actor import THE_PUBLIC, Actor
from apflow.core.commands import ClaimTask, Command, Fire, Open, ReleaseTask
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Refusal
from apflow.core.machine import START
from apflow.core.outcome import Outcome
from apflow.core.play import Play, unborn
from apflow.core.snapshot import Snapshot

BEGUN = datetime(2026, 9, 7, 10, tzinfo=UTC)
PARENT = 1
PEOPLE = (
    Actor(2, "Cleo Clerk", frozenset({"clerk"})),
    Actor(3, "Tam Treasurer", frozenset({"treasurer"})),
    Actor(4, "Poppy Panellist", frozenset({"panellist"})),
    Actor(PARENT, "Perry Parent", frozenset({"parent"})),
    Actor(5, "Somebody Else", frozenset({"parent"})),
    THE_PUBLIC,
)
RIGHT: dict[str, list[Any]] = {
    "title": ["An errand"],
    "name": ["Perry Parent"],
    "email": ["perry@parent.example"],
    "count": [1, 2, 3, 4, 5],
    "kind": ["red", "blue"],
    "sure": [True, False],
    "day": ["2026-09-01", "2026-09-07", "2027-01-04"],
    "note": ["Hm.", "Well then."],
}
WRONG: list[Any] = [
    "",
    None,
    "red ",
    -1,
    10**30,
    0.5,
    "9999-12-31",
    [],
    ["red"],
    {},
    "\x00",
    "x" * 5000,
    "\ud800",
    True,
    "1e999",
]


@dataclass
class Walk:
    """One case: its `trail` of state before, outcome and case after; `refused` counts what was not done, by why not."""

    play: Play
    dice: Random
    trail: list[tuple[str, Outcome, Snapshot]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        """Somebody tries something, or some time passes."""
        if self.play.case.state != START and self.dice.random() < 0.2:
            self._wait()
        else:
            self._try(self._command())

    def _wait(self) -> None:
        seen = len(self.play.outcomes)
        before = self.play.case.state
        days, hours = self.dice.choice([0, 1, 4, 20]), self.dice.randint(0, 23)
        self.play.wait_until(self.play.now + timedelta(days=days, hours=hours))
        for outcome in self.play.outcomes[seen:]:
            self.trail.append((before, outcome, self.play.case))
            before = outcome.state

    def _try(self, command: Command) -> None:
        before, kept = self.play.case, copy.deepcopy(self.play.case)
        assert _said(self.play, command) == _said(self.play, command)
        assert before == kept
        try:
            outcome = self.play.do(command)
        except Refusal as refusal:
            self.refused[type(refusal).__name__] += 1
        else:
            self.trail.append((before.state, outcome, self.play.case))
        assert before == kept

    def _command(self) -> Command:
        definition, case, dice = self.play.definition, self.play.case, self.dice
        if case.tasks and dice.random() < 0.1:
            task, actor = dice.choice(case.tasks).id, dice.choice(PEOPLE)
            return ClaimTask(task, actor) if dice.random() < 0.5 else ReleaseTask(task, actor)
        if case.state == START:
            return Open("begin", dice.choice([THE_PUBLIC, PEOPLE[0]]), self._answers("begin"))
        here = list(definition.events[case.state])
        event = (
            dice.choice(here) if here and dice.random() < 0.85 else dice.choice([*definition.event_names, "nonsense"])
        )
        able = [person for person in PEOPLE if person.has_any(_by(definition, case.state, event))]
        actor = dice.choice(able) if able and dice.random() < 0.8 else dice.choice(PEOPLE)
        return Fire(event, actor, self._answers(event), seen=dice.choice([None, None, case.version, 1]))

    def _answers(self, event: str) -> dict[str, Any]:
        form = self.play.definition.forms.get((self.play.case.state, event), {})
        answers: dict[str, Any] = {name: self.dice.choice(RIGHT[name]) for name in form}
        if self.dice.random() < 0.25:
            spoilt = self.dice.choice([*form, "unheard_of"])
            answers[spoilt] = self.dice.choice(WRONG)
        if answers and self.dice.random() < 0.2:
            answers.pop(self.dice.choice(list(answers)))
        return answers


def a_walk(definition: Definition, dice: Random, steps: int) -> Walk:
    """A case begun and played so many steps."""
    walk = Walk(Play(definition, unborn(definition, BEGUN), BEGUN, PARENT), dice)
    for _ in range(steps):
        walk.step()
    return walk


def _said(play: Play, command: Command) -> str:
    """The outcome or the refusal, in full."""
    try:
        return repr(play.decide(command))
    except Refusal as refusal:
        return repr(refusal)


def _by(definition: Definition, state: str, event: str) -> tuple[str, ...]:
    spec = definition.events[state].get(event)
    return spec.by if spec else ()
