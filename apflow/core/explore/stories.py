"""The way to a situation, told: step by step, with dates where made-up people can play it out."""

from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

from apflow.core.days.calendar import local_date
from apflow.core.definition.conditions import Count
from apflow.core.definition.promises import Invariant
from apflow.core.definition.words import day
from apflow.core.errors import ApflowError, Blocked
from apflow.core.explore.domains import FUTURE, PAST
from apflow.core.explore.exploring import Exploration, Reached
from apflow.core.explore.framing import collection_of
from apflow.core.explore.situations import Local, Situation
from apflow.core.explore.steps import Step
from apflow.core.firing.overrides import in_words
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does

_A_FEW_DAYS = timedelta(days=6)


def story(exploration: Exploration, last: Reached, _found: Situation, invariant: Invariant) -> str:
    """How a case comes there; without dates when no made-up people could play it."""
    teller = _Teller(exploration)
    try:
        told = list(teller.dated(last, invariant))
    except (ApflowError, KeyError, ValueError, AssertionError):
        told = [_plain(exploration, step) for step in exploration.way_to(last)[1:]]
    return f"A story that breaks it: {'; '.join(told)}."


def _plain(exploration: Exploration, reached: Reached) -> str:
    step = reached.step
    if step is None:
        return "time passes"
    label = exploration.definition.events[step.before.state][step.event].label.staff
    aside = f" (with {' and '.join(f'“{in_words(guard)}”' for guard in step.aside)} set aside)" if step.aside else ""
    return f"{step.role or 'the clock'}: {label}{aside}"


class _Teller:
    """One story in the making: a case that is played, and how its items stand."""

    def __init__(self, exploration: Exploration) -> None:
        self.exploration, self.steps = exploration, exploration.steps
        self.play: Play = a_play(exploration.definition)
        self.cast = Cast(exploration.definition)
        self.items: list[Local] = [kind.start for kind in self.steps.frame.kinds]

    def dated(self, last: Reached, invariant: Invariant) -> Iterator[str]:
        way = self.exploration.way_to(last)
        for before, reached in pairwise(way):
            step = reached.step
            if step is None:
                self.play.wait_until(self.play.now + _A_FEW_DAYS)
                yield f"{self._today()}, a few days pass"
                continue
            yield from self._prepare(before.found, step)
            try:
                self._do(step)
            except Blocked as blocked:
                if reached is not last or invariant.says not in blocked.reasons:
                    raise
            yield f"{self._today()}, {_plain(self.exploration, reached)}"

    def _today(self) -> str:
        return day(local_date(self.play.now))

    def _prepare(self, found: Situation, step: Step) -> Iterator[str]:
        """What must be done to items, and by how many people, before the step can be taken."""
        for number, kind in enumerate(self.steps.frame.kinds):
            if kind.keys:
                for quiet in self._chain(found, number, step.before.items[number]):
                    for key in kind.keys:
                        self._do(quiet, key)
                    count = f" ({len(kind.keys)} times)" if len(kind.keys) > 1 else ""
                    yield f"{self._today()}, {_plain(self.exploration, Reached(found, found, 0, quiet))}{count}"
        for place, tally in enumerate(self.steps.frame.tallies):
            if isinstance(tally, Count) and step.before.tallies[place] == {True} != found.tallies[place]:
                yield from self._people(found, collection_of(tally), tally.at_least)

    def _people(self, found: Situation, collection: str, how_many: int) -> Iterator[str]:
        number = next(n for n, kind in enumerate(self.steps.frame.kinds) if kind.collection == collection)
        quiet = next(self.steps.quiet(found, number, ()))
        for person in range(how_many):
            given = self._answers(quiet)
            does(self.play, self.cast.person(quiet.role or "", person), quiet.event, **given)
        yield f"{self._today()}, {_plain(self.exploration, Reached(found, found, 0, quiet))} ({how_many} people)"

    def _chain(self, found: Situation, number: int, wanted: frozenset[Local]) -> list[Step]:
        """The fewest quiet events that bring items of the kind to how they must stand."""
        waiting = deque([(self.items[number], list[Step]())])
        seen = {self.items[number]}
        while waiting:
            local, chain = waiting.popleft()
            if local in wanted:
                self.items[number] = local
                return chain
            for step in self.steps.quiet(found, number, local):
                for new in step.after.items[number] - seen:
                    seen.add(new)
                    waiting.append((new, [*chain, step]))
        raise ValueError("the items do not come to stand so by events alone")

    def _do(self, step: Step, item: str | None = None) -> None:
        kind = None if step.kind is None else self.steps.frame.kinds[step.kind]
        key = item or (kind.keys[0] if kind and kind.keys else None)
        actor = self.cast.anybody(self.play, step.role or "clock", step.event)
        if step.role is None:
            waited = self.play.now + timedelta(days=500)
            while self.play.case.state == step.before.state and self.play.now < waited:
                self.play.wait_until(self.play.now + _A_FEW_DAYS)
            return
        does(self.play, actor, step.event, key, **self._answers(step))

    def _answers(self, step: Step) -> dict[str, Any]:
        shifts = {PAST: -2, FUTURE: 2}
        today = local_date(self.play.now)
        return {
            name: (today + timedelta(days=shifts[value])).isoformat() if value in (PAST, FUTURE) else value
            for name, value in step.answers.items()
            if not (isinstance(value, str) and (value.startswith("some ") or value == "2026-06-15"))
        }
