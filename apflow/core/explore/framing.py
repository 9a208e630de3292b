"""What of a definition its conditions can tell apart: the frame of its situations, and the answers worth trying."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from apflow.core.conditions import Facts, holds
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import Compare, Condition, Count, Every, FactRef, Majority, facts_read
from apflow.core.definition.events import UNTOUCHED, EventSpec
from apflow.core.definition.fields import FieldSpec
from apflow.core.explore.domains import TODAY, Comparisons, bare, compared, comparisons_in, parts_of, values_of
from apflow.core.explore.situations import Frame, Kind, Local, Situation, Tally
from apflow.core.firing.answers import is_asked
from apflow.core.machine import START
from apflow.core.people.staffing import is_held, sees

MOST_ANSWERS = 64


@dataclass(frozen=True)
class Framing:
    """The definition with what its conditions read worked out once; `told` are the events that other cases fire."""

    definition: Definition
    told: frozenset[str] = frozenset()

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything that decides where a case can come to: the guards asked, the invariants, which deadlines run."""
        workflow = self.definition.workflow
        asked = {
            name for events in self.definition.events.values() for spec in events.values() for name in spec.requires
        }
        guards = [guard.when for name, guard in workflow.guards.items() if name in asked]
        unless = (condition for conditions in self.definition.unless.values() for condition in conditions.values())
        return (*guards, *(invariant.holds for invariant in workflow.invariants.values()), *unless)

    @cached_property
    def against(self) -> Mapping[str, Comparisons]:
        """What each fact is compared with, those that only decide whether a question is asked included."""
        asked_if = [spec.asked_if for form in self.definition.forms.values() for spec in form.values() if spec.asked_if]
        return compared([*self.conditions, *asked_if])

    @cached_property
    def read(self) -> frozenset[str]:
        """The bare names of all facts that matter, directly or to whether another is asked."""
        names = {bare(fact) for condition in self.conditions for fact in facts_read(condition)}
        names |= {
            spec.of
            for deadlines in self.definition.deadlines.values()
            for spec in deadlines.values()
            if spec.of and not spec.among
        }
        names |= {"expiry", "dated_on"} if "expires_on" in names else set()
        while more := self._asked_after(names) - names:
            names |= more
        return frozenset(names)

    def _asked_after(self, names: set[str]) -> set[str]:
        forms = self.definition.forms.values()
        rules = [spec.asked_if for form in forms for name, spec in form.items() if name in names and spec.asked_if]
        return {bare(fact) for rule in rules for fact in facts_read(rule)}

    @cached_property
    def frame(self) -> Frame:
        fields = tuple(name for name in self.definition.workflow.fields if name in self.read)
        kinds = tuple(kind for name in self.definition.workflow.collections for kind in self._kinds(name))
        quantified = (part for condition in self.conditions for part in within(condition))
        tallies = tuple(dict.fromkeys(part for part in quantified if isinstance(part, Tally)))
        compares = (compare for condition in self.conditions for compare in comparisons_in(condition))
        free = frozenset(one for one in compares if _is_free(one) or not self._worked_out.isdisjoint(facts_read(one)))
        return Frame(fields, kinds, tallies, free)

    @cached_property
    def _worked_out(self) -> frozenset[str]:
        """The fields that nobody is asked: what a record or a clock makes of them may be anything."""
        return frozenset({*self.definition.taken, *self.definition.counted, *self.definition.numbers})

    def _kinds(self, collection: str) -> Iterator[Kind]:
        spec = self.definition.collection(collection)
        compared_with = {bare(fact) for condition in self.conditions for fact in facts_read(condition)}
        facts = tuple(sorted(self._said(collection) & compared_with))
        if spec.catalogue is None:
            yield Kind(collection, (), {}, facts, ())
            return
        alike, read = dict[tuple[Any, ...], list[str]](), self._read_of(collection)
        for key, entry in self.definition.catalogue_of(collection).items():
            said = {"required": entry.required, "not_applicable": entry.not_applicable, "expiry": entry.expiry_kind}
            said |= {"section": entry.section, "key": key, "label": entry.label}
            alike.setdefault(tuple((name, said[name]) for name in said if name in read), []).append(key)
        start = (spec.starts or UNTOUCHED, *(None for _ in facts))
        for shared, keys in alike.items():
            yield Kind(collection, tuple(keys), dict(shared), facts, start)

    def _read_of(self, collection: str) -> set[str]:
        """The bare names of the facts that matter of such an item: to what is done to it, or to how many there are."""
        definition, names = self.definition, set[str]()
        for state, events in definition.events.items():
            for event, spec in events.items():
                if spec.item is not None and spec.item.of == collection:
                    asked = (question.asked_if for question in definition.forms[state, event].values())
                    guards = (definition.workflow.guards[name].when for name in spec.requires)
                    names |= {bare(fact) for one in (*asked, *guards) if one for fact in facts_read(one)}
        for part in (part for condition in self.conditions for part in within(condition)):
            if isinstance(part, Every | Count | Majority) and collection_of(part) == collection:
                names |= {bare(fact) for fact in facts_read(part)}
        return names | ({"expiry"} if "expires_on" in names else set())

    def _said(self, collection: str) -> set[str]:
        """What the forms of events on its items ask, and what the engine adds."""
        asked = {name for name, _ in self.definition.said_of_items(collection)}
        return asked | {"agency" if self.definition.collection(collection).keyed_by == "actor" else "expires_on"}

    def drawn(self, kind: Kind) -> Iterator[Local]:
        """How an item of the collection may stand when it has just been drawn."""
        first, said = self.definition.collection(kind.collection).starts, self.definition.drawn_facts(kind.collection)
        values = (
            values_of(said[name], self.against.get(name, Comparisons())) if name in said else (None,)
            for name in kind.facts
        )
        yield from ((first or UNTOUCHED, *chosen) for chosen in product(*values))

    def beginning(self) -> Situation:
        """Before the first event: nothing is known, and no item has been touched."""
        frame = self.frame
        items = tuple(frozenset(self._begun(kind)) for kind in frame.kinds)
        return Situation(START, (None,) * len(frame.fields), items, self.untouched)

    def _begun(self, kind: Kind) -> Iterator[Local]:
        """How an item may stand as the case begins: untouched, or with what was brought from an earlier case."""
        yield kind.start
        yield from self._from_elsewhere(kind)
        brought = self.definition.collection(kind.collection).brought
        for place, name in enumerate(kind.facts, start=1):
            if name in brought and kind.keys:
                values = values_of(brought[name], self.against.get(name, Comparisons()))
                yield from ((*kind.start[:place], value, *kind.start[place + 1 :]) for value in values)

    def _from_elsewhere(self, kind: Kind) -> Iterator[Local]:
        """How an item may stand that no event draws: it can come at any time."""
        source = self.definition.records.get(self.definition.source_name(kind.collection))
        if source is not None and not source.by_event:
            yield from self.drawn(kind)

    @cached_property
    def untouched(self) -> tuple[frozenset[bool], ...]:
        """How each tally can come out while nobody has touched its collection."""
        return tuple(self._untouched(tally) for tally in self.frame.tallies)

    def _untouched(self, tally: Tally) -> frozenset[bool]:
        kept = self.definition.workflow.collections.get(collection_of(tally))
        brought = kept.brought if kept else {}
        read = facts_read(tally)  # Of people who are an answer nothing is settled by what is done to items.
        if kept is None or any(not fact.startswith("item.") or bare(fact) in brought for fact in read):
            return frozenset({True, False})  # It reads more than what is done to items here, and can change without.
        kinds = [kind for kind in self.frame.kinds if kind.collection == collection_of(tally)]
        items = {key: kind.item(kind.start) for kind in kinds for key in kind.keys}
        return frozenset({holds(tally, Facts({}, TODAY, collections={collection_of(tally): items})) is True})

    @cached_property
    def passable(self) -> frozenset[str]:
        """The guards with an override that somebody holds who sees cases."""
        definition = self.definition
        overrides = {name: guard.override for name, guard in definition.workflow.guards.items() if guard.override}
        states = [name for name, state in definition.workflow.states.items() if not state.final]
        return frozenset(
            name
            for name, override in overrides.items()
            if any(is_held(definition, role) and sees(definition, role, at) for role in override.by for at in states)
        )

    @cached_property
    def freed(self) -> Mapping[str, Sequence[tuple[str, EventSpec, tuple[str, ...]]]]:
        """For each state its events with passable guards: the event as it is without those, and which they are."""
        return {
            state: [
                (event, *self._freed(spec))
                for event, spec in events.items()
                if not self.passable.isdisjoint(spec.requires)
            ]
            for state, events in self.definition.events.items()
        }

    def _freed(self, spec: EventSpec) -> tuple[EventSpec, tuple[str, ...]]:
        aside = tuple(name for name in spec.requires if name in self.passable)
        rest = tuple(name for name in spec.requires if name not in self.passable)
        return spec.model_copy(update={"requires": rest}), aside

    @cached_property
    def cut_short(self) -> set[tuple[str, str]]:
        """The events, by state, of which there were more sets of answers than are tried; it grows as they are."""
        return set()

    def answers(self, state: str, event: str, facts: Facts) -> list[dict[str, Any]]:
        """The sets of answers that can be told apart, the bounded number of them; questions nobody reads left out."""
        form = self.definition.forms[state, event]
        asked = {name: spec for name, spec in form.items() if name in self.read}
        found: list[dict[str, Any]] = [{}]
        for name, spec in asked.items():
            found = [more for given in found for more in self._answered(name, spec, given, facts)]
        if len(found) > MOST_ANSWERS:
            self.cut_short.add((state, event))
        return found[:MOST_ANSWERS]

    def _answered(self, name: str, spec: FieldSpec, given: dict[str, Any], facts: Facts) -> list[dict[str, Any]]:
        if not is_asked(spec, Facts(facts.fields, facts.today, given, facts.council, facts.collections, facts.item)):
            return [given]
        values = values_of(spec, self.against.get(name, Comparisons()))
        return [*({**given, name: value} for value in values), *([given] if spec.optional or spec.write else [])]

    @cached_property
    def fields_items_need(self) -> Mapping[str, tuple[int, ...]]:
        """For each state, the places of the fields that decide what can be done to items there."""
        found = {}
        for state, events in self.definition.events.items():
            read: set[str] = set()
            for event, spec in events.items():
                if spec.item:
                    read |= {
                        fact
                        for name in spec.requires
                        for fact in facts_read(self.definition.workflow.guards[name].when)
                    }
                    rules = (question.asked_if for question in self.definition.forms[state, event].values())
                    read |= {fact for rule in rules if rule for fact in facts_read(rule)}
            found[state] = tuple(place for place, name in enumerate(self.frame.fields) if name in read)
        return found


def collection_of(tally: Tally | Every) -> str:
    """Whose items it looks at."""
    match tally:
        case Every():
            return tally.every
        case Count():
            return tally.count
        case Majority():
            return tally.majority


def within(condition: Condition) -> Iterator[Condition]:
    """The condition and every condition it is made of."""
    yield condition
    for part in parts_of(condition):
        yield from within(part)


def _is_free(compare: Compare) -> bool:
    """Whether what it looks at is none of the case's own: a setting, a child case, or where today stands to a date."""
    _, wanted = compare.comparison
    facts = (compare.fact, wanted.fact) if isinstance(wanted, FactRef) else (compare.fact,)
    is_elsewhere = any("." in fact and not fact.startswith(("answer.", "item.")) for fact in facts)
    is_elsewhere = is_elsewhere or any(fact.startswith("item.case.") for fact in facts)
    return is_elsewhere or (compare.fact == "today" and not isinstance(wanted, FactRef))
