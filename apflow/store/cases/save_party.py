"""Saving who the outsider on a case is, and with them who is there as their colleague."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from apflow.core.definition.council import Council
from apflow.store.cases.unit import PartyDetails, Unit
from apflow.store.driver.inserts import insert_new
from apflow.store.records.carried import carry_over
from apflow.store.records.colleagues import bring_along
from apflow.store.records.sites import PROVIDERS
from apflow.store.tables.cases import case_parties
from apflow.store.tables.people import people


def save_parties(connection: Connection, case_id: int, unit: Unit) -> dict[str, int]:
    """Put everybody on the case who is new to it, and take off whoever is there no longer; the numbers by address."""
    for gone in (party.role for party in unit.parties if not party.email):
        there = (case_parties.c.case_id == case_id, case_parties.c.role == gone)
        connection.execute(delete(case_parties).where(*there))
    return {one.email: _save_party(connection, one, case_id, unit) for one in unit.parties if one.email}


def _save_party(connection: Connection, party: PartyDetails, case_id: int, unit: Unit) -> int:
    """Put the person at this address on the case in place of whoever was there in their role; the person's id.

    Their colleagues come with them, and those of whoever was there go; but where it is the provider's own case they
    are the provider's, and act for whoever is written to now.
    """
    _hold_both(connection, party, case_id)
    writer = unit.outcome.entry.actor.id
    person_id = person_in_role(connection, party, unit.recorded_at, unit.definition.council, writer)
    was = unit.snapshot.party_roles.get(party.role)
    if was is not None and unit.definition.name in PROVIDERS:
        actor = unit.outcome.entry.actor
        carry_over(connection, was, person_id, party.role, (actor.id, actor.name), unit.outcome.entry.at)
    connection.execute(delete(case_parties).where(case_parties.c.case_id == case_id, case_parties.c.role == party.role))
    row = {"case_id": case_id, "person_id": person_id, "role": party.role}
    connection.execute(insert(case_parties).values(row))
    bring_along(connection, case_id, person_id, party.role)
    return person_id


def _hold_both(connection: Connection, party: PartyDetails, case_id: int) -> None:
    """Keep the colleagues of who is there, and of who comes, as they are; the lower number first, as everyone does."""
    there = select(case_parties.c.person_id).where(
        case_parties.c.case_id == case_id, case_parties.c.role == party.role, case_parties.c.colleague_of.is_(None)
    )
    either = select(people.c.id).where(or_(people.c.email == party.email, people.c.id.in_(there)))
    connection.execute(either.order_by(people.c.id).with_for_update(key_share=True))


def person_in_role(
    connection: Connection, party: PartyDetails, now: datetime, council: Council, writer: int | None = None
) -> int:
    """The id of whoever has this address, who has the role from now on, and is held until this commits.

    Somebody of the council's staff has no more roles by it than they had, unless they are the `writer` themselves, as
    when they report a breach: anybody can write an address into a form.
    """
    values = {"name": party.name, "email": party.email, "roles": [party.role], "is_active": True, "created_at": now}
    # Two enquiries from one address at once must not fail: the second finds the first's person.
    if added := insert_new(connection, people, values, unique=["email"]):
        return int(added.id)
    # Locked, so that a role or a colleague given to the same person elsewhere at this moment is not lost.
    known = connection.execute(
        select(people).where(people.c.email == party.email).with_for_update(key_share=True)
    ).one_or_none()
    if known is None:  # The account was erased at this moment.
        return person_in_role(connection, party, now, council, writer)
    if party.role not in known.roles and (known.id == writer or not council.is_staff(known.roles)):
        roles = [*known.roles, party.role]
        connection.execute(update(people).where(people.c.id == known.id).values(roles=roles))
    return int(known.id)
