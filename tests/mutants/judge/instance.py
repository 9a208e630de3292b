"""A small instance of a workflow to be played: few papers, few people, few answers, and when two cases count as alike.

Answers are those that the file's own conditions can tell apart: each value that something is compared with and one
beside it; dates before, on and after today. Two cases are alike when they are in the same state and every comparison
of the file comes out the same for their fields and for each of their items; people are alike.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from itertools import islice, product
from typing import Any

from apflow.core.actor import CLOCK, PUBLIC, THE_CLOCK, THE_PUBLIC, Actor
from apflow.core.conditions import Facts, holds
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import Compare, Count, Every, FactRef, Majority
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.facts import items_of
from apflow.core.play import Play
from apflow.core.proposals import proposed
from apflow.core.snapshot import Snapshot

PARTY = 1
MOST_PAPERS = 2
MOST_PEOPLE = 6
MOST_CHILDREN = 3
MOST_ANSWERS = 24
TRAITS = ("required", "not_applicable", "expiry_kind")
STANDING = ("status", "key", "label", "section", "required", "not_applicable", "expiry", "agency")
CHOICES = (FieldType.CHOICE, FieldType.MANY)


def small(definition: Definition) -> Definition:
    """The definition with two papers in each catalogue, as different as there are, and without its invariants.

    The interpreter itself refuses what an invariant forbids; left out, what the guards would let happen is seen.
    """
    catalogues = {name: _few(catalogue) for name, catalogue in definition.catalogues.items()}
    return replace(
        definition, catalogues=catalogues, workflow=definition.workflow.model_copy(update={"invariants": {}})
    )


def _few(catalogue: Catalogue) -> Catalogue:
    chosen: dict[str, Any] = {}
    seen: set[tuple[str, Any]] = set()
    for _ in range(MOST_PAPERS):
        news = {
            key: len({(trait, getattr(item, trait)) for trait in TRAITS} - seen)
            for key, item in catalogue.items.items()
        }
        key = max(news, key=lambda key: (news[key], catalogue.items[key].required))
        if key not in chosen and news[key]:
            chosen[key] = catalogue.items[key]
            seen |= {(trait, getattr(chosen[key], trait)) for trait in TRAITS}
    return catalogue.model_copy(update={"items": chosen})


def parts_of(value: Any) -> Iterator[Any]:
    """Every model within a value, itself included."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from parts_of(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from parts_of(one)
    elif hasattr(type(value), "model_fields"):
        yield value
        for name in type(value).model_fields:
            yield from parts_of(getattr(value, name))


