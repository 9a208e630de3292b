"""Files people have sent: the row is here, the bytes are outside the web root under a random name."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from apflow.store.tables.base import UTCDateTime, table_of


class UploadRow(SQLModel, table=True):
    """One staged file; `case_id` is set by the commit that references it, and those never referenced are swept."""

    __tablename__: ClassVar[Any] = "uploads"

    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=255)
    media_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=64)
    staged_by: int | None = Field(default=None, foreign_key="people.id")
    staged_at: datetime = Field(sa_type=UTCDateTime, index=True)
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)


uploads = table_of(UploadRow)
