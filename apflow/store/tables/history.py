"""What happened, append-only; the results kept for repeated commands; the workflow texts that cases pin."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of

# The same words in the index and in the queries it serves: SQLite recognises a partial index by them.
OUTSIDE = text("actor_audience NOT IN ('staff', 'clock')")
KINDS = ("event", "task", "reminder", "escalation", "alert", "override", "child", "version")


class HistoryEntry(SQLModel, table=True):
    """One line of a case's history. `version` is the case's version it made; `hash` covers it and the entry before.

    `at` is policy time, `recorded_at` machine time. `payload` stands behind `committed`, its salted commitment.
    """

    __tablename__: ClassVar[Any] = "history"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("version >= 1", name="version"),
        UniqueConstraint("case_id", "version", name="uq_history_case_version"),
        Index("ix_history_outside", "case_id", "version", sqlite_where=OUTSIDE, postgresql_where=OUTSIDE),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    version: int
    kind: str = Field(max_length=20)
    name: str = Field(max_length=120)
    actor_id: int | None = Field(default=None, foreign_key="people.id")
    actor_name: str = Field(max_length=120)
    actor_audience: str = Field(max_length=30)
    from_state: str = Field(max_length=60)
    to_state: str = Field(max_length=60)
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    digest: str = Field(max_length=64)
    payload: dict[str, Any] | None = Field(default=None, sa_column=Column(Json))
    salt: str = Field(max_length=64)
    committed: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class CommandResult(SQLModel, table=True):
    """What a command with an idempotency key did, so that the same command again does nothing more."""

    __tablename__: ClassVar[Any] = "command_results"

    actor: str = Field(primary_key=True, max_length=60)
    key: str = Field(primary_key=True, max_length=120)
    body_hash: str = Field(max_length=64)
    reference: str = Field(max_length=20)
    version: int
    at: datetime = Field(sa_type=UTCDateTime)


class WorkflowText(SQLModel, table=True):
    """The exact text of a workflow file that some case pins."""

    __tablename__: ClassVar[Any] = "workflow_texts"

    digest: str = Field(primary_key=True, max_length=64)
    workflow: str = Field(max_length=60)
    version: int
    text: str
    first_seen_at: datetime = Field(sa_type=UTCDateTime)


history = table_of(HistoryEntry)
command_results = table_of(CommandResult)
workflow_texts = table_of(WorkflowText)
