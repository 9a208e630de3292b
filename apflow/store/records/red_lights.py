"""Which proprietors' registration lights are red, since when, and the case that follows each."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from apflow.store.driver.inserts import insert_new
from apflow.store.tables.cases import cases
from apflow.store.tables.places import red_lights


def note_red(connection: Connection, red: Mapping[int, Mapping[str, Any]], today: date) -> None:
    """Note those that turned red, with what begins a case, and forget those that no longer are: they may turn anew."""
    connection.execute(delete(red_lights).where(red_lights.c.proprietor_id.not_in(sorted(red))))
    for proprietor, answers in red.items():
        row = {"proprietor_id": proprietor, "since": today, "key": secrets.token_urlsafe(24), "answers": dict(answers)}
        insert_new(connection, red_lights, row, unique=["proprietor_id"])


def forget_red(connection: Connection, proprietors: Iterable[int]) -> None:
    """Take these for lights that were out, so that they turn red anew."""
    connection.execute(delete(red_lights).where(red_lights.c.proprietor_id.in_(sorted(proprietors))))


def without_case(connection: Connection) -> Sequence[Row[Any]]:
    """Those that are red and not raised to anybody yet."""
    return connection.execute(select(red_lights).where(red_lights.c.reference.is_(None))).all()


def has_case(connection: Connection, key: str, reference: str) -> None:
    """Note the case that follows a red light, unless that light is out meanwhile."""
    row = update(red_lights).where(red_lights.c.key == key)
    connection.execute(row.values(reference=reference))


def cases_of_red(connection: Connection) -> dict[int, Row[Any]]:
    """By proprietor, since when it is red and the case that follows it, with how that stands since when."""
    case = (cases.c.is_open, cases.c.state, cases.c.entered_at)
    query = select(red_lights, *case).outerjoin(cases, cases.c.reference == red_lights.c.reference)
    return {row.proprietor_id: row for row in connection.execute(query)}
