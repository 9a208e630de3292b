"""The grammar of comparing: what counts as a difference, and the sentence for one nobody has better words for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time
from enum import Enum
from typing import Any, TypeVar

from apflow.core.definition import words
from apflow.core.definition.base import Part
from apflow.core.definition.conditions import Compare
from apflow.core.definition.labels import Label

T = TypeVar("T")
Saying = Callable[[Any, Any], Iterable[str]]

NOTHING = "for people nothing changes"

# Order is policy where people see it: of questions, of buttons, of steps. Elsewhere moving a line changes nothing.
_IN_ORDER = "steps"
_LISTS_IN_ORDER = frozenset({"steps", "emails", "journey", "key_facts", "asks", "requires", "filters"})
_NAMED_IN_ORDER = frozenset(
    {
        *("states", "deadlines", "tasks", "events", "start", "fields", "form"),
        *("options", "statuses", "items", "sections", "agencies", "shows"),
    }
)
_NAMES = {
    "source": "its source",
    "assumed": "what is assumed of it",
    "from_": "where it is possible",
    "max_length": "the most characters an answer may have",
    "minimum": "the least it may be",
    "maximum": "the most it may be",
}


def same(old: Any, new: Any, key: str = "") -> bool:
    """Whether nothing differs; `True` is not 1, and order counts only where it is seen."""
    if old is new:
        return True
    if isinstance(old, Compare) and isinstance(new, Compare):
        return old.fact == new.fact and same(old.comparison, new.comparison, _IN_ORDER)
    if isinstance(old, Part) and type(old) is type(new):
        return all(same(getattr(old, name), getattr(new, name), name) for name in type(old).model_fields)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        alike = list(old) == list(new) if key in _NAMED_IN_ORDER else old.keys() == new.keys()
        return alike and all(same(part, new[name], "form" if key == "forms" else "") for name, part in old.items())
    if isinstance(old, tuple | list) and isinstance(new, tuple | list):
        before, after = (parts if key in _LISTS_IN_ORDER else sorted(parts, key=repr) for parts in (old, new))
        return len(before) == len(after) and all(map(same, before, after))
    return type(old) is type(new) and bool(old == new)


def listed(parts: Iterable[str]) -> str:
    """A, b and c."""
    *most, last = [*parts] or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last


def say(value: Any) -> str:
    """Any value of a definition as words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case str():
            return f"“{value}”"
        case date():
            return words.short_day(value)
        case time():
            return words.clock(value)
        case Label():
            return f"“{value.staff}”" + (f" (the provider reads “{value.provider}”)" if value.provider else "")
        case _:
            return _say_many(value)


def _say_many(value: Any) -> str:
    if isinstance(value, Part):
        pairs = ((name, getattr(value, name)) for name in type(value).model_fields)
        told = {name: part for name, part in pairs if not _is_empty(part)}
        return ", ".join(f"{name_of(name)} {say(part)}" for name, part in told.items()) or "as usual"
    if isinstance(value, Mapping):
        return listed(f"{key}: {say(part)}" for key, part in value.items())
    return listed(say(part) for part in value) if isinstance(value, tuple | list) else str(value)


