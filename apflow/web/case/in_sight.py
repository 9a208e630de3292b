"""Which cases a reader may open as they stand: for a list to ask for, and of the rows that it has found."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import Actor
from apflow.core.people.permission import as_party_alone, is_listed
from apflow.store.cases.tasks import TaskView
from apflow.store.reading.hidden import hidden_of
from apflow.store.reading.queues import CaseRowView, sides_of
from apflow.store.reading.sight import Sight
from apflow.store.reading.team import TeamTask
from apflow.store.reading.work_rows import WorkRow
from apflow.web.site import Site

Row = TypeVar("Row", CaseRowView, WorkRow, TaskView, TeamTask)


def in_sight(site: Site, connection: Connection, rows: Sequence[Row], actor: Actor) -> list[tuple[Definition, Row]]:
    """Each with the text that its case is pinned to, which decides who sees it in which state."""
    sides = sides_of(connection, actor.id or 0, {row.reference for row in rows})
    hidden = hidden_of(connection, actor.id)
    pinned = [(site.handler.definition(connection, row.digest), row) for row in rows]
    return [
        (definition, row)
        for definition, row in pinned
        if is_listed(
            definition,
            row.state,
            as_party_alone(definition, actor) if row.reference in hidden else actor,
            sides.get(row.reference, frozenset()),
        )
    ]


def ways_to_see(definition: Definition, actor: Actor) -> list[Sight]:
    """In which ways the actor may see cases: on each side only those that are that side's to read, as they stand."""
    rules = definition.workflow.seen_by
    return [Sight(rule.states, role if rule.own else "") for role, rule in rules.items() if role in actor.roles]
