"""Term dates and INSET days of single schools, where they are not the council's."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of


class SchoolYear(SQLModel, table=True):
    """A school's own dates of the school year that begins in `year`: first and last days, and INSET days, as text.

    Without half-terms it keeps the council's, and has INSET days of its own.
    """

    __tablename__: ClassVar[Any] = "school_years"
    __table_args__ = (UniqueConstraint("commissioner_id", "year", name="uq_school_years_once"),)

    id: int | None = Field(default=None, primary_key=True)
    commissioner_id: int = Field(foreign_key="commissioners.id")
    year: int
    half_terms: list[list[str]] = Field(sa_column=Column(Json, nullable=False))
    inset: list[str] = Field(sa_column=Column(Json, nullable=False))
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


school_years = table_of(SchoolYear)
