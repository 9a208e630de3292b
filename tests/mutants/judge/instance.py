"""A small instance of a workflow to be played: few papers, few people, few answers.

Answers are those that the file's own conditions can tell apart: each value that something is compared with and one
beside it; dates before, on and after today.
"""

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from itertools import islice, product
from typing import Any

from apflow.core.conditions import Facts, holds
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import Compare, Count, Every, FactRef, Majority
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.people.actor import CLOCK, PUBLIC, THE_CLOCK, THE_PUBLIC, Actor
from apflow.core.play import Play
from apflow.core.snapshot import Snapshot

PARTY = 1
MOST_PAPERS = 2
MOST_PEOPLE = 6
MOST_CHILDREN = 3
MOST_ANSWERS = 24
TRAITS = ("required", "not_applicable", "expiry_kind")
CHOICES = (FieldType.CHOICE, FieldType.MANY)


def small(definition: Definition) -> Definition:
    """The definition with few papers in each catalogue, and without its invariants: two that differ, and any named.

    The interpreter itself refuses what an invariant forbids; left out, what the guards would let happen is seen.
    """
    named = _named(definition)
    return _with(definition, {name: _few(catalogue, named) for name, catalogue in definition.catalogues.items()})


def with_one_that_runs_out(definition: Definition) -> Definition | None:
    """The definition with a single paper in place of each two, required and with an end; None without any such.

    The two that differ most need not be one that is both, and all that differ would be too many to play.
    """
    named = _named(definition)
    catalogues = {name: _few(catalogue, named) for name, catalogue in definition.catalogues.items()}
    ends = {name: _one_that_runs_out(catalogue) for name, catalogue in definition.catalogues.items()}
    found = {name: catalogue for name, catalogue in ends.items() if catalogue is not None}
    return _with(definition, catalogues | found) if found else None


def _one_that_runs_out(catalogue: Catalogue) -> Catalogue | None:
    found = (key for key, item in catalogue.items.items() if item.required and item.expiry_kind == "stated")
    key = next(found, None)
    return None if key is None else catalogue.model_copy(update={"items": {key: catalogue.items[key]}})


def _with(definition: Definition, catalogues: Mapping[str, Catalogue]) -> Definition:
    return replace(
        definition, catalogues=catalogues, workflow=definition.workflow.model_copy(update={"invariants": {}})
    )


def _named(definition: Definition) -> frozenset[str]:
    """The papers that a condition of the workflow speaks of by their keys."""
    of_keys = (one.comparison[1] for one in parts_of(definition.workflow) if _is_of_a_key(one))
    return frozenset(str(key) for said in of_keys for key in (said if isinstance(said, tuple) else (said,)))


def _is_of_a_key(one: Any) -> bool:
    return isinstance(one, Compare) and one.fact == "item.key" and one.comparison[0] in ("is", "is_not", "is_one_of")


