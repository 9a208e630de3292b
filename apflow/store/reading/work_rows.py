"""What a page shows of each task in somebody's work, with its case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    exists,
    func,
    select,
)

from apflow.core.people.actor import Actor
from apflow.store.cases.tasks import held_by
from apflow.store.tables.cases import cases, looks
from apflow.store.tables.history import OUTSIDE, history
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks


class Place(NamedTuple):
    """Where a task stands in the order of work: by when it is due, those without a date last."""

    due_at: datetime | None
    task: int


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One open task in somebody's queue, with its case. `news` says an outsider did something since their last look."""

    task: int
    name: str
    title: str
    note: str
    role: str
    each: str | None
    is_alert: bool
    due_at: datetime | None
    opened_at: datetime
    claimed_by: int | None
    claimed_name: str | None
    reference: str
    case_title: str
    workflow: str
    digest: str
    state: str
    version: int
    put_off_until: datetime | None
    news: bool

    @property
    def place(self) -> Place:
        return Place(self.due_at, self.task)


def rows_at(connection: Connection, actor: Actor, places: Sequence[Place]) -> list[WorkRow]:
    """The tasks at these places, in their order."""
    if not places:
        return []
    given = {"me": actor.id, "tasks": [place.task for place in places]}
    found = {row.id: _work_row(row) for row in connection.execute(_ROWS, given)}
    return [found[place.task] for place in places]


_NEWS = exists().where(
    history.c.case_id == tasks.c.case_id, OUTSIDE, history.c.version > func.coalesce(looks.c.version, 0)
)


_ROWS = (
    select(tasks, cases.c.reference, cases.c.title.label("case_title"), cases.c.workflow, cases.c.digest)
    .add_columns(cases.c.state, cases.c.version, people.c.name.label("claimed_name"), held_by, _NEWS.label("news"))
    .join(cases, cases.c.id == tasks.c.case_id)
    .outerjoin(people, people.c.id == tasks.c.claimed_by)
    .outerjoin(looks, and_(looks.c.case_id == cases.c.id, looks.c.person_id == bindparam("me")))
    .where(tasks.c.id.in_(bindparam("tasks", expanding=True)))
)


_OF_TASK = ("name", "title", "note", "role", "each", "is_alert", "due_at", "opened_at")


_AS_STORED = (*_OF_TASK, "reference", "case_title", "workflow", "digest", "state", "version")


def _work_row(row: Any) -> WorkRow:
    shown: Mapping[str, Any] = row._mapping
    return WorkRow(
        **{name: shown[name] for name in _AS_STORED},
        task=row.id,
        claimed_by=row.holder,
        claimed_name=row.claimed_name if row.holder else None,
        put_off_until=row.put_off_until if row.holder else None,
        news=bool(row.news),
    )
