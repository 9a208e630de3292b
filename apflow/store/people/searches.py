"""What people searched for by names of children: found again by whoever searched, for a day."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from apflow.store.driver.engine import Store
from apflow.store.tables.lists import searches

KEPT = timedelta(days=1)


def keep_search(connection: Connection, person: int, path: str, text: str, at: datetime) -> str:
    """The token by which they find it again; what is older than a day goes, whoever searched for it."""
    _forget(connection, at)
    token = secrets.token_urlsafe(18)
    row = {"token": token, "person_id": person, "path": path, "text": text, "at": at}
    connection.execute(insert(searches).values(row))
    return token


def kept_search(connection: Connection, person: int, path: str, token: str, at: datetime) -> str | None:
    """What they searched this list for; None when it was another's, or too long ago."""
    if not (token.isascii() and token.isprintable()):
        return None  # PostgreSQL fails on a NUL.
    theirs = (searches.c.token == token, searches.c.person_id == person, searches.c.path == path)
    query = select(searches.c.text).where(*theirs, searches.c.at > at - KEPT)
    return connection.execute(query).scalar_one_or_none()


def forget_searches(store: Store, at: datetime) -> None:
    """Let go of what was searched for more than a day before `at`, machine time."""
    with store.writing() as connection:
        _forget(connection, at)


def _forget(connection: Connection, at: datetime) -> None:
    connection.execute(delete(searches).where(searches.c.at <= at - KEPT))