@dataclass(frozen=True)
class Instance:
    """The small definition with its people, and what its conditions read; `whole` is the one it was cut from."""

    definition: Definition
    whole: Definition
    _states_acting: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @cached_property
    def first(self) -> datetime:
        """A working morning from which all that is played stays within the holidays that are known."""
        calendar = self.definition.calendar
        day = calendar.known_until - timedelta(days=620)
        while not calendar.is_working(day):
            day += timedelta(days=1)
        return datetime.combine(day, time(10), UTC)

    @cached_property
    def comparisons(self) -> tuple[Compare, ...]:
        """Every comparison of the file, each once."""
        found = (one for one in parts_of(self.whole.workflow) if isinstance(one, Compare))
        return tuple({str(one): one for one in found}.values())

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        return tuple(one for one in parts_of(self.whole.workflow) if isinstance(one, Count))

    @cached_property
    def of_fields(self) -> tuple[Compare, ...]:
        return tuple(
            one for one in self.comparisons if not one.fact.startswith(("item.", "answer.", "council.", "child."))
        )

    @cached_property
    def of_items(self) -> tuple[Compare, ...]:
        """Those of what is said of an item; how it stands is told apart anyway, and what its catalogue says stays."""
        own = (one for one in self.comparisons if one.fact.startswith("item."))
        return tuple(one for one in own if one.fact.removeprefix("item.") not in STANDING)

    @cached_property
    def told_apart(self) -> frozenset[str]:
        """The names of fields and answers that any condition, or a deadline, reads."""
        read = {one.fact.removeprefix("answer.").removeprefix("item.") for one in self.comparisons}
        other = {one.comparison[1].fact for one in self.comparisons if isinstance(one.comparison[1], FactRef)}
        dates = {spec.of for specs in self.definition.deadlines.values() for spec in specs.values() if spec.of}
        return frozenset(read | dates | {name.removeprefix("answer.") for name in other})

    @cached_property
    def kept(self) -> frozenset[str]:
        """The fields of the case by which its further way is told."""
        read = {one.fact for one in self.of_fields}
        other = {one.comparison[1].fact for one in self.comparisons if isinstance(one.comparison[1], FactRef)}
        return frozenset(read | other | set(self.anchors))

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        specs = [spec for specs in self.definition.deadlines.values() for spec in specs.values()]
        return tuple(sorted({spec.of for spec in specs if spec.of}))

    @cached_property
    def needed(self) -> int:
        """How many people of one role the largest count asks for."""
        collections = self.whole.workflow.collections
        actors = {name for name, collection in collections.items() if collection.keyed_by == "actor"}
        return max([1, *(one.at_least for one in self.counts if one.count in actors)])

    @cached_property
    def _children_counted(self) -> int:
        counted = (one for one in self.comparisons if one.fact.startswith("child.") and one.fact.endswith(".open"))
        return max([0, *(value for one in counted for value in _values(one.comparison[1]) if isinstance(value, int))])

    @property
    def most_children(self) -> int:
        """How many children of a kind are open at once: one more than any comparison asks for."""
        return min(self._children_counted + 1, MOST_CHILDREN)

    @property
    def is_cut_short(self) -> bool:
        """Whether something counts more people, or more children, than are played."""
        return self.needed >= MOST_PEOPLE or self._children_counted >= MOST_CHILDREN

    def does_not_count(self, collection: str, status: str) -> bool:
        """Whether whoever's item stands so is counted by nothing, though others are."""
        counts = [one for one in self.counts if one.count == collection and one.where is not None]
        facts = Facts({}, "", item={"status": status})
        return bool(counts) and all(one.where and holds(one.where, facts) is False for one in counts)

    def _acting_on(self, collection: str) -> frozenset[str]:
        """The states with an event on items of the collection; all, if it is looked at otherwise than by counting."""
        looked_at = (one for one in parts_of(self.whole.workflow) if isinstance(one, Every | Majority))
        if collection not in self._states_acting:
            events = self.definition.events
            acting = {at for at in events if any(one.item and one.item.of == collection for one in events[at].values())}
            otherwise = any(
                collection in (getattr(one, "every", ""), getattr(one, "majority", "")) for one in looked_at
            )
            self._states_acting[collection] = frozenset(events) if otherwise else frozenset(acting)
        return self._states_acting[collection]

    def people(self, role: str) -> list[Actor]:
        """Enough people of the role, from one agency after the other."""
        if role == CLOCK:
            return [THE_CLOCK]
        if role == PUBLIC:
            return [THE_PUBLIC]
        if role == self.definition.workflow.party_role:
            return [Actor(PARTY, "Party", frozenset({role}))]
        many = min(self.needed + 1, MOST_PEOPLE) if role in self._who_have_items else 1
        many = max(many, 2 if self.definition.watched_events else 1)
        agencies: list[str | None] = [*self.definition.council.agencies] or [None]
        first = (
            100 + 20 * sorted(self.definition.council.roles).index(role)
            if role in self.definition.council.roles
            else 90
        )
        return [Actor(first + n, f"{role} {n}", frozenset({role}), agencies[n % len(agencies)]) for n in range(many)]

    @cached_property
    def _who_have_items(self) -> frozenset[str]:
        events = [spec for events in self.definition.events.values() for spec in events.values()]
        own = (spec for spec in events if spec.item and self.definition.collection(spec.item.of).keyed_by == "actor")
        return frozenset(role for spec in own for role in spec.by)

    def answers(self, play: Play, form: Mapping[str, FieldSpec], item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Ways to answer a form: all of those that conditions can tell apart, up to a number of them."""
        facts = Facts(play.case.fields, play.world.today.isoformat(), item=item)
        asked = {
            name: spec for name, spec in form.items() if not spec.asked_if or holds(spec.asked_if, facts) is not False
        }
        ways = {name: list(self._ways(play, name, spec)) for name, spec in asked.items()}
        for chosen in islice(product(*ways.values()), MOST_ANSWERS):
            given = dict(zip(ways, chosen, strict=True))
            yield {name: value for name, value in given.items() if value is not None}

    def _ways(self, play: Play, name: str, spec: FieldSpec) -> Iterator[Any]:
        if name not in self.told_apart and not (spec.type is FieldType.DATE and name == "expires_on"):
            yield play._sample(name, spec) if not spec.optional else None
            return
        if spec.optional:
            yield None
        mine = [one for one in self.comparisons if one.fact.split(".")[-1] == name]
        literals = [value for one in mine for value in _values(one.comparison[1])]
        yield from {repr(one): one for one in self._values(play, name, spec, literals)}.values()

    def _values(self, play: Play, name: str, spec: FieldSpec, literals: list[Any]) -> Iterator[Any]:
        today = play.world.today
        match spec.type:
            case FieldType.DATE:
                days = (0, -30, 30)
                shown = {0} | {day for day in days if (day < 0) == (spec.date_must_be != "today or after")}
                if spec.date_must_be is None:
                    shown = set(days)
                yield from ((today + timedelta(days=day)).isoformat() for day in days if day in shown)
                yield from (str(value) for value in literals if value != "today" and spec.date_must_be is None)
            case FieldType.CHOICE | FieldType.MANY:
                compared = [option for option in spec.options if option in literals]
                yield from compared
                yield from islice((option for option in spec.options if option not in compared), 1)
            case FieldType.YES_NO:
                yield from (True, False)
            case FieldType.NUMBER | FieldType.MONEY:
                wanted = [
                    number for value in literals if isinstance(value, int) for number in (value, value - 1, value + 1)
                ]
                low, high = spec.minimum or 0, spec.maximum if spec.maximum is not None else 10**9
                yield from [number for number in wanted if low <= number <= high] or [low]
            case _:
                yield from (value for value in literals if isinstance(value, str))
                yield play._sample(name, spec)

    def key(self, case: Snapshot, play: Play) -> Hashable:
        """What makes two cases alike; all that have ended in the same state are."""
        if self.definition.state(case.state).final:
            return case.state
        facts = Facts(fields=case.fields, today=play.world.today.isoformat())
        fields = tuple(holds(one, facts) for one in self.of_fields)
        items = tuple(self._items(case, name, facts) for name in self.definition.workflow.collections)
        anchors = tuple(_side(case.fields.get(name), facts.today) for name in self.anchors)
        children = tuple(sorted(self._children(case)))
        people = [*dict.fromkeys(case.doers[event] for event in sorted(case.doers))]
        doers = tuple((event, people.index(case.doers[event])) for event in sorted(case.doers))
        is_proposed = bool(proposed(case.fields))
        return case.state, fields, items, anchors, children, doers, is_proposed, frozenset(case.deadlines)

    def _children(self, case: Snapshot) -> Iterator[tuple[str, str, bool]]:
        """The children that make a difference: those that are open, and those that a condition reads about."""
        read = {one.fact.split(".")[1] for one in self.comparisons if one.fact.startswith("child.")}
        return ((one.kind, one.state, one.is_open) for one in case.children if one.is_open or one.kind in read)

    def _items(self, case: Snapshot, collection: str, facts: Facts) -> Hashable:
        """How the items stand; those of people by the groups they come from, whatever the groups are called."""
        items = [*items_of(self.definition, case, collection).values()]
        if not self.definition.collection(collection).keyed_by:
            return tuple(self._item(item, facts) for item in items)
        groups: dict[Any, list[Hashable]] = {}
        done_with = case.state not in self._acting_on(collection)
        for item in items:
            if done_with and self.does_not_count(collection, item["status"]):
                continue  # As good as not there, where nobody can change it.
            apart = tuple(item.get(name) for name in self.counted_by)
            groups.setdefault(apart or None, []).append(self._item(item, facts))
        return tuple(sorted((tuple(sorted(group, key=repr)) for group in groups.values()), key=repr))

    @cached_property
    def counted_by(self) -> tuple[str, ...]:
        return tuple(sorted({one.distinct for one in self.counts if one.distinct}))

    def _item(self, item: Mapping[str, Any], facts: Facts) -> Hashable:
        return item["status"], tuple(holds(one, facts.of(item)) for one in self.of_items)


def _values(wanted: Any) -> list[Any]:
    if isinstance(wanted, FactRef):
        return []
    return list(wanted) if isinstance(wanted, tuple) else [wanted]


def _side(day: Any, today: str) -> int | None:
    return None if not day else (day > today) - (day < today)
