"""What the outsiders of a case are called to others: the school or firm they act for, or else by their own name."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.definition.workflow import Party
from apflow.core.people.actor import Actor
from apflow.core.people.permission import readable
from apflow.store.reading.queues import CaseRowView
from apflow.store.reading.work_rows import WorkRow
from apflow.web.in_lists import beside_each


def other_side(definition: Definition, fields: Mapping[str, Any], actor: Actor) -> str:
    """The other outsider, where a case is between two and its title does not say so: their own side is no news."""
    workflow = definition.workflow
    others = [one for one in workflow.parties if one.role not in actor.roles and one.called != workflow.called]
    return _called(definition, others, fields, actor)


def side_of(definition: Definition, role: str, fields: Mapping[str, Any], actor: Actor) -> str:
    """The outsider who holds the role; empty when none does, and for what the actor is not told."""
    return _called(definition, [one for one in definition.workflow.parties if one.role == role], fields, actor)


def beside_title(definition: Definition, fields: Mapping[str, Any], actor: Actor) -> str:
    """For which schools and firms the outsiders of a case act, where its title does not say so itself."""
    return _called(definition, _beside_title(definition), fields, actor)


def beside_titles(
    connection: Connection,
    definitions: Mapping[str, Definition],
    rows: Sequence[WorkRow | CaseRowView],
    actor: Actor,
) -> dict[str, str]:
    """The same of many cases, by their reference; without those of which there is nothing to say."""
    return beside_each(connection, definitions, rows, actor, of=_beside_title, say=beside_title)


def _beside_title(definition: Definition) -> list[Party]:
    workflow = definition.workflow
    return [one for one in workflow.parties if one.acts_for and one.acts_for != workflow.called]


def _called(definition: Definition, parties: Sequence[Party], fields: Mapping[str, Any], actor: Actor) -> str:
    may_read = readable(definition, definition.workflow.fields, actor)
    return " and ".join(str(fields[one.called]) for one in parties if one.called in may_read and fields.get(one.called))
