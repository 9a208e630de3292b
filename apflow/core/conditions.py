"""Is a condition true of these facts? True, False, or None: unknown, because a value it needs is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from apflow.core.definition.conditions import All, AnyOf, Compare, Condition, Count, Every, FactRef, Not

Truth = bool | None


@dataclass(frozen=True)
class Facts:
    """Everything a condition may look up.

    Bare names are the case's fields; `answer.`, `council.` and `item.` name the other places; `today` is an ISO date.
    Dates are ISO text throughout, so comparing text compares dates.
    """

    fields: Mapping[str, Any]
    today: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    council: Mapping[str, Any] = field(default_factory=dict)
    collections: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    item: Mapping[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """The value of a fact, or None while it is missing."""
        if name == "today":
            return self.today
        place, _, rest = name.partition(".")
        match place if rest else "":
            case "answer":
                return self.answers.get(rest)
            case "council":
                return self.council.get(rest)
            case "item":
                return self.item.get(rest)
            case _:
                return self.fields.get(name)

    def of(self, item: Mapping[str, Any]) -> "Facts":
        """These facts, looking at one item."""
        return replace(self, item=item)


def holds(condition: Condition, facts: Facts) -> Truth:
    """Whether the condition holds; None when a missing value leaves it unknown."""
    match condition:
        case Compare():
            return _compare(condition, facts)
        case All():
            return _all(holds(part, facts) for part in condition.all)
        case AnyOf():
            return _any(holds(part, facts) for part in condition.any)
        case Not():
            inner = holds(condition.not_, facts)
            return None if inner is None else not inner
        case Every():
            return _all(holds(condition.has, facts.of(item)) for item in _chosen(condition, facts))
        case Count():
            return _count(condition, facts) >= condition.at_least


def falling_short(condition: Condition, facts: Facts) -> tuple[str, ...]:
    """The labels of the items that keep the condition from holding, in catalogue order, each once."""
    match condition:
        case Every():
            short = (
                item for item in _chosen(condition, facts) if holds(condition.has, facts.of(item)) is not True
            )
            return tuple(str(item["label"]) for item in short)
        case All():
            found = (label for part in condition.all for label in falling_short(part, facts))
            return tuple(dict.fromkeys(found))
        case _:
            return ()


def _chosen(condition: Every | Count, facts: Facts) -> Iterable[Mapping[str, Any]]:
    name = condition.every if isinstance(condition, Every) else condition.count
    items = facts.collections.get(name, {}).values()
    where = condition.where
    return [item for item in items if where is None or holds(where, facts.of(item)) is True]


def _count(condition: Count, facts: Facts) -> int:
    chosen = _chosen(condition, facts)
    if condition.distinct is None:
        return len(list(chosen))
    values = {item.get(condition.distinct) for item in chosen}
    return len(values - {None})


def _compare(condition: Compare, facts: Facts) -> Truth:
    name, wanted = condition.comparison
    value = facts.get(condition.fact)
    if name == "is_present":
        return (value not in (None, "", ())) is wanted
    other = facts.get(wanted.fact) if isinstance(wanted, FactRef) else wanted
    if name in _ORDERED_DATES and other == "today":
        other = facts.today
    if value is None or other is None:
        return None
    return _COMPARE[name](value, other)


_COMPARE: Mapping[str, Any] = {
    "is": lambda value, other: value == other,
    "is_not": lambda value, other: value != other,
    "is_one_of": lambda value, others: value in others,
    "is_before": lambda value, other: value < other,
    "is_after": lambda value, other: value > other,
    "is_on_or_after": lambda value, other: value >= other,
    "at_least": lambda value, other: value >= other,
    "at_most": lambda value, other: value <= other,
}
_ORDERED_DATES = ("is_before", "is_after", "is_on_or_after")


def _all(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return False if False in found else None if None in found else True


def _any(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return True if True in found else None if None in found else False
