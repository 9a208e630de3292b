"""The last thing that an outsider did to each of several cases."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, select

from apflow.store.reading.history import HistoryView, view_of
from apflow.store.tables.cases import cases
from apflow.store.tables.history import OUTSIDE, history

_FROM_OUTSIDE = history.alias("from_outside")
_LAST = (
    select(func.max(_FROM_OUTSIDE.c.version))
    .where(_FROM_OUTSIDE.c.case_id == cases.c.id, OUTSIDE)
    .correlate(cases)
    .scalar_subquery()
)
_LATEST = (
    select(history, cases.c.reference)
    .select_from(cases)
    .join(history, (history.c.case_id == cases.c.id) & (history.c.version == _LAST))
    .where(cases.c.reference.in_(bindparam("references", expanding=True)))
)


def latest_from_outside(connection: Connection, references: Iterable[str]) -> dict[str, HistoryView]:
    """By reference, the latest entry made by somebody who is not of the staff; nothing for a case without one."""
    wanted = sorted(set(references))
    rows = connection.execute(_LATEST, {"references": wanted}) if wanted else ()
    return {row.reference: view_of(row) for row in rows}
