"""Conditions typed against what they read: a misspelt fact, or a value it can never have, is found before it runs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from apflow.core.checks.findings import Finding, Path, Subject, known, meant, nearest
from apflow.core.definition.conditions import All, AnyOf, Compare, Condition, Count, Every, FactRef, Majority, Not
from apflow.core.definition.events import UNTOUCHED
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.workflow import Collection
from apflow.core.facts import CASE_STATE, CHANGED_ON

_ORDERED = ("is_before", "is_after", "is_on_or_after")


class Kind(StrEnum):
    """What sort of value a fact has; the value is how a message speaks of it."""

    TEXT = "text"
    DATE = "a date"
    NUMBER = "a whole number"
    MONEY = "a sum of money"
    PERSON = "a person"
    YES_NO = "true or false"
    WORD = "one of a few words"
    SEVERAL = "several of a few words"
    OTHERS = "several people or records"
    ANY = "anything"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a fact can be; a WORD is one of `words`, and SEVERAL are any of them."""

    kind: Kind
    words: frozenset[str] = frozenset()


_TYPES: Mapping[FieldType, Kind] = {
    FieldType.DATE: Kind.DATE,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.MONEY: Kind.MONEY,
    FieldType.PERSON: Kind.PERSON,
    FieldType.YES_NO: Kind.YES_NO,
    FieldType.CONFIRM: Kind.YES_NO,
    FieldType.CHOICE: Kind.WORD,
    FieldType.MANY: Kind.SEVERAL,
    FieldType.PEOPLE: Kind.OTHERS,
    FieldType.RECORD: Kind.PERSON,
    FieldType.RECORDS: Kind.OTHERS,
}
_ITEM = {
    "key": Meaning(Kind.TEXT),
    "label": Meaning(Kind.TEXT),
    "section": Meaning(Kind.TEXT),
    "agency": Meaning(Kind.TEXT),
    "required": Meaning(Kind.YES_NO),
    "not_applicable": Meaning(Kind.YES_NO),
    "expires_on": Meaning(Kind.DATE),
    CHANGED_ON: Meaning(Kind.DATE),
    "expiry": Meaning(Kind.WORD, frozenset({"never", "stated", "dated"})),
}
_COUNCIL = {
    "council.applications_open": Meaning(Kind.YES_NO),
    "council.reviews_decisions": Meaning(Kind.YES_NO),
}


