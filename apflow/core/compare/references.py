"""Where a workflow speaks of its own things by name, so that one known by another name is followed to wherever it is.

Which key speaks of what is a table; names that lead into another workflow are not in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import is_
from typing import Any, TypeVar

from apflow.core.compare.grammar import renamed
from apflow.core.definition.base import Part
from apflow.core.definition.conditions import Compare, Count, Every, FactRef, Majority
from apflow.core.definition.events import AllExcept, EventSpec, ItemMove, Meeting, NoticeUse
from apflow.core.definition.fields import FieldSpec, FieldUse
from apflow.core.definition.linked import Joining, Pack
from apflow.core.definition.made import MadeDocument, MadeSection
from apflow.core.definition.promises import Does, Invariant, Scenario
from apflow.core.definition.records import Late, Paused, Taking
from apflow.core.definition.timing import Among, DeadlineSpec, Extension, Override, Pause, Reminder, TaskSpec, Then
from apflow.core.definition.workflow import (
    Checked,
    ChildSpec,
    Collection,
    Each,
    ItemStatus,
    Party,
    PublicList,
    Seen,
    StateSpec,
    Workflow,
)

Renames = Mapping[str, Mapping[str, str]]
T = TypeVar("T")

# What the words under a key name, by themselves, in a list or as what names lead to.
_WORDS: Mapping[type[Part], Mapping[str, str]] = {
    Workflow: {
        "called": "field", "journey": "state", "key_facts": "field", "migrate": "state", "writes_to": "field",
        "hidden_from": "field",
    },
    AllExcept: {"all_except": "state"},
    Among: {"items": "collection"},
    Checked: {"collection": "collection", "statuses": "status"},
    ChildSpec: {"ends": "event"},
    Collection: {"catalogue": "catalogue", "seen_by": "role", "starts": "status"},
    Compare: {"fact": "fact"},
    Count: {"count": "collection"},
    DeadlineSpec: {
        "of": "field", "after": "event", "after_deadline": "deadline", "same_task_as": "deadline", "while_in": "state",
    },
    Does: {"who": "role", "does": "event"},
    EventSpec: {
        "by": "role", "to": "state", "from_": "state", "requires": "guard", "asks": "form", "not_by": "event",
        "clears": "collection", "draws": "collection", "opens": "alert", "begins": "field", "only": "field",
        "empties": "field",
    },
    Each: {"items": "collection"},
    Every: {"every": "collection"},
    Extension: {"deadline": "deadline"},
    FactRef: {"fact": "fact"},
    FieldSpec: {
        "read": "role", "write": "role", "role": "role", "number_of": "field", "apart_from": "field",
        "not_before": "field", "of_day": "field",
    },
    FieldUse: {"not_before": "field"},
    Invariant: {"on_entry_to": "state"},
    ItemMove: {"of": "collection", "from_": "status", "to": "status"},
    Joining: {"case": "field"},
    Late: {"by": "role"},
    MadeDocument: {"read_by": "role", "while_in": "state"},
    MadeSection: {"shows": "field", "items": "collection", "events": "event"},
    Majority: {"majority": "collection"},
    Meeting: {"on": "field", "at": "field", "place": "field"},
    NoticeUse: {"about": "deadline", "also": "field"},
    Override: {"by": "role"},
    Pack: {"of": "collection"},
    PublicList: {"filters": "field", "searched": "field"},
    Party: {"role": "role", "name": "field", "email": "field", "acts_for": "field"},
    Pause: {"states": "state"},
    Paused: {"begins_in": "state", "ends_in": "state"},
    Reminder: {"who": "role"},
    Scenario: {"ends": "state"},
    Seen: {"states": "state", "no_more": "state"},
    StateSpec: {"awaiting": "role"},
    Taking: {"while_in": "state", "requires": "guard"},
    TaskSpec: {"for_": "role", "person": "field", "deadline": "deadline", "each": "collection", "done_by": "event"},
    Then: {"event": "event", "escalate": "role"},
}  # fmt: skip

_OF_AN_ITEM = {"fact": "fact", "is_": "status", "is_not": "status", "is_one_of": "status"}

# What names something although it leads to what is said of it.
_KEYS: Mapping[type[Part], Mapping[str, str]] = {
    Does: {"answers": "field"},
    EventSpec: {
        "only": "role",
        "notify": "role",
        "begins": "child",
        "signals": "child",
        "tells": "collection",
        "calls": "collection",
    },
    MadeDocument: {"words": "field"},
    Override: {"tell": "role"},
    PublicList: {"states": "state", "shows": "field", "words": "field"},
    Workflow: {"seen_by": "role", "writes_to": "role"},
}


def carried(old: Workflow, new: Workflow) -> Workflow:
    """The old workflow, but speaking of what is only called otherwise now by its new name; the things keep their own.

    What speaks of a thing that was renamed may so be seen to be the same, and be renamed itself.
    """
    renames: dict[str, dict[str, str]] = {}
    told = old
    while more := {kind: names for kind, names in _found(told, new).items() if names.keys() - renames.get(kind, {})}:
        for kind, names in more.items():
            renames[kind] = {**names, **renames.get(kind, {})}
        told = spoken(old, renames)
    return told


def spoken(workflow: Workflow, renames: Renames) -> Workflow:
    """The workflow, speaking by their new names of whatever has one."""
    told: Workflow = _told(workflow, renames) if any(renames.values()) else workflow
    return told


def moved_states(old: Workflow, new: Workflow) -> dict[str, str]:
    """The new name of each state whose cases go, by the migration, to one new state that takes in no other's."""
    gone = {was: now for was, now in new.migrate.items() if was in old.states and was not in new.states}
    targets = list(gone.values())
    return {
        was: now for was, now in gone.items() if now in new.states and now not in old.states and targets.count(now) == 1
    }


