"""The policy as it has been published: each edition whole, and what the one before it said differently."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of


class EditionRow(SQLModel, table=True):
    """One publication of the whole policy; the newest is live. `sentences` say what it changed."""

    __tablename__: ClassVar[Any] = "editions"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    actor_id: int | None = Field(default=None, foreign_key="people.id")
    actor_name: str = Field(max_length=120)
    why: str = Field(max_length=2000)
    digest: str = Field(max_length=64)
    sentences: list[str] = Field(sa_column=Column(Json, nullable=False))


class EditionFile(SQLModel, table=True):
    """One file of an edition, by its path from the policy's folder, like `workflows/provider.yaml`."""

    __tablename__: ClassVar[Any] = "edition_files"

    edition_id: int = Field(foreign_key="editions.id", primary_key=True)
    path: str = Field(primary_key=True, max_length=200)
    text: str = Field(sa_column=Column(Text, nullable=False))


editions = table_of(EditionRow)
edition_files = table_of(EditionFile)
