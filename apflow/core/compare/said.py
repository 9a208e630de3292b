"""A condition read aloud."""

from collections.abc import Mapping
from typing import Any

from apflow.core.definition.conditions import All, AnyOf, Compare, Count, Every, FactRef, Not

_COMPARISONS: Mapping[str, str] = {
    "is": "is {}",
    "is_not": "is not {}",
    "is_one_of": "is one of {}",
    "is_before": "is before {}",
    "is_after": "is after {}",
    "is_on_or_after": "is on or after {}",
    "at_least": "is at least {}",
    "at_most": "is at most {}",
}


def is_condition(value: Any) -> bool:
    """Whether the value is one of the forms a condition can have."""
    return isinstance(value, Compare | All | AnyOf | Not | Every | Count)


def condition_words(condition: Any) -> str:
    """The condition as one clause; two different conditions never read the same."""
    match condition:
        case Compare():
            return f"{fact_words(condition.fact)} {_comparison(condition)}"
        case All():
            return f"({' and '.join(condition_words(part) for part in condition.all)})"
        case AnyOf():
            return f"({' or '.join(condition_words(part) for part in condition.any)})"
        case Not():
            return f"it is not so that {condition_words(condition.not_)}"
        case Every():
            return (
                f"every one of {_words(condition.every)}{_where(condition.where)} has {condition_words(condition.has)}"
            )
        case Count():
            distinct = f" from different {fact_words(condition.distinct)}" if condition.distinct else ""
            return f"at least {condition.at_least} of {_words(condition.count)}{_where(condition.where)}{distinct}"
    return str(condition)


def fact_words(fact: str) -> str:
    """A fact by its name: `item.status` is “its status”, `answer.view` “the answer to view”."""
    kind, _, name = fact.partition(".")
    if not name:
        return _words(fact)
    return {"item": f"its {_words(name)}", "answer": f"the answer to {_words(name)}"}.get(kind, _words(fact))


def _where(condition: Any) -> str:
    return f" whose {condition_words(condition).removeprefix('its ')}" if condition is not None else ""


def _comparison(condition: Compare) -> str:
    name, wanted = condition.comparison
    if name == "is_present":
        return "is known" if wanted else "is not known"
    return _COMPARISONS.get(name, f"{_words(name)} {{}}").format(_value(wanted))


def _value(value: Any) -> str:
    match value:
        case FactRef():
            return fact_words(value.fact)
        case bool():
            return "yes" if value else "no"
        case tuple() | list():
            return ", ".join(_value(part) for part in value)
        case _:
            return str(value).replace("_", " ")


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", ": ")
