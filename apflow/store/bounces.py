"""Messages that had been sent and came back: marked as failed, so that an officer is told as of any other that did."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select, update

from apflow.store.driver.engine import Store
from apflow.store.tables.messages import WAITING, messages

BOUNCED = "It came back: "  # How the reason begins.

_STANDS_AS_SENT = messages.c.status.in_(("sent", "uncertain"))
_COME_BACK = update(messages).where(_STANDS_AS_SENT)


def mark_bounced(store: Store, message_id: str, why: str) -> int | None:
    """Record that the message did not arrive; its number, or None when none of ours stood as sent."""
    return _come_back(store, messages.c.message_id == message_id, why)


def mark_bounced_by(store: Store, message_row: int, who: str, why: str) -> bool:
    """The same of the message with this number, by whoever read that it came back; False when it did not stand so."""
    return _come_back(store, messages.c.id == message_row, f"{why} ({who})") is not None


def is_on_its_way(store: Store, message_ids: Collection[str]) -> bool:
    """Whether one of these is ours, and not marked as sent yet."""
    query = select(messages.c.id).where(messages.c.message_id.in_(message_ids), WAITING)
    with store.reading() as connection:
        return connection.execute(query.limit(1)).first() is not None


def _come_back(store: Store, which: ColumnElement[bool], why: str) -> int | None:
    """Mark the e-mail with every reminder that it lists, whichever of them is meant."""
    values = {"status": "failed", "error": f"{BOUNCED}{why}"[:500], "token": messages.c.token + 1, "alerted_at": None}
    meant = select(messages.c.id, func.coalesce(messages.c.told_in, messages.c.id).label("whole"))
    with store.writing() as connection:
        found = connection.execute(meant.where(which, _STANDS_AS_SENT)).first()
        if found is None:
            return None
        parts = or_(messages.c.id == found.whole, messages.c.told_in == found.whole)
        connection.execute(_COME_BACK.where(parts).values(values))
    return int(found.id)
