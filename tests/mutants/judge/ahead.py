"""What a case can still be asked: by guards, forms, deadlines and promises of its state, and of those it can come to.

Two cases of a state that differ in nothing of it go on alike, and so the rest can be forgotten. An arrow is followed
whether or not anybody can take it, so nothing is forgotten too early.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec import Struct

from apflow.core.conditions import Facts, holds
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    Count,
    Every,
    FactRef,
    Majority,
    Not,
    facts_read,
)
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.promises import Invariant
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.people.actor import CLOCK

START = "start"
STANDING = ("status", "key", "label", "section", "required", "not_applicable", "expiry", "agency")
TOLD_BY_CATALOGUE = ("key", "label", "section", "required", "not_applicable", "expiry")


class Question(Struct, frozen=True):
    """One thing that may be asked: of a field, a date, an item (of every item where there is no key), a person…"""

    kind: str
    name: str
    key: str | None = None
    compare: Compare | None = None


Questions = frozenset[Question]


@dataclass(frozen=True)
class Ahead:
    """By state, the questions that may still be asked of a case there."""

    definition: Definition
    invariants: Mapping[str, Invariant]
    _names: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)

    def of(self, state: str) -> Questions:
        return self._by_state[state]

    def names(self, state: str) -> frozenset[str]:
        """The fields, and what is said of items, that are asked about in this state, or later."""
        if state not in self._names:
            self._names[state] = frozenset(name for one in self.of(state) for name in named(one))
        return self._names[state]

    def apart(self, state: str, event: str) -> frozenset[str]:
        """The questions of the event of which more than one answer must be tried."""
        spec = self.definition.events[state][event]
        after = {name for one in self._promised(spec.to) for name in named(one)} | self.names(spec.to or state)
        conditions = [self.definition.workflow.guards[name].when for name in spec.requires]
        conditions += [one.asked_if for one in self.definition.forms[state, event].values() if one.asked_if]
        read = {name for one in conditions for name in facts_read(one) if name.startswith("answer.")}
        return frozenset(after | {name.removeprefix("answer.") for name in read})

    def asks(self, state: str, kind: str, name: str, key: str | None = None) -> bool:
        known = self.of(state)
        return Question(kind, name) in known or (key is not None and Question(kind, name, key) in known)

    def idle(self, state: str) -> frozenset[str]:
        """The deadlines of the state that only remind and escalate: whether one runs makes no difference to a case.

        None are where it may make the difference between some deadline and none: there must be one that always runs.
        """
        specs = self.definition.deadlines.get(state, {}).items()
        if not any(_always_runs(one) for _, one in specs):
            return frozenset()
        counted_from = {one.after_deadline for _, one in specs if one.then.event}
        extended = {one.extends.deadline for one in self.definition.events[state].values() if one.extends}
        return frozenset(name for name, one in specs if not one.then.event) - counted_from - extended

    @cached_property
    def _by_state(self) -> Mapping[str, Questions]:
        found = {state: frozenset(self._asked_in(state)) for state in self.definition.events}
        arrows = [
            (state, event, spec, self._promised(spec.to))
            for state, events in self.definition.events.items()
            for event, spec in events.items()
            if spec.to
        ]
        grows = True
        while grows:
            grows = False
            for state, event, spec, promised in arrows:
                beyond = (found[spec.to or state] | promised) - found[state]
                news = frozenset(one for one in beyond if not self._is_answered_by(state, event, spec, one))
                grows = grows or bool(news)
                found[state] |= news
        return found

    def _promised(self, state: str | None) -> Questions:
        mine = (one for one in self.invariants.values() if state in one.on_entry_to)
        return frozenset(question for one in mine for question in self._of(one.holds, None))

    def _is_answered_by(self, state: str, event: str, spec: EventSpec, question: Question) -> bool:
        """Whether the event settles the answer anew, whatever it was before."""
        match question.kind:
            case "doer":
                return question.name == event and CLOCK not in spec.by
            case "status" | "item":
                return question.name in spec.clears and "clears" not in spec.if_changed
            case "field" | "date" | "presence":
                form = self.definition.forms[state, event]
                asked = () if CLOCK in spec.by or spec.proposal else form
                sure = {*spec.empties, *(name for name in asked if _is_sure(form[name]))}
                return sure.issuperset(named(question))
            case _:
                return False

    def _asked_in(self, state: str) -> Iterator[Question]:
        for event, spec in self.definition.events[state].items():
            yield from self._asked_by(state, event, spec)
        if state != START:
            for name, one in self.definition.deadlines[state].items():
                if name not in self.idle(state):
                    yield from self._timed_by(one)
                if one.unless is not None:
                    yield from self._of(one.unless, None)
        for promise in self.invariants.values():
            if promise.always:
                yield from self._of(promise.holds, None)

    def _asked_by(self, state: str, event: str, spec: EventSpec) -> Iterator[Question]:
        collection = spec.item.of if spec.item else None
        conditions = [self.definition.workflow.guards[name].when for name in spec.requires]
        asked = [one.asked_if for one in self.definition.forms[state, event].values() if one.asked_if]
        yield from (Question("doer", other) for other in spec.not_by)
        yield from (Question("presence", name) for name in spec.only.values())
        by_link = self.definition.workflow.read_by_link
        if by_link is not None and by_link.role in spec.by:
            yield Question("status", by_link.of)
        if spec.proposal in ("taken", "dropped"):
            yield Question("proposal", "")
        for key in self._keys(collection) if collection else [None]:
            if any(self._never(one, collection, key) for one in conditions):
                continue
            if collection:
                yield Question("status", collection, key)
            for one in (*conditions, *asked):
                yield from self._of(one, collection, key)

    def _timed_by(self, spec: DeadlineSpec) -> Iterator[Question]:
        """A date makes a difference where an event comes of it; else only whether there is one, and so a deadline."""
        if spec.among is not None:
            for key in self._keys(spec.among.items):
                yield Question("status", spec.among.items, key)
                dated = {"fact": f"item.{spec.of}"}
                compares: list[dict[str, Any]] = [dated | {"is_present": True}]
                compares += [dated | {"is_after": "today"}] if spec.then.event else []
                for one in compares:
                    yield Question("item", spec.among.items, key, Compare.model_validate(one))
                if spec.among.where is not None:
                    yield from self._of(spec.among.where, spec.among.items, key)
        elif spec.of is not None:
            yield Question("date" if spec.then.event else "presence", spec.of)

    def _keys(self, collection: str) -> Iterable[str | None]:
        return [*self.definition.catalogue_of(collection)] or [None]

    def _never(self, condition: Condition, collection: str | None, key: str | None) -> bool:
        """Whether it cannot hold for this item, by what the catalogue says of it."""
        known = self.definition.untouched.get(collection or "", {}).get(key or "")
        return known is not None and _cannot_hold(condition, Facts({}, "", item=known))

    def _of(self, condition: Any, collection: str | None, key: str | None = None) -> Iterator[Question]:
        """What the condition asks; of items, those of this collection, or this one only."""
        match condition:
            case Compare():
                yield from self._compared(condition, collection, key)
            case All(all=parts) | AnyOf(any=parts):
                yield from (question for one in parts for question in self._of(one, collection, key))
            case Not(not_=part):
                yield from self._of(part, collection, key)
            case Every() | Count() | Majority():
                yield from self._through(condition)

    def _compared(self, one: Compare, collection: str | None, key: str | None) -> Iterator[Question]:
        if collection and len(_facts(one)) == 2:  # An item's against the case's.
            yield Question("status", collection, key)
            yield Question("item", collection, key, one)
            return
        for fact in _facts(one):
            place, _, rest = fact.partition(".")
            if place == "child":
                yield Question("child", rest.split(".")[0])
            elif place == "item" and rest in self.definition.workflow.collections:
                yield Question("status", rest)  # How whoever is chosen stands there.
            elif place == "item" and collection and rest not in TOLD_BY_CATALOGUE:
                asked = one if rest not in STANDING else None
                yield Question("item" if asked else "status", collection, key, asked)
            elif not rest and fact != "today":
                yield Question("field", fact, None, one)

    def _through(self, one: Every | Count | Majority) -> Iterator[Question]:
        name = next(value for value in (getattr(one, kind, None) for kind in ("every", "count", "majority")) if value)
        parts = [getattr(one, part, None) for part in ("where", "has", "of")]
        if name not in self.definition.workflow.collections:  # People who were chosen.
            yield from (question for part in parts if part for question in self._of(part, "", None))
            return
        meant = getattr(one, "of" if isinstance(one, Majority) else "where")
        for key in self._keys(name):
            if meant is None or not self._never(meant, name, key):
                yield Question("status", name, key)
                yield from (question for part in parts if part for question in self._of(part, name, key))


def _cannot_hold(condition: Condition, facts: Facts) -> bool:
    match condition:
        case Compare():
            is_told = all(one.startswith("item.") and one[5:] in TOLD_BY_CATALOGUE for one in _facts(condition))
            return is_told and holds(condition, facts) is False
        case All(all=parts):
            return any(_cannot_hold(one, facts) for one in parts)
        case AnyOf(any=parts):
            return all(_cannot_hold(one, facts) for one in parts)
        case _:
            return False


def _always_runs(spec: DeadlineSpec) -> bool:
    """Whether it runs from when the state is entered, whatever is known of the case."""
    return not (spec.of or spec.among or spec.after or spec.after_deadline or spec.while_in or spec.unless)


def _facts(one: Compare) -> list[str]:
    other = one.comparison[1]
    return [one.fact, other.fact] if isinstance(other, FactRef) else [one.fact]


def named(question: Question) -> list[str]:
    """What it is asked of: fields, and under their own names what is said of items."""
    if question.compare is not None:
        return [fact.removeprefix("item.") for fact in _facts(question.compare)]
    return [question.name] if question.kind in ("date", "presence") else []


def _is_sure(question: FieldSpec | None) -> bool:
    """Whether everybody who does the event must answer it."""
    return question is not None and not question.optional and question.asked_if is None and not question.write
