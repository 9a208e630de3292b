"""Tasks in people's queues, the timers that run on cases, and the signals between cases."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of

_OPEN = text("closed_at IS NULL")
# The same words in an index and in the queries it serves: SQLite recognises a partial index by them.
FREE = text("closed_at IS NULL AND claimed_by IS NULL AND each IS NULL")
EACH = text("closed_at IS NULL AND claimed_by IS NULL AND each IS NOT NULL")
HELD = text("closed_at IS NULL AND claimed_by IS NOT NULL")
PUT_OFF = text("closed_at IS NULL AND put_off_until IS NOT NULL")
# The last is looked at and not sought by: who has put off how much decides how many are passed over.
_ORDER_OF_HELD = ("role", "claimed_by", "due_at", "id", "put_off_until")
_RUNNING = text("stopped_at IS NULL")
_WAITING = text("done_at IS NULL")
CLOSED_HOW = ("done", "cancelled")
PURPOSES = ("begin", "tell", "ended")


class TaskRow(SQLModel, table=True):
    """Work in someone's queue. `each` names the collection that ticks it off per person.

    `item` is the key of the one item that it is about, and that finishes it. Whoever has it has put it off to
    `put_off_until`.
    """

    __tablename__: ClassVar[Any] = "tasks"
    __table_args__ = (
        CheckConstraint(f"closed_how IN {CLOSED_HOW}", name="closed_how"),
        CheckConstraint("(closed_at IS NULL) = (closed_how IS NULL)", name="closed_whole"),
        Index("ix_tasks_free", "role", "due_at", "id", sqlite_where=FREE, postgresql_where=FREE),
        Index("ix_tasks_each", "role", "due_at", "id", sqlite_where=EACH, postgresql_where=EACH),
        Index("ix_tasks_held", *_ORDER_OF_HELD, sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_tasks_put_off", *_ORDER_OF_HELD, sqlite_where=PUT_OFF, postgresql_where=PUT_OFF),
        Index("ix_tasks_open_case", "case_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    name: str = Field(max_length=80)
    role: str = Field(max_length=60)
    title: str = Field(max_length=200)
    note: str = Field(default="", max_length=2000)
    each: str | None = Field(default=None, max_length=60)
    is_alert: bool = False
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    claimed_by: int | None = Field(default=None, foreign_key="people.id")
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: int | None = Field(default=None, foreign_key="people.id")
    closed_how: str | None = Field(default=None, max_length=20)
    item: str | None = Field(default=None, max_length=60)
    put_off_until: datetime | None = Field(default=None, sa_type=UTCDateTime)


class TimerRow(SQLModel, table=True):
    """One deadline, running from `started_at` to `stopped_at`. `next_at` is when it acts; `token` fences its claim.

    `anchor_at`, which it is counted from, may be a day to come.
    """

    __tablename__: ClassVar[Any] = "timers"
    __table_args__ = (
        CheckConstraint("NOT ended OR next_at IS NULL", name="ended_rests"),
        Index("ix_timers_next", "next_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("uq_timers_running", "case_id", "name", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    name: str = Field(max_length=60)
    started_at: datetime = Field(sa_type=UTCDateTime)
    anchor_at: datetime = Field(sa_type=UTCDateTime)
    within: str = Field(max_length=40)
    due_at: datetime = Field(sa_type=UTCDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    rungs: list[dict[str, Any]] = Field(sa_column=Column(Json, nullable=False))
    extended: int = 0
    provisional: bool = False
    ended: bool = False
    stopped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    token: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    paused_days: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class SignalRow(SQLModel, table=True):
    """One case's word to another, carried by a commit and fired by another: to begin a child, or to move a relative.

    To `begin` one, `workflow` says what it runs; to `tell` every open child of a kind, `to_case` is empty until it is
    this row's turn. One that has `ended` tells its parent, `event` being its last state. `result` is what came of it.
    """

    __tablename__: ClassVar[Any] = "signals"
    __table_args__ = (
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
        Index("ix_signals_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True)
    from_case: int = Field(foreign_key="cases.id", index=True)
    to_case: int | None = Field(default=None, foreign_key="cases.id")
    purpose: str = Field(max_length=10)
    kind: str = Field(max_length=60)
    workflow: str | None = Field(default=None, max_length=60)
    event: str = Field(max_length=60)
    answers: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    sent_at: datetime = Field(sa_type=UTCDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    result: str | None = Field(default=None, max_length=2000)
    token: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=UTCDateTime)


tasks = table_of(TaskRow)
timers = table_of(TimerRow)
signals = table_of(SignalRow)
