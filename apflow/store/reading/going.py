"""The e-mails of a case that are about to go, and can still be taken back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, select, update

from apflow.store.driver.engine import Store
from apflow.store.outbox import STOPPED
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages

_SHOWN = ("id", "to_name", "to_email", "subject", "next_at", "to_commissioner")


def about_to_go(connection: Connection, case_id: int, person: int, now: datetime) -> Sequence[Row[Any]]:
    """Those that wait because of what this person did, in the order in which they were written; no texts."""
    query = select(*(messages.c[name] for name in _SHOWN)).where(*_theirs(case_id, person), messages.c.next_at > now)
    return connection.execute(query.order_by(messages.c.id)).all()


def take_back(store: Store, case_id: int, person: int, who: str, numbers: Collection[int]) -> int:
    """Let those of them that still wait never go, and say how many; an officer is told of each, as it has failed."""
    values = {"status": "failed", "error": f"{STOPPED}{who}, who had caused it", "token": messages.c.token + 1}
    stopped = update(messages).where(*_theirs(case_id, person), messages.c.id.in_(numbers)).values(values)
    with store.writing() as connection:
        return connection.execute(stopped).rowcount if numbers else 0


def _theirs(case_id: int, person: int) -> tuple[ColumnElement[bool], ...]:
    did = and_(history.c.case_id == case_id, history.c.at == messages.c.queued_at, history.c.actor_id == person)
    is_untried = messages.c.attempts == 0
    return messages.c.case_id == case_id, messages.c.status == "queued", is_untried, exists().where(did)
