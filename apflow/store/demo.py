"""What only a demo's own pages ask of the database."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people
from apflow.store.tables.places import commissioners

_PARTIES = (
    select(people.c.id, people.c.name, people.c.email, cases.c.title, cases.c.state, cases.c.reference)
    .join(case_parties, case_parties.c.person_id == people.c.id)
    .join(cases, cases.c.id == case_parties.c.case_id)
    .where(people.c.is_active, case_parties.c.colleague_of.is_(None), cases.c.workflow == bindparam("workflow"))
    .order_by(cases.c.title)
)
_ACCOUNTS = (
    select(people.c.id, people.c.name, commissioners.c.name.label("of"))
    .join(commissioners, commissioners.c.email == people.c.email)
    .where(people.c.is_active)
    .order_by(commissioners.c.name)
)
_RECIPIENTS = (
    select(messages.c.to_email, func.max(messages.c.to_name).label("name"), func.count().label("how_many"))
    .group_by(messages.c.to_email)
    .order_by(messages.c.to_email)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far history and the outbox had come at some moment."""

    entry: int
    message: int


def parties(connection: Connection, workflow: str) -> list[Row[Any]]:
    """Every outsider with a case of theirs in this workflow, and where it stands."""
    return list(connection.execute(_PARTIES, {"workflow": workflow}))


def commissioning(connection: Connection) -> list[Row[Any]]:
    """Every school, service or family that has an account, and `of` which it is."""
    return list(connection.execute(_ACCOUNTS))


def recipients(connection: Connection) -> list[Row[Any]]:
    """Everyone who has been written to, and how often."""
    return list(connection.execute(_RECIPIENTS))


def mark(connection: Connection) -> Mark:
    """How far things have come."""
    entry = connection.execute(select(func.max(history.c.id))).scalar_one()
    message = connection.execute(select(func.max(messages.c.id))).scalar_one()
    return Mark(entry or 0, message or 0)


def since(connection: Connection, before: Mark) -> dict[str, int]:
    """How many entries of each kind, and how many `messages`, have been added since."""
    kinds = (
        select(history.c.kind, func.count().label("how_many"))
        .where(history.c.id > before.entry)
        .group_by(history.c.kind)
    )
    added = select(func.count()).where(messages.c.id > before.message)
    counted = {row.kind: int(row.how_many) for row in connection.execute(kinds)}
    return counted | {"messages": int(connection.execute(added).scalar_one())}
