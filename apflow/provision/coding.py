"""How a home school's attendance codes follow from what happened, as one law has it: the shape of `attendance.yaml`.

The codes, the reasons and the rules stand in the file, each wording from its day on; here is what is checked of them.
What follows from them for one session is in `attendance`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from itertools import product
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from apflow.core.checks.findings import Finding, Path, each_known, unclaimed
from apflow.core.days.calendar import add_months, shift
from apflow.core.days.duration import Unit
from apflow.core.definition.base import Claim, Name, Part, Said, SomeTime
from apflow.core.definition.calendars import CalendarDate
from apflow.provision.chasing import AbsencePattern, ChaseSchool, Chasing, LateMarks, LongAbsence, Missing
from apflow.provision.sessions import SCHOOL_WEEK

Code = Annotated[str, StringConstraints(pattern=r"^([A-Z][0-9]?|#)$")]
Teller = Literal["provider", "school"]


class Setting(StrEnum):
    """Where a placement is, as far as codes ask."""

    PROVIDER = "provider"
    SPORT = "sport"
    WORK = "work_experience"
    DUAL = "dual_registered"
    SCHOOL = "another_school"
    HOME = "home_or_online"


class Arranger(StrEnum):
    """Who arranged a placement, as far as codes ask."""

    COUNCIL = "council"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that rules may ask of one session of one pupil. `attended` is None while nobody has marked it."""

    setting: Setting
    arranged_by: Arranger
    planned: bool
    supervised: bool
    authorised: bool
    part_time: bool
    compulsory_age: bool
    attended: bool | None


class Meaning(Part):
    """What one code of the register says, and how a session with it is counted."""

    says: Said
    counts: Literal["attending", "authorised", "unauthorised", "unable to attend", "not counted"]


class AbsenceReason(Part):
    """A reason as people say it, the code it leads to, who may give it, and who may read that it was given.

    One that is `seldom` given stands after the others. `to_record` is what the home school's own register must say
    beside the code, for whoever keeps that.
    """

    says: Said
    code: Code
    told_by: tuple[Teller, ...] = ("provider", "school")
    read_by: tuple[Teller, ...] = ("provider", "school")
    seldom: bool = False
    to_record: Said | None = None


class NoReason(Part):
    """The code of an absence that nobody has explained, and what it becomes when nobody does."""

    code: Code
    becomes: Code
    after: SomeTime


class Closed(Part):
    """The code of every session of a day on which the home school is not open to pupils, marked or not."""

    code: Code
    because: Said


class CodeRule(Part):
    """One line of the table; what it does not ask is any. The first line that fits a session decides.

    It gives a `code`, or that of the `absence`, or neither: then `because` says what is missing for one.
    """

    setting: tuple[Setting, ...] = ()
    arranged_by: tuple[Arranger, ...] = ()
    planned: bool | None = None
    supervised: bool | None = None
    authorised: bool | None = None
    part_time: bool | None = None
    compulsory_age: bool | None = None
    attended: bool | None = None
    code: Code | None = None
    absence: bool = False
    because: Said

    def fits(self, session: Circumstances) -> bool:
        """Whether everything asked is so, leaving aside whether the pupil came."""
        asked = (name for name in _ASKED if getattr(self, name) is not None)
        return (
            (not self.setting or session.setting in self.setting)
            and (not self.arranged_by or session.arranged_by in self.arranged_by)
            and all(getattr(self, name) is getattr(session, name) for name in asked)
        )


