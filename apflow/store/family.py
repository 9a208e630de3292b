"""Reading a case's relatives: the children it opened, and the case that opened it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from apflow.core.snapshot import Child, Parent
from apflow.store.tables.cases import cases
from apflow.store.tables.work import signals

_CHILDREN = (
    select(cases.c.kind, cases.c.reference, cases.c.state, cases.c.is_open, cases.c.version)
    .where(cases.c.parent_id == bindparam("case_id"))
    .order_by(cases.c.id)
)
_ASKED_FOR = (
    select(signals.c.kind)
    .where(signals.c.from_case == bindparam("case_id"), signals.c.done_at.is_(None), signals.c.purpose == "begin")
    .order_by(signals.c.id)
)
_LINE = select(cases.c.reference, cases.c.digest, cases.c.parent_id)
_BY_REFERENCE = _LINE.where(cases.c.reference == bindparam("reference"))
_BY_ID = _LINE.where(cases.c.id == bindparam("case_id"))
_PARENT = select(cases.c.reference).where(cases.c.id == bindparam("case_id"))


def children_of(connection: Connection, case_id: int) -> Iterator[Child]:
    """The case's children, oldest first; those it has asked for and that have not begun yet come last."""
    for row in connection.execute(_CHILDREN, {"case_id": case_id}):
        yield Child(row.kind, row.reference, row.state, row.is_open, row.version)
    for kind in connection.execute(_ASKED_FOR, {"case_id": case_id}).scalars():
        yield Child(kind, "", "", is_open=True)


def lineage(case_id: int | BindParameter[int]) -> Select[Any]:
    """The ids of the case and of those that it was begun from, up to the first."""
    own = select(cases.c.id, cases.c.parent_id).where(cases.c.id == case_id).cte("lineage", recursive=True)
    own = own.union_all(select(cases.c.id, cases.c.parent_id).where(cases.c.id == own.c.parent_id))
    return select(own.c.id)


def line_of(connection: Connection, reference: str) -> Iterator[Row[str, str, int | None]]:
    """The case, the one that opened it, and so on up to the one that nothing opened."""
    above = connection.execute(_BY_REFERENCE, {"reference": reference}).one_or_none()
    while above is not None:
        yield above
        above = connection.execute(_BY_ID, {"case_id": above.parent_id}).one_or_none() if above.parent_id else None


def parent_of(connection: Connection, parent_id: int, kind: str) -> Parent:
    return Parent(str(connection.execute(_PARENT, {"case_id": parent_id}).scalar_one()), kind)
