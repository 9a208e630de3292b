"""What one event makes of a situation: of its fields, its items and its tallies."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from apflow.core.definition.conditions import Count, Every, Majority
from apflow.core.definition.events import UNTOUCHED, EventSpec
from apflow.core.explore.domains import Value, older
from apflow.core.explore.framing import Framing, collection_of, within
from apflow.core.explore.said import Said
from apflow.core.explore.situations import Frame, Kind, Local, Situation
from apflow.core.explore.tallies import BOTH, Tallies
from apflow.core.explore.ways import Ways
from apflow.core.machine import START


class Step(Struct, frozen=True):
    """One event as it is done: by whom (None: the clock), with which answers, on which kind of item and how it stood.

    `before` is what it needs of the situation it is done in; `after` is what it leaves. `aside` are the guards that
    somebody may first have set aside.
    """

    event: str
    role: str | None
    answers: Mapping[str, Any]
    before: Situation
    after: Situation
    kind: int | None = None
    local: Local = ()
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Steps:
    """Every step that can be taken from a situation."""

    framing: Framing

    @cached_property
    def frame(self) -> Frame:
        return self.framing.frame

    @cached_property
    def ways(self) -> Ways:
        return Ways(self.framing)

    @cached_property
    def said(self) -> Said:
        return Said(self.framing)

    @cached_property
    def tallies(self) -> Tallies:
        return Tallies(self.frame)

    @cached_property
    def _known(self) -> dict[Any, frozenset[Local]]:
        return {}

    @cached_property
    def _tallied_onward(self) -> dict[Any, frozenset[bool]]:
        return {}

    def from_(self, found: Situation, known: Set[tuple[str, str]] = frozenset()) -> Iterator[Step]:
        """Every event that can be done in some case of the situation; of a quiet one a single example, if it is news.

        What is `known` to be possible, by state, is none: where a quiet event leads is a part of what is settled.
        """
        for event, spec in self.framing.definition.events[found.state].items():
            if not self.is_quiet(found.state, event):
                yield from self.of(found, event, spec)
            elif (found.state, event) not in known:
                yield from islice(self.of(found, event, spec), 1)

    def leading_away(self, found: Situation) -> Iterator[Step]:
        """Every event that can be done in some case of the situation and moves it to another state.

        Those that the fewest guards keep come first, as whoever asks for one alone is answered soonest by them.
        """
        for event, spec in self._away[found.state]:
            yield from self.of(found, event, spec)

    @cached_property
    def _away(self) -> Mapping[str, Sequence[tuple[str, EventSpec]]]:
        return {
            state: sorted(
                ((event, spec) for event, spec in events.items() if spec.to not in (None, state)),
                key=lambda offered: len(offered[1].requires),
            )
            for state, events in self.framing.definition.events.items()
        }

    def of(
        self, found: Situation, event: str, spec: EventSpec, *, on: tuple[int, Local] | None = None
    ) -> Iterator[Step]:
        """The ways in which this event can be done in the situation, on any item or on this one."""
        by = self.ways.by_whom[found.state, event]
        if not by:
            return
        for number, local in [on] if on else self._acted_on(found, spec):
            for answers, before in self.ways.of(found, event, spec, (number, local)):
                for after in self._after(before, event, spec, answers, number, local):
                    yield Step(event, by[0], answers, before, after, number, local)

    def _acted_on(self, found: Situation, spec: EventSpec) -> Iterator[tuple[int | None, Local]]:
        if spec.item is None:
            yield None, ()
            return
        for number, kind in enumerate(self.frame.kinds):
            if kind.collection == spec.item.of:
                yield from (
                    (number, local)
                    for local in sorted(found.items[number], key=repr)
                    if _status(local) in spec.item.from_
                )

    def _after(
        self,
        before: Situation,
        event: str,
        spec: EventSpec,
        answers: Mapping[str, Any],
        number: int | None,
        local: Local,
    ) -> Iterator[Situation]:
        values = self.said.values(before, event, answers)
        # Where nothing else reads the field that it changes, it may have changed one or none.
        may_clear = [spec, *([spec.unchanging] if spec.if_changed and values == before.values else [])]
        for cleared in (self._cleared(before, one) for one in may_clear):
            moved = Situation(spec.to or before.state, values, cleared.items, cleared.tallies)
            if moved != before and (spec.to or moved.values != before.values):
                moved = self._unsettled(moved)
            moved = self._drawn(moved, spec)
            if number is None:
                yield moved
                continue
            for new in self.said.of_item((before.state, event), spec, self.frame.kinds[number], local, answers):
                yield self.with_moved(moved, number, local, new)

    def _cleared(self, found: Situation, spec: EventSpec) -> Situation:
        if not spec.clears:
            return found
        for number, kind in enumerate(self.frame.kinds):
            if kind.collection in spec.clears:
                found = found.with_items(number, frozenset({kind.start}))
        for number, tally in enumerate(self.frame.tallies):
            if collection_of(tally) in spec.clears:
                found = found.with_tally(number, self.framing.untouched[number])
        return found

    def _drawn(self, found: Situation, spec: EventSpec) -> Situation:
        """Items may have been drawn, in any of the ways in which they can stand then."""
        if not spec.draws:
            return found
        for number, kind in enumerate(self.frame.kinds):
            if kind.collection in spec.draws:
                for local in self.framing.drawn(kind):
                    found = self.with_moved(found, number, (), local)
        return found

    def _unsettled(self, found: Situation) -> Situation:
        """Tallies that read the case's fields may come out otherwise once those have changed."""
        for number, truths in enumerate(self.framing.untouched):
            if truths == BOTH:
                found = found.with_tally(number, BOTH)
        return found

    def with_moved(self, found: Situation, number: int, local: Local, new: Local) -> Situation:
        """The situation once one item of the kind stands otherwise; the others of its kind stay as they may be."""
        kind = self.frame.kinds[number]
        found = found.with_items(number, frozenset({new}) if kind.is_single else found.items[number] | {new})
        for place in self.tallies.of_kinds[number]:
            counted = self.tallies.moved(place, number, local, new)
            found = found.with_tally(place, found.tallies[place] | counted)
        return found

    def is_quiet(self, state: str, event: str) -> bool:
        """Whether the event changes its item and nothing else, and asks of nothing else but fields."""
        return event in self._quiet_events[state]

    @cached_property
    def _quiet_events(self) -> Mapping[str, Mapping[str, EventSpec]]:
        offered = self.framing.definition.events.items()
        return {
            state: {event: spec for event, spec in events.items() if self._is_quiet(state, event, spec)}
            for state, events in offered
        }

    def _is_quiet(self, state: str, event: str, spec: EventSpec) -> bool:
        guards = (self.framing.definition.workflow.guards[name].when for name in spec.requires)
        return (
            spec.item is not None
            and spec.to is None
            and not spec.clears
            and not spec.draws
            and not {*self.framing.definition.forms[state, event], *spec.empties} & set(self.frame.fields)
            and not any(isinstance(part, Every | Count | Majority) for guard in guards for part in within(guard))
        )

    def settled(self, found: Situation) -> Situation:
        """The situation with everything that can be done to its items, and time with their dates, taken in."""
        if found.state == START:
            return found
        if found not in self._settled:
            full = found
            for number in range(len(self.frame.kinds)):
                full = full.with_items(number, self._closure(full, number))
            self._settled[found] = self._tallied(full)
        return self._settled[found]

    @cached_property
    def _settled(self) -> dict[Situation, Situation]:
        return {}

    def _closure(self, found: Situation, number: int) -> frozenset[Local]:
        key = (found.state, number, found.items[number], self._needed(found))
        if key not in self._known:
            reached, frontier = set(found.items[number]), list(found.items[number])
            while frontier:
                fresh = self.onward(found, number, frontier.pop()) - reached
                reached |= fresh
                frontier += fresh
            self._known[key] = frozenset(reached)
        return self._known[key]

    def onward(self, found: Situation, number: int, local: Local) -> frozenset[Local]:
        """How an item that stands so may stand next, by one quiet event or by the passing of a day."""
        key = (found.state, number, local, self._needed(found))
        if key not in self._known:
            kind, here = self.frame.kinds[number], found.with_items(number, frozenset({local}))
            done = (
                new
                for event, spec in self._quiet_on(found.state, kind, local)
                for answers, _ in self.ways.of(here, event, spec, (number, local))
                for new in self.said.of_item((found.state, event), spec, kind, local, answers)
            )
            self._known[key] = frozenset({*_aged(local), *done})
        return self._known[key]

    def quiet(self, found: Situation, number: int, local: Local) -> Iterator[Step]:
        """The quiet events that can be done to an item of the kind that stands so."""
        here = found.with_items(number, frozenset({local}))
        for event, spec in self._quiet_on(found.state, self.frame.kinds[number], local):
            yield from self.of(here, event, spec, on=(number, local))

    def _quiet_on(self, state: str, kind: Kind, local: Local) -> Iterator[tuple[str, EventSpec]]:
        """The quiet events that may be done to an item of the kind that stands so, whatever their guards say."""
        for event, spec in self._quiet_events[state].items():
            if spec.item and spec.item.of == kind.collection and _status(local) in spec.item.from_:
                yield event, spec

    def _needed(self, found: Situation) -> tuple[Value, ...]:
        return tuple(found.values[place] for place in self.framing.fields_items_need[found.state])

    def _tallied(self, found: Situation) -> Situation:
        """The tallies as they may come out however the people and items here have been acted on."""
        for number, places in enumerate(self.tallies.of_kinds):
            for place in places:
                found = found.with_tally(place, found.tallies[place] | self._tally_onward(found, number, place))
        return found

    def _tally_onward(self, found: Situation, number: int, place: int) -> frozenset[bool]:
        """How the tally may come out once any one item of the kind stands as it may next."""
        key = (found.state, number, place, found.items[number], self._needed(found))
        if key not in self._tallied_onward:
            self._tallied_onward[key] = frozenset(
                truth
                for local in found.items[number]
                for new in self.onward(found, number, local)
                for truth in self.tallies.moved(place, number, local, new)
            )
        return self._tallied_onward[key]

    def a_day_later(self, found: Situation) -> list[Situation]:
        """The situations that the passing of time alone leads to, by what becomes of the fields that are dates."""
        if found.state == START:
            return []
        aging = [(value,) for value in found.values]
        for place in self._that_age:
            aged, value = older(found.values[place]), found.values[place]
            aging[place] = aged if len(aged) == 1 else (value, *aged)
        later = product(*aging)
        return [self._unsettled(replace(found, values=values)) for values in later if values != found.values]

    @cached_property
    def _that_age(self) -> tuple[int, ...]:
        """The places of the fields whose values come before or after a day."""
        against = {place: self.framing.against.get(name) for place, name in enumerate(self.frame.fields)}
        return tuple(place for place, comparisons in against.items() if comparisons and comparisons.ordered)


def _status(local: Local) -> str:
    return str(local[0]) if local else UNTOUCHED


def _aged(local: Local) -> Iterator[Local]:
    for place, value in enumerate(local[1:], start=1):
        yield from ((*local[:place], aged, *local[place + 1 :]) for aged in older(value))