class CodeTable(Claim):
    """The codes as one law has them, from the day `since`."""

    title: Said
    since: CalendarDate
    codes: Mapping[Code, Meaning] = Field(min_length=1)
    reasons: Mapping[Name, AbsenceReason] = Field(min_length=1)
    no_reason: NoReason
    closed: Closed | None = None
    rules: tuple[CodeRule, ...] = Field(min_length=1)

    def rule_for(self, session: Circumstances) -> CodeRule | None:
        """The first rule that fits; None while it would depend on a mark that nobody has made."""
        for rule in self.rules:
            if not rule.fits(session):
                continue
            if rule.attended is None or rule.attended is session.attended:
                return rule
            if session.attended is None:
                return None
        return None

    def reasons_for(self, teller: str) -> dict[str, str]:
        """What somebody may give as the reason of an absence, in words, by its name."""
        usual, seldom = self.offered(teller)
        return usual | seldom

    def offered(self, teller: str) -> tuple[dict[str, str], dict[str, str]]:
        """The same in two lists: those of every day, and those that are seldom given."""
        told = {name: reason for name, reason in self.reasons.items() if teller in reason.told_by}
        usual, seldom = (
            {name: one.says for name, one in told.items() if one.seldom is is_seldom} for is_seldom in (False, True)
        )
        return usual, seldom

    def could_come(self, reason: str | None) -> bool:
        """Whether the pupil could have come, or nobody has said otherwise: what such a reason explains is no absence.

        Source: Working together to improve school attendance (DfE, August 2024): not possible attendances.
        """
        known = self.reasons.get(reason or "")
        return known is None or self.codes[known.code].counts not in _NO_ABSENCE

    def is_kept_from(self, reason: str | None, reader: str) -> bool:
        """Whether a reason that was given is not for this reader, who hears that there is one."""
        known = self.reasons.get(reason or "")
        return known is not None and reader not in known.read_by


class Attendance(Part):
    """A whole attendance file. Without `missing`, only a pattern of absences is looked into.

    `long_absences` are told by the name of the alert that each opens. Without `late_marks`, whoever marks a session can
    do so however long ago it was.
    """

    attendance: Name
    title: Said
    tables: Mapping[Name, CodeTable] = Field(min_length=1)
    chasing: Chasing
    pattern: AbsencePattern
    missing: Missing | None = None
    long_absences: Mapping[Name, LongAbsence] = Field(default_factory=dict)
    late_marks: LateMarks | None = None

    def is_long_ago(self, day: date, today: date) -> bool:
        """Whether a session of the day is for the council's staff alone by now."""
        return self.late_marks is not None and shift(day, self.late_marks.after) < today

    def open_since(self, today: date) -> date:
        """The first day that can still be marked by a provider and explained by a school, at most a year back."""
        a_year_ago = add_months(today, -12)
        if self.late_marks is None:
            return a_year_ago
        day = shift(today, self.late_marks.after, -1)
        while self.is_long_ago(day, today):  # Months are not all as long going back.
            day += timedelta(days=1)
        return max(day, a_year_ago)

    def in_force(self, on: date) -> CodeTable | None:
        """The table that holds on a day: the last to have begun."""
        begun = [table for table in self.tables.values() if table.since <= on]
        return max(begun, key=lambda table: table.since, default=None)


_NO_ABSENCE = ("unable to attend", "not counted")
_ASKED = ("planned", "supervised", "authorised", "part_time", "compulsory_age")


def check_attendance(attendance: Attendance, around: Iterable[str] = ()) -> Iterator[Finding]:
    """What is wrong with an attendance file; `around` are the roles of those who work with a pupil."""
    yield from each_known(("pattern", "also"), "role", attendance.pattern.also, around)
    if attendance.missing:
        yield from each_known(("missing", "also"), "role", attendance.missing.also, around)
    for name, rule in attendance.long_absences.items():
        yield from _long_absence(attendance, rule, ("long_absences", name), around)
    days: dict[date, str] = {}
    for name, table in attendance.tables.items():
        path = ("tables", name)
        if days.setdefault(table.since, name) != name:
            message = f'"{days[table.since]}" begins on this day already, and only one can be in force'
            yield Finding((*path, "since"), "said-twice", message)
        yield from _codes_known(table, path)
        yield from _rules_whole(table, path)
    for half in ("am", "pm"):
        chase = attendance.chasing.of(half)
        if chase.flag_at <= chase.remind_at:
            message = "the council is told before the provider is reminded; give a later time"
            yield Finding(("chasing", half, "flag_at"), "backwards", message)
    if (school := attendance.chasing.school) and not _could_be_so_many(school):
        message = f"within {school.counted_within} there are not so many school days; give more time, or fewer days"
        yield Finding(("chasing", "school", "after_days"), "backwards", message)
    if attendance.pattern.absences > attendance.pattern.of:
        message = f"there cannot be so many absences among {attendance.pattern.of}"
        yield Finding(("pattern", "absences"), "backwards", message)
    if attendance.missing and attendance.missing.sooner > attendance.missing.days:
        message = "this is later than for everybody else; give fewer days, or as many"
        yield Finding(("missing", "sooner"), "backwards", message)
    yield from (unclaimed(path) for path, claim in attendance_claims(attendance) if not (claim.source or claim.assumed))


