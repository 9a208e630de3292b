"""The outbox: one row an e-mail, rendered before the commit that queued it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import UTCDateTime, table_of

# The same words in an index and in the query it serves: SQLite recognises a partial index by them, not by bound values.
WAITING = text("status IN ('queued', 'sending')")
UNTOLD = text("status IN ('failed', 'uncertain') AND alerted_at IS NULL AND case_id IS NOT NULL")
A_PART = text("told_in IS NOT NULL")
IS_AN_EMAIL = text("told_in IS NULL")  # Not a line of one.
GOES_ITSELF = text("told_in IS NULL AND together IS NULL")
REMINDS = text("deadline IS NOT NULL")
STATUSES = ("queued", "sending", "sent", "uncertain", "failed")


class MessageRow(SQLModel, table=True):
    """One e-mail to one recipient.

    `queued` waits for `next_at`; `sending` is claimed until `claimed_until`, and past the point of no return once
    `data_begun_at` is set; `sent` was accepted; `uncertain` may have arrived; `failed` never will by itself. An
    officer is told of the last two, once: `alerted_at`. One to somebody on the register of commissioners says which,
    and how many placements of theirs there were at the provider it is about: `pupils_there`. A reminder that can go
    `together` with others, and in the words for which audience, waits until it is known whether there are any; where
    there are it is `told_in` the one that lists them, and gets as far as that does. One that was written again, or
    to somebody else, says `of_version` by which version of its case it was first written.
    """

    __tablename__: ClassVar[Any] = "messages"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("status <> 'sent' OR sent_at IS NOT NULL", name="sent_when"),
        Index("ix_messages_waiting", "next_at", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_messages_untold", "id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
        Index("ix_messages_of_case", "case_id", "queued_at"),
        Index("ix_messages_told_in", "told_in", sqlite_where=A_PART, postgresql_where=A_PART),
        Index("ix_messages_reminders", "case_id", "deadline", sqlite_where=REMINDS, postgresql_where=REMINDS),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="cases.id")
    notice: str = Field(max_length=120)
    deadline: str | None = Field(default=None, max_length=60)
    message_id: str = Field(unique=True, max_length=200)
    to_person: int | None = Field(default=None, foreign_key="people.id")
    to_name: str = Field(max_length=120)
    to_email: str = Field(max_length=254)
    subject: str = Field(max_length=300)
    text: str
    html: str
    invitation: str | None = None
    at_most_once: bool = False
    status: str = Field(default="queued", max_length=20)
    queued_at: datetime = Field(sa_type=UTCDateTime)
    next_at: datetime = Field(sa_type=UTCDateTime)
    attempts: int = 0
    token: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    data_begun_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    doubted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    alerted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    error: str | None = Field(default=None, max_length=500)
    to_commissioner: int | None = Field(default=None, foreign_key="commissioners.id")
    pupils_there: int | None = None
    together: str | None = Field(default=None, max_length=20)
    told_in: int | None = Field(default=None, foreign_key="messages.id")
    of_version: int | None = None


messages = table_of(MessageRow)
