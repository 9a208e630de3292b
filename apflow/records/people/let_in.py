"""The account of a school or service on record: it is theirs whatever somebody else wrote into a form before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, update

from apflow.core.definition.council import Council
from apflow.store.cases.save_party import person_in_role
from apflow.store.cases.unit import PartyDetails
from apflow.store.people.people import person_by_email
from apflow.store.records.colleagues import SCHOOL_ROLE, commissions_as
from apflow.store.tables.people import people


def account_as_recorded(connection: Connection, council: Council, email: str, now: datetime) -> None:
    """Let whoever reads the mail of a recorded school or service in as what it is; to others it does nothing."""
    if not email.isprintable():
        return  # PostgreSQL fails on a NUL.
    recorded = [row for row in commissions_as(connection, email.strip().lower()) if row.ended_on is None]
    if recorded:
        first = recorded[0]
        let_in(connection, council, first.email, now, name=first.name, contact=first.contact_name)


def let_in(
    connection: Connection, council: Council, email: str, now: datetime, *, name: str, contact: str | None = None
) -> None:
    """Give whoever reads this address an account with a school's role, by the name that is on record.

    Without a contact on record a school that had the role before is called as it was. One of the council's staff stays
    what they are, and an account that was closed stays closed.
    """
    known = person_by_email(connection, email)
    if SCHOOL_ROLE not in council.roles or (known and (not known.is_active or council.is_staff(known.roles))):
        return
    called = (contact or name)[:120]
    if known and SCHOOL_ROLE in known.roles and (not contact or known.name == called):
        return
    number = person_in_role(connection, PartyDetails(SCHOOL_ROLE, called, email.strip().lower()), now, council)
    if known:
        connection.execute(update(people).where(people.c.id == number).values(name=called))


def let_schools_in(connection: Connection, council: Council, placements: Iterable[Row[Any]], now: datetime) -> None:
    """Give whoever reads the mail of these pupils' schools an account, without which letters to them lead nowhere."""
    for email, name in {row.school_email: row.school for row in placements if row.school_email}.items():
        let_in(connection, council, email, now, name=name)
