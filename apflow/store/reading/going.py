"""The e-mails of a case that are about to go, and can still be taken back by whoever caused them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from apflow.core.snapshot import Snapshot
from apflow.store.driver.engine import Store
from apflow.store.outbox import STOPPED
from apflow.store.reading.history import history_of
from apflow.store.tables.messages import messages

_LONGEST = timedelta(seconds=900)  # That an e-mail waits to be taken back; see UndoSending.
_A_DAY = timedelta(days=1)
_LAST_FEW = 50
_SHOWN = ("id", "to_name", "to_email", "subject", "next_at", "queued_at", "to_commissioner")
_WAITS = (messages.c.status == "queued", messages.c.attempts == 0)


def about_to_go(connection: Connection, case: Snapshot, person: int, now: datetime) -> list[Row[Any]]:
    """Those that wait because of what this person did, in the order in which they were written; no texts."""
    return [row for row in _theirs(connection, case, person, now - _LONGEST, now) if row.next_at > now]


def take_back(store: Store, case: Snapshot, person: int, who: str, numbers: Collection[int], now: datetime) -> int:
    """Let those of them that still wait never go, and say how many; an officer is told of each, as it has failed."""
    values = {"status": "failed", "error": _taken_back_by(who), "token": messages.c.token + 1}
    with store.writing() as connection:
        chosen = [row.id for row in _theirs(connection, case, person, now - _A_DAY, now) if row.id in numbers]
        stopped = update(messages).where(messages.c.id.in_(chosen), *_WAITS).values(values)
        return connection.execute(stopped).rowcount if chosen else 0


def taken_back_by(connection: Connection, case: Snapshot, who: str, count: int) -> Sequence[Row[Any]]:
    """The last so many that somebody of this name took back, newest first; no texts."""
    query = select(*(messages.c[name] for name in (*_SHOWN, "to_person"))).where(
        messages.c.case_id == case.id, messages.c.status == "failed", messages.c.error == _taken_back_by(who)
    )
    return connection.execute(query.order_by(messages.c.id.desc()).limit(count)).all()


def _taken_back_by(who: str) -> str:
    return f"{STOPPED}{who}, who had caused it"


def _theirs(
    connection: Connection, case: Snapshot, person: int, since: datetime, until: datetime
) -> Sequence[Row[Any]]:
    query = select(*(messages.c[name] for name in _SHOWN)).where(
        messages.c.case_id == case.id, messages.c.queued_at.between(since, until), *_WAITS
    )
    waiting = connection.execute(query.order_by(messages.c.id)).all()
    if not waiting:  # As most often.
        return []
    lately = history_of(connection, case.reference, after=case.version - _LAST_FEW)
    moments = {entry.at for entry in lately if entry.actor_id == person}
    return [row for row in waiting if row.queued_at in moments]