def _could_be_so_many(school: ChaseSchool) -> bool:
    """Whether a usual stretch of school weeks as long has so many days, today among them."""
    friday = date(2026, 11, 27)
    since = shift(friday, school.counted_within, -1)
    days = (since + timedelta(days=number) for number in range((friday - since).days + 1))
    return sum(day.weekday() < len(SCHOOL_WEEK) for day in days) >= school.after_days


def _long_absence(attendance: Attendance, rule: LongAbsence, path: Path, around: Iterable[str]) -> Iterator[Finding]:
    known = {name for table in attendance.tables.values() for name in table.reasons}
    yield from each_known((*path, "reasons"), "reason", rule.reasons, known)
    yield from each_known((*path, "also"), "role", rule.also, around)
    if rule.in_care is not None and rule.in_care > rule.school_days:
        message = "this is later than for everybody else; give fewer days, or as many"
        yield Finding((*path, "in_care"), "backwards", message)


def _codes_known(table: CodeTable, path: Path) -> Iterator[Finding]:
    named: list[tuple[Path, str | None]] = [
        (("reasons", name, "code"), reason.code) for name, reason in table.reasons.items()
    ]
    named += [(("no_reason", "code"), table.no_reason.code), (("no_reason", "becomes"), table.no_reason.becomes)]
    named += [(("closed", "code"), table.closed.code)] if table.closed else []
    named += [(("rules", number, "code"), rule.code) for number, rule in enumerate(table.rules)]
    for where, code in named:
        if code is not None and code not in table.codes:
            known = ", ".join(table.codes)
            yield Finding((*path, *where), "unknown-register-code", f'there is no code "{code}" here: {known}')
    for name, reason in table.reasons.items():
        for number, teller in enumerate(reason.told_by):
            if teller not in reason.read_by:
                message = f"the {teller} may give this reason and not read it; add it to read_by:, or leave it out here"
                yield Finding((*path, "reasons", name, "told_by", number), "told-unread", message)
    if table.no_reason.after.unit is not Unit.SCHOOL_DAY:
        yield Finding((*path, "no_reason", "after"), "wrong-value", "this is counted in school days")


def _rules_whole(table: CodeTable, path: Path) -> Iterator[Finding]:
    """Every session there can be is followed through the table, so that none is left without an answer."""
    reached = set()
    uncovered = 0
    for session in every_session():
        rule = table.rule_for(session)
        reached.add(id(rule))
        uncovered += rule is None
    for number, rule in enumerate(table.rules):
        if rule.code and rule.absence:
            message = "this gives a code of its own and that of the absence; leave one out"
            yield Finding((*path, "rules", number, "absence"), "said-twice", message)
        if id(rule) not in reached:
            message = "the rules before it decide every session that this one fits"
            yield Finding((*path, "rules", number), "never-fits", message)
    if uncovered:
        message = f"{uncovered} kinds of session have no rule; end with one that asks nothing"
        yield Finding((*path, "rules"), "sessions-without-rule", message, at_key=True)


def every_session() -> Iterator[Circumstances]:
    """Each kind of session that rules can tell apart, marked."""
    truths = product((True, False), repeat=len(fields(Circumstances)) - 2)
    return (
        Circumstances(setting, arranger, *truth)
        for setting, arranger, truth in product(Setting, Arranger, list(truths))
    )


def attendance_claims(attendance: Attendance) -> Iterator[tuple[Path, Claim]]:
    """Every piece that must be sourced or owned up to as assumed, with its path."""
    yield from ((("tables", name), table) for name, table in attendance.tables.items())
    yield ("chasing",), attendance.chasing
    yield ("pattern",), attendance.pattern
    if attendance.missing:
        yield ("missing",), attendance.missing
    yield from ((("long_absences", name), rule) for name, rule in attendance.long_absences.items())
    if attendance.late_marks:
        yield ("late_marks",), attendance.late_marks
