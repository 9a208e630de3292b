"""Are we late? What is due and not done, by the rows themselves, so that any process can tell for all of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, case, func, select

from apflow.store.tables.messages import UNTOLD, WAITING, messages
from apflow.store.tables.work import signals, tasks, timers

_TIMERS = select(func.min(timers.c.next_at), func.count()).where(
    timers.c.stopped_at.is_(None), timers.c.next_at <= bindparam("now")
)
_MESSAGES = select(func.min(messages.c.queued_at), func.count()).where(WAITING)
_MESSAGES_DUE = select(func.min(messages.c.next_at)).where(WAITING, messages.c.next_at <= bindparam("now"))
_UNTOLD = select(func.count()).select_from(messages).where(UNTOLD)
_SIGNALS = select(func.min(signals.c.sent_at), func.count()).where(signals.c.done_at.is_(None))
_QUEUES = (
    select(
        tasks.c.role,
        func.count().label("open"),
        func.sum(case((tasks.c.due_at <= bindparam("now"), 1), else_=0)).cast(Integer).label("overdue"),
        func.min(tasks.c.opened_at).label("oldest"),
    )
    .where(tasks.c.closed_at.is_(None))
    .group_by(tasks.c.role)
    .order_by(tasks.c.role)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and since when the one that has waited longest does."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The open tasks of one role."""

    role: str
    open: int
    overdue: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Lateness:
    """What is waiting. `message_due` is when the message should have been tried that is longest overdue for it."""

    timers: Waiting
    messages: Waiting
    message_due: datetime | None
    failed: int
    signals: Waiting


def lateness(connection: Connection, now: datetime) -> Lateness:
    """What was due by `now` and has not been done."""
    due_at, due = connection.execute(_TIMERS, {"now": now}).one()
    queued_at, queued = connection.execute(_MESSAGES).one()
    sent_at, said = connection.execute(_SIGNALS).one()
    return Lateness(
        timers=Waiting(due, due_at),
        messages=Waiting(queued, queued_at),
        message_due=connection.execute(_MESSAGES_DUE, {"now": now}).scalar_one(),
        failed=connection.execute(_UNTOLD).scalar_one(),
        signals=Waiting(said, sent_at),
    )


def queues(connection: Connection, now: datetime) -> list[Queue]:
    """The open tasks by role; this one looks at each of them."""
    return [Queue(row.role, row.open, row.overdue, row.oldest) for row in connection.execute(_QUEUES, {"now": now})]
