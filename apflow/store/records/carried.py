"""Colleagues beyond whom they were added for: who is written to next at the same place, and which role is left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from apflow.store.records.colleagues import SCHOOL_ROLE, is_colleague, join_cases
from apflow.store.records.records import log_change
from apflow.store.records.sites import PROVIDERS
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.people import colleagues, people
from apflow.store.tables.places import commissioners

_NOW = colleagues.c.ended_at.is_(None)
_THROUGH = "a change of whom we write to"


def carry_over(
    connection: Connection,
    was: int,
    comes: int,
    role: str,
    actor: tuple[int | None, str],
    now: datetime,
    *,
    record: int | None = None,
) -> Sequence[str]:
    """Let those who act for whoever was written to act for whoever comes, unless that person stands for others already.

    Else somebody who acts for one provider would be let in to another's pupils. The names of those whom it adds. A
    school's `record` that has the new address already is no other.
    """
    if was == comes or stands_for_another(connection, comes, role, but=record):
        return ()
    query = select(colleagues).where(colleagues.c.person_id == was, colleagues.c.role == role, _NOW)
    for row in connection.execute(query.order_by(colleagues.c.id)).all():
        if row.colleague_id == comes or is_colleague(connection, comes, row.colleague_id, role):
            continue
        values = {
            "person_id": comes,
            "colleague_id": row.colleague_id,
            "role": role,
            "added_by": actor[0] or row.added_by,
            "added_at": now,
            "carried_from": row.id,
            "version": 1,
            "changed_at": now,
        }
        number = connection.execute(insert(colleagues).values(values).returning(colleagues.c.id)).scalar_one()
        join_cases(connection, comes, row.colleague_id, role)
        _log(connection, number, row.colleague_id, comes, actor, now)
    return carried_between(connection, was, comes, role, now)


def carried_between(connection: Connection, was: int, comes: int, role: str, at: datetime) -> Sequence[str]:
    """The names of those who came from the one person to the other when that one was first written to, at this time."""
    before = aliased(colleagues, name="before")
    query = (
        select(people.c.name)
        .join(colleagues, colleagues.c.colleague_id == people.c.id)
        .join(before, before.c.id == colleagues.c.carried_from)
        .where(colleagues.c.person_id == comes, colleagues.c.role == role, colleagues.c.added_at == at, _NOW)
        .where(before.c.person_id == was)
    )
    return connection.scalars(query.order_by(colleagues.c.id)).all()


def _log(
    connection: Connection, number: int, who: int, named: int, actor: tuple[int | None, str], now: datetime
) -> None:
    called = {row.id: row.name for row in connection.execute(select(people).where(people.c.id.in_([who, named])))}
    fields = {"colleague_id": [None, f"{called[who]} ({who})"], "person_id": [None, f"{called[named]} ({named})"]}
    log_change(
        connection,
        kind="colleague",
        record_id=number,
        action="added",
        fields=fields,
        through=_THROUGH,
        actor=actor,
        at=now,
    )


def carried_through(connection: Connection, number: int) -> Sequence[Row[Any]]:
    """What somebody was as a colleague of those who were written to at the same place before, the latest first."""
    before = aliased(colleagues, name="before")
    query = select(before).join(colleagues, colleagues.c.carried_from == before.c.id)
    row = connection.execute(query.where(colleagues.c.id == number)).one_or_none()
    return [row, *carried_through(connection, row.id)] if row is not None else []


def carried_on(connection: Connection, number: int) -> Sequence[Row[Any]]:
    """What somebody became as a colleague of those who were written to there afterwards."""
    rows = connection.execute(select(colleagues).where(colleagues.c.carried_from == number)).all()
    return [one for row in rows for one in (row, *carried_on(connection, row.id))]


def stands_for_another(connection: Connection, person: int, role: str, *, but: int | None = None) -> bool:
    """Whether another provider's own case names them, or another school's or commissioner's record has their address.

    Being named on placements alone is no standing: those of the same place may name who comes before the place does.
    Nor is the record of the number `but`.
    """
    if role == SCHOOL_ROLE:
        standing = _has_a_record(person, commissioners.c.id != (but or 0))
    else:
        own = select(cases.c.id).where(cases.c.workflow.in_(PROVIDERS))
        standing = _is_named(person, role, case_parties.c.case_id.in_(own))
    return bool(connection.execute(select(standing)).scalar())


def take_role_of(connection: Connection, person: int, role: str) -> None:
    """Take the role from somebody who is nobody's colleague in it any more, and whom nothing names in it."""
    still = exists().where(colleagues.c.colleague_id == person, colleagues.c.role == role, _NOW)
    named = [_is_named(person, role), *([_has_a_record(person)] if role == SCHOOL_ROLE else [])]
    if connection.execute(select(or_(still, *named))).scalar():
        return
    row = connection.execute(select(people.c.roles).where(people.c.id == person)).one()
    left = [held for held in row.roles if held != role]
    connection.execute(update(people).where(people.c.id == person).values(roles=left))


def _is_named(person: int, role: str, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = (case_parties.c.person_id == person, case_parties.c.role == role, case_parties.c.colleague_of.is_(None))
    return exists().where(*mine, *where)


def _has_a_record(person: int, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    address = select(people.c.email).where(people.c.id == person).scalar_subquery()
    return exists().where(func.lower(commissioners.c.email) == address, *where)
