"""Who commissions, where pupils are placed, and the national register of establishments."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of

COMMISSIONERS = ("school", "service", "parent", "learner")


class Commissioner(SQLModel, table=True):
    """A school or other setting, a service of the council, or a parent or learner with a personal budget.

    `sought` is what it is found by: its name in small letters. `version` rises with each change.
    """

    __tablename__: ClassVar[Any] = "commissioners"
    __table_args__ = (CheckConstraint(f"kind IN {COMMISSIONERS}", name="kind"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    name: str = Field(max_length=200)
    sought: str = Field(max_length=200, index=True)
    urn: str | None = Field(default=None, unique=True, max_length=6)
    contact_name: str | None = Field(default=None, max_length=120)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    postcode: str | None = Field(default=None, max_length=10)
    ended_on: date | None = None
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


class Proprietor(SQLModel, table=True):
    """Whoever runs one or more sites; what happens at all of them is added up."""

    __tablename__: ClassVar[Any] = "proprietors"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    sought: str = Field(unique=True, max_length=200)


class Site(SQLModel, table=True):
    """One place of a provider, whose case says who that is. `hours` are the first and last time by weekday."""

    __tablename__: ClassVar[Any] = "sites"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    proprietor_id: int = Field(foreign_key="proprietors.id", index=True)
    name: str = Field(max_length=120)
    address: str | None = Field(default=None, max_length=300)
    postcode: str | None = Field(default=None, max_length=10)
    hours: dict[str, list[str]] = Field(sa_column=Column(Json, nullable=False))
    ended_on: date | None = None
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


class RedLight(SQLModel, table=True):
    """A proprietor whose registration light is red, since the day it was noticed, and the case that follows it.

    `answers` begin that case and `key` is its idempotency key: both stay the same until it is there.
    """

    __tablename__: ClassVar[Any] = "red_lights"

    proprietor_id: int = Field(foreign_key="proprietors.id", primary_key=True)
    since: date
    key: str = Field(max_length=64)
    answers: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    reference: str | None = Field(default=None, max_length=20)


class Establishment(SQLModel, table=True):
    """One line of the national register, as the extract that was imported last has it."""

    __tablename__: ClassVar[Any] = "establishments"

    urn: str = Field(primary_key=True, max_length=6)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=120)
    status: str = Field(max_length=60)
    is_open: bool
    council: str = Field(max_length=120)
    ukprn: str | None = Field(default=None, max_length=8)
    postcode: str | None = Field(default=None, max_length=10)
    opened_on: date | None = None
    closed_on: date | None = None


commissioners = table_of(Commissioner)
proprietors = table_of(Proprietor)
sites = table_of(Site)
red_lights = table_of(RedLight)
establishments = table_of(Establishment)
