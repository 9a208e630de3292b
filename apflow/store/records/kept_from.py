"""What cases of a pupil say of those who must not be written to about them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from apflow.core.definition.by_link import ByLink
from apflow.store.tables.cases import barred_cases, case_items, cases

_ONE_AT_A_TIME = 4_270_652  # An arbitrary number that no other advisory lock of ours uses.


def hold_naming(connection: Connection) -> None:
    """Wait for whoever else has just named a reader, or somebody to keep from; on SQLite one writes at a time anyway.

    It is asked for last, when all else is written: nobody who has it waits for anybody.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")


def not_written_to(
    connection: Connection, by_link: ByLink, workflow: str, pupil: int, *, but: int | None
) -> Sequence[Row[tuple[dict[str, Any]]]]:
    """What is said of each on the workflow's cases of the pupil `but` one, found by the pupil and not among all."""
    named_on = (
        select(barred_cases.c.case_id)
        .join(cases, cases.c.id == barred_cases.c.case_id)
        .where(barred_cases.c.pupil_id == pupil, barred_cases.c.case_id != (but or 0), cases.c.workflow == workflow)
    )
    return _said_on(connection, by_link, connection.execute(named_on).scalars().all())


def not_written_to_about_others(
    connection: Connection, by_link: ByLink, workflow: str, pupil: int
) -> Sequence[Row[tuple[dict[str, Any]]]]:
    """The same of each on the workflow's cases of every pupil but this one."""
    named_on = (
        select(barred_cases.c.case_id)
        .join(cases, cases.c.id == barred_cases.c.case_id)
        .where(barred_cases.c.pupil_id != pupil, cases.c.workflow == workflow)
    )
    return _said_on(connection, by_link, connection.execute(named_on).scalars().all())


def _said_on(connection: Connection, by_link: ByLink, those: Sequence[int]) -> Sequence[Row[tuple[dict[str, Any]]]]:
    if not those:
        return ()
    query = select(case_items.c.data).where(
        case_items.c.case_id.in_(those),
        case_items.c.collection == by_link.of,
        case_items.c.status.not_in(by_link.readers),
    )
    return connection.execute(query.order_by(case_items.c.case_id, case_items.c.key)).all()


def read_by(
    connection: Connection, by_link: ByLink, workflow: str, keeps_pupil: str, *, but: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those who read open cases of the workflow about any pupil `but` one: on which, and what is said of each."""
    pupil = cases.c.fields[keeps_pupil].as_integer()
    query = (
        select(cases.c.reference, case_items.c.key, case_items.c.data)
        .join(case_items, case_items.c.case_id == cases.c.id)
        .where(cases.c.workflow == workflow, cases.c.is_open, pupil != but)
        .where(case_items.c.collection == by_link.of, case_items.c.status.in_(by_link.readers))
    )
    return connection.execute(query.order_by(cases.c.id, case_items.c.key)).all()
