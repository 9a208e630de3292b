"""Attendance of placements: what was agreed, what providers marked, what was chased. All of it is about children."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from apflow.store.tables.base import Json, UTCDateTime, table_of

SETTINGS = ("provider", "sport", "work_experience", "dual_registered", "another_school", "home_or_online")
ARRANGERS = ("council", "school")
HALVES = ("am", "pm")
MARKS = ("present", "late", "absent")


class AttendancePlan(SQLModel, table=True):
    """What was agreed of a placement's attendance, from a day on; the latest to have begun holds.

    `sessions` are those planned in a week, as "monday am". A part-time timetable has its dates and who agreed to it.
    """

    __tablename__: ClassVar[Any] = "attendance_plans"
    __table_args__ = (
        UniqueConstraint("placement_id", "from_on", name="uq_attendance_plans_once"),
        CheckConstraint(f"setting IN {SETTINGS}", name="setting"),
        CheckConstraint(f"arranged_by IN {ARRANGERS}", name="arranged_by"),
    )

    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placements.id")
    from_on: date
    setting: str = Field(max_length=20)
    arranged_by: str = Field(max_length=10)
    sessions: list[str] = Field(sa_column=Column(Json, nullable=False))
    is_supervised: bool = False
    authorised: str | None = Field(default=None, max_length=120)
    reporter: str | None = Field(default=None, max_length=120)
    part_time_from: date | None = None
    part_time_until: date | None = None
    part_time_agreed: str | None = Field(default=None, max_length=120)
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


class SessionMark(SQLModel, table=True):
    """What somebody said of one session; only ever added. The highest `number` counts, the others are its history.

    `key` is what the sender calls it: the same one again is the same mark. `marked_at` is when it was made, perhaps
    without a connection; `at` is when it came.
    """

    __tablename__: ClassVar[Any] = "session_marks"
    __table_args__ = (
        UniqueConstraint("placement_id", "day", "half", "number", name="uq_session_marks_in_order"),
        UniqueConstraint("person_id", "key", name="uq_session_marks_once"),
        CheckConstraint(f"half IN {HALVES}", name="half"),
        CheckConstraint(f"mark IN {MARKS}", name="mark"),
        CheckConstraint("reason IS NULL OR mark = 'absent'", name="reason"),
        Index("ix_session_marks_day", "day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    placement_id: int = Field(foreign_key="placements.id")
    day: date
    half: str = Field(max_length=2)
    number: int
    mark: str = Field(max_length=10)
    reason: str | None = Field(default=None, max_length=60)
    key: str = Field(max_length=120)
    person_id: int = Field(foreign_key="people.id")
    person_name: str = Field(max_length=120)
    marked_at: datetime = Field(sa_type=UTCDateTime)
    at: datetime = Field(sa_type=UTCDateTime)


class SessionChase(SQLModel, table=True):
    """That a provider was reminded of the sessions it had not marked, or the council told of them: once each."""

    __tablename__: ClassVar[Any] = "session_chases"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    day: date = Field(primary_key=True)
    half: str = Field(primary_key=True, max_length=2)
    step: str = Field(primary_key=True, max_length=10)
    at: datetime = Field(sa_type=UTCDateTime)


class AbsencePatternRow(SQLModel, table=True):
    """A placement whose absences are a pattern, since the day it was noticed; it goes when they no longer are."""

    __tablename__: ClassVar[Any] = "absence_patterns"

    placement_id: int = Field(foreign_key="placements.id", primary_key=True)
    since: date


class MissingPupil(SQLModel, table=True):
    """A placement whose pupil has been missing since a day, once the council is told; it goes when they are not."""

    __tablename__: ClassVar[Any] = "missing_pupils"

    placement_id: int = Field(foreign_key="placements.id", primary_key=True)
    since: date


class LongAbsenceTold(SQLModel, table=True):
    """That somebody was told how long a pupil is away by one rule, counted from a day: once each."""

    __tablename__: ClassVar[Any] = "long_absences_told"

    pupil_id: int = Field(foreign_key="pupils.id", primary_key=True)
    rule: str = Field(primary_key=True, max_length=60)
    since: date = Field(primary_key=True)


attendance_plans = table_of(AttendancePlan)
session_marks = table_of(SessionMark)
session_chases = table_of(SessionChase)
absence_patterns = table_of(AbsencePatternRow)
missing_pupils = table_of(MissingPupil)
long_absences_told = table_of(LongAbsenceTold)
