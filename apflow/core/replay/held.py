"""What a replay holds as it was: who was there to be chosen, what was on record, which files had been sent."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import OF_RECORDS, FieldSpec, FieldType
from apflow.core.play import record_in_order
from apflow.core.replay.past import Happened, Past
from apflow.core.snapshot import Upload, World

Records = dict[str, dict[int, dict[str, Any]]]


def world_of(
    definition: Definition, past: Past, at: datetime, entry: Happened | None, state: str, fields: Mapping[str, Any]
) -> World:
    """The world as it would be then, in which whatever the entry was answered with could be chosen.

    What was known of the record that the case keeps is not on record: as the entry was let through, it was in order.
    """
    form = definition.forms.get((state, entry.name), {}) if entry else {}
    chosen = _records(definition, entry, form, fields) if entry else {}
    named = {source: {number: str(number) for number in known} for source, known in chosen.items()}
    return World(
        today=local_date(at),
        facts=past.facts,
        people={**past.people, **(_people(past, entry, form) if entry else {}), **named},
        drawn=_drawn(definition, past),
        agencies=past.agencies,
        chosen=chosen,
        record=record_in_order(definition),
    )


def uploads_of(definition: Definition, entry: Happened, state: str) -> dict[str, Upload]:
    """The files in the entry's answers, as they were before it."""
    form = definition.forms.get((state, entry.name), {})
    files = (name for name, spec in form.items() if spec.type is FieldType.FILE and name in entry.answers)
    ids = [entry.answers[name] for name in files]
    return {id: Upload(id, "", "", 0, "", entry.actor.id) for id in ids}


def _records(
    definition: Definition, entry: Happened, form: Mapping[str, FieldSpec], fields: Mapping[str, Any]
) -> Records:
    """The records that were chosen, each saying what the case then took from it, or had from it already."""
    chosen: Records = {}
    told = set[str]()
    for name, number in _answered(entry, form, *OF_RECORDS):
        taken = ((field, fact) for field, (asked, fact) in definition.taken.items() if asked == name)
        said = {fact: entry.changed.get(field, fields.get(field)) for field, fact in taken}
        # Of several the case took one line, which the first of them says for all.
        chosen.setdefault(form[name].records or "", {})[number] = {} if name in told else said
        told.add(name)
    return chosen


def _people(past: Past, entry: Happened, form: Mapping[str, FieldSpec]) -> dict[str, Mapping[int, str]]:
    """Whoever could be chosen, with those who were and hold the role no more."""
    asked = _answered(entry, form, FieldType.PERSON, FieldType.PEOPLE)
    people = {form[name].role or "": past.people.get(form[name].role or "", {}) for name, _ in asked}
    for name, person in _answered(entry, form, FieldType.PERSON, FieldType.PEOPLE):
        role = form[name].role or ""
        people[role] = {person: str(person), **people[role]}
    return people


def _answered(entry: Happened, form: Mapping[str, FieldSpec], *types: FieldType) -> Iterator[tuple[str, int]]:
    for name, spec in form.items():
        if spec.type in types and name in entry.answers:
            said = entry.answers[name]
            yield from ((name, one) for one in (said if isinstance(said, list) else [said]))


def _drawn(definition: Definition, past: Past) -> dict[str, dict[str, dict[str, Any]]]:
    """The records that items were drawn from, as the items still say."""
    drawn: dict[str, dict[str, dict[str, Any]]] = {}
    for name in definition.workflow.collections:
        facts = definition.drawn_facts(name)
        for key, item in past.items.get(name, {}).items() if facts else ():
            said = {fact: item.data[fact] for fact in facts if fact in item.data}
            drawn.setdefault(definition.source_name(name), {})[key] = said
    return drawn
