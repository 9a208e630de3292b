"""What the nightly check found, and each night on which it looked."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of

STANDS = text("mended_at IS NULL")


class CheckRow(SQLModel, table=True):
    """One night's look at every case; `ended_at` once it was whole. `token` fences the claim of whoever does it.

    People were told of what is left undone at `told_at`, or had nothing new to be told.
    """

    __tablename__: ClassVar[Any] = "checks"

    id: int | None = Field(default=None, primary_key=True)
    night: date = Field(unique=True)
    begun_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    cases: int = 0
    token: int = 1
    claimed_until: datetime = Field(sa_type=UTCDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class FindingRow(SQLModel, table=True):
    """One thing that is wrong, from the night it was found to the one that no longer finds it.

    `about` is the reference of the case it is about, or says what else. `task_case` is the case that asks somebody to
    see to it, which was last told at `asked_at` what stands, and `is_settled` once that has been told that all is well
    again. What is left undone was due at `since`; at `told_at` people were told in an e-mail of the day that it is, and
    at `named_at` what it is. `parts` are the things that it is of, as `apflow.store.parts` has them.
    """

    __tablename__: ClassVar[Any] = "findings"
    __table_args__ = (
        Index("uq_findings_standing", "kind", "about", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    about: str = Field(max_length=60)
    workflow: str = Field(default="", max_length=60)
    said: str = Field(sa_column=Column(Text, nullable=False))
    found_at: datetime = Field(sa_type=UTCDateTime)
    seen_by: int = Field(foreign_key="checks.id")
    mended_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    task_case: str | None = Field(default=None, max_length=20)
    is_settled: bool = False
    since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    parts: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(Json))
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    named_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


checks = table_of(CheckRow)
findings = table_of(FindingRow)
