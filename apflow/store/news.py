"""The last thing that an outsider did to each of several cases."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from apflow.store.history import HistoryView, view_of
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history


def latest_from_outside(connection: Connection, references: Iterable[str], audience: str) -> dict[str, HistoryView]:
    """By reference, the latest entry made by someone of this audience; nothing for a case without one."""
    wanted = sorted(set(references))
    latest = (
        select(history.c.case_id, func.max(history.c.version).label("version"))
        .join(cases, cases.c.id == history.c.case_id)
        .where(cases.c.reference.in_(wanted), history.c.actor_audience == audience)
        .group_by(history.c.case_id)
        .subquery()
    )
    query = (
        select(history, cases.c.reference)
        .join(latest, (latest.c.case_id == history.c.case_id) & (latest.c.version == history.c.version))
        .join(cases, cases.c.id == history.c.case_id)
    )
    return {row.reference: view_of(row) for row in connection.execute(query)} if wanted else {}
