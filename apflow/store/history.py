"""Reading what happened, and proving that nobody has rewritten it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, union

from apflow.core import chain
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history

_OF_CASE = (
    select(history)
    .join(cases, cases.c.id == history.c.case_id)
    .where(cases.c.reference == bindparam("reference"), history.c.version > bindparam("after"))
    .order_by(history.c.version)
)

_NEWEST = (
    select(history)
    .join(cases, cases.c.id == history.c.case_id)
    .where(cases.c.reference == bindparam("reference"), history.c.version < bindparam("before"))
    .order_by(history.c.version.desc())
)
_NEVER = 2**31 - 1
_LAST = select(func.max(history.c.version)).where(history.c.case_id == bindparam("case_id"))
_MOVED = history.c.from_state != history.c.to_state
_STATE_AT = (
    select(history.c.to_state)
    .where(history.c.case_id == bindparam("case_id"), history.c.at <= bindparam("at"))
    .order_by(history.c.version.desc())
    .limit(1)
)
_EVER_IN = (
    select(history.c.version)
    .where(history.c.case_id == bindparam("case_id"), history.c.to_state.in_(bindparam("states", expanding=True)))
    .limit(1)
)
_LAST_ONES = union(
    _LAST.where(_MOVED).group_by(history.c.from_state),
    _LAST.where(_MOVED).group_by(history.c.to_state),
    _LAST.where(history.c.kind == "event", history.c.name.in_(bindparam("events", expanding=True))).group_by(
        history.c.name
    ),
)
_MILESTONES = (
    select(history)
    .where(history.c.case_id == bindparam("case_id"), history.c.version.in_(_LAST_ONES))
    .order_by(history.c.version)
)


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One line of a case's history. `payload` is empty once erased."""

    version: int
    kind: str
    name: str
    actor_id: int | None
    actor_name: str
    actor_audience: str
    from_state: str
    to_state: str
    at: datetime
    recorded_at: datetime
    payload: dict[str, Any]


def history_of(
    connection: Connection, reference: str, *, after: int = 0, limit: int | None = None
) -> list[HistoryView]:
    """The case's history after a version, oldest first."""
    query = _OF_CASE.limit(limit) if limit else _OF_CASE
    rows = connection.execute(query, {"reference": reference, "after": after})
    return [view_of(row) for row in rows]


def newest_of(connection: Connection, reference: str, *, before: int | None = None, limit: int) -> list[HistoryView]:
    """The newest of the case's history, or the newest of what was before a version; newest first."""
    rows = connection.execute(_NEWEST.limit(limit), {"reference": reference, "before": before or _NEVER})
    return [view_of(row) for row in rows]


def milestones_of(connection: Connection, case_id: int, events: Iterable[str]) -> list[HistoryView]:
    """The last time each state was left, the last time each was entered, and the last of each event; oldest first."""
    rows = connection.execute(_MILESTONES, {"case_id": case_id, "events": sorted(events)})
    return [view_of(row) for row in rows]


def state_at(connection: Connection, case_id: int, at: datetime) -> str | None:
    """The state that the case was in at that time; None while there was no such case."""
    found: str | None = connection.execute(_STATE_AT, {"case_id": case_id, "at": at}).scalar()
    return found


def was_ever_in(connection: Connection, case_id: int, states: Iterable[str]) -> bool:
    """Whether the case has stood in one of these states at any time, even if only to begin with."""
    return connection.execute(_EVER_IN, {"case_id": case_id, "states": sorted(states)}).first() is not None


def view_of(row: Any) -> HistoryView:
    return HistoryView(
        row.version,
        row.kind,
        row.name,
        row.actor_id,
        row.actor_name,
        row.actor_audience,
        row.from_state,
        row.to_state,
        row.at,
        row.recorded_at,
        row.payload or {},
    )


def broken_chains(connection: Connection) -> Iterator[str]:
    """A sentence for each case whose history has been edited, cut or swapped since it was written."""
    for case in connection.execute(select(cases.c.id, cases.c.reference, cases.c.head, cases.c.version, cases.c.state)):
        if fault := _fault(connection, case):
            yield f"{case.reference}: {fault}"


def _fault(connection: Connection, case: Any) -> str | None:
    before, expected, state = chain.GENESIS, 0, ""
    for row in connection.execute(select(history).where(history.c.case_id == case.id).order_by(history.c.version)):
        expected += 1
        if row.version != expected:
            return f"entry {expected} is missing"
        if row.payload is not None and _committed(row) != row.committed:
            return f"what was said in entry {row.version}, or by whom, has been changed"
        if chain.link(before, chain.structure(row, case.reference), row.committed) != row.hash:
            return f"entry {row.version} has been changed"
        before, state = row.hash, row.to_state
    if (before, expected, state) != (case.head, case.version, case.state):
        return "the case and its history do not agree"
    return None


def _committed(row: Any) -> str:
    return chain.commitment(chain.statement(row.actor_name, row.payload), row.salt)
