"""Invoices with the placements that they are for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from apflow.store.tables.cases import cases
from apflow.store.tables.pupils import placements

WORKFLOW = "invoice"
_INVOICES: Select[Any] = (
    select(
        *(cases.c[name] for name in ("id", "reference", "state", "fields", "digest", "opened_at")),
        placements.c.id.label("placement"),
        *(placements.c[name] for name in ("pupil_id", "starts_on", "ends_on")),
    )
    .outerjoin(placements, placements.c.case_id == cases.c.parent_id)
    .where(cases.c.workflow == WORKFLOW)
    .order_by(cases.c.opened_at, cases.c.id)
)


def invoices(connection: Connection, *, provider: str | None = None) -> Sequence[Row[Any]]:
    """All of them, or those from one provider by its name, in the order in which they came."""
    wanted = _INVOICES
    if provider is not None:
        wanted = wanted.where(cases.c.fields["organisation"].as_string() == provider)
    return connection.execute(wanted).all()
