"""In which ways an event can be done: by whom, with which answers, and what that needs of the situation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from msgspec import structs

from apflow.core.conditions import Facts
from apflow.core.definition.conditions import Condition, Count, Every, Majority, facts_read
from apflow.core.definition.events import EventSpec
from apflow.core.explore.framing import Framing, within
from apflow.core.explore.situations import HOLDS, IS_BROKEN, Frame, Local, Narrowing, Situation
from apflow.core.machine import START
from apflow.core.people.staffing import clock_fires, doers, is_by_clock

Way = tuple[Mapping[str, Any], Situation]
On = tuple[int | None, Local]  # The kind of item that it is done to, and how that one stands.


@dataclass(frozen=True)
class Ways:
    """Every way to do an event; what comes out alike in many situations is worked out in the first of them."""

    framing: Framing

    @cached_property
    def frame(self) -> Frame:
        return self.framing.frame

    @cached_property
    def by_whom(self) -> Mapping[tuple[str, str], tuple[str | None, ...]]:
        """The roles that can do each event in each state, and None where the clock does."""
        offered = self.framing.definition.events.items()
        return {
            (state, event): self._doers(state, event, spec) for state, specs in offered for event, spec in specs.items()
        }

    def _doers(self, state: str, event: str, spec: EventSpec) -> tuple[str | None, ...]:
        people = doers(self.framing.definition, state, spec)
        is_fired = event in self.framing.told or clock_fires(self.framing.definition, state, event)
        by_clock = is_by_clock(spec) and is_fired
        return (*people, None) if by_clock else people

    def of(self, found: Situation, event: str, spec: EventSpec, on: On) -> Iterator[Way]:
        """The answers that the event can be done with on the item, each with what that needs of the situation."""
        if not self.by_whom[found.state, event]:
            return
        number, local = on
        here = found
        if number is not None and self.frame.kinds[number].is_single:
            here = found.with_items(number, frozenset({local}))
        if not self._asks_of_fields_only(spec) or (found.state, event) in self._waits_for_wanted:
            for wanted in self._wanted(here, event):
                yield from self._tried(wanted, event, spec, on)
            return
        places = self._places_read(found.state, event, spec)
        key = (found.state, event, spec.requires, on, tuple(found.values[place] for place in places))
        if key not in self._known:
            self._known[key] = [answers for answers, _ in self._tried(here, event, spec, on)]
        yield from ((answers, here) for answers in self._known[key])

    def _wanted(self, found: Situation, event: str) -> list[Situation]:
        """The situations within this one in which a deadline that fires the event runs, if nothing else does."""
        unless = self._waits_for_wanted.get((found.state, event))
        if unless is None:
            return [found]
        facts = self.frame.facts(found, {}, {})
        return [narrower for one in unless for narrower in self.frame.narrow(one, found, facts, IS_BROKEN)]

    @cached_property
    def _waits_for_wanted(self) -> Mapping[tuple[str, str], Sequence[Condition]]:
        """The events that only deadlines fire which are not always wanted, with when each of those is not."""
        definition = self.framing.definition
        elsewhere = {event for child in definition.workflow.children.values() for event in child.ends.values()}
        found = dict[tuple[str, str], Sequence[Condition]]()
        for state in definition.unless:
            for event, spec in definition.events[state].items():
                fire = [one for one in definition.deadlines[state].values() if one.then.event == event]
                unless = [one.unless for one in fire if one.unless]
                is_theirs = self.by_whom[state, event] == (None,) and event not in {*self.framing.told, *elsewhere}
                if is_theirs and is_by_clock(spec) and len(unless) == len(fire):
                    found[state, event] = unless
        return found

    @cached_property
    def _known(self) -> dict[Any, Sequence[Mapping[str, Any]]]:
        return {}

    def _tried(self, here: Situation, event: str, spec: EventSpec, on: On) -> Iterator[Way]:
        number, local = on
        item = {} if number is None or not local else self.frame.kinds[number].item(local)
        bare = self.frame.facts(here, {}, item)
        # The clock answers nothing, except what another case gives it: a parent as its child begins, or one that tells.
        by_clock = self.by_whom[here.state, event][0] is None
        is_asked = not by_clock or here.state == START or event in self.framing.told
        given = self.framing.answers(here.state, event, bare) if is_asked else [{}]
        if self.framing.definition.guards_of_answers.isdisjoint(spec.requires):
            yield from product(given, self.guarded(spec, here, bare))
            return
        for answers in given:
            yield from (
                (answers, before) for before in self.guarded(spec, here, structs.replace(bare, answers=answers))
            )

    def guarded(self, spec: EventSpec, found: Situation, facts: Facts) -> list[Situation]:
        """The situations within this one in which all the event's guards hold."""
        left = [found]
        for narrowing in self._narrowings(spec.requires):
            left = [narrower for one in left for narrower in narrowing(one, facts, HOLDS)]
        return left

    def _narrowings(self, guards: tuple[str, ...]) -> Sequence[Narrowing]:
        if guards not in self._narrowed:
            known = self.framing.definition.workflow.guards
            self._narrowed[guards] = [self.frame.narrowing(known[name].when) for name in guards]
        return self._narrowed[guards]

    @cached_property
    def _narrowed(self) -> dict[tuple[str, ...], Sequence[Narrowing]]:
        return {}

    def _guards(self, spec: EventSpec) -> Iterator[Condition]:
        return (self.framing.definition.workflow.guards[name].when for name in spec.requires)

    def _asks_of_fields_only(self, spec: EventSpec) -> bool:
        """Whether none of its guards looks at how the items stand, so that they leave no less of a situation."""
        if spec.requires not in self._of_fields_only:
            parts = (part for when in self._guards(spec) for part in within(when))
            self._of_fields_only[spec.requires] = not any(isinstance(part, Every | Count | Majority) for part in parts)
        return self._of_fields_only[spec.requires]

    @cached_property
    def _of_fields_only(self) -> dict[tuple[str, ...], bool]:
        return {}

    def _places_read(self, state: str, event: str, spec: EventSpec) -> tuple[int, ...]:
        """The places of the fields that decide whether the event can be done, and what it asks."""
        key = (state, event, spec.requires)
        if key not in self._read:
            rules = (question.asked_if for question in self.framing.definition.forms[state, event].values())
            read = {fact for rule in (*self._guards(spec), *rules) if rule for fact in facts_read(rule)}
            self._read[key] = tuple(place for place, name in enumerate(self.frame.fields) if name in read)
        return self._read[key]

    @cached_property
    def _read(self) -> dict[tuple[str, str, tuple[str, ...]], tuple[int, ...]]:
        return {}
