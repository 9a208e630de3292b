"""Cases that are hidden from somebody: which, and from whom."""

from sqlalchemy import ColumnElement, Connection, exists, select

from apflow.store.tables.cases import cases, hidden_cases


def is_shown_to(person: int | None) -> ColumnElement[bool]:
    """The condition, in a query of cases, that the case is not hidden from them."""
    return ~exists().where(hidden_cases.c.case_id == cases.c.id, hidden_cases.c.person_id == (person or 0))


def hidden_of(connection: Connection, person: int | None) -> frozenset[str]:
    """The references of the cases that are hidden from them; few people have any."""
    query = select(cases.c.reference).join(hidden_cases, hidden_cases.c.case_id == cases.c.id)
    return frozenset(connection.execute(query.where(hidden_cases.c.person_id == (person or 0))).scalars())


def hidden_from_somebody(connection: Connection) -> list[str]:
    """The references of the cases that are hidden from anybody."""
    query = select(cases.c.reference).where(cases.c.id.in_(select(hidden_cases.c.case_id))).order_by(cases.c.id)
    return list(connection.execute(query).scalars())


def people_kept_from(connection: Connection, reference: str) -> frozenset[int]:
    """Whom the case of this reference is hidden from."""
    query = select(hidden_cases.c.person_id).join(cases, cases.c.id == hidden_cases.c.case_id)
    return frozenset(connection.execute(query.where(cases.c.reference == reference)).scalars())
