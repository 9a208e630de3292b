"""People, and how they prove who they are. Only hashes of tokens are kept."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Index, false, text
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of


class Person(SQLModel, table=True):
    """Someone who signs in or is written to; `email` is kept in small letters.

    To whoever `opens_next` the next task of their work opens by itself once they have finished one.
    """

    __tablename__: ClassVar[Any] = "people"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_small"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    email: str = Field(unique=True, max_length=254)
    roles: list[str] = Field(sa_column=Column(Json, nullable=False))
    agency: str | None = Field(default=None, max_length=60)
    is_active: bool = True
    created_at: datetime = Field(sa_type=UTCDateTime)
    opens_next: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Colleague(SQLModel, table=True):
    """Somebody who may act and see as a `person_id` does in one role of theirs, until it ends; kept when it has.

    `version` rises with each change. `carried_from` is what they were for whoever was written to before at the same
    school or provider, which ends when this does.
    """

    __tablename__: ClassVar[Any] = "colleagues"
    __table_args__ = (
        CheckConstraint("person_id <> colleague_id", name="other"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_whole"),
        Index("ix_colleagues_of", "person_id", "role"),
        Index(
            "uq_colleagues_now",
            "colleague_id",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id")
    colleague_id: int = Field(foreign_key="people.id")
    role: str = Field(max_length=60)
    added_by: int = Field(foreign_key="people.id")
    added_at: datetime = Field(sa_type=UTCDateTime)
    ended_by: int | None = Field(default=None, foreign_key="people.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)
    carried_from: int | None = Field(default=None, foreign_key="colleagues.id")


class Session(SQLModel, table=True):
    """One signed-in browser."""

    __tablename__: ClassVar[Any] = "sessions"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="people.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)


class SignInLink(SQLModel, table=True):
    """A link that signs one person in once, or a code that does the same in the browser that asked for it."""

    __tablename__: ClassVar[Any] = "sign_in_links"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="people.id", index=True)
    code_hash: str | None = Field(default=None, max_length=64)
    next_path: str | None = Field(default=None, max_length=300)
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    wrong_codes: int = 0
    asked_by: str | None = Field(default=None, max_length=64)


class ApiToken(SQLModel, table=True):
    """A bearer token for the JSON API, acting as one person."""

    __tablename__: ClassVar[Any] = "api_tokens"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="people.id", index=True)
    name: str = Field(max_length=100)
    created_at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


people = table_of(Person)
colleagues = table_of(Colleague)
sessions = table_of(Session)
sign_in_links = table_of(SignInLink)
api_tokens = table_of(ApiToken)