def renamed_states(old: Workflow, new: Workflow) -> dict[str, str]:
    """The new name of each state that has another: those moved, and those that people call the same or are the same."""
    moved = moved_states(old, new)
    taken = (*new.migrate, *moved.values())
    same_label = renamed(_labels(old), _labels(new), but=taken)
    return {**same_label, **renamed(old.states, new.states, but=taken), **moved}


def _labels(workflow: Workflow) -> dict[str, str]:
    return {name: state.label.staff for name, state in workflow.states.items()}


def _found(old: Workflow, new: Workflow) -> dict[str, dict[str, str]]:
    return {
        "state": renamed_states(old, new),
        "event": renamed(_each(_groups_of_events(old)), _each(_groups_of_events(new))),
        "deadline": renamed(_each(_groups_of_deadlines(old)), _each(_groups_of_deadlines(new))),
        "field": renamed(old.fields, new.fields),
        "collection": renamed(old.collections, new.collections),
        "status": renamed(_each(_groups_of_statuses(old)), _each(_groups_of_statuses(new))),
        "guard": renamed(old.guards, new.guards),
        "alert": renamed(old.alerts, new.alerts),
        "form": renamed(old.forms, new.forms, "form"),
        "child": renamed(old.children, new.children),
    }


def _groups_of_events(workflow: Workflow) -> Iterable[Mapping[str, EventSpec]]:
    return (*(state.events for state in workflow.states.values()), workflow.events, workflow.start)


def _groups_of_deadlines(workflow: Workflow) -> Iterable[Mapping[str, DeadlineSpec]]:
    return (*(state.deadlines for state in workflow.states.values()), workflow.deadlines)


def _groups_of_statuses(workflow: Workflow) -> Iterable[Mapping[str, ItemStatus]]:
    return (collection.statuses for collection in workflow.collections.values())


def _each(groups: Iterable[Mapping[str, T]]) -> dict[str, tuple[T, ...]]:
    """Everything of one name, wherever it stands: a name may be used in several places, and is the same in all."""
    found: dict[str, tuple[T, ...]] = {}
    for group in groups:
        for name, part in group.items():
            found[name] = (*found.get(name, ()), part)
    return found


def _told(value: Any, renames: Renames) -> Any:
    match value:
        case Part():
            changes = {key: part for key, part in _parts_told(value, renames) if part is not getattr(value, key)}
            return value.model_copy(update=changes) if changes else value
        case Mapping():
            # What a form uses of the case's own fields, it calls by their names.
            named = {key: "field" if isinstance(part, FieldUse) else "" for key, part in value.items()}
            return _kept(value, {_word(named[key], key, renames): _told(part, renames) for key, part in value.items()})
        case tuple():
            return _kept(value, tuple(_told(part, renames) for part in value))
        case _:
            return value


def _parts_told(part: Part, renames: Renames) -> Iterator[tuple[str, Any]]:
    words, keys = _WORDS.get(type(part), {}), _KEYS.get(type(part), {})
    if isinstance(part, Compare) and part.fact == "item.status":
        words = _OF_AN_ITEM
    for key in type(part).model_fields:
        value = _told(getattr(part, key), renames)
        if key in words:
            value = _words_told(words[key], value, renames)
        if key in keys:
            value = _kept(value, {_word(keys[key], name, renames): one for name, one in value.items()})
        yield key, value


def _words_told(named: str, value: Any, renames: Renames) -> Any:
    match value:
        case str():
            return _word(named, value, renames)
        case tuple():
            return _kept(value, tuple(_words_told(named, word, renames) for word in value))
        case Mapping():
            return _kept(value, {name: _words_told(named, one, renames) for name, one in value.items()})
        case _:
            return value


def _word(named: str, word: str, renames: Renames) -> str:
    if named == "fact":
        place, dot, name = word.rpartition(".")
        return f"{place}{dot}{_word('field', name, renames)}" if place in ("", "answer") else word
    return renames.get(named, {}).get(word, word)


def _kept(value: Any, told: Any) -> Any:
    """The value itself where nothing in it is told otherwise, so that whoever holds it need not be copied either."""
    if isinstance(value, Mapping):
        is_same = [*value] == [*told] and all(told[name] is one for name, one in value.items())
    else:
        is_same = all(map(is_, told, value))
    return value if is_same else told
