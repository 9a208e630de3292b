"""Reading what happened, and proving that nobody has rewritten it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, or_, select, union

from apflow.core import chain
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.work import tasks

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
_SOME = 200
_HAS_WORK = exists().where(tasks.c.case_id == cases.c.id, tasks.c.closed_at.is_(None))
_CASES_AFTER = (
    select(
        cases.c.id,
        cases.c.reference,
        cases.c.workflow,
        cases.c.digest,
        cases.c.head,
        cases.c.version,
        cases.c.state,
        or_(cases.c.is_open, _HAS_WORK).label("stands"),
    )
    .where(cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(bindparam("limit"))
)
_ENTRIES_BETWEEN = (
    select(history)
    .where(history.c.case_id.between(bindparam("first"), bindparam("last")))
    .order_by(history.c.case_id, history.c.version)
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


def that_sent(connection: Connection, case_id: int, by: datetime, notice: str, to: str) -> HistoryView | None:
    """The line of a case's history that sent the notice to somebody of that name, the last by then."""
    query = select(history).where(history.c.case_id == case_id, history.c.at <= by)
    sent = {"notice": notice, "to": to}
    views = (view_of(row) for row in connection.execute(query.order_by(history.c.version.desc())))
    return next((view for view in views if sent in (view.payload.get("notices") or ())), None)


def line_of(connection: Connection, case_id: int, version: int) -> HistoryView | None:
    """The line of a case's history by which it came to this version."""
    query = select(history).where(history.c.case_id == case_id, history.c.version == version)
    row = connection.execute(query).first()
    return view_of(row) if row is not None else None


def ever_said(connection: Connection, case_id: int, field: str) -> set[str]:
    """Everything that the case has ever said in a field, as its history tells it."""
    rows = connection.execute(select(history.c.payload).where(history.c.case_id == case_id)).scalars()
    return {str(said[field]) for row in rows if row and field in (said := row.get("changed") or {})}


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
    after = 0
    while some := cases_after(connection, after, limit=_SOME):
        yield from (f"{reference}: {fault}" for reference, fault in broken_among(connection, some).items())
        after = some[-1].id


def cases_after(connection: Connection, after: int, *, limit: int) -> Sequence[Row[Any]]:
    """So many cases after the one with this id, in order; `stands` is whether one is open, or has a task open."""
    return connection.execute(_CASES_AFTER, {"after": after, "limit": limit}).all()


def broken_among(connection: Connection, some: Sequence[Row[Any]]) -> dict[str, str]:
    """By reference, what is wrong with the history of those of these cases whose history is not whole."""
    entries: dict[int, list[Any]] = {case.id: [] for case in some}
    for row in connection.execute(_ENTRIES_BETWEEN, {"first": some[0].id, "last": some[-1].id}):
        entries.setdefault(row.case_id, []).append(row)
    faults = {case.reference: _fault(case, entries[case.id]) for case in some}
    return {reference: fault for reference, fault in faults.items() if fault}


def _fault(case: Row[Any], entries: Sequence[Any]) -> str | None:
    before, expected, state, digest = chain.GENESIS, 0, "", ""
    for row in entries:
        expected += 1
        if row.version != expected:
            return f"entry {expected} is missing"
        if row.payload is not None and _committed(row) != row.committed:
            return f"what was said in entry {row.version}, or by whom, has been changed"
        if chain.link(before, chain.structure(row, case.reference), row.committed) != row.hash:
            return f"entry {row.version} has been changed"
        before, state, digest = row.hash, row.to_state, row.digest
    if (before, expected, state, digest) != (case.head, case.version, case.state, case.digest):
        return "the case and its history do not agree"
    return None


def _committed(row: Any) -> str:
    return chain.commitment(chain.statement(row.actor_name, row.payload), row.salt)
