"""Questions compared: the fields kept on a case, and the forms that ask for them."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from apflow.core.compare.grammar import Saying, differences, keyed
from apflow.core.compare.names import Names
from apflow.core.compare.said import condition_words
from apflow.core.definition.fields import FieldSpec, FieldUse, Form


def compare_questions(names: Names, subject: str, old: Form, new: Form) -> Iterator[str]:
    """The sentences for what one form asks."""
    return keyed(
        old,
        new,
        added=lambda name, entry: [f"{subject} now also asks {_asked(names, name, entry)}."],
        removed=lambda name, entry: [f"{subject} no longer asks {_label(names, name, entry)}."],
        changed=partial(_changed_entry, names, subject),
        order=f"{subject} asks its questions in another order.",
    )


def compare_fields(names: Names, old: Mapping[str, FieldSpec], new: Mapping[str, FieldSpec]) -> Iterator[str]:
    """The sentences for what is kept on every case."""
    return keyed(
        old,
        new,
        added=lambda name, spec: [f"Cases now also keep {_asked(names, name, spec)}."],
        removed=lambda _, spec: [f"Cases no longer keep “{spec.label}”."],
        changed=lambda _, before, after: _changed("", before, after),
        order="What is kept on a case is listed in another order.",
        called=lambda spec: f"What cases keep as “{spec.label}”",
    )


def compare_forms(names: Names, old: Mapping[str, Form], new: Mapping[str, Form]) -> Iterator[str]:
    """The sentences for questions that several events share."""

    def said(name: str) -> str:
        return f"The shared form “{name.replace('_', ' ')}”"

    return keyed(
        old,
        new,
        added=lambda name, form: [f"{said(name)} is added; it asks {', '.join(questions(names, form)) or 'nothing'}."],
        removed=lambda name, _: [f"{said(name)} is taken away."],
        changed=lambda name, before, after: compare_questions(names, said(name), before, after),
        inside="form",
    )


def questions(names: Names, form: Form) -> list[str]:
    """What a form asks, question by question."""
    return [_label(names, name, entry) for name, entry in form.items()]


def _label(names: Names, name: str, entry: Any) -> str:
    return f"“{entry.label}”" if entry.label else names.field(name)


def _asked(names: Names, name: str, entry: Any) -> str:
    kind = f" ({entry.type.value}{', optional' if entry.optional else ''})" if isinstance(entry, FieldSpec) else ""
    return f"{_label(names, name, entry)}{kind}"


def _changed_entry(names: Names, subject: str, name: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, FieldSpec) and isinstance(new, FieldSpec):
        yield from _changed(f"{subject}: ", old, new)
    elif isinstance(old, FieldUse) and isinstance(new, FieldUse):
        question = f"{subject}: {_label(names, name, new)}"
        yield from differences(question, old, new, _sayings(question))
    else:
        kept = "is now kept on the case" if isinstance(new, FieldUse) else "is now a question of its own"
        yield f"{subject}: {_label(names, name, new)} {kept}."


def _changed(where: str, old: FieldSpec, new: FieldSpec) -> Iterator[str]:
    question = f"{where}“{new.label}”"
    sayings: dict[str, Saying] = {
        **_sayings(question),
        "label": lambda before, after: [f"{where}“{before}” is now asked as “{after}”."],
        "type": lambda before, after: [f"{question} is now answered with: {after.value}, was: {before.value}."],
        "options": partial(_options, question),
        "privacy": lambda before, after: [f"{question} is now {after.value} information, was {before.value}."],
        "read": lambda before, after: [_only(question, "seen", before, after)],
        "write": lambda before, after: [_only(question, "given", before, after)],
    }
    return differences(question, old, new, sayings)


def _sayings(question: str) -> dict[str, Saying]:
    return {
        "optional": lambda before, after: [f"{question} {_optional(after)}, {_was_optional(before)} before."],
        "asked_if": lambda before, after: [f"{question} is now asked {_if(after)}, was {_if(before)}."],
        "hint": lambda before, after: [_hint(question, before, after)],
    }


def _optional(optional: bool | None) -> str:
    if optional is None:
        return "is now as optional as the case's own field"
    return "is now optional" if optional else "must now be answered"


def _was_optional(optional: bool | None) -> str:
    if optional is None:
        return "as the case's own field"
    return "optional" if optional else "not optional"


def _if(condition: Any) -> str:
    return f"only if {condition_words(condition)}" if condition is not None else "always"


def _hint(question: str, old: str | None, new: str | None) -> str:
    if new is None:
        return f"{question} has no hint any more; it was “{old}”."
    return f"{question} has the hint “{new}”, {f'was “{old}”' if old else 'had none'}."


def _only(question: str, done: str, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    def who(roles: tuple[str, ...]) -> str:
        return " and ".join(role.replace("_", " ") for role in roles) if roles else "everyone who sees the case"

    return f"{question} may now be {done} by {who(new)}, was by {who(old)}."


def _options(question: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    return keyed(
        old,
        new,
        added=lambda _, label: [f"{question} has a new choice, “{label}”."],
        removed=lambda _, label: [f"{question} no longer has the choice “{label}”."],
        changed=lambda _, before, after: [f"{question}: the choice “{before}” now reads “{after}”."],
        order=f"{question} has its choices in another order.",
    )
