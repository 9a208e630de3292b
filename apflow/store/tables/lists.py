"""Lists that people keep under names of their own, and what they have searched for today."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import UTCDateTime, table_of


class SavedList(SQLModel, table=True):
    """A list of the staff as somebody filters it: the `query` of its address on this `path`, never what was typed."""

    __tablename__: ClassVar[Any] = "saved_lists"
    __table_args__ = (UniqueConstraint("person_id", "name", name="uq_saved_lists_name"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id")
    name: str = Field(max_length=60)
    path: str = Field(max_length=40)
    query: str = Field(max_length=1000)
    saved_at: datetime = Field(sa_type=UTCDateTime)


class Search(SQLModel, table=True):
    """What somebody searches the list on this `path` by. It may be a child's name, so that it stands in no address."""

    __tablename__: ClassVar[Any] = "searches"
    __table_args__ = (Index("ix_searches_at", "at"),)

    token: str = Field(primary_key=True, max_length=32)
    person_id: int = Field(foreign_key="people.id")
    path: str = Field(max_length=40)
    text: str = Field(max_length=100)
    at: datetime = Field(sa_type=UTCDateTime)


saved_lists = table_of(SavedList)
searches = table_of(Search)
