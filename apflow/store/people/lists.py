"""The lists that somebody keeps under names of their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from apflow.store.driver.inserts import insert_new
from apflow.store.tables.lists import saved_lists


def lists_of(connection: Connection, person: int, path: str = "") -> Sequence[Row[Any]]:
    """Theirs, by name: all of them, or those of one page."""
    query = select(saved_lists).where(saved_lists.c.person_id == person)
    if path:
        query = query.where(saved_lists.c.path == path)
    return connection.execute(query.order_by(func.lower(saved_lists.c.name), saved_lists.c.id)).all()


def list_of(connection: Connection, person: int, number: int) -> Row[Any] | None:
    """One of theirs; None when it is another's, or there is none."""
    if not 0 < number < 2**31:
        return None
    query = select(saved_lists).where(saved_lists.c.id == number, saved_lists.c.person_id == person)
    return connection.execute(query).one_or_none()


def save_list(connection: Connection, person: int, name: str, path: str, query: str, at: datetime) -> bool:
    """Keep it; False when they have one of this name."""
    values = {"person_id": person, "name": name, "path": path, "query": query, "saved_at": at}
    return insert_new(connection, saved_lists, values, unique=["person_id", "name"]) is not None


def rename_list(connection: Connection, person: int, number: int, name: str) -> bool:
    """Call it this; False when they have another of this name."""
    others = saved_lists.alias("others")
    is_taken = exists().where(others.c.person_id == person, others.c.name == name, others.c.id != number)
    theirs = update(saved_lists).where(saved_lists.c.id == number, saved_lists.c.person_id == person, ~is_taken)
    try:
        return connection.execute(theirs.values(name=name)).rowcount == 1
    except IntegrityError:
        return False  # Another was called this in the same moment.


def forget_list(connection: Connection, person: int, number: int) -> None:
    connection.execute(delete(saved_lists).where(saved_lists.c.id == number, saved_lists.c.person_id == person))
