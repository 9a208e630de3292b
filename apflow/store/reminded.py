"""Reminders that go in one e-mail: finding those that wait to, and putting them in one, or letting each go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from apflow.store.tables.cases import cases
from apflow.store.tables.messages import WAITING, messages
from apflow.store.tables.people import sign_in_links
from apflow.store.tables.work import timers

SETTLED = "Not needed any more: "  # How the reason begins of a reminder that was of something done meanwhile.

_WAIT = messages.c.together.is_not(None) & messages.c.told_in.is_(None) & (messages.c.status == "queued")
_ALL = (
    select(messages, cases.c.reference)
    .join(cases, cases.c.id == messages.c.case_id)
    .where(WAITING, messages.c.next_at <= bindparam("now"), _WAIT)
    .order_by(messages.c.id)
)
_STILL_WAITS = update(messages).where(
    _WAIT, messages.c.id == bindparam("row_id"), messages.c.token == bindparam("seen_token")
)


class NoLongerThere(Exception):
    """One of them was stopped, or dealt with by another process, since it was looked at."""


def waiting(connection: Connection, now: datetime) -> Sequence[Row[Any]]:
    """Every reminder that waits for others, the oldest first."""
    return connection.execute(_ALL, {"now": now}).all()


def is_morning_over(connection: Connection, now: datetime) -> bool:
    """Whether every deadline that is due by now has acted, so that no reminder more comes of this morning."""
    due = select(func.min(timers.c.next_at)).where(timers.c.stopped_at.is_(None))
    first = connection.execute(due).scalar_one()
    return first is None or first > now


def let_go(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    """Let each go by itself."""
    _change(connection, rows, {"together": None})


def settle(connection: Connection, rows: Sequence[Row[Any]], why: str, now: datetime) -> None:
    """Let them never go, as what they would remind of is done; there is nothing that an officer would do about it."""
    _change(connection, rows, {"status": "failed", "error": f"{SETTLED}{why}", "alerted_at": now})


def put_in_one(
    connection: Connection, rows: Sequence[Row[Any]], whole: Mapping[str, Any], link: Mapping[str, Any] | None
) -> None:
    """Queue the e-mail that lists them, and let them get as far as that does."""
    number = connection.execute(insert(messages).values(whole)).inserted_primary_key
    assert number is not None
    _change(connection, rows, {"told_in": number[0]})
    if link is not None:
        connection.execute(insert(sign_in_links).values(link))


def told_with(connection: Connection, whole: int) -> int:
    """How many reminders the e-mail lists."""
    query = select(func.count()).select_from(messages).where(messages.c.told_in == whole)
    return int(connection.execute(query).scalar_one())


def _change(connection: Connection, rows: Sequence[Row[Any]], values: Mapping[str, Any]) -> None:
    for row in rows:
        changed = connection.execute(_STILL_WAITS.values(values), {"row_id": row.id, "seen_token": row.token})
        if changed.rowcount != 1:
            raise NoLongerThere