def capital(text: str) -> str:
    """The text with a capital first letter, for the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def name_of(key: str) -> str:
    """A key of the language as people would say it."""
    return _NAMES.get(key, key.replace("_", " ").strip())


def _is_empty(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, tuple | list | Mapping | str) and not value)


def attribute(subject: str, key: str, old: Any, new: Any) -> str:
    """The plain sentence for one thing said differently."""
    name = name_of(key)
    if isinstance(old, tuple) and isinstance(new, tuple) and same(old, new):
        return f"{subject}: the order of {name} is now {say(new)}."
    if _is_empty(old) and not isinstance(new, bool):
        return f"{subject}: {name} is now {say(new)}; nothing was said before."
    if _is_empty(new) and not isinstance(old, bool):
        return f"{subject}: {name} is no longer said; it was {say(old)}."
    return f"{subject}: {name} is now {say(new)}, was {say(old)}."


def differences(subject: str, old: Part, new: Part, sayings: Mapping[str, Saying]) -> Iterator[str]:
    """At least one sentence for each key of two parts of a kind that differs; none twice."""
    told: dict[str, None] = {}
    for key in type(new).model_fields:
        before, after = getattr(old, key), getattr(new, key)
        if not same(before, after, key):
            sentences = list(sayings[key](before, after)) if key in sayings else []
            told |= dict.fromkeys(sentences or [attribute(subject, key, before, after)])
    yield from told


def keyed(
    old: Mapping[str, T],
    new: Mapping[str, T],
    *,
    added: Callable[[str, T], Iterable[str]],
    removed: Callable[[str, T], Iterable[str]],
    changed: Callable[[str, T, T], Iterable[str]],
    called: Callable[[T], str] | None = None,
    order: str = "",
    inside: str = "",
    renames: Mapping[str, str] | None = None,
    noticed: str = NOTHING,
) -> Iterator[str]:
    """The sentences for what is gone, new and different among named things; `order` is said when they moved.

    `called` says what people call a thing, or nothing where it has only its name: what they call something may be known
    by another name and be all the same. `renames`, when given, are instead the new names of things that may have
    changed as well, and `changed` has all the sentences for them. `noticed` is what people notice of a thing that has
    only another name: something, where what is kept under the name does not go along.
    """
    if old is new:
        return
    title = called or _nothing
    unlabelled = (name for parts in (old, new) for name, part in parts.items() if not title(part))
    now_called = renamed(old, new, inside, but=unlabelled) if renames is None else renames
    was_called = {now: was for was, now in now_called.items()}
    for name, part in old.items():
        if name not in new and name not in now_called:
            yield from removed(name, part)
    for name, part in new.items():
        was = was_called.get(name, name)
        if was not in old:
            yield from added(name, part)
        elif was != name and renames is not None:
            yield from changed(name, old[was], part)
        elif was != name:
            yield f"{behind_the_scenes(title(part), was, name)}; {noticed}."
        elif not same(old[name], part, inside):
            yield from list(changed(name, old[name], part)) or [f"{title(part) or f'“{name}”'} is changed."]
    kept = [now_called.get(name, name) for name in old if now_called.get(name, name) in new]
    if order and kept != [name for name in new if name in kept]:
        yield order


def _nothing(_: Any) -> str:
    return ""


def behind_the_scenes(subject: str, was: str, now: str) -> str:
    """That only the name by which the policy's own files know something is another."""
    return f"{subject} is now named “{now}” behind the scenes, was “{was}”"


def renamed(old: Mapping[str, T], new: Mapping[str, T], inside: str = "", *, but: Iterable[str] = ()) -> dict[str, str]:
    """The new name of each thing that is gone and is there again, all the same, under one other; of none of `but`."""
    left_out = set(but)
    gone = [name for name in old if name not in new and name not in left_out]
    come = [name for name in new if name not in old and name not in left_out]
    pairs = [(was, now) for was in gone for now in come if same(old[was], new[now], inside)]
    alone = [(was, now) for was, now in pairs if sum(was == one or now == other for one, other in pairs) == 1]
    return dict(alone)


def worded(
    where: str, one: str, several: str, old: Mapping[str, str], new: Mapping[str, str], *, noticed: str = NOTHING
) -> Iterator[str]:
    """The sentences for things that are nothing but words by name: the choices of a question, the sections."""

    def the(words: str) -> str:
        return capital(f"{where}the {one} “{words}”")

    return keyed(
        old,
        new,
        added=lambda _, words: [f"{the(words)} is added."],
        removed=lambda _, words: [f"{the(words)} is taken away."],
        changed=lambda _, was, now: [f"{the(was)} now reads “{now}”."],
        called=the,
        order=capital(f"{where}the {several} come in another order."),
        noticed=noticed,
    )


def relabelled(where: str, what: str, old: Label, new: Label) -> Iterator[str]:
    """The sentences for a label said differently to staff, to the provider, or to both."""
    if old.staff != new.staff:
        yield f"{where}{what}“{old.staff}” is now called “{new.staff}”."
    if old.provider != new.provider:
        yield (f"{where}{what}“{new.staff}” is now “{new.to('provider')}” to the provider, was “{old.to('provider')}”.")


def optional_label(subject: str, what: str, old: Label | None, new: Label | None) -> Iterator[str]:
    """The sentences for words that may be missing."""
    if old is None or new is None:
        yield attribute(subject, what, old, new)
        return
    if old.staff != new.staff:
        yield f"{subject}: {what} now reads “{new.staff}”, was “{old.staff}”."
    if old.provider != new.provider:
        yield f"{subject}: {what} now reads “{new.to('provider')}” to the provider, was “{old.to('provider')}”."


def gained_and_lost(old: Iterable[str], new: Iterable[str]) -> tuple[list[str], list[str]]:
    """What the second has and the first has not, and the other way round, in order."""
    before, after = list(old), list(new)
    return [one for one in after if one not in before], [one for one in before if one not in after]
