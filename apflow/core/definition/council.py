"""The council's own file: who it is, its roles, its calendar and the limits in force from a date."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.base import (
    Address,
    CalendarSpan,
    Claim,
    ClockTime,
    KeptName,
    Name,
    Names,
    Part,
    Said,
    SomeCalendarTime,
    SomeTime,
    Whole,
    each_once,
)
from apflow.core.definition.fields import PrivacyClass
from apflow.core.definition.labels import STAFF
from apflow.core.definition.nightly import NightlyCheck
from apflow.core.definition.putting_off import PuttingOff
from apflow.core.definition.reminding import Reminders
from apflow.core.definition.undoing import UndoSending

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_A_YEAR = timedelta(days=366)


def _day(value: Any) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    elif isinstance(value, date):
        return value
    raise ValueError(f'"{value}" is not a date; write year, month and day, like 2026-12-24')


CalendarDate = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-24"]})
]


class WorksWith(Part):
    """Those who work with the child of a case: whoever its record names as `who`, at an address that was checked.

    Somebody should be on record of a child of whom any of `expected_of` or `only_of` is true; of a child of whom none
    of `only_of` is, nobody is written to.
    """

    who: Name
    expected_of: Names = ()
    only_of: Names = ()


class Role(Claim):
    """A role: which audience it belongs to, and who gets its mail.

    `mail` is `assigned` (whoever has the case, else the mailbox), `everyone`, `mailbox`, `party` (the outsider),
    `register`: everybody on a `register` of records, none of whom need have an account, `by_link`: those on the case
    who read it by a link of their own, and never have one, or `works_with`: those who work with its child, else the
    mailbox.
    `sees` are the classes of fields it may read at all, on a page or in an e-mail: those of children only when it says
    so. `sees_on_pages` are classes that it reads on pages of its cases, and in no e-mail, where a question's `read` has
    the role. Whoever holds it may give tasks of the roles in `passes_on` to somebody who holds those. `least` is the
    fewest people who hold it at any time, of whom `most_conflicts` may have an interest in one case.
    """

    title: Said
    audience: str = STAFF
    mail: Literal["assigned", "everyone", "mailbox", "party", "register", "by_link", "works_with", "nobody"] = "nobody"
    mailbox: Address | None = None
    register_: Name | None = Field(default=None, alias="register")
    works_with: WorksWith | None = None
    sees: tuple[PrivacyClass, ...] = (PrivacyClass.PUBLIC, PrivacyClass.CASE, PrivacyClass.PERSONAL)
    sees_on_pages: tuple[PrivacyClass, ...] = ()
    passes_on: Names = ()
    least: Whole | None = Field(default=None, ge=0)
    most_conflicts: Whole = Field(default=0, ge=0)


class Closure(Part):
    """A day the council does not count as a working day, or all of them from that day to the end of `until`."""

    on: CalendarDate
    until: CalendarDate | None = None
    because: Said

    @property
    def last(self) -> date:
        return self.until or self.on

    @property
    def days(self) -> list[date]:
        return [self.on + timedelta(days=number) for number in range((self.last - self.on).days + 1)]

    @model_validator(mode="after")
    def _is_no_slip(self) -> "Closure":
        if self.last < self.on:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.on}")
        if self.last - self.on > _A_YEAR:
            raise ValueError(f"{self.on} to {self.last} is more than a year; correct one of the two")
        return self


class CalendarSpec(Claim):
    """The working-day calendar; bank holidays come from the national list for the division."""

    working_days: Annotated[tuple[Day, ...], AfterValidator(each_once)] = Field(min_length=1)
    bank_holidays: Literal["england-and-wales", "scotland", "northern-ireland"]
    closed: tuple[Closure, ...] = ()
    cut_off: ClockTime = time(17, 0)
    day_starts: ClockTime = time(9, 0)
    day_ends: ClockTime = time(23, 59)

    @model_validator(mode="after")
    def _a_day_in_order(self) -> "CalendarSpec":
        if not self.day_starts < self.cut_off <= self.day_ends:
            raise ValueError("a day starts (day_starts), has its cut_off, and ends (day_ends), in this order")
        return self


class Term(Part):
    """One half of a school term as children attend it: between two halves there is a half-term holiday."""

    name: Said
    first_day: CalendarDate
    last_day: CalendarDate


class SchoolCalendar(Claim):
    """When schools are open; school days are the weekdays within terms, without bank holidays or INSET days."""

    terms: tuple[Term, ...] = Field(min_length=1)
    inset: tuple[Closure, ...] = ()


class ClosedPeriod(Part):
    """From the start of `start` to the end of `until` no new application is taken."""

    start: CalendarDate
    until: CalendarDate
    because: Said


class Applications(Part):
    """Whether new applications are taken: a switch, and closures planned ahead."""

    open: bool = True
    because: Said | None = None
    closed_periods: tuple[ClosedPeriod, ...] = ()

    def closed_because(self, today: date) -> str | None:
        """Why applications are closed `today`, or None while they are open."""
        if not self.open:
            return self.because or "Applications are closed at present."
        return next((p.because for p in self.closed_periods if p.start <= today <= p.until), None)

    def open_again_on(self, today: date) -> date | None:
        """The first day from `today` on which applications are taken; None while the switch is off, as nobody knows."""
        if not self.open:
            return None
        day = today
        for period in sorted(self.closed_periods, key=lambda period: period.start):
            if period.start <= day <= period.until:
                day = period.until + timedelta(days=1)
        return day


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


class CopyOfRecord(Claim):
    """A copy of what is held about a child, to hand over: what classes of answers it `gives`, what it says `instead`.

    Whoever asks is told of every answer that is left out; a person decides on those one by one.
    """

    gives: tuple[PrivacyClass, ...]
    instead: Said


class Retention(Claim):
    """How long what is held about a child is kept: `years` after the last day of the last placement.

    Of a child of whom one of `longer_for` is true, or whose case says so, at least to the birthday of `until_age`.
    When the time is over nothing goes by itself: whoever holds a role of `decided_by` decides.
    """

    years: Whole = Field(ge=1, le=100)
    until_age: Whole = Field(ge=18, le=100)
    longer_for: tuple[Literal["ehcp", "sen_support", "looked_after"], ...] = ()
    decided_by: Annotated[Names, Field(min_length=1)]


class KeptFor(Claim):
    """How long closed cases `of` a workflow are kept: `keep` after the day they were closed.

    Only of those that ended in one of `states`, if any is named, and whose choices are as `answered` says. A day the
    case itself names, `counted_from`, starts the time anew where it is later. One `with_parent` is kept while the cases
    that it belongs to are open, and for the time after the last of those was closed.
    """

    of: Name
    keep: SomeCalendarTime
    states: Names = ()
    answered: Mapping[Name, Name] = Field(default_factory=dict)
    counted_from: Name | None = None
    with_parent: bool = False


class ClosedCases(Part):
    """How long cases that are about no pupil alone are kept once they are closed: by the first rule that fits.

    Nothing goes by itself: whoever holds a role of `decided_by` decides on each.
    """

    decided_by: Annotated[Names, Field(min_length=1)]
    rules: Mapping[Name, KeptFor]


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
    def mailboxes(self) -> frozenset[str]:
        """The addresses that several people of the council read, in small letters."""
        boxes = {role.mailbox for role in self.roles.values() if role.mailbox} | {self.mailbox}
        return frozenset(box.lower() for box in boxes)
