"""Which values are worth trying: one for each way the conditions can tell a fact apart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations, islice
from typing import Any

from apflow.core.definition.catalogue import CatalogueItem
from apflow.core.definition.conditions import All, AnyOf, Compare, Condition, Count, Every, FactRef, Majority, Not
from apflow.core.definition.fields import FieldSpec, FieldType

TODAY = "2026-06-15"  # Any day does: conditions see only what comes before or after it.
_DAY = timedelta(days=1)
_TODAY = date.fromisoformat(TODAY)
PAST, FUTURE = (_TODAY - 5 * _DAY).isoformat(), (_TODAY + 5 * _DAY).isoformat()
_PAST_2, _FUTURE_2 = (_TODAY - 9 * _DAY).isoformat(), (_TODAY + 9 * _DAY).isoformat()
_ORDERED = ("is_before", "is_after", "is_on_or_after")
_MOST_SELECTIONS = 100
Value = Any  # A plain JSON value, as answers are kept.


@dataclass(frozen=True)
class Comparisons:
    """What the conditions compare one fact with."""

    values: frozenset[Value] = frozenset()
    with_facts: bool = False
    ordered: bool = False

    def also(self, other: "Comparisons") -> "Comparisons":
        return Comparisons(
            self.values | other.values,
            self.with_facts or other.with_facts,
            self.ordered or other.ordered,
        )


def compared(conditions: Iterable[Condition]) -> Mapping[str, Comparisons]:
    """For each fact, by its bare name, what it is compared with anywhere in the conditions."""
    found: dict[str, Comparisons] = {}
    for compare in (compare for condition in conditions for compare in comparisons_in(condition)):
        for name, one in _of(compare):
            found[name] = found.get(name, Comparisons()).also(one)
    return found


def comparisons_in(condition: Condition) -> Iterator[Compare]:
    """Every single comparison of a condition."""
    if isinstance(condition, Compare):
        yield condition
    for part in parts_of(condition):
        yield from comparisons_in(part)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that a condition is made of, one level down."""
    match condition:
        case All():
            return condition.all
        case AnyOf():
            return condition.any
        case Not():
            return (condition.not_,)
        case Every():
            return (condition.has,) if condition.where is None else (condition.where, condition.has)
        case Count():
            return () if condition.where is None else (condition.where,)
        case Majority():
            return (condition.where,) if condition.of is None else (condition.where, condition.of)
        case _:
            return ()


def bare(fact: str) -> str:
    """The name of the question or field behind a fact."""
    return fact.partition(".")[2] if fact.startswith(("answer.", "item.")) else fact


def _of(compare: Compare) -> Iterator[tuple[str, Comparisons]]:
    name, wanted = compare.comparison
    if isinstance(wanted, FactRef):
        with_facts = "today" not in (compare.fact, wanted.fact)
        ordered = name in _ORDERED or not with_facts
        yield bare(compare.fact), Comparisons(with_facts=with_facts, ordered=ordered)
        yield bare(wanted.fact), Comparisons(with_facts=with_facts, ordered=ordered)
    elif name == "is_present":
        yield bare(compare.fact), Comparisons()
    else:
        values = wanted if name == "is_one_of" else (wanted,)
        literal = frozenset(value for value in values if value != "today")
        yield bare(compare.fact), Comparisons(literal, ordered=name in _ORDERED)


def values_of(spec: FieldSpec, against: Comparisons) -> tuple[Value, ...]:
    """The answers to a question that the conditions can tell apart, of those it accepts; never none."""
    match spec.type:
        case FieldType.CHOICE:
            return _chosen(spec, against)
        case FieldType.MANY:
            return tuple(_several(spec, against)) or ((),)
        case FieldType.YES_NO:
            return (True, False)
        case FieldType.CONFIRM:
            return (True,)
        case FieldType.NUMBER | FieldType.MONEY:
            return _numbers(spec, against)
        case FieldType.DATE:
            return _dates(spec, against)
        case FieldType.PERSON | FieldType.PEOPLE | FieldType.RECORD | FieldType.RECORDS:
            return (1,)
        case _:
            literals = sorted(value for value in against.values if isinstance(value, str))
            return (*literals, f"some {spec.type}")


def _chosen(spec: FieldSpec, against: Comparisons) -> tuple[Value, ...]:
    told_apart = [option for option in spec.options if option in against.values or against.with_facts]
    rest = [option for option in spec.options if option not in told_apart]
    return (*told_apart, *rest[:1]) or ("",)


def _several(spec: FieldSpec, against: Comparisons) -> Iterator[Value]:
    """Each selection of the options that are told apart, the smallest first, and one of none of those."""
    told_apart = [option for option in spec.options if option in against.values or against.with_facts]
    yield from ((option,) for option in [one for one in spec.options if one not in told_apart][:1])
    selections = chain.from_iterable(combinations(told_apart, size) for size in range(1, len(told_apart) + 1))
    yield from islice(selections, _MOST_SELECTIONS)


def _numbers(spec: FieldSpec, against: Comparisons) -> tuple[Value, ...]:
    low = spec.minimum if spec.minimum is not None else 0
    near = {value + step for value in against.values if type(value) is int for step in (-1, 0, 1)}
    kept = sorted(n for n in {low, low + 1, *near} if n >= low and (spec.maximum is None or n <= spec.maximum))
    return tuple(f"{n}.00" for n in kept) if spec.type is FieldType.MONEY else tuple(kept)


def _dates(spec: FieldSpec, against: Comparisons) -> tuple[Value, ...]:
    if not (against.ordered or against.values or against.with_facts):
        return (TODAY,)
    days = {PAST, TODAY, FUTURE}
    if against.with_facts:
        days |= {_PAST_2, _FUTURE_2}
    for value in against.values:
        days |= {(day + step * _DAY).isoformat() for day in _date(value) for step in (-1, 0, 1)}
    return tuple(sorted(day for day in days if _is_allowed(spec, day)))


def _is_allowed(spec: FieldSpec, day: str) -> bool:
    match spec.date_must_be:
        case "today or before":
            return day <= TODAY
        case "today or after":
            return day >= TODAY
        case _:
            return True


def _date(value: Value) -> tuple[date, ...]:
    try:
        return (date.fromisoformat(value),)
    except (TypeError, ValueError):
        return ()


def expiry_days(entry: CatalogueItem | None) -> tuple[Value, ...]:
    """When a paper that is good for so long from its date can run out: it may have been old when it came."""
    return (PAST, TODAY, FUTURE) if entry is not None and entry.expiry_kind == "dated" else ()


def older(value: Value) -> tuple[Value, ...]:
    """What a date can become as time passes: tomorrow is today in the end, and yesterday after that."""
    if not isinstance(value, str) or not _date(value):
        return ()
    return (TODAY, PAST) if value > TODAY else (PAST,) if value == TODAY else ()
