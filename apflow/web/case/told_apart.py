"""What tells cases of one name or number apart where several are listed: their key facts, in one line or in columns."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from apflow.core import money
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import OF_PEOPLE, OF_RECORDS, FieldSpec, FieldType, PrivacyClass
from apflow.core.definition.words import in_words
from apflow.core.people.actor import Actor
from apflow.core.people.permission import may_read
from apflow.store.reading.queues import CaseRowView
from apflow.store.reading.work_rows import WorkRow
from apflow.web.in_lists import beside_each
from apflow.web.wording import lower_first

_NOT_IN_LISTS = (PrivacyClass.CHILD, PrivacyClass.SAFEGUARDING)  # Nobody notes who has looked at a list.


def key_facts_line(definition: Definition, fields: Mapping[str, Any], actor: Actor) -> str:
    """The case's key facts, as far as the actor reads them and they are for a list; empty when there are none."""
    told = (
        f"{lower_first(spec.label)} {in_words(spec, fields[name])}"
        for name, spec in _read_in_lists(definition, actor).items()
        if fields.get(name) is not None
    )
    return ", ".join(told)


def key_facts_lines(
    connection: Connection,
    definitions: Mapping[str, Definition],
    rows: Sequence[WorkRow | CaseRowView],
    actor: Actor,
) -> dict[str, str]:
    """The same of many cases, by their reference; without those of which there is nothing to say."""
    return beside_each(connection, definitions, rows, actor, of=_key_facts, say=key_facts_line)


def key_facts_headings(definitions: Iterable[Definition], actor: Actor) -> dict[str, str]:
    """A column for each key fact that the actor reads of cases under any of these texts, as the first calls it."""
    headings: dict[str, str] = {}
    for definition in definitions:
        for name, spec in _read_in_lists(definition, actor).items():
            headings.setdefault(name, f"{spec.label} in pounds" if spec.type is FieldType.MONEY else spec.label)
    return headings


def key_facts_cells(
    connection: Connection,
    definitions: Mapping[str, Definition],
    rows: Sequence[CaseRowView],
    actor: Actor,
) -> dict[str, dict[str, Any]]:
    """What a spreadsheet has of each key fact that the actor reads, by the case's reference and the fact's name."""
    return beside_each(connection, definitions, rows, actor, of=_key_facts, say=_cells)


def _cells(definition: Definition, fields: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    return {name: _cell(spec, fields.get(name)) for name, spec in _read_in_lists(definition, actor).items()}


def _cell(spec: FieldSpec, value: Any) -> Any:
    """A number, a sum or a date as such, to count with and to sort by; anything else in words."""
    match spec.type:
        case FieldType.NUMBER:
            return value
        case FieldType.MONEY if money.as_number(value) is not None:
            return money.as_number(value)
        case FieldType.DATE if value:
            return date.fromisoformat(value)
        case _:
            return in_words(spec, value)


def _read_in_lists(definition: Definition, actor: Actor) -> dict[str, FieldSpec]:
    """The key facts of a case that are for lists and that the actor reads."""
    known = ((name, definition.workflow.fields[name]) for name in definition.workflow.key_facts)
    return {name: spec for name, spec in known if _is_for_lists(spec) and may_read(definition, spec, actor)}


def _key_facts(definition: Definition) -> Sequence[str]:
    return definition.workflow.key_facts


def _is_for_lists(spec: FieldSpec) -> bool:
    """A number that only leads to somebody, or to a record, says nothing by itself."""
    return spec.privacy not in _NOT_IN_LISTS and spec.type not in (*OF_PEOPLE, *OF_RECORDS)
