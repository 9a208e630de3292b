"""How often somebody has lately done what is limited."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of


class TryRow(SQLModel, table=True):
    """One sender, known by a hash, with the machine times of their tries; gone soon after the last is forgotten."""

    __tablename__: ClassVar[Any] = "tries"

    sender: str = Field(primary_key=True, max_length=64)
    times: list[str] = Field(sa_column=Column(Json, nullable=False))
    last_at: datetime = Field(sa_type=UTCDateTime, index=True)


tries = table_of(TryRow)
