"""Saving what a case says to its relatives, and holding it to what it read of them."""

from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from apflow.core.snapshot import Parent
from apflow.store.cases.unit import Conflict, Unit
from apflow.store.signals import finish, write_signals
from apflow.store.tables.cases import cases

_BY_REFERENCE = select(cases.c.id).where(cases.c.reference == bindparam("reference"))
_JOIN = (
    update(cases)
    .where(cases.c.id == bindparam("case_id"))
    .values(parent_id=bindparam("of_case"), kind=bindparam("as_kind"))
)
_HAS_ONE_MORE = update(cases).where(cases.c.id == bindparam("case_id")).values(has_children=True)
_AS_THEY_STAND = (
    select(cases.c.reference, cases.c.version)
    .where(cases.c.parent_id == bindparam("case_id"))
    .order_by(cases.c.id)
    .with_for_update(read=True)
)
_LINKED = (
    select(cases.c.reference, cases.c.version)
    .where(cases.c.reference.in_(bindparam("references", expanding=True)))
    .order_by(cases.c.id)
    .with_for_update()
)


def kinship(connection: Connection, parent: Parent | None) -> dict[str, Any]:
    """The columns that say whose child a new case is; none for one that stands alone."""
    return {} if parent is None else {"parent_id": _id_of(connection, parent.reference), "kind": parent.kind}


def save_family(connection: Connection, unit: Unit, case_id: int) -> None:
    """Write what the case says, mark what it has heard as done; Conflict when a child it read of has moved on."""
    if unit.snapshot.children and unit.outcome.entry.kind == "event":
        _check_children(connection, unit, case_id)
    if unit.snapshot.linked and unit.outcome.entry.kind == "event":
        _check_linked(connection, unit)
    said, parent = unit.outcome.signals, unit.snapshot.parent
    if unit.outcome.joins is not None and unit.outcome.joins != parent:
        _join(connection, case_id, unit.outcome.joins)
    if said:
        parent_id = _id_of(connection, parent.reference) if parent else None
        write_signals(connection, said, case_id=case_id, parent_id=parent_id, at=unit.outcome.entry.at)
    if unit.heard is not None:
        entry = unit.outcome.entry
        finish(connection, unit.heard, f"{entry.kind} {entry.name}", unit.recorded_at)


def _join(connection: Connection, case_id: int, parent: Parent) -> None:
    of_case = _id_of(connection, parent.reference)
    connection.execute(_JOIN, {"case_id": case_id, "of_case": of_case, "as_kind": parent.kind})
    connection.execute(_HAS_ONE_MORE, {"case_id": of_case})


def _check_children(connection: Connection, unit: Unit, case_id: int) -> None:
    """A guard may have read how they stand: they must stand so still, and do until the commit."""
    seen = [(child.reference, child.version) for child in unit.snapshot.children if child.reference]
    rows = connection.execute(_AS_THEY_STAND, {"case_id": case_id})
    if [(row.reference, row.version) for row in rows] != seen:
        raise Conflict


def _check_linked(connection: Connection, unit: Unit) -> None:
    """The same of the cases that are items of this one."""
    seen = {reference: one.version for reference, one in unit.snapshot.linked.items()}
    rows = connection.execute(_LINKED, {"references": sorted(seen)})
    if {row.reference: row.version for row in rows} != seen:
        raise Conflict


def _id_of(connection: Connection, reference: str) -> int:
    return int(connection.execute(_BY_REFERENCE, {"reference": reference}).scalar_one())
