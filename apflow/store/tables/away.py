"""When people of the staff are away, and who covers for them meanwhile."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import UTCDateTime, table_of


class TimeAway(SQLModel, table=True):
    """Somebody away from one day to another, both of them too, unless it `ended` before; `version` rises with each
    change."""

    __tablename__: ClassVar[Any] = "times_away"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="in_order"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_whole"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    first_on: date
    last_on: date = Field(index=True)
    added_by: int = Field(foreign_key="people.id")
    added_at: datetime = Field(sa_type=UTCDateTime)
    ended_by: int | None = Field(default=None, foreign_key="people.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


class Cover(SQLModel, table=True):
    """Somebody who covers for whoever is away then, with the roles that are their own."""

    __tablename__: ClassVar[Any] = "covers"

    away_id: int = Field(foreign_key="times_away.id", primary_key=True)
    person_id: int = Field(foreign_key="people.id", primary_key=True)


times_away = table_of(TimeAway)
covers = table_of(Cover)
