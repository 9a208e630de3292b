"""What the tests of mail and timers put into a database, and what they ask it afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from apflow.core.people.actor import THE_PUBLIC
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks, timers
from apflow.testing import ENQUIRY, MONDAY, a_message

# So that a sender is still sending when a server is halfway through the content.
LONGER_THAN_ANY_BUFFER = (
    "One of a great many lines, which together are more than any kernel keeps for a socket.\n" * 100_000
)


def queue(store: Store, *rows: dict[str, Any]) -> None:
    """Put messages in the outbox."""
    with store.writing() as connection:
        connection.execute(insert(messages), list(rows))


def an_enquiry(handler: Handler, at: datetime = MONDAY) -> str:
    """The reference of a new case, its own messages already sent."""
    reference = handler.open_case("provider", "enquire", ENQUIRY, actor=THE_PUBLIC, now=at).reference
    with handler.store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=at))
    return reference


def a_case_message(handler: Handler, **changes: Any) -> str:
    """The reference of a new case with one message to send."""
    reference = an_enquiry(handler)
    with handler.store.reading() as connection:
        case_id = connection.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar_one()
    queue(handler.store, a_message(case_id=case_id, **changes))
    return reference


def message_rows(store: Store) -> list[Row[Any]]:
    """Every message, in the order they were queued."""
    with store.reading() as connection:
        return list(connection.execute(select(messages).order_by(messages.c.id)))


def last_message(store: Store) -> Row[Any]:
    return message_rows(store)[-1]


def timer_rows(store: Store) -> list[Row[Any]]:
    """Every deadline, in the order they began."""
    with store.reading() as connection:
        return list(connection.execute(select(timers).order_by(timers.c.id)))


def alerts(store: Store, *names: str) -> list[Row[Any]]:
    """The open tasks of these names."""
    with store.reading() as connection:
        query = select(tasks).where(tasks.c.name.in_(names), tasks.c.closed_at.is_(None))
        return list(connection.execute(query.order_by(tasks.c.id)))


def mail_alerts(store: Store) -> list[Row[Any]]:
    return alerts(store, "mail_failed", "mail_uncertain")


def entries(store: Store, kind: str) -> list[tuple[str, datetime]]:
    """The history lines of a kind, as the case's reference and the time, in the order they were written."""
    query = select(cases.c.reference, history.c.at).join(cases, cases.c.id == history.c.case_id)
    with store.reading() as connection:
        rows = connection.execute(query.where(history.c.kind == kind).order_by(history.c.id))
        return [(row.reference, row.at) for row in rows]
