"""Reading what was submitted: each answer by its type, every mistake with how to mend it."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from apflow.core.conditions import Facts, holds
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.words import day
from apflow.core.errors import Invalid
from apflow.core.firing.typed import READERS, Wrong, clean, missing
from apflow.core.screening.screening import PupilNamed, names_in, numbers_in
from apflow.core.snapshot import NOBODY, People, Refused, Upload

# Of these types are the questions whose answers have to go together with those of others.
_BESIDE_OTHERS = (FieldType.DATE, FieldType.TIME, FieldType.PEOPLE)


def read_answers(
    form: Mapping[str, FieldSpec],
    submitted: Mapping[str, Any],
    facts: Facts,
    uploads: Mapping[str, Upload],
    people: People = NOBODY,
    pupils: Iterable[PupilNamed] = (),
    refused: Refused = MappingProxyType({}),
) -> dict[str, Any]:
    """The form's answers as plain JSON values; Invalid with every mistake at once. Unknown answers are mistakes too.

    A file is None that is to be taken out: one that nothing is said of stays.
    """
    errors: dict[str, str] = {name: f'This form does not ask for "{name}".' for name in submitted if name not in form}
    answers: dict[str, Any] = {}
    for name, spec in form.items():
        if spec.asked_if is not None and not is_asked(spec, _with(facts, answers)):
            continue
        try:
            value = _read(spec, submitted.get(name), facts.today, uploads, people, refused)
            if spec.screened and value is not None:
                _screen(spec, value, pupils)
        except Wrong as wrong:
            errors[name] = str(wrong)
            continue
        if value is not None or _is_taken_out(spec, name, submitted):
            answers[name] = value
    errors |= _beside_others(form, answers, facts, people)
    if errors:
        raise Invalid(errors)
    return answers


def _beside_others(
    form: Mapping[str, FieldSpec], answers: Mapping[str, Any], facts: Facts, people: People
) -> dict[str, str]:
    """What is wrong with answers that do not go together with others, by question."""
    found = {}
    for name, given in answers.items():
        spec = form[name]
        if given and spec.type in _BESIDE_OTHERS and (spec.not_before or spec.apart_from or spec.of_day):
            if spec.of_day:
                said = _still_to_come(given, spec.of_day, form, answers, facts)
            elif spec.not_before:
                said = _too_early(given, spec, form, answers, facts)
            else:
                said = _in_both(given, spec, form, answers, people)
            if said:
                found[name] = f"{spec.label}: {said}"
    return found


def _in_both(
    given: Iterable[int], spec: FieldSpec, form: Mapping[str, FieldSpec], answers: Mapping[str, Any], people: People
) -> str:
    """What is wrong with people who are chosen in answer to a question that they are kept apart from too."""
    assert spec.apart_from is not None
    others = answers.get(spec.apart_from) or ()
    both = [people[spec.chosen_from][one] for one in given if one in others]
    if not both:
        return ""
    said = f"{' and '.join(both)} {'is' if len(both) == 1 else 'are'} chosen under"
    return f"{said} “{form[spec.apart_from].label}” too. Choose each person under one of the two"


def _too_early(
    given: str, spec: FieldSpec, form: Mapping[str, FieldSpec], answers: Mapping[str, Any], facts: Facts
) -> str:
    """What is wrong with a day before one that it may not come before, as answered beside it or as the case has it."""
    for other in spec.not_before:
        first = answers.get(other) if other in form else facts.fields.get(other)
        if first and given < first:
            which = f", your answer to “{form[other].label}”" if other in form else ""
            return f"the date must be the same as or after {day(date.fromisoformat(first))}{which}"
    return ""


def _still_to_come(given: str, of: str, form: Mapping[str, FieldSpec], answers: Mapping[str, Any], facts: Facts) -> str:
    """What is wrong with a time that has not come yet today, of a day that may not be after today."""
    is_past = of in form and form[of].date_must_be == "today or before"
    if is_past and answers.get(of) == facts.today and "" != facts.time < given:
        return "this is still to come today. Enter a time that has passed, or check the date"
    return ""


def _is_taken_out(spec: FieldSpec, name: str, submitted: Mapping[str, Any]) -> bool:
    return spec.type is FieldType.FILE and name in submitted and submitted[name] is None


def is_asked(spec: FieldSpec, facts: Facts) -> bool:
    """Whether the form asks this question, given the answers before it."""
    return spec.asked_if is None or holds(spec.asked_if, facts) is True


def _with(facts: Facts, answers: Mapping[str, Any]) -> Facts:
    return replace(facts, answers=dict(answers))


def _read(
    spec: FieldSpec, raw: Any, today: str, uploads: Mapping[str, Upload], people: People, refused: Refused
) -> Any:
    value = clean(raw) if isinstance(raw, str) else raw
    if value in (None, "", [], ()) or (spec.type is FieldType.CONFIRM and value in (False, "false")):
        if spec.optional:
            return None
        raise Wrong(f"Enter the number: {spec.label}" if spec.records in refused else missing(spec))
    if (reader := READERS.get(spec.type)) is not None:
        return reader(spec, value, today)
    if spec.type is FieldType.FILE:
        return _file(value, uploads)
    if spec.type is FieldType.PERSON:
        return _person(spec, value, people)
    if spec.type in (FieldType.PEOPLE, FieldType.RECORDS):
        return _people(spec, value, people)
    return _record(spec, value, people, refused)


def _screen(spec: FieldSpec, value: Any, pupils: Iterable[PupilNamed]) -> None:
    """Refuse a text that says which pupil it is about."""
    if numbers := numbers_in(value):
        raise Wrong(f"{spec.label}: take out what looks like a pupil's number ({', '.join(numbers)})")
    if names := names_in(value, pupils):
        raise Wrong(
            f"{spec.label}: take out what looks like a pupil's name ({', '.join(names)}). "
            "If it is somebody else, write forename and surname, or their job"
        )


def _person(spec: FieldSpec, value: Any, people: People) -> int:
    """The id of somebody, or the number of a record, that the form offers; a page sends it as text."""
    offered = people.get(spec.chosen_from, {})
    known = {str(id): id for id in offered}
    if isinstance(value, bool) or str(value) not in known:
        raise Wrong(f"{spec.label}: choose one of {'those' if spec.records else 'the people'} offered")
    return known[str(value)]


def _record(spec: FieldSpec, value: Any, people: People, refused: Refused) -> int:
    """The number of a record; where it was typed and there is none to be had, why."""
    why = refused.get(spec.records or "", {}).get(str(value))
    if why is not None:
        raise Wrong(f"{spec.label}: {why}")
    return _person(spec, value, people)


def _people(spec: FieldSpec, value: Any, people: People) -> list[int]:
    """Each of them once, in the order in which they are offered."""
    chosen = value if isinstance(value, list | tuple) else [value]
    ids = {_person(spec, one, people) for one in chosen}
    return [id for id in people.get(spec.chosen_from, {}) if id in ids]


def _file(value: Any, uploads: Mapping[str, Upload]) -> str:
    upload = uploads.get(value) if isinstance(value, str) else None
    if upload is None:
        raise Wrong("We no longer have that file. Choose it again")
    if upload.case_id is not None:
        raise Wrong("That file has been used already. Choose it again")
    return upload.id
