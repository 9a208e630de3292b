"""A situation: cases that are alike in all that the conditions can tell apart, and what a condition leaves of one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from operator import ge
from typing import Any

from msgspec import Struct

from apflow.core.conditions import Facts, Truth, holds
from apflow.core.definition.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    Count,
    Every,
    Majority,
    Not,
    facts_read,
)
from apflow.core.explore.domains import TODAY, Value, comparisons_in

Local = tuple[Value, ...]  # The status of an item, then the facts of it that conditions read; empty: no item yet.
Wanted = frozenset[Truth]
HOLDS: Wanted = frozenset({True})
IS_BROKEN: Wanted = frozenset({False, None})
_IS_FALSE: Wanted = frozenset({False})
_NOT_FALSE: Wanted = frozenset({True, None})
_OPPOSITE = {HOLDS: _IS_FALSE, _IS_FALSE: HOLDS, IS_BROKEN: _NOT_FALSE, _NOT_FALSE: IS_BROKEN}
Tally = Count | Majority
_TRUTHS: tuple[Truth, ...] = (True, False, None)
_MOST_REPEATED = 4


@dataclass(frozen=True, eq=False)
class Kind:
    """Items that nothing tells apart but what is done to them; with no keys, the people who may act."""

    collection: str
    keys: tuple[str, ...]
    said: Mapping[str, Any]
    facts: tuple[str, ...]
    start: Local

    @property
    def is_single(self) -> bool:
        return len(self.keys) == 1

    def item(self, local: Local) -> dict[str, Any]:
        """The facts of an item that stands so."""
        told = {name: value for name, value in zip(self.facts, local[1:], strict=True) if value is not None}
        return {**self.said, **told, "status": local[0]}


class Situation(Struct, frozen=True):
    """Cases in one state with the same values; each item, apart from the others, may stand in any of its ways."""

    state: str
    values: tuple[Value, ...]
    items: tuple[frozenset[Local], ...]
    tallies: tuple[frozenset[bool], ...]

    def covers(self, other: "Situation") -> bool:
        """Whether every case of the other is one of these."""
        return all(map(ge, self.items, other.items)) and all(map(ge, self.tallies, other.tallies))

    def with_items(self, number: int, locals_: frozenset[Local]) -> "Situation":
        if self.items[number] == locals_:
            return self
        items = (*self.items[:number], locals_, *self.items[number + 1 :])
        return Situation(self.state, self.values, items, self.tallies)

    def with_tally(self, number: int, truths: frozenset[bool]) -> "Situation":
        if self.tallies[number] == truths:
            return self
        tallies = (*self.tallies[:number], truths, *self.tallies[number + 1 :])
        return Situation(self.state, self.values, self.items, tallies)


Narrowing = Callable[[Situation, Facts, Wanted], list[Situation]]


def _of_parts(parts: Sequence[Narrowing], each: tuple[Wanted, Wanted]) -> Narrowing:
    """What narrows to several conditions: to each of them where one of `each` is wanted, else to any of them."""

    def narrow(found: Situation, facts: Facts, wanted: Wanted) -> list[Situation]:
        if wanted not in each:
            return [narrower for part in parts for narrower in part(found, facts, wanted)]
        left = [found]
        for part in parts:
            left = [narrower for one in left for narrower in part(one, facts, wanted)]
        return left

    return narrow


def _of_tally(number: int) -> Narrowing:
    def narrow(found: Situation, _facts: Facts, wanted: Wanted) -> list[Situation]:
        truths = frozenset(truth for truth in found.tallies[number] if truth in wanted)
        return [found.with_tally(number, truths)] if truths else []

    return narrow


@dataclass(frozen=True)
class Frame:
    """What situations are made of: the fields, kinds of item and tallies that conditions read.

    `free` are comparisons that a situation does not settle: they may come out either way. `settled` says how those
    came out that stand in a condition more than once, as they come out alike each time.
    """

    fields: tuple[str, ...]
    kinds: tuple[Kind, ...]
    tallies: tuple[Tally, ...]
    free: frozenset[Condition]
    settled: Mapping[Condition, Truth] = field(default_factory=dict)

    def facts(self, situation: Situation, answers: Mapping[str, Any], item: Mapping[str, Any]) -> Facts:
        told = self._told.get(situation.values)
        if told is None:
            given = zip(self.fields, situation.values, strict=True)
            told = self._told[situation.values] = {name: value for name, value in given if value is not None}
        return Facts(told, TODAY, answers, item=item)

    @cached_property
    def _told(self) -> dict[tuple[Value, ...], Mapping[str, Value]]:
        return {}

    def narrow(self, condition: Condition, found: Situation, facts: Facts, wanted: Wanted = HOLDS) -> list[Situation]:
        """The situations within this one in which the condition comes out as wanted; they may overlap."""
        return self.narrowing(condition)(found, facts, wanted)

    def narrowing(self, condition: Condition) -> Narrowing:
        """What narrows to this condition, of whose parts is settled once what they are; as `narrow`."""
        known = self._narrowings.get(id(condition))
        if known is None:
            known = self._narrowings[id(condition)] = condition, self._narrowing(condition)
        return known[1]

    def _narrowing(self, condition: Condition) -> Narrowing:
        repeated = () if self.settled else self._repeated(condition)
        if repeated:
            ways = (dict(zip(repeated, truths, strict=True)) for truths in product(_TRUTHS, repeat=len(repeated)))
            each = [replace(self, settled=settled).narrowing(condition) for settled in ways]
            return lambda found, facts, wanted: [left for one in each for left in one(found, facts, wanted)]
        match condition:
            case Compare() if condition in self.settled:
                truth = self.settled[condition]
                return lambda found, _facts, wanted: [found] if truth in wanted else []
            case Compare() if condition in self.free:
                return lambda found, _facts, _wanted: [found]
            case Compare():
                return lambda found, facts, wanted: [found] if holds(condition, facts) in wanted else []
            case All():
                return _of_parts([self.narrowing(part) for part in condition.all], (HOLDS, _NOT_FALSE))
            case AnyOf():
                return _of_parts([self.narrowing(part) for part in condition.any], (_IS_FALSE, IS_BROKEN))
            case Not():
                opposite = self.narrowing(condition.not_)
                return lambda found, facts, wanted: opposite(found, facts, _OPPOSITE[wanted])
            case Every():
                return lambda found, facts, wanted: self._every(condition, found, facts, wanted)
            case _:
                return _of_tally(self.tallies.index(condition))

    @cached_property
    def _narrowings(self) -> dict[int, tuple[Condition, Narrowing]]:
        return {}  # Kept by identity: to find an equal one of another check would compare them part by part.

    def _repeated(self, condition: Condition) -> tuple[Condition, ...]:
        """The free comparisons that stand in the condition more than once, the first few of them."""
        found = [compare for compare in comparisons_in(condition) if compare in self.free] if self.free else []
        return tuple(dict.fromkeys(one for one in found if found.count(one) > 1))[:_MOST_REPEATED]

    def _every(self, condition: Every, found: Situation, facts: Facts, wanted: Wanted) -> list[Situation]:
        fitting = {
            number: self._fitting(condition, number, found.items[number], facts, wanted)
            for number, kind in enumerate(self.kinds)
            if kind.collection == condition.every
        }
        if wanted in (HOLDS, _NOT_FALSE):
            for number, locals_ in fitting.items():
                found = found.with_items(number, locals_)
            return [found] if all(fitting.values()) else []
        # One item that falls short is enough: the others of its kind stay as they may be.
        return [
            found.with_items(number, locals_) if self.kinds[number].is_single else found
            for number, locals_ in fitting.items()
            if locals_
        ]

    def _fitting(
        self, condition: Every, number: int, locals_: frozenset[Local], facts: Facts, wanted: Wanted
    ) -> frozenset[Local]:
        """Those of the ways to stand in which the condition comes out as wanted of an item."""
        key = (id(condition), number, locals_, wanted)
        if key in self._fitted:
            return self._fitted[key][1]
        kind = self.kinds[number]
        fitting = frozenset(local for local in locals_ if self._passes(condition, kind, local, facts) in wanted)
        if all(fact.startswith("item.") for fact in facts_read(condition)):  # It comes out alike whatever the fields.
            self._fitted[key] = condition, fitting
        return fitting

    @cached_property
    def _fitted(self) -> dict[tuple[int, int, frozenset[Local], Wanted], tuple[Every, frozenset[Local]]]:
        return {}  # Each with its condition, so that no other can come to have the same identity.

    def _passes(self, condition: Every, kind: Kind, local: Local, facts: Facts) -> Truth:
        if not local:
            return True
        item = facts.of(kind.item(local))
        meant = True if condition.where is None else holds(condition.where, item)
        if meant is False:
            return True
        has = holds(condition.has, item)
        return True if has is True else None if meant is None else has
