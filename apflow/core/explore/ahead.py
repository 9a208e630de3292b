"""What can still be asked of a case, by its state: two that differ in nothing of it come to the same.

An event is followed whether or not anybody can do it, and what it may leave as it was counts as left: so too much is
kept, and nothing is forgotten that a guard, a form, a deadline or a promise still looks at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

from apflow.core.definition.conditions import Condition, facts_read
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec
from apflow.core.explore.domains import Value, comparisons_in
from apflow.core.explore.framing import Framing, within
from apflow.core.explore.running import fields_that_decide
from apflow.core.explore.situations import Situation, Tally
from apflow.core.explore.tallies import BOTH
from apflow.core.machine import START
from apflow.core.people.staffing import is_by_clock


class Given(Struct, frozen=True):
    """Whether a field has a value, whatever it is."""

    field: str


Asked = frozenset[Tally | Given | str]  # The tallies, and the fields by name whose value is asked about.


@dataclass(frozen=True)
class _Dropped:
    """The places of what is not asked about any more, and of the fields of which only that they are given is."""

    fields: tuple[int, ...]
    values: tuple[int, ...]
    tallies: tuple[int, ...]


@dataclass(frozen=True)
class Ahead:
    """Of one workflow, the fields and tallies that each state, or one that it can lead to, asks about."""

    framing: Framing

    def kept(self, found: Situation) -> Situation:
        """The situation without what nothing asks about any more: no value there, and a tally that may be either.

        Of a field of which only that it is given is asked, the value is the first that it had anywhere.
        """
        if found.state == START:
            return found
        dropped = self._dropped[found.state]
        values, counted = list(found.values), list(found.tallies)
        for place in dropped.fields:
            values[place] = None
        for place in dropped.values:
            if values[place] is not None:
                values[place] = self._first.setdefault(place, values[place])
        for place in dropped.tallies:
            counted[place] = BOTH
        return Situation(found.state, tuple(values), found.items, tuple(counted))

    @cached_property
    def _first(self) -> dict[int, Value]:
        return {}

    @cached_property
    def _dropped(self) -> Mapping[str, _Dropped]:
        frame = self.framing.frame
        return {
            state: _Dropped(
                tuple(place for place, name in enumerate(frame.fields) if asked.isdisjoint({name, Given(name)})),
                tuple(place for place, name in enumerate(frame.fields) if name not in asked and Given(name) in asked),
                tuple(place for place, tally in enumerate(frame.tallies) if tally not in asked),
            )
            for state, asked in self._by_state.items()
        }

    @cached_property
    def _by_state(self) -> Mapping[str, Asked]:
        offered = self.framing.definition.events
        found = {state: frozenset(self._asked_in(state)) for state in offered}
        arrows = [
            (state, to, self._promised(to), self._answered(state, event, spec))
            for state, events in offered.items()
            for event, spec in events.items()
            if (to := spec.to) is not None
        ]
        grows = True
        while grows:
            grows = False
            for state, to, promised, answered in arrows:
                beyond = (found[to] | promised) - answered - found[state]
                grows = grows or bool(beyond)
                found[state] |= beyond
        return found

    def _asked_in(self, state: str) -> Iterator[Tally | Given | str]:
        definition, fields = self.framing.definition, self.framing.frame.fields
        for event, spec in definition.events[state].items():
            form = definition.forms[state, event]
            for name in spec.requires:
                yield from _asked_by(definition.workflow.guards[name].when)
            for question in form.values():
                yield from _asked_by(question.asked_if) if question.asked_if else ()
            if spec.if_changed:
                yield from (form.keys() | set(spec.empties)) & set(fields)
        yield from map(Given, fields_that_decide(definition.deadlines.get(state, {})))
        yield from (asked for one in definition.unless.get(state, {}).values() for asked in _asked_by(one))
        for promise in definition.workflow.invariants.values():
            yield from _asked_by(promise.holds) if promise.always else ()

    def _promised(self, state: str) -> Asked:
        """What is asked of a case as it enters the state."""
        promises = self.framing.definition.workflow.invariants.values()
        return frozenset(asked for one in promises if state in one.on_entry_to for asked in _asked_by(one.holds))

    def _answered(self, state: str, event: str, spec: EventSpec) -> Asked:
        """The fields that have another value once the event is done, whatever they had before."""
        form = {} if is_by_clock(spec) else self.framing.definition.forms[state, event]
        answered = [*spec.empties, *(name for name, question in form.items() if _is_sure(question))]
        return frozenset((*answered, *map(Given, answered)))


def _asked_by(condition: Condition) -> Iterator[Tally | Given | str]:
    given = {one.fact for one in comparisons_in(condition) if one.is_present is not None}
    valued = {fact for one in comparisons_in(condition) if one.is_present is None for fact in facts_read(one)}
    for fact in facts_read(condition):
        yield Given(fact) if fact in given - valued else fact
    yield from (part for part in within(condition) if isinstance(part, Tally))


def _is_sure(question: FieldSpec) -> bool:
    """Whether whoever does the event must answer it."""
    return not (question.optional or question.asked_if or question.write)