def _few(catalogue: Catalogue, named: Set[str]) -> Catalogue:
    chosen: dict[str, Any] = {key: item for key, item in catalogue.items.items() if key in named}
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

    @cached_property
    def counted_children(self) -> frozenset[str]:
        """The kinds of children that a condition reads about."""
        return frozenset(one.fact.split(".")[1] for one in self.comparisons if one.fact.startswith("child."))

    @cached_property
    def quiet_children(self) -> frozenset[str]:
        """The kinds of children that make no difference to the case, whether one is open or has ended."""
        children = self.definition.workflow.children
        quiet = children.keys() - self.counted_children
        while loud := {kind for kind in quiet if self._is_loud(children[kind].ends.values(), quiet)}:
            quiet -= loud
        return frozenset(quiet)

    def _is_loud(self, ends: Collection[str], quiet: Set[str]) -> bool:
        """Whether one of these events changes something anywhere."""
        return any(
            not self._changes_nothing(state, event) or not quiet >= spec.begins.keys()
            for state, events in self.definition.events.items()
            for event, spec in events.items()
            if event in ends
        )

    def _changes_nothing(self, state: str, event: str) -> bool:
        """Whether it can always be done, asks nothing, and leaves the case as it was, but for its children."""
        spec = self.definition.events[state][event]
        acts = spec.to or spec.item or spec.clears or spec.empties or spec.draws or spec.extends or spec.proposal
        is_kept_from = spec.requires or spec.not_by or event in self.definition.watched_events
        return (
            not acts and not is_kept_from and not self.definition.forms[state, event] and not self.starts(state, event)
        )

    def starts(self, state: str, event: str) -> bool:
        """Whether a deadline of the state is counted from it."""
        return state in self.definition.deadlines and any(
            one.after == event for one in self.definition.deadlines[state].values()
        )

    @property
    def is_cut_short(self) -> bool:
        """Whether something counts more people, or more children, than are played."""
        return self.needed >= MOST_PEOPLE or self._children_counted >= MOST_CHILDREN

    def does_not_count(self, collection: str, status: str) -> bool:
        """Whether whoever's item stands so is counted by nothing, though others are."""
        counts = [one for one in self.counts if one.count == collection and one.where is not None]
        facts = Facts({}, "", item={"status": status})
        return bool(counts) and all(one.where and holds(one.where, facts) is False for one in counts)

    @cached_property
    def looked_through(self) -> frozenset[str]:
        """The collections that a condition goes through."""
        through = [one for one in parts_of(self.whole.workflow) if isinstance(one, Every | Count | Majority)]
        names = (getattr(one, kind, None) for one in through for kind in ("every", "count", "majority"))
        return frozenset(name for name in names if name)

    def acting_on(self, collection: str) -> frozenset[str]:
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

    def doers(self, spec: EventSpec, case: Snapshot) -> list[Actor]:
        """Enough people of each role of the event; of one kept to a person only them, by a link those it lets read."""
        return [one for role in spec.by for one in self._of(role, spec, case)]

    def first_doers(self, spec: EventSpec, case: Snapshot) -> list[Actor]:
        """One person of each role of the event."""
        return [one for role in spec.by for one in self._of(role, spec, case)[:1]]

    def _of(self, role: str, spec: EventSpec, case: Snapshot) -> list[Actor]:
        by_link = self.definition.workflow.read_by_link
        if role in spec.only:
            named = case.fields.get(spec.only[role])
            if self.definition.workflow.fields[spec.only[role]].type == "people":
                if not named:
                    return self.people(role)
                named = named[0]
            return [Actor(named, f"The {role}", frozenset({role}))]
        if by_link is None or by_link.role != role:
            return self.people(role)
        reading = [key for key, item in case.items.get(by_link.of, {}).items() if item.status in by_link.readers]
        return [Actor(None, f"{role} {key}", frozenset({role}), by_link=(case.reference, key)) for key in reading]

    def people(self, role: str) -> list[Actor]:
        """Enough people of the role, from one agency after the other."""
        if role == CLOCK:
            return [THE_CLOCK]
        if role == PUBLIC:
            return [THE_PUBLIC]
        parties = [party.role for party in self.definition.workflow.parties]
        if role in parties:
            return [Actor(PARTY + parties.index(role), f"Party {role}", frozenset({role}))]
        many = min(self.needed + 1, MOST_PEOPLE) if role in self._who_have_items else 1
        many = max(many, 1 + self._most_kept_apart)
        agencies: list[str | None] = [*self.definition.council.agencies] or [None]
        first = (
            100 + 20 * sorted(self.definition.council.roles).index(role)
            if role in self.definition.council.roles
            else 90
        )
        return [Actor(first + n, f"{role} {n}", frozenset({role}), agencies[n % len(agencies)]) for n in range(many)]

    @cached_property
    def _most_kept_apart(self) -> int:
        """Of how many steps those who did them may not do another."""
        return max(len(spec.not_by) for events in self.definition.events.values() for spec in events.values())

    @cached_property
    def _who_have_items(self) -> frozenset[str]:
        events = [spec for events in self.definition.events.values() for spec in events.values()]
        own = (spec for spec in events if spec.item and self.definition.collection(spec.item.of).keyed_by == "actor")
        return frozenset(role for spec in own for role in spec.by)

    def answers(
        self, play: Play, form: Mapping[str, FieldSpec], item: Mapping[str, Any], apart: frozenset[str]
    ) -> Iterator[dict[str, Any]]:
        """Ways to answer a form: all of those that what is still asked can tell `apart`, up to a number of them."""
        facts = Facts(play.case.fields, play.world.today.isoformat(), item=item)
        asked = {
            name: spec for name, spec in form.items() if not spec.asked_if or holds(spec.asked_if, facts) is not False
        }
        ways = {name: list(self._ways(play, name, spec, apart)) for name, spec in asked.items()}
        for chosen in islice(product(*ways.values()), MOST_ANSWERS):
            given = dict(zip(ways, chosen, strict=True))
            yield {name: value for name, value in given.items() if value is not None}

    def _ways(self, play: Play, name: str, spec: FieldSpec, apart: frozenset[str]) -> Iterator[Any]:
        if name not in apart:
            yield self.sample(play, name, spec) if not spec.optional else None
            return
        if spec.optional:
            yield None
        mine = [one for one in self.comparisons if one.fact.split(".")[-1] == name]
        literals = [value for one in mine for value in _values(one.comparison[1])]
        yield from {repr(one): one for one in self._values(play, name, spec, literals)}.values()

    def sample(self, play: Play, name: str, spec: FieldSpec) -> Any:
        """An answer that will do."""
        return play._sample(name, spec)

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
                yield self.sample(play, name, spec)


def _values(wanted: Any) -> list[Any]:
    if isinstance(wanted, FactRef):
        return []
    return list(wanted) if isinstance(wanted, tuple) else [wanted]
