"""What is kept of records that are not cases: every change, every look at a child's, and files being imported."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of


class RecordChange(SQLModel, table=True):
    """One change of one record, only ever added: `fields` has for each column what it was and what it is now."""

    __tablename__: ClassVar[Any] = "record_changes"
    __table_args__ = (
        CheckConstraint("action IN ('added', 'changed')", name="action"),
        Index("ix_record_changes_of", "kind", "record_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    record_id: int
    action: str = Field(max_length=10)
    fields: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    through: str = Field(max_length=300)
    actor_id: int | None = Field(default=None, foreign_key="people.id")
    actor_name: str = Field(max_length=120)
    at: datetime = Field(sa_type=UTCDateTime)


class RecordRead(SQLModel, table=True):
    """One look at one child's record by one person, or by a `reader` without an account; on which page; only added."""

    __tablename__: ClassVar[Any] = "record_reads"
    __table_args__ = (Index("ix_record_reads_of", "pupil_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupils.id")
    person_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    page: str = Field(max_length=120)
    at: datetime = Field(sa_type=UTCDateTime)
    reader: str | None = Field(default=None, max_length=120)


class RecordHold(SQLModel, table=True):
    """Why a pupil's record may not be erased, whatever its time, until that is ended; only added and ended.

    It is asked again from a day on, and holds until somebody says so.
    """

    __tablename__: ClassVar[Any] = "record_holds"

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupils.id", index=True)
    because: str = Field(max_length=300)
    held_by: str = Field(max_length=120)
    held_at: datetime = Field(sa_type=UTCDateTime)
    ended_by: str | None = Field(default=None, max_length=120)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ask_again_on: date


class CaseHold(SQLModel, table=True):
    """Why a closed case may not be erased, whatever its time, until that is ended; only added and ended.

    It is asked again from a day on, and holds until somebody says so.
    """

    __tablename__: ClassVar[Any] = "case_holds"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    because: str = Field(max_length=300)
    ask_again_on: date
    held_by: str = Field(max_length=120)
    held_at: datetime = Field(sa_type=UTCDateTime)
    ended_by: str | None = Field(default=None, max_length=120)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ErasedCase(SQLModel, table=True):
    """That a closed case was erased: when, by whom, by which rule and why. Of the case itself a stub is left."""

    __tablename__: ClassVar[Any] = "erased_cases"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    erased_at: datetime = Field(sa_type=UTCDateTime)
    erased_by: str = Field(max_length=120)
    rule: str = Field(max_length=300)
    because: str = Field(max_length=300)


class ImportFile(SQLModel, table=True):
    """A file to import. Its `content` goes once it is imported, or when nobody comes back for it."""

    __tablename__: ClassVar[Any] = "import_files"

    id: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=20)
    name: str = Field(max_length=255)
    content: bytes | None = None
    person_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    staged_at: datetime = Field(sa_type=UTCDateTime, index=True)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    counts: dict[str, Any] | None = Field(default=None, sa_column=Column(Json))


record_changes = table_of(RecordChange)
record_reads = table_of(RecordRead)
record_holds = table_of(RecordHold)
case_holds = table_of(CaseHold)
erased_cases = table_of(ErasedCase)
import_files = table_of(ImportFile)
