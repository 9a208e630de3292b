"""Reading when everybody on a list was last visited, and when they are to be next: what planning the year looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from apflow.store.tables.cases import cases


@dataclass(frozen=True, slots=True)
class Listed:
    """One case on the list, and the fields of the visits it has opened, oldest first."""

    reference: str
    title: str
    version: int
    since: datetime
    fields: Mapping[str, Any]
    visits: tuple["Visit", ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit."""

    reference: str
    is_open: bool
    fields: Mapping[str, Any]


def listed(connection: Connection, workflow: str, states: Sequence[str], kind: str) -> list[Listed]:
    """Every case of the workflow in these states with its children of the kind, by what it is called."""
    parents = cases.c.workflow == workflow, cases.c.state.in_(states), cases.c.is_open
    rows = connection.execute(select(cases).where(*parents).order_by(cases.c.title, cases.c.id)).all()
    visits: dict[int, list[Visit]] = {row.id: [] for row in rows}
    ids = select(cases.c.id).where(*parents).scalar_subquery()
    of_them = select(cases.c.parent_id, cases.c.reference, cases.c.is_open, cases.c.fields)
    for row in connection.execute(of_them.where(cases.c.parent_id.in_(ids), cases.c.kind == kind).order_by(cases.c.id)):
        if row.parent_id in visits:
            visits[row.parent_id].append(Visit(row.reference, row.is_open, row.fields))
    return [
        Listed(row.reference, row.title, row.version, row.entered_at, row.fields, tuple(visits[row.id])) for row in rows
    ]
