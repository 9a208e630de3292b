"""Questions compared: the fields kept on a case, and the forms that ask for them."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from apflow.core.compare.grammar import Saying, differences, keyed, listed, worded
from apflow.core.compare.names import Names, in_words
from apflow.core.compare.said import condition_words
from apflow.core.days.duration import Duration
from apflow.core.definition.clocks import Counted
from apflow.core.definition.fields import FieldSpec, FieldType, FieldUse, Form, PrivacyClass

_ANSWERS = {
    FieldType.TEXT: "a line of text",
    FieldType.LONG_TEXT: "several lines of text",
    FieldType.EMAIL: "an e-mail address",
    FieldType.PHONE: "a phone number",
    FieldType.DATE: "a date",
    FieldType.TIME: "a time of day",
    FieldType.NUMBER: "a number",
    FieldType.CHOICE: "one of several choices",
    FieldType.MANY: "any of several choices",
    FieldType.YES_NO: "yes or no",
    FieldType.CONFIRM: "a tick that confirms it",
    FieldType.FILE: "a file",
    FieldType.POSTCODE: "a postcode",
    FieldType.URN: "a unique reference number (URN)",
    FieldType.MONEY: "an amount of money",
    FieldType.UPN: "a unique pupil number (UPN)",
    FieldType.PERSON: "a person",
    FieldType.PEOPLE: "several people",
    FieldType.ORGANISATION: "the name of an organisation",
    FieldType.RECORD: "a record",
    FieldType.RECORDS: "several records",
}
KEPT_AS = {
    PrivacyClass.PUBLIC: "public",
    PrivacyClass.CASE: "information about the case",
    PrivacyClass.PERSONAL: "personal information",
    PrivacyClass.CHILD: "information about a child",
    PrivacyClass.SAFEGUARDING: "safeguarding information",
}


def compare_questions(names: Names, subject: str, old: Form, new: Form) -> Iterator[str]:
    """The sentences for what one form asks."""
    return keyed(
        old,
        new,
        added=lambda name, entry: [f"{subject} now also asks {_asked(names, name, entry)}."],
        removed=lambda name, entry: [f"{subject} no longer asks {_label(names, name, entry)}."],
        changed=partial(_changed_entry, names, subject),
        called=lambda entry: f"{subject}: “{entry.label}”" if isinstance(entry, FieldSpec) else "",
        order=f"{subject} asks its questions in another order.",
    )


def compare_brought(names: Names, subject: str, old: Form, new: Form) -> Iterator[str]:
    """The sentences for what items begin with from an earlier case."""
    return keyed(
        old,
        new,
        added=lambda name, entry: [f"{subject} now begin with {_asked(names, name, entry)} from an earlier case."],
        removed=lambda name, entry: [f"{subject} no longer begin with {_label(names, name, entry)}."],
        changed=partial(_changed_entry, names, subject),
        called=lambda entry: f"{subject}: “{entry.label}”" if isinstance(entry, FieldSpec) else "",
    )


def compare_fields(names: Names, old: Mapping[str, FieldSpec], new: Mapping[str, FieldSpec]) -> Iterator[str]:
    """The sentences for what is kept on every case."""
    return keyed(
        old,
        new,
        added=lambda name, spec: [f"Cases now also keep {_asked(names, name, spec)}."],
        removed=lambda _, spec: [f"Cases no longer keep “{spec.label}”."],
        changed=lambda _, before, after: _changed(names, "", before, after),
        order="What is kept on a case is listed in another order.",
        called=lambda spec: f"What cases keep as “{spec.label}”",
        noticed="a case that is moved does not take along what it says",
    )


def compare_forms(names: Names, old: Mapping[str, Form], new: Mapping[str, Form]) -> Iterator[str]:
    """The sentences for questions that several events share."""

    def said(name: str) -> str:
        return f"The shared form “{in_words(name)}”"

    return keyed(
        old,
        new,
        added=lambda name, form: [f"{said(name)} is added; it asks {', '.join(questions(names, form)) or 'nothing'}."],
        removed=lambda name, _: [f"{said(name)} is taken away."],
        changed=lambda name, before, after: compare_questions(names, said(name), before, after),
        called=lambda form: f"The shared form that asks {listed(questions(names, form))}",
        inside="form",
    )


def questions(names: Names, form: Form) -> list[str]:
    """What a form asks, question by question."""
    return [_label(names, name, entry) for name, entry in form.items()]


def _label(names: Names, name: str, entry: Any) -> str:
    return f"“{entry.label}”" if entry.label else names.field(name)


def _asked(names: Names, name: str, entry: Any) -> str:
    kind = f" ({_ANSWERS[entry.type]}{', optional' if entry.optional else ''})" if isinstance(entry, FieldSpec) else ""
    return f"{_label(names, name, entry)}{kind}"


def _changed_entry(names: Names, subject: str, name: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, FieldSpec) and isinstance(new, FieldSpec):
        yield from _changed(names, f"{subject}: ", old, new)
    elif isinstance(old, FieldUse) and isinstance(new, FieldUse):
        question = f"{subject}: {_label(names, name, new)}"
        asked = f"{subject}: {_label(names, name, old)} is now asked as {_label(names, name, new)}."
        yield from differences(question, old, new, {**_sayings(names, question), "label": lambda *_: [asked]})
    else:
        kept = "is now kept on the case" if isinstance(new, FieldUse) else "is now a question of its own"
        yield f"{subject}: {_label(names, name, new)} {kept}."


def _changed(names: Names, where: str, old: FieldSpec, new: FieldSpec) -> Iterator[str]:
    question = f"{where}“{new.label}”"
    sayings: dict[str, Saying] = {
        **_sayings(names, question),
        "label": lambda before, after: [f"{where}“{before}” is now asked as “{after}”."],
        "type": lambda before, after: [
            f"{question} is now answered with {_ANSWERS[after]}, was with {_ANSWERS[before]}."
        ],
        "options": partial(worded, f"{question}: ", "choice", "choices"),
        "privacy": lambda before, after: [f"{question} is now {KEPT_AS[after]}, was {KEPT_AS[before]}."],
        "read": lambda before, after: [
            f"{question} may now be seen by {_only(names, after, 'see the case')}, "
            f"was by {_only(names, before, 'see the case')}."
        ],
        "write": lambda before, after: [
            f"{question} may now be answered by {_only(names, after, 'are asked')}, "
            f"was by {_only(names, before, 'are asked')}."
        ],
        "role": lambda before, after: [
            f"{question}: people are now chosen from {_people(names, after)}, were from {_people(names, before)}."
        ],
        "records": lambda before, after: [
            f"{question}: it is now chosen from {_records(after)}, was from {_records(before)}."
        ],
        "taken_from": lambda before, after: [
            f"{question} is now what {_fact(after)} says, was what {_fact(before)} says."
        ],
        "counted": lambda before, after: [_counted(names, question, before, after)],
        "number_of": lambda before, after: [
            f"{question} is now {_number_of(names, after)}, was {_number_of(names, before)}."
        ],
        "apart_from": lambda before, after: [
            f"{question}: its people are now {_apart(names, after)}, were {_apart(names, before)}."
        ],
        "of_day": lambda before, after: [f"{question} is now {_of_day(names, after)}, was {_of_day(names, before)}."],
        "columns": lambda before, after: [f"{question} now shows its choices {_beside(after)}, was {_beside(before)}."],
    }
    return differences(question, old, new, sayings)


def _sayings(names: Names, question: str) -> dict[str, Saying]:
    return {
        "optional": lambda before, after: [f"{question} {_optional(after)}, {_was_optional(before)} before."],
        "asked_if": lambda before, after: [f"{question} is now asked {_if(names, after)}, was {_if(names, before)}."],
        "hint": lambda before, after: [_hint(question, before, after)],
        "drafted_from": lambda before, after: [
            f"{question} is now drafted from {_sources(names, after)}, was from {_sources(names, before)}."
        ],
        "asked_anew": lambda _, after: [
            f"{question} now opens {'empty' if after else 'with what the case says already'}."
        ],
        "date_must_be": lambda before, after: [
            f"{question} must now be {after or 'any day'}, could be {before or 'any day'} before."
        ],
        "at_most_ahead": lambda before, after: [
            f"{question} may now be {_ahead(after)}, could be {_ahead(before)} before."
        ],
        "not_before": lambda before, after: [
            f"{question} now {_order(names, after)}; so far, it {_order(names, before)}."
        ],
    }


def _ahead(span: Duration | None) -> str:
    return f"at most {span} from now" if span else "as far ahead as any other date"


def _sources(names: Names, sources: tuple[str, ...] | None) -> str:
    if not sources:
        return "nothing"
    return listed(names.collection(one) if one in names.new.collections else names.field(one) for one in sources)


def _optional(optional: bool | None) -> str:
    if optional is None:
        return "is now as optional as the case's own field"
    return "is now optional" if optional else "must now be answered"


def _was_optional(optional: bool | None) -> str:
    if optional is None:
        return "as the case's own field"
    return "optional" if optional else "not optional"


def _if(names: Names, condition: Any) -> str:
    return f"only if {condition_words(names, condition)}" if condition is not None else "always"


def _hint(question: str, old: str | None, new: str | None) -> str:
    if new is None:
        return f"{question} has no hint any more; it was “{old}”."
    return f"{question} now has the hint “{new}”, {f'was “{old}”' if old else 'had none'}."


def _only(names: Names, roles: tuple[str, ...], those_who: str) -> str:
    return names.roles(roles) if roles else f"all who {those_who}"


def _records(source: str | None) -> str:
    return f"“{in_words(source)}”" if source else "no records"


def _fact(fact: str | None) -> str:
    return f"the record “{in_words(fact)}”" if fact else "somebody"


def _counted(names: Names, question: str, old: Counted | None, new: Counted | None) -> str:
    return f"{question} is now {_count(names, new)}, was {_count(names, old)}."


def _count(names: Names, counted: Counted | None) -> str:
    if counted is None:
        return "counted from nothing"
    given = listed(f"{names.field(ours)} as “{in_words(theirs)}”" for theirs, ours in counted.from_.items())
    only = f", if {condition_words(names, counted.when)}" if counted.when is not None else ""
    claims = "".join(f" ({key}: {said})" for key in ("source", "assumed") if (said := getattr(counted, key)))
    return f"counted by “{in_words(counted.clock)}” ({counted.span}) from {given}{only}{claims}"


def _number_of(names: Names, other: str | None) -> str:
    return f"the number of choices in {names.field(other)}" if other else "answered by somebody"


def _apart(names: Names, other: str | None) -> str:
    return f"kept apart from those of {names.field(other)}" if other else "kept apart from no others"


def _of_day(names: Names, day: str | None) -> str:
    return f"the time of {names.field(day)}" if day else "a time of no other day"


def _order(names: Names, days: tuple[str, ...] | None) -> str:
    return f"may not come before {listed(names.field(one) for one in days)}" if days else "may be any day"


def _beside(columns: int | None) -> str:
    return f"in {columns} columns" if columns else "one below the other"


def _people(names: Names, role: str | None) -> str:
    return f"everyone who is {names.role(role)}" if role else "everyone"