@dataclass(frozen=True)
class Vocabulary:
    """Every fact a condition of this workflow may read, and what it can be."""

    subject: Subject

    @cached_property
    def fields(self) -> Mapping[str, Meaning]:
        return {"today": Meaning(Kind.DATE)} | _meanings(self.subject.workflow.fields.items())

    @cached_property
    def children(self) -> Mapping[str, Meaning]:
        """Of each kind of child, how many are open and where the newest stands."""
        kinds = self.subject.workflow.children
        opened = {f"{kind}.open": Meaning(Kind.NUMBER) for kind in kinds}
        return opened | {f"{kind}.state": Meaning(Kind.TEXT) for kind in kinds}

    @cached_property
    def record(self) -> Mapping[str, Meaning]:
        """What is known of the record that the case keeps, or would; nothing where it keeps none."""
        kept = self.subject.workflow.keeps
        source = self.subject.definition.records.get(kept.records) if kept else None
        return _meanings(source.facts.items()) if source else {}

    @cached_property
    def answers(self) -> Mapping[str, Meaning]:
        forms = [*self.subject.definition.forms.values(), *self.subject.workflow.forms.values()]
        asked = ((name, entry) for form in forms for name, entry in form.items() if isinstance(entry, FieldSpec))
        return _meanings([*self.subject.workflow.fields.items(), *asked])

    @cached_property
    def people(self) -> Mapping[str, FieldSpec]:
        """The fields and answers that are several people, who can be counted."""
        forms = [*self.subject.definition.forms.values(), *self.subject.workflow.forms.values()]
        asked = ((name, entry) for form in forms for name, entry in form.items() if isinstance(entry, FieldSpec))
        found = {name: spec for name, spec in self.subject.workflow.fields.items() if spec.type is FieldType.PEOPLE}
        return found | {f"answer.{name}": spec for name, spec in asked if spec.type is FieldType.PEOPLE}

    def _person(self) -> Mapping[str, Meaning]:
        """The facts of one of several people: who they are, where they come from, how their own items stand."""
        collections = self.subject.workflow.collections.items()
        own = {name: _one_of({*spec.statuses, UNTOUCHED}) for name, spec in collections if spec.keyed_by == "actor"}
        agencies = _one_of(self.subject.definition.council.agencies)
        known = {"key": Meaning(Kind.TEXT), "person": Meaning(Kind.PERSON), "label": Meaning(Kind.TEXT)}
        return {**known, "agency": agencies, **own}

    def item(self, collection: str | None) -> Mapping[str, Meaning]:
        """The facts of an item of the collection, or of any when it is not said which."""
        collections = self.subject.workflow.collections
        if collection in self.people:
            return self._person()
        chosen = [spec for name, spec in collections.items() if collection in (None, name)]
        statuses = {status for spec in chosen for status in spec.statuses} | {"none"}
        is_case = any(spec.cases for spec in chosen)
        stands = {CASE_STATE: Meaning(Kind.TEXT)} if is_case else {}
        return self._said_of_items | _ITEM | stands | self._named(chosen) | {"status": _one_of(statuses)}

    def _named(self, collections: Iterable[Collection]) -> dict[str, Meaning]:
        """Which agencies somebody can come from, and which items and sections a catalogue has."""
        definition = self.subject.definition
        catalogues = [definition.catalogues.get(spec.catalogue or "") for spec in collections]
        known = [catalogue for catalogue in catalogues if catalogue is not None]
        named = {"agency": _one_of(definition.council.agencies)}
        if len(known) == len(catalogues):  # The items of a person who acts have their number for a key.
            named["key"] = _one_of(key for catalogue in known for key in catalogue.items)
            named["section"] = _one_of(section for catalogue in known for section in catalogue.sections)
        return named

    @cached_property
    def _said_of_items(self) -> dict[str, Meaning]:
        definition = self.subject.definition
        return _meanings(said for name in definition.workflow.collections for said in definition.said_of_items(name))

    def meaning(self, fact: str, collection: str | None) -> Meaning | None:
        """What the fact can be, or None when there is no such fact."""
        place, _, rest = fact.partition(".")
        match place if rest else "":
            case "answer":
                return self.answers.get(rest)
            case "item":
                return self.item(collection).get(rest)
            case "council":
                return _COUNCIL.get(fact)
            case "child":
                return self.children.get(rest)
            case "record":
                return self.record.get(rest)
            case _:
                return self.fields.get(fact)

    def unknown(self, path: Path, fact: str, collection: str | None) -> Iterator[Finding]:
        """The finding for a fact that leads nowhere, with the nearest there is."""
        place, _, rest = fact.partition(".")
        match place if rest else "":
            case "answer":
                yield from known(path, "question", rest, self.answers)
            case "item":
                yield from known(path, "fact", rest, self.item(collection))
            case "":
                yield from known(path, "field", fact, self.fields)
            case "child":
                yield from known(path, "fact", rest, self.children)
            case "record":
                yield from known(path, "fact", rest, self.record)
            case _:
                yield from known(path, "fact", fact, _COUNCIL)


def check_condition(
    words: Vocabulary, path: Path, condition: Condition, collection: str | None = None
) -> Iterator[Finding]:
    """What is wrong with a condition; inside every: and count: it speaks of items of that collection."""
    match condition:
        case Compare():
            yield from _compare(words, path, condition, collection)
        case All():
            yield from _each(words, (*path, "all"), condition.all, collection)
        case AnyOf():
            yield from _each(words, (*path, "any"), condition.any, collection)
        case Not():
            yield from check_condition(words, (*path, "not"), condition.not_, collection)
        case Every():
            yield from known((*path, "every"), "collection", condition.every, words.subject.workflow.collections)
            yield from _where(words, path, condition.where, condition.every)
            yield from check_condition(words, (*path, "has"), condition.has, condition.every)
        case Count():
            counted = [*words.subject.workflow.collections, *words.people]
            yield from known((*path, "count"), "collection", condition.count, counted)
            yield from _where(words, path, condition.where, condition.count)
            if condition.distinct:
                yield from known((*path, "distinct"), "fact", condition.distinct, words.item(condition.count))
        case Majority():
            yield from known((*path, "majority"), "collection", condition.majority, words.subject.workflow.collections)
            yield from check_condition(words, (*path, "where"), condition.where, condition.majority)
            if condition.of is not None:
                yield from check_condition(words, (*path, "of"), condition.of, condition.majority)


