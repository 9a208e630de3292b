"""The sites of a provider whose case is erased, and whoever ran them: only what is counted of placements stays."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, or_, select, update

from apflow.store.records.retention import ERASED, emptied
from apflow.store.records.sites import PROVIDERS
from apflow.store.tables.cases import cases
from apflow.store.tables.places import proprietors, red_lights, sites
from apflow.store.tables.pupils import placements
from apflow.store.tables.records import erased_cases, record_changes

_SAID = "proprietor"  # The field in which a case about a provider says who runs it.


def erase_places(connection: Connection, case: Row[Any], closed_on: date, at: datetime) -> None:
    """Take from the sites of an erased case what would say where they were, and from whoever ran them the name.

    A proprietor whom another case names, by a site or in words, keeps it until that is erased too.
    """
    run_by = _erase_sites(connection, case.id, closed_on, at) if case.workflow in PROVIDERS else set[int]()
    named = select(proprietors.c.id).where(proprietors.c.name == case.fields.get(_SAID, ""))
    _erase_proprietors(connection, run_by | set(connection.execute(named).scalars()))


def _erase_sites(connection: Connection, case: int, closed_on: date, at: datetime) -> set[int]:
    """Who ran them. What is not yet given up is from the day on which the case was closed, so that no list has it."""
    rows = connection.execute(select(sites).where(sites.c.case_id == case)).all()
    numbers = [row.id for row in rows]
    log = (record_changes.c.kind == "site") & record_changes.c.record_id.in_(numbers)
    connection.execute(update(record_changes).where(log).values(fields={}))
    beside = placements.c.site_id.in_(numbers) & placements.c.also_called.is_not(None)
    connection.execute(update(placements).where(beside).values(also_called=ERASED))
    nothing: dict[str, Any] = {**emptied(sites), "name": ERASED, "hours": {}, "changed_at": at}
    for row in rows:
        left = {**nothing, "ended_on": row.ended_on or closed_on, "version": row.version + 1}
        connection.execute(update(sites).where(sites.c.id == row.id).values(left))
    return {row.proprietor_id for row in rows}


def _erase_proprietors(connection: Connection, numbers: Iterable[int]) -> None:
    """They are held, so that nobody gives one of them another site meanwhile."""
    mine = select(proprietors).where(proprietors.c.id.in_(sorted(set(numbers)))).order_by(proprietors.c.id)
    for row in connection.execute(mine.with_for_update()).all():
        if not connection.execute(select(_is_named(row))).scalar():
            connection.execute(delete(red_lights).where(red_lights.c.proprietor_id == row.id))
            nobody = {"name": ERASED, "sought": f"erased proprietor {row.id}"}
            connection.execute(update(proprietors).where(proprietors.c.id == row.id).values(nobody))


def _is_named(row: Row[Any]) -> ColumnElement[bool]:
    is_kept = sites.c.case_id.not_in(select(erased_cases.c.case_id))
    in_words = exists().where(cases.c.fields[_SAID].as_string() == row.name)
    return or_(exists().where(sites.c.proprietor_id == row.id, is_kept), in_words)
