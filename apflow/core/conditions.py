"""Is a condition true of these facts? True, False, or None: unknown, because a value it needs is missing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from apflow.core import money
from apflow.core.definition.conditions import All, AnyOf, Compare, Condition, Count, Every, FactRef, Majority, Not

Truth = bool | None


class Facts(Struct, frozen=True):
    """Everything a condition may look up.

    Bare names are the case's fields; `answer.`, `council.`, `child.`, `record.` and `item.` name the other places;
    `today` is an ISO date. Dates are ISO text throughout, so comparing text compares dates. `set_aside` names the
    guards that do not count; `people` are those whom questions offer. `time` is that of now in London, as "HH:MM",
    which only the reading of answers looks at; empty where it is not known.
    """

    fields: Mapping[str, Any]
    today: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    council: Mapping[str, Any] = field(default_factory=dict)
    collections: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    item: Mapping[str, Any] = field(default_factory=dict)
    set_aside: frozenset[str] = frozenset()
    children: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    time: str = ""

    def get(self, name: str) -> Any:
        """The value of a fact, or None while it is missing."""
        if "." not in name:
            return self.today if name == "today" else self.fields.get(name)
        place, _, rest = name.partition(".")
        match place:
            case "answer":
                return self.answers.get(rest)
            case "council":
                return self.council.get(rest)
            case "item":
                return self.item.get(rest)
            case "child":
                return self.children.get(rest)
            case "record":
                return self.record.get(rest)
            case _:
                return self.fields.get(name)

    def of(self, item: Mapping[str, Any]) -> "Facts":
        """These facts, looking at one item."""
        # Once for each item of each guard: `dataclasses.replace` takes twice as long.
        return Facts(
            self.fields,
            self.today,
            self.answers,
            self.council,
            self.collections,
            item,
            self.set_aside,
            self.children,
            self.people,
            self.record,
        )


def holds(condition: Condition, facts: Facts) -> Truth:
    """Whether the condition holds; None when a missing value leaves it unknown."""
    return _HOLDS[type(condition)](condition, facts)


def falling_short(condition: Condition, facts: Facts) -> tuple[str, ...]:
    """The labels of the items that keep the condition from holding, in catalogue order, each once."""
    match condition:
        case Every():
            items = _items(condition.every, facts)
            return tuple(str(item["label"]) for item in items if _passes(condition, facts.of(item)) is not True)
        case All():
            found = (label for part in condition.all for label in falling_short(part, facts))
            return tuple(dict.fromkeys(found))
        case _:
            return ()


def _items(collection: str, facts: Facts) -> Iterable[Mapping[str, Any]]:
    """The items of the collection, or the people who are the answer where it is a question of several people."""
    if collection in facts.collections:
        return facts.collections[collection].values()
    chosen = facts.get(collection)
    return [facts.people.get(one, {}) for one in chosen] if isinstance(chosen, _SEVERAL) else ()


def _is_meant(where: Condition | None, facts: Facts) -> Truth:
    return True if where is None else holds(where, facts)


def _passes(condition: Every, facts: Facts) -> Truth:
    """Whether the item in `facts` is one not meant, or has what is wanted; an item that may be meant is not let off."""
    meant = _is_meant(condition.where, facts)
    return True if meant is False else _any([None if meant is None else False, holds(condition.has, facts)])


def _counts_up(condition: Count, facts: Facts) -> Truth:
    """Whether there are enough; unknown while items that may be meant, or lack the value counted by, decide it."""
    certain, possible = set[Any](), 0
    for number, item in enumerate(_items(condition.count, facts)):
        meant = _is_meant(condition.where, facts.of(item))
        value = item.get(condition.distinct) if condition.distinct else number
        if meant is True and value is not None:
            certain.add(value)
        elif meant is not False:
            possible += 1
    if len(certain) >= condition.at_least:
        return True
    return None if len(certain) + possible >= condition.at_least else False


def _is_majority(condition: Majority, facts: Facts) -> Truth:
    """Whether those for it outnumber the others however the unknown turn out; None while they could decide it."""
    fewest = most = 0  # How far ahead those for it are: at worst, and at best.
    for item in _items(condition.majority, facts):
        counts, is_for = _is_meant(condition.of, facts.of(item)), holds(condition.where, facts.of(item))
        worst = 0 if counts is False else 1 if counts and is_for else -1 if is_for is not True else 0
        best = 0 if counts is False else 1 if is_for is not False else -1 if counts else 0
        fewest, most = fewest + worst, most + best
    return True if fewest > 0 else False if most <= 0 else None


def _compare(condition: Compare, facts: Facts) -> Truth:
    name, wanted = condition.comparison
    value = facts.get(condition.fact)
    if name == "is_present":
        return (value not in (None, "", [], ())) is wanted
    other = facts.get(wanted.fact) if isinstance(wanted, FactRef) else wanted
    if name in _ORDERED_DATES and other == "today":
        other = facts.today
    if value is None or other is None:
        return None
    if isinstance(value, _SEVERAL) and name in _AMONG:
        return _is_among(name, value, other)
    try:
        return _COMPARE[name](value, other)
    except TypeError:
        return None  # What cannot be compared, such as text with a number, is as good as missing.


def _is_among(name: str, chosen: Sequence[Any], other: Any) -> Truth:
    """Whether it is among several that were chosen; of `is_one_of` any of them is enough. Unknown while none was."""
    if not chosen:
        return None
    wanted = other if isinstance(other, _SEVERAL) else (other,)
    found = any(_same(one, each) for one in chosen for each in wanted)
    return not found if name == "is_not" else found


def _same(value: Any, other: Any) -> bool:
    """Equal, and both a yes or no if either is: Python would take 1 for true."""
    return value == other and isinstance(value, bool) is isinstance(other, bool)


def _number(value: Any) -> Any:
    """The value to count with: of a sum of money its pounds, with the pence as a fraction."""
    amount = money.as_number(value)
    return value if amount is None else amount


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": _same,
    "is_not": lambda value, other: not _same(value, other),
    "is_one_of": lambda value, others: any(_same(value, other) for other in others),
    "is_before": lambda value, other: value < other,
    "is_after": lambda value, other: value > other,
    "is_on_or_after": lambda value, other: value >= other,
    "at_least": lambda value, other: _number(value) >= other,
    "at_most": lambda value, other: _number(value) <= other,
}
_SEVERAL = (list, tuple)
_AMONG = ("is", "is_not", "is_one_of")
_ORDERED_DATES = ("is_before", "is_after", "is_on_or_after")


def _all(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return False if False in found else None if None in found else True


def _any(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return True if True in found else None if None in found else False


def _is_not(condition: Not, facts: Facts) -> Truth:
    inner = holds(condition.not_, facts)
    return None if inner is None else not inner


# By its type, as it is asked of each condition of each event: to try one form after the other takes longer than most.
_HOLDS: Mapping[type, Callable[[Any, Facts], Truth]] = {
    Compare: _compare,
    All: lambda condition, facts: _all([holds(part, facts) for part in condition.all]),
    AnyOf: lambda condition, facts: _any([holds(part, facts) for part in condition.any]),
    Not: _is_not,
    Every: lambda condition, facts: _all([_passes(condition, facts.of(it)) for it in _items(condition.every, facts)]),
    Count: _counts_up,
    Majority: _is_majority,
}
