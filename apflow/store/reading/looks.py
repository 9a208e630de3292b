"""Who has looked at a case, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from apflow.store.tables.cases import looks
from apflow.store.tables.people import people


def look_of(connection: Connection, *, person: int, case_id: int) -> tuple[int, datetime] | None:
    """The version the person last saw, and when; None for a first look."""
    query = select(looks.c.version, looks.c.at).where(looks.c.person_id == person, looks.c.case_id == case_id)
    row = connection.execute(query).one_or_none()
    return (row.version, row.at) if row else None


def others_looking(connection: Connection, *, case_id: int, but: int, since: datetime) -> list[Row[Any]]:
    """The other people who have looked at the case since then, latest first."""
    query = (
        select(people.c.name, people.c.roles, looks.c.at)
        .join(people, people.c.id == looks.c.person_id)
        .where(looks.c.case_id == case_id, looks.c.person_id != but, looks.c.at >= since)
        .order_by(looks.c.at.desc())
    )
    return list(connection.execute(query))
