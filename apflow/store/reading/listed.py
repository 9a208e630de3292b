"""What anybody may read: the cases in some states with those of their fields that are named, and what was checked.

Nothing else of a case comes out of here, so that no page can show it by mistake.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from apflow.store.tables.cases import IS_OPEN, case_items, cases
from apflow.store.tables.history import history


@dataclass(frozen=True, slots=True)
class Listed:
    """One case as it stands on a public list: since when, how many of its items are checked, and when the last was."""

    id: int
    state: str
    since: datetime
    fields: Mapping[str, Any]
    checked: int
    last_checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases and fields a public list has; `collection` and `statuses` say which items count as checked."""

    workflow: str
    states: Sequence[str]
    fields: Sequence[str]
    collection: str = ""
    statuses: Sequence[str] = ()


def listed(connection: Connection, wanted: Wanted) -> list[Listed]:
    """Every case on the list, in one statement, by the index of open cases; in no order."""
    return [_listed(row, wanted) for row in connection.execute(_query(wanted))]


def listed_one(connection: Connection, wanted: Wanted, case_id: int) -> Listed | None:
    """The case of this id, if it is on the list."""
    row = connection.execute(_query(wanted).where(cases.c.id == case_id)).first()
    return _listed(row, wanted) if row else None


def checked_of(connection: Connection, wanted: Wanted, case_id: int) -> dict[str, datetime]:
    """When each item of the case that counts as checked came to do so, by its key."""
    query = select(case_items.c.key, case_items.c.changed_at).where(
        case_items.c.case_id == case_id,
        case_items.c.collection == wanted.collection,
        case_items.c.status.in_(wanted.statuses),
    )
    return {row.key: row.changed_at for row in connection.execute(query)}


def _query(wanted: Wanted) -> Select[Any]:
    # Of each case by itself: counted for all at once, those of every case there ever was would be.
    is_checked = (
        case_items.c.case_id == cases.c.id,
        case_items.c.collection == wanted.collection,
        case_items.c.status.in_(wanted.statuses),
    )
    count = select(func.count()).where(*is_checked).scalar_subquery().label("checked")
    newest = select(func.max(case_items.c.changed_at)).where(*is_checked).scalar_subquery().label("checked_at")
    # Not when it entered the state where it stands: a suspension begins nothing anew on the list.
    came = (
        select(func.max(history.c.at))
        .where(
            history.c.case_id == cases.c.id,
            history.c.kind != "version",
            history.c.to_state.in_(wanted.states),
            history.c.from_state.not_in(wanted.states),
        )
        .scalar_subquery()
    )
    since = func.coalesce(came, cases.c.entered_at).label("since")
    return select(cases.c.id, cases.c.state, since, cases.c.fields, count, newest).where(
        IS_OPEN, cases.c.workflow == wanted.workflow, cases.c.state.in_(wanted.states)
    )


def _listed(row: Any, wanted: Wanted) -> Listed:
    fields = {name: row.fields[name] for name in wanted.fields if name in row.fields}
    return Listed(row.id, row.state, row.since, fields, row.checked, row.checked_at)
