"""A condition read aloud."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from apflow.core.compare.names import Names, in_words
from apflow.core.definition import words
from apflow.core.definition.conditions import All, AnyOf, Compare, Count, Every, FactRef, Majority, Not
from apflow.core.definition.fields import FieldType
from apflow.core.definition.timing import Among

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
# Of several that were chosen.
_AMONG: Mapping[str, str] = {"is": "includes {}", "is_not": "does not include {}", "is_one_of": "includes {}"}
# What can only be so or not, and reads ill with a yes or no after it.
_YES_AND_NO: Mapping[str, tuple[str, str]] = {
    "item.required": ("it is required", "it is not required"),
    "item.not_applicable": ("it may be said not to apply", "it may not be said not to apply"),
    "council.applications_open": ("applications are open", "applications are closed"),
    "council.reviews_decisions": ("decisions can be looked at again", "decisions cannot be looked at again"),
}
_OF_AN_ITEM: Mapping[str, str] = {"expires_on": "the day it runs out", "file": "its document", "key": "its name"}


def condition_words(names: Names, condition: Any) -> str:
    """The condition as one clause; two different conditions read the same only where labels do."""
    match condition:
        case All():
            return " and ".join(_inside(names, part) for part in condition.all)
        case AnyOf():
            return " or ".join(_inside(names, part) for part in condition.any)
        case _:
            return _inside(names, condition)


def _inside(names: Names, condition: Any, items: str | None = None) -> str:
    """The same as a part of another; `items` is the collection whose items it speaks of."""
    match condition:
        case Compare():
            return _comparison(names, condition, items)
        case All():
            return f"({' and '.join(_inside(names, part, items) for part in condition.all)})"
        case AnyOf():
            return f"({' or '.join(_inside(names, part, items) for part in condition.any)})"
        case Not():
            return f"it is not so that {_inside(names, condition.not_, items)}"
        case Every():
            holds = _inside(names, condition.has, condition.every)
            return f"for every item {_of(names, condition.every, condition.where)}, {holds}"
        case Count():
            distinct = f", each with a different {_item_fact(condition.distinct)}" if condition.distinct else ""
            some = "are at least {} items" if condition.at_least > 1 else "is at least {} item"
            which = _of(names, condition.count, condition.where)
            return f"there {some.format(condition.at_least)} {which}{distinct}"
        case Majority():
            which = _inside(names, condition.where, condition.majority)
            return f"for more than half of the items {_of(names, condition.majority, condition.of)}, {which}"
    return str(condition)


def items_words(names: Names, among: Among) -> str:
    """The items of a collection that are meant."""
    which = f", where {_inside(names, among.where, among.items)}" if among.where is not None else ""
    return f"the items of {names.collection(among.items)}{which}"


def _of(names: Names, collection: str, where: Any) -> str:
    if where is None:
        return f"of {names.collection(collection)}"
    return f"of {names.collection(collection)} where {_inside(names, where, collection)}"


def _comparison(names: Names, condition: Compare, items: str | None) -> str:
    name, wanted = condition.comparison
    fact = fact_words(names, condition.fact)
    if name == "is_present":
        return f"{fact} is {'known' if wanted else 'not known'}"
    if condition.fact in _YES_AND_NO and name == "is" and isinstance(wanted, bool):
        yes, no = _YES_AND_NO[condition.fact]
        return yes if wanted else no
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    said = " or ".join(_value(names, condition.fact, value, items) for value in values)
    place, _, question = condition.fact.rpartition(".")
    asked = names.questions.get(question) if place in ("", "answer", "item") else None
    is_several = asked is not None and asked.type is FieldType.MANY
    saying = (_AMONG if is_several else _COMPARISONS).get(name, _COMPARISONS[name])
    return f"{fact} {saying.format(said)}"


def fact_words(names: Names, fact: str) -> str:
    """A fact inside a sentence: a field by its label, `item.status` as “its status”."""
    place, dot, name = fact.partition(".")
    if not dot:
        return "today" if fact == "today" else names.field(fact)
    if place == "child":
        kind, _, what = name.rpartition(".")
        said = {"open": "the number of open cases of", "state": "the state of the newest case of"}
        return f"{said.get(what, in_words(what))} {names.child(kind)}"
    if place == "answer":
        return f"the answer to {names.field(name)}"
    if place == "item":
        return _OF_AN_ITEM.get(name, f"its {in_words(name)}")
    return f"for the {in_words(place)}, “{in_words(name)}”"


def _item_fact(fact: str) -> str:
    return in_words(fact.removeprefix("item."))


def _value(names: Names, fact: str, value: Any, items: str | None) -> str:
    match value:
        case FactRef():
            return fact_words(names, value.fact)
        case bool():
            return "yes" if value else "no"
        case str():
            return _text(names, fact, value, items)
        case _:
            return str(value)


def _text(names: Names, fact: str, value: str, items: str | None) -> str:
    if fact == "item.status":
        return names.status(items, value)
    if value == "today":
        return value
    if choice := names.answer(fact.rpartition(".")[2], value):
        return choice
    try:
        return words.short_day(date.fromisoformat(value))
    except ValueError:
        return f"“{in_words(value)}”"
