"""Items that tell nothing to anything but themselves, from some state on: each is played by itself, not all with all.

What can happen to such an item is the same whatever became of the others, and nothing else hangs on it. So a case with
several is no more than the same case with none of them, and with one each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from msgspec import structs

from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import All, Compare, Count, Every, FactRef, Majority, Not
from apflow.core.definition.events import EventSpec
from apflow.core.definition.promises import Invariant
from apflow.core.play import Play
from tests.mutants.judge.instance import Instance, parts_of


class Apart:
    """Of one workflow, the collections of added items that stand apart in each state and wherever it leads."""

    def __init__(self, instance: Instance, invariants: Mapping[str, Invariant]) -> None:
        self.instance = instance
        self.definition: Definition = instance.definition
        self._invariants = invariants

    @cached_property
    def single(self) -> frozenset[str]:
        """Those of which one item tells as much as two: nothing counts on several, and no item changes all the case."""
        added = self._added - self._counted_on
        return frozenset(name for name in added if all(self._stays_within(*one) for one in self._acting_on(name)))

    def of(self, state: str) -> frozenset[str]:
        return self._by_state[state]

    def parts(self, play: Play) -> Iterator[Play]:
        """The case with nothing that stands apart, and with one each of what something may yet be done to."""
        apart = self.of(play.case.state)
        items = {name: kept for name, kept in play.case.items.items() if name not in apart}
        yield replace(play, case=structs.replace(play.case, items=items)) if apart & play.case.items.keys() else play
        for name in sorted(apart & play.case.items.keys()):
            told = {item.status: key for key, item in play.case.items[name].items()}
            for status in told.keys() & self._moved_from(play.case.state, name):
                one = {told[status]: play.case.items[name][told[status]]}
                yield replace(play, case=structs.replace(play.case, items={**items, name: one}))

    @cached_property
    def _counted_on(self) -> frozenset[str]:
        """The collections that a condition goes through, but for those whose items can only stand in the way.

        Where a guard asks that there be none of some kind, a second item allows nothing that the first does not; what
        a flag asks stops nobody.
        """
        workflow = self.instance.whole.workflow
        aside = {id(one) for guard in workflow.guards.values() for one in _forbidden(guard.when)}
        aside |= {id(one) for one in parts_of(workflow.flags)}
        through = (one for one in parts_of(workflow) if isinstance(one, Every | Count | Majority))
        return frozenset(name for one in through if id(one) not in aside for name in _gone_through(one))

    @cached_property
    def _added(self) -> frozenset[str]:
        found = self.definition.workflow.collections.items()
        return frozenset(name for name, one in found if one.keyed_by == "number")

    @cached_property
    def _by_state(self) -> Mapping[str, frozenset[str]]:
        coupled = {state: frozenset(self._coupled_in(state)) for state in self.definition.events}
        return {
            state: self._added - {name for one in self._ahead[state] for name in coupled[one]}
            for state in self.definition.events
        }

    @cached_property
    def _ahead(self) -> Mapping[str, frozenset[str]]:
        """Each state with all that it can lead to."""
        onward = {
            state: {one.to for one in events.values() if one.to} for state, events in self.definition.events.items()
        }
        found = {state: frozenset({state}) for state in onward}
        while True:
            wider = {state: known.union(*(onward[one] for one in known)) for state, known in found.items()}
            if wider == found:
                return found
            found = wider

    def _coupled_in(self, state: str) -> Iterator[str]:
        """The collections that something in the state asks about, or of which an item's event changes more than it."""
        workflow, events = self.definition.workflow, self.definition.events[state]
        if workflow.read_by_link is not None:
            yield workflow.read_by_link.of
        for condition in self._conditions(state):
            for part in parts_of(condition):
                yield from _of_whom(part)
        for one in self.definition.deadlines.get(state, {}).values():
            yield from (one.among.items,) if one.among is not None and one.then.event else ()
        for event, spec in events.items():
            yield from (*spec.tells, *spec.calls)
            children = (workflow.children[kind] for kind in spec.begins)
            yield from (child.each.items for child in children if child.each is not None)
            if spec.item and set(spec.item.from_) - {"none"} and not self._stays_within(state, event, spec):
                yield spec.item.of

    def _conditions(self, state: str) -> Iterator[object]:
        workflow = self.definition.workflow
        for event, spec in self.definition.events[state].items():
            yield from (workflow.guards[name].when for name in spec.requires)
            yield from (form.asked_if for form in self.definition.forms[state, event].values())
        yield from (one.unless for one in self.definition.deadlines.get(state, {}).values())
        yield from (one.holds for one in self._invariants.values() if one.always or state in one.on_entry_to)

    def _acting_on(self, collection: str) -> Iterator[tuple[str, str, EventSpec]]:
        for state, events in self.definition.events.items():
            for event, spec in events.items():
                if spec.item and spec.item.of == collection:
                    yield state, event, spec

    def _moved_from(self, state: str, collection: str) -> frozenset[str]:
        """How an item may stand that something can be done to, from this state on."""
        acting = (spec for at, _, spec in self._acting_on(collection) if at in self._ahead[state])
        return frozenset(status for spec in acting if spec.item for status in spec.item.from_) - {"none"}

    def _stays_within(self, state: str, event: str, spec: EventSpec) -> bool:
        """Whether the event leaves all of the case as it was but its item."""
        acts = spec.to or spec.clears or spec.draws or spec.extends or spec.proposal or spec.begins or spec.signals
        written = {*self.definition.forms[state, event], *spec.empties}
        fields = written & self.definition.workflow.fields.keys()
        return not (acts or fields or event in self.definition.watched_events or self.instance.starts(state, event))


def _of_whom(part: object) -> Iterator[str]:
    """The collections that a condition goes through, or in which it looks somebody up."""
    if isinstance(part, Compare | FactRef):
        yield from part.fact.split(".")[1:]
    yield from _gone_through(part)


def _gone_through(part: object) -> Iterator[str]:
    """The collection that a condition goes through, if any."""
    for kind in ("every", "count", "majority"):
        yield from (name,) if (name := getattr(part, kind, None)) else ()


def _forbidden(condition: object) -> Iterator[object]:
    """What a guard that is made of this asks not to be, wherever else it may hold."""
    if isinstance(condition, All):
        for part in condition.all:
            yield from _forbidden(part)
    elif isinstance(condition, Not):
        yield condition.not_