def _each(words: Vocabulary, path: Path, parts: Iterable[Condition], collection: str | None) -> Iterator[Finding]:
    for number, part in enumerate(parts):
        yield from check_condition(words, (*path, number), part, collection)


def _where(words: Vocabulary, path: Path, where: Condition | None, collection: str) -> Iterator[Finding]:
    if where is not None:
        yield from check_condition(words, (*path, "where"), where, collection)


def _compare(words: Vocabulary, path: Path, condition: Compare, collection: str | None) -> Iterator[Finding]:
    comparison, wanted = condition.comparison
    meaning = words.meaning(condition.fact, collection)
    if meaning is None:
        yield from words.unknown((*path, "fact"), condition.fact, collection)
        return
    if isinstance(wanted, FactRef):
        if words.meaning(wanted.fact, collection) is None:
            yield from words.unknown((*path, comparison, "fact"), wanted.fact, collection)
        return
    if fault := _fault(condition.fact, meaning, comparison, wanted):
        yield Finding((*path, comparison), "never-true", fault, suggestion=_nearest_word(meaning, wanted))


def _fault(fact: str, meaning: Meaning, comparison: str, wanted: Any) -> str | None:
    """Why the comparison could never come out as meant, if so."""
    if comparison == "is_present" or meaning.kind is Kind.ANY:
        return None
    if comparison in _ORDERED and (meaning.kind is not Kind.DATE or wanted == "today"):
        return None if meaning.kind is Kind.DATE else f'"{fact}" is {meaning.kind}, and only dates are before or after'
    if comparison in ("at_least", "at_most"):
        return (
            None
            if meaning.kind in (Kind.NUMBER, Kind.MONEY)
            else f'"{fact}" is {meaning.kind}, and only numbers are at least or at most'
        )
    values = wanted if comparison == "is_one_of" else (wanted,)
    wrong = next((value for value in values if not _fits(meaning, value)), None)
    return None if wrong is None else _never(fact, meaning, wrong)


def _nearest_word(meaning: Meaning, wanted: Any) -> str | None:
    words = wanted if isinstance(wanted, tuple) else (wanted,)
    return next((nearest(str(word), meaning.words) for word in words if word not in meaning.words), None)


def _never(fact: str, meaning: Meaning, wrong: Any) -> str:
    shown = str(wrong).lower() if isinstance(wrong, bool) else f'"{wrong}"'
    if meaning.kind in (Kind.WORD, Kind.SEVERAL):
        return f'"{fact}" is never {shown}{meant(nearest(str(wrong), meaning.words))}'
    return f'"{fact}" is {meaning.kind}, so it is never {shown}'


def _fits(meaning: Meaning, value: Any) -> bool:
    match meaning.kind:
        case Kind.YES_NO:
            return isinstance(value, bool)
        case Kind.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.MONEY | Kind.PERSON | Kind.OTHERS:
            return False  # A sum is at least or at most; who somebody is, policy does not name.
        case Kind.WORD | Kind.SEVERAL:
            return value in meaning.words
        case Kind.DATE:
            return isinstance(value, str) and _is_date(value)
        case _:
            return isinstance(value, str)


def _one_of(words: Iterable[str]) -> Meaning:
    """One of the words, or any text while none is known."""
    known = frozenset(words)
    return Meaning(Kind.WORD, known) if known else Meaning(Kind.TEXT)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _meanings(entries: Iterable[tuple[str, FieldSpec]]) -> dict[str, Meaning]:
    """What each question's answer can be; ANY for a name that different forms ask for differently."""
    found: dict[str, Meaning] = {}
    for name, spec in entries:
        meaning = Meaning(_TYPES.get(spec.type, Kind.TEXT), frozenset(spec.options))
        found[name] = meaning if found.get(name, meaning) == meaning else Meaning(Kind.ANY)
    return found
