"""Are we late? What is due and not done, by the rows themselves, so that any process can tell for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, bindparam, case, func, select

from apflow.store.tables.cases import cases
from apflow.store.tables.messages import IS_AN_EMAIL, UNTOLD, WAITING, messages
from apflow.store.tables.work import signals, tasks, timers

_TIMERS = select(func.min(timers.c.next_at), func.count()).where(
    timers.c.stopped_at.is_(None), timers.c.next_at <= bindparam("now")
)
_MESSAGES = select(func.min(messages.c.queued_at), func.count()).where(WAITING, IS_AN_EMAIL)
_MESSAGES_DUE = select(func.min(messages.c.next_at)).where(WAITING, IS_AN_EMAIL, messages.c.next_at <= bindparam("now"))
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


_LATE: Select[Any] = (
    select(cases.c.reference, timers.c.name, timers.c.next_at.label("since"))
    .join(cases, cases.c.id == timers.c.case_id)
    .where(timers.c.stopped_at.is_(None), timers.c.next_at <= bindparam("before"))
    .order_by(timers.c.next_at)
)
_STUCK: Select[Any] = (
    select(messages.c.id, cases.c.reference, messages.c.next_at.label("since"))
    .outerjoin(cases, cases.c.id == messages.c.case_id)
    .where(WAITING, IS_AN_EMAIL, messages.c.next_at <= bindparam("before"))
    .order_by(messages.c.next_at)
)
_UNHEARD: Select[Any] = (
    select(cases.c.reference, signals.c.sent_at.label("since"))
    .join(cases, cases.c.id == signals.c.from_case)
    .where(signals.c.done_at.is_(None), signals.c.sent_at <= bindparam("before"))
    .order_by(signals.c.sent_at)
)
_WITHOUT_CASE = (
    select(tasks.c.id).outerjoin(cases, cases.c.id == tasks.c.case_id).where(cases.c.id.is_(None)).order_by(tasks.c.id)
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


def late_deadlines(connection: Connection, before: datetime) -> Sequence[Row[Any]]:
    """Each deadline that should have acted before then: its `name`, its case's `reference`, and `since` when."""
    return connection.execute(_LATE, {"before": before}).all()


def stuck_messages(connection: Connection, before: datetime) -> Sequence[Row[Any]]:
    """Each message that should have been tried before then: the `reference` of its case, if any, and `since` when."""
    return connection.execute(_STUCK, {"before": before}).all()


def unheard_signals(connection: Connection, before: datetime) -> Sequence[Row[Any]]:
    """Each word to another case that was sent before then and not heard: of which case (`reference`), `since` when."""
    return connection.execute(_UNHEARD, {"before": before}).all()


def tasks_without_case(connection: Connection) -> Sequence[int]:
    """The ids of tasks whose case is not there, which only a database repaired by hand can have."""
    return connection.scalars(_WITHOUT_CASE).all()
