"""What tells cases of one name or number apart where several are listed: their key facts, in one line."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import OF_PEOPLE, OF_RECORDS, FieldSpec, PrivacyClass
from apflow.core.definition.words import in_words
from apflow.core.people.actor import Actor
from apflow.core.people.permission import may_read
from apflow.store.reading.queues import CaseRowView
from apflow.store.reading.work import WorkRow
from apflow.web.in_lists import beside_each
from apflow.web.wording import lower_first

_NOT_IN_LISTS = (PrivacyClass.CHILD, PrivacyClass.SAFEGUARDING)  # Nobody notes who has looked at a list.


def key_facts_line(definition: Definition, fields: Mapping[str, Any], actor: Actor) -> str:
    """The case's key facts, as far as the actor reads them and they are for a list; empty when there are none."""
    known = definition.workflow.fields
    told = [
        f"{lower_first(known[name].label)} {in_words(known[name], fields[name])}"
        for name in definition.workflow.key_facts
        if fields.get(name) is not None and _is_for_lists(known[name]) and may_read(definition, known[name], actor)
    ]
    return ", ".join(told)


def key_facts_lines(
    connection: Connection,
    definitions: Mapping[str, Definition],
    rows: Sequence[WorkRow | CaseRowView],
    actor: Actor,
) -> dict[str, str]:
    """The same of many cases, by their reference; without those of which there is nothing to say."""
    return beside_each(connection, definitions, rows, actor, of=_key_facts, line=key_facts_line)


def _key_facts(definition: Definition) -> Sequence[str]:
    return definition.workflow.key_facts


def _is_for_lists(spec: FieldSpec) -> bool:
    """A number that only leads to somebody, or to a record, says nothing by itself."""
    return spec.privacy not in _NOT_IN_LISTS and spec.type not in (*OF_PEOPLE, *OF_RECORDS)
