"""People: finding them by role, e-mail address or id."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from apflow.core.people.actor import Actor
from apflow.core.snapshot import People
from apflow.store.driver.hot import Compiled
from apflow.store.driver.inserts import insert_new
from apflow.store.tables.people import people

_BY_ID = Compiled(select(people).where(people.c.id == bindparam("person_id")))
_BY_EMAIL = Compiled(select(people).where(people.c.email == bindparam("email")))
_ACTIVE = select(people).where(people.c.is_active).order_by(people.c.name)
_EVERYONE = Compiled(_ACTIVE)


def person(connection: Connection, person_id: int) -> Row[Any] | None:
    """The person's row, or None."""
    return _BY_ID.first(connection, {"person_id": person_id})


def opens_next(connection: Connection, person_id: int) -> bool:
    """Whether their next task opens by itself once they have finished one."""
    row = person(connection, person_id)
    return row is not None and bool(row.opens_next)


def keep_opens_next(connection: Connection, person_id: int, wanted: bool) -> None:
    """Keep what they want of that."""
    connection.execute(update(people).where(people.c.id == person_id).values(opens_next=wanted))


def person_by_email(connection: Connection, email: str) -> Row[Any] | None:
    """The person with this address, in any case of letters, or None."""
    address = email.strip().lower()
    if not address.isprintable():
        return None  # PostgreSQL fails on a NUL.
    return _BY_EMAIL.first(connection, {"email": address})


def named(connection: Connection, name: str) -> Row[Any] | None:
    """The one active person of this name; None when there is nobody, or more than one."""
    if not name.isprintable():
        return None
    found = connection.execute(_ACTIVE.where(people.c.name == name)).all()
    return found[0] if len(found) == 1 else None


def with_role(connection: Connection, role: str) -> Sequence[Row[Any]]:
    """Everyone active who holds the role, by name."""
    return [row for row in _EVERYONE.all(connection, {}) if role in row.roles]


def everyone(connection: Connection) -> Sequence[Row[Any]]:
    """Everyone active, by name."""
    return _EVERYONE.all(connection, {})


def names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The names of these people by id."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {row.id: row.name for row in connection.execute(select(people).where(people.c.id.in_(wanted)))}


def holding(connection: Connection, roles: Iterable[str]) -> People:
    """Who may be chosen in a form: for each of the roles, the id and name of everyone active who holds it."""
    wanted = sorted(set(roles))
    rows = _EVERYONE.all(connection, {}) if wanted else []
    return {role: {row.id: row.name for row in rows if role in row.roles} for role in wanted}


def agencies_of(connection: Connection, people_offered: People) -> dict[int, str]:
    """The agencies that these people come from, by their ids; those without one are left out."""
    offered = {id for role in people_offered.values() for id in role}
    return {row.id: row.agency for row in _EVERYONE.all(connection, {}) if row.id in offered and row.agency}


def add_person(
    connection: Connection, *, name: str, email: str, roles: Sequence[str], agency: str | None, now: datetime
) -> int:
    """Add someone new, or give someone known these roles, name and agency; their id."""
    address = email.strip().lower()
    values = {"name": name, "roles": list(roles), "agency": agency, "is_active": True}
    added = insert_new(connection, people, {**values, "email": address, "created_at": now}, unique=["email"])
    if added is not None:
        return int(added.id)
    known = update(people).where(people.c.email == address).values(values).returning(people.c.id)
    return int(connection.execute(known).scalar_one())


def actor_of(row: Row[Any]) -> Actor:
    """The person as an actor."""
    return Actor(id=row.id, name=row.name, roles=frozenset(row.roles), agency=row.agency)
