"""The council's own file: who it is, its roles, its calendar and the limits in force from a date."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from pydantic import Field, model_validator

from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.base import (
    Address,
    CalendarSpan,
    Claim,
    KeptName,
    Names,
    Part,
    Said,
    SomeCalendarTime,
    SomeTime,
)
from apflow.core.definition.calendars import (
    Applications,
    CalendarSpec,
    SchoolCalendar,
)
from apflow.core.definition.keeping import ClosedCases, CopyOfRecord, Retention
from apflow.core.definition.labels import STAFF
from apflow.core.definition.meeting_length import USUAL, Meetings
from apflow.core.definition.nightly import NightlyCheck
from apflow.core.definition.putting_off import PuttingOff
from apflow.core.definition.reminding import Reminders
from apflow.core.definition.roles import Role
from apflow.core.definition.signing_in import UNSAID, SigningIn
from apflow.core.definition.undoing import UndoSending


class Urgent(Claim):
    """What is said first on a form that is no way to get help at once."""

    says: Said


class FurthestDate(Claim):
    """How far after today an answer can be at all: a day beyond is taken for a slip of the year.

    A question can say otherwise (`at_most_ahead`).
    """

    ahead: SomeCalendarTime


class RoutineVisits(Claim):
    """How often everybody on a list is visited as a matter of course: usually `every` so long, within limits.

    `arrange` is how long before its week a visit begins to be arranged.
    """

    every: SomeCalendarTime
    at_least: CalendarSpan
    at_most: SomeCalendarTime
    arrange: CalendarSpan

    @model_validator(mode="after")
    def _in_order(self) -> "RoutineVisits":
        if not _rough(self.at_least) <= _rough(self.every) <= _rough(self.at_most):
            raise ValueError("the usual time lies between the shortest (at_least) and the longest (at_most)")
        return self


def _rough(span: Duration) -> int:
    """About how many days it is, to compare two."""
    return span.count * {Unit.WEEK: 7, Unit.MONTH: 30, Unit.YEAR: 365}.get(span.unit, 1)


class ReviewOfDecisions(Claim):
    """That a decision can be looked at again: by whom, and how soon after it that must be asked for."""

    by: Said
    within: SomeTime


class Council(Part):
    """A whole council file."""

    council: Said
    short_name: Said
    team: Said
    mailbox: Address
    telephone: Said | None = None
    urgent: Urgent | None = None
    review_of_decisions: ReviewOfDecisions | None = None
    roles: Mapping[KeptName, Role]
    calendar: CalendarSpec
    school_calendar: SchoolCalendar | None = None
    applications: Applications = Field(default_factory=Applications)
    routine_visits: RoutineVisits | None = None
    furthest_date: FurthestDate | None = None
    undo_sending: UndoSending | None = None
    signing_in: SigningIn | None = None
    meetings: Meetings | None = None
    reminders: Reminders | None = None
    putting_off: PuttingOff | None = None
    nightly_check: NightlyCheck | None = None
    copy_of_record: CopyOfRecord | None = None
    retention: Retention | None = None
    closed_cases: ClosedCases | None = None
    agencies: Mapping[KeptName, Said] = Field(default_factory=dict)
    titles: Names = ()

    def is_staff(self, held: Iterable[str]) -> bool:
        """Whether any of these roles is one of the council's own staff."""
        return any(self.roles[role].audience == STAFF for role in held if role in self.roles)

    @property
    def ways_in(self) -> SigningIn:
        """How long each way in lasts, whether or not the settings say so."""
        return self.signing_in or UNSAID

    @property
    def meeting_length(self) -> timedelta:
        """How long a meeting stands in calendars, whether or not the settings say so."""
        return (self.meetings or USUAL).length

    @property
    def mailboxes(self) -> frozenset[str]:
        """The addresses that several people of the council read, in small letters."""
        boxes = {role.mailbox for role in self.roles.values() if role.mailbox} | {self.mailbox}
        return frozenset(box.lower() for box in boxes)
