"""Cases, their items and parties, and whom they are hidden from; and what people keep beside a case."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, ColumnElement, Index, false, literal_column, text
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of


class CaseRow(SQLModel, table=True):
    """One case at its present version; `head` is the hash of its last history entry.

    A child case has the `parent_id` of the case that opened it, which calls it a `kind` and `has_children` from the
    moment it asks for the first.
    """

    __tablename__: ClassVar[Any] = "cases"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        Index("ix_cases_changed", "changed_at", "id"),
        Index("ix_cases_open", "workflow", "state", sqlite_where=text("is_open"), postgresql_where=text("is_open")),
    )

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True, max_length=20)
    workflow: str = Field(max_length=60)
    digest: str = Field(max_length=64, foreign_key="workflow_texts.digest")
    title: str = Field(max_length=200, index=True)
    state: str = Field(max_length=60)
    awaiting: str | None = Field(default=None, max_length=60)
    is_open: bool = True
    version: int
    fields: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    assigned_to: int | None = Field(default=None, foreign_key="people.id", index=True)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    entered_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)
    head: str = Field(max_length=64)
    doers: dict[str, int] = Field(default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}"))
    overrides: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}"))
    parent_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    kind: str | None = Field(default=None, max_length=60)
    has_children: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class CaseItem(SQLModel, table=True):
    """One item of a case's collection, once somebody has touched it."""

    __tablename__: ClassVar[Any] = "case_items"
    __table_args__ = (Index("ix_case_items_standing", "collection", "status"),)

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    collection: str = Field(primary_key=True, max_length=60)
    key: str = Field(primary_key=True, max_length=60)
    status: str = Field(max_length=60)
    data: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    changed_at: datetime = Field(sa_type=UTCDateTime)


class CaseParty(SQLModel, table=True):
    """An outsider the case is about: who it names, or a colleague, who is there for as long as `colleague_of` is."""

    __tablename__: ClassVar[Any] = "case_parties"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    person_id: int = Field(foreign_key="people.id", primary_key=True, index=True)
    role: str = Field(max_length=60, primary_key=True)
    colleague_of: int | None = Field(default=None, foreign_key="people.id")


class HiddenCase(SQLModel, table=True):
    """Somebody from whom a case is hidden, as its fields say: for lists, which do not read them."""

    __tablename__: ClassVar[Any] = "hidden_cases"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    person_id: int = Field(foreign_key="people.id", primary_key=True, index=True)


class BarredCase(SQLModel, table=True):
    """A case that names somebody who must not be contacted about its pupil, to be found by the pupil."""

    __tablename__: ClassVar[Any] = "barred_cases"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    pupil_id: int = Field(index=True)


class Draft(SQLModel, table=True):
    """What a person has typed into a form and not yet sent; outside the case's version.

    `seen` is the version of the case that the form was shown against; NULL of those kept before that was.
    """

    __tablename__: ClassVar[Any] = "drafts"

    person_id: int = Field(foreign_key="people.id", primary_key=True)
    reference: str = Field(primary_key=True, max_length=20)
    event: str = Field(primary_key=True, max_length=60)
    item: str = Field(primary_key=True, max_length=60, default="")
    answers: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    saved_at: datetime = Field(sa_type=UTCDateTime)
    seen: int | None = None


class Look(SQLModel, table=True):
    """The version of a case a person last looked at."""

    __tablename__: ClassVar[Any] = "looks"
    __table_args__ = (Index("ix_looks_of_case", "case_id", "at"),)

    person_id: int = Field(foreign_key="people.id", primary_key=True)
    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    version: int
    at: datetime = Field(sa_type=UTCDateTime)


cases = table_of(CaseRow)
# In the index's own words: SQLite does not see that "is_open = 1", as SQLAlchemy would write it, is what it is about.
IS_OPEN: ColumnElement[bool] = literal_column("cases.is_open")
case_items = table_of(CaseItem)
case_parties = table_of(CaseParty)
hidden_cases = table_of(HiddenCase)
barred_cases = table_of(BarredCase)
drafts = table_of(Draft)
looks = table_of(Look)
