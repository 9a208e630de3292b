"""Pupils, the professionals around them, and where they are placed. What is here is about children."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, ColumnElement, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of

PLANS = ("cp", "cin")


class Pupil(SQLModel, table=True):
    """One child. `sought` is what it is found by: names and number in small letters. `plan`: protection, or in need.

    `years_out` is by how many years the school year is ahead of the usual one of the age, less than 0 behind it; it
    moves up with the child.

    Of one that was erased nothing is left but what is counted: the year of birth, the needs, the home school.
    """

    __tablename__: ClassVar[Any] = "pupils"
    __table_args__ = (CheckConstraint(f"plan IN {PLANS}", name="plan"),)

    id: int | None = Field(default=None, primary_key=True)
    upn: str | None = Field(default=None, unique=True, max_length=13)
    surname: str = Field(max_length=100)
    forename: str = Field(max_length=100)
    sought: str = Field(max_length=220, index=True)
    born: date
    years_out: int | None = None
    ehcp: bool = False
    sen_support: bool = False
    looked_after: bool = False
    plan: str | None = Field(default=None, max_length=10)
    home_school_id: int | None = Field(default=None, foreign_key="commissioners.id", index=True)
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)
    sex: str | None = Field(default=None, max_length=1)
    middle_names: str | None = Field(default=None, max_length=100)
    postcode: str | None = Field(default=None, max_length=10)
    uln: str | None = Field(default=None, unique=True, max_length=10)
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class PupilWord(SQLModel, table=True):
    """A word that a name of the pupil's can begin with, as texts are compared with it; gone once they are erased."""

    __tablename__: ClassVar[Any] = "pupil_words"

    word: str = Field(primary_key=True, max_length=100)
    pupil_id: int = Field(foreign_key="pupils.id", primary_key=True, index=True)


class Professional(SQLModel, table=True):
    """Someone who works with a pupil: the social worker, the Virtual School, a caseworker.

    Nobody is written to at an `email` before it was checked that it is theirs, `email_checked_on` a day.
    """

    __tablename__: ClassVar[Any] = "professionals"

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupils.id", index=True)
    role: str = Field(max_length=40)
    name: str = Field(max_length=120)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    ended_on: date | None = None
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)
    email_checked_on: date | None = None


class Placement(SQLModel, table=True):
    """A pupil at a site for so many minutes a week, from a first day to a last; without a last it goes on.

    `cost` is a week's; where a week came to something else before, `placement_weeks` says so. `case_id` is the case
    that keeps it, if one does. `late_because` says why it was recorded late.
    Of one kept by hand it is said here who `considered` the council's duty of section 19, its `destination`, and the
    `reason` why it was commissioned. One that `never_began` was called off before its first day, or nobody came: it is
    kept, and is on no day. It may be at other sites of the same provider as well: their numbers, what they were called
    then, and which days are where.
    """

    __tablename__: ClassVar[Any] = "placements"
    __table_args__ = (
        UniqueConstraint("pupil_id", "site_id", "commissioner_id", "starts_on", name="uq_placements_once"),
        CheckConstraint("ends_on >= starts_on", name="in_order"),
        CheckConstraint("minutes > 0", name="some_time"),
    )

    id: int | None = Field(default=None, primary_key=True)
    pupil_id: int = Field(foreign_key="pupils.id")
    site_id: int = Field(foreign_key="sites.id", index=True)
    commissioner_id: int = Field(foreign_key="commissioners.id", index=True)
    minutes: int
    sessions: int | None = None
    has_breaks: bool = True
    starts_on: date
    ends_on: date | None = None
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)
    cost: str | None = Field(default=None, max_length=14)
    case_id: int | None = Field(default=None, foreign_key="cases.id", unique=True)
    late_because: str | None = Field(default=None, max_length=300)
    considered_by: str | None = Field(default=None, max_length=120)
    considered_on: date | None = None
    considered_evidence: str | None = Field(default=None, max_length=3000)
    never_began: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    destination: str | None = Field(default=None, max_length=20)
    reason: str | None = Field(default=None, max_length=30)
    also_at: list[int] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    also_called: str | None = Field(default=None, max_length=600)
    site_days: str | None = Field(default=None, max_length=200)


class PlacementPause(SQLModel, table=True):
    """Days of a placement on which nobody expects the pupil: from the first to the day before it goes on, if it does.

    One that goes on the day it was paused is on no day.
    """

    __tablename__: ClassVar[Any] = "placement_pauses"
    __table_args__ = (
        UniqueConstraint("placement_id", "paused_on", name="uq_placement_pauses_once"),
        CheckConstraint("resumed_on >= paused_on", name="in_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placements.id")
    paused_on: date
    resumed_on: date | None = None


class PlacementWeek(SQLModel, table=True):
    """What a week of a placement came to until a day, which is the first on which it came to something else.

    What it comes to since the last of these stands in the placement itself.
    """

    __tablename__: ClassVar[Any] = "placement_weeks"
    __table_args__ = (UniqueConstraint("placement_id", "until", name="uq_placement_weeks_once"),)

    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placements.id")
    until: date
    minutes: int
    sessions: int | None = None
    has_breaks: bool
    cost: str | None = Field(default=None, max_length=14)


pupils = table_of(Pupil)
pupil_words = table_of(PupilWord)
professionals = table_of(Professional)
placements = table_of(Placement)
placement_pauses = table_of(PlacementPause)
placement_weeks = table_of(PlacementWeek)
BEGAN: ColumnElement[bool] = placements.c.never_began.is_(False)
