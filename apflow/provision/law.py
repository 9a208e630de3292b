"""When a provider must register as an independent school: each wording of the law, with its numbers, from its day on.

The numbers stand in `registration.yaml`, a council's own dated file; here is its shape and what is checked of it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, time
from enum import StrEnum
from functools import partial

from pydantic import Field

from apflow.core.checks.findings import Finding, Path, unclaimed
from apflow.core.compare.grammar import differences, keyed
from apflow.core.definition.base import Claim, ClockTime, Name, Part, Said, Whole
from apflow.core.definition.calendars import CalendarDate


class Status(StrEnum):
    """What may be true of a pupil so that one alone is enough."""

    EHCP = "ehcp"
    SEN_SUPPORT = "sen_support"
    LOOKED_AFTER = "looked_after"

    @property
    def words(self) -> str:
        """As it is said of a pupil: "with an EHC plan"."""
        return {
            Status.EHCP: "with an EHC plan",
            Status.SEN_SUPPORT: "with SEN support",
            Status.LOOKED_AFTER: "who is looked after",
        }[self]


class Daytime(Part):
    """The hours of a weekday that count as the day."""

    starts: ClockTime = time(8, 0)
    ends: ClockTime = time(16, 0)


class Wording(Claim):
    """The rule as one law has it. Without `since` it is not in force yet, and pages say what it would change.

    `pupils` in full-time education are enough, or one of whom any of `one_pupil_with` is true. A pupil is full-time who
    is there for more than `pupil_over` hours a week; everyone is, where the institution is open for more than
    `open_over` hours a week in the day.
    """

    title: Said
    since: CalendarDate | None = None
    pupils: Whole = Field(ge=1)
    warn_from: Whole = Field(ge=1)
    one_pupil_with: tuple[Status, ...] = ()
    pupil_over: Whole = Field(ge=1, le=168)
    open_over: Whole = Field(ge=1, le=168)
    mention_over: Whole = Field(ge=1, le=168)
    daytime: Daytime = Field(default_factory=Daytime)


class Registration(Part):
    """A whole registration file."""

    registration: Name
    title: Said
    wordings: Mapping[Name, Wording] = Field(min_length=1)

    def in_force(self, on: date) -> Wording | None:
        """The wording that holds on a day: the last to have begun."""
        begun = [wording for wording in self.wordings.values() if wording.since and wording.since <= on]
        return max(begun, key=lambda wording: wording.since or date.min, default=None)

    def to_come(self, on: date) -> tuple[Wording, ...]:
        """Those that do not hold yet, whether or not their day is known."""
        return tuple(one for one in self.wordings.values() if one.since is None or one.since > on)


def check_registration(registration: Registration) -> Iterator[Finding]:
    """What is wrong with a registration file."""
    days: dict[date, str] = {}
    for name, wording in registration.wordings.items():
        path = ("wordings", name)
        if wording.since and days.setdefault(wording.since, name) != name:
            message = f'"{days[wording.since]}" begins on this day already, and only one can be in force'
            yield Finding((*path, "since"), "said-twice", message)
        if wording.warn_from > wording.pupils:
            message = f"this warns after the {wording.pupils} that are enough; give a smaller number"
            yield Finding((*path, "warn_from"), "backwards", message)
        if wording.daytime.ends <= wording.daytime.starts:
            yield Finding((*path, "daytime", "ends"), "backwards", "the day ends before it starts")
        if not (wording.source or wording.assumed):
            yield unclaimed(path)


def registration_claims(registration: Registration) -> Iterator[tuple[Path, Claim]]:
    """Every piece that must be sourced or owned up to as assumed, with its path."""
    yield from ((("wordings", name), wording) for name, wording in registration.wordings.items())


def compare_registrations(old: Registration | None, new: Registration | None) -> Iterator[str]:
    """At least one sentence for every difference in when a provider must register."""
    if old is None or new is None:
        if new is not None:
            yield f"“{new.title}” is added, with {len(new.wordings)} wordings of the law."
        if old is not None:
            yield f"“{old.title}” is taken away: the pages no longer say who must register."
        return
    subject = "Registration"
    yield from differences(subject, old, new, {"wordings": partial(_wordings, subject)})


def _wordings(subject: str, old: Mapping[str, Wording], new: Mapping[str, Wording]) -> Iterator[str]:
    return keyed(
        old,
        new,
        added=lambda _, wording: [f"{subject}: the wording of {wording.title} is added."],
        removed=lambda _, wording: [f"{subject}: the wording of {wording.title} is taken away."],
        changed=lambda _, was, now: differences(now.title, was, now, {}),
        called=lambda wording: wording.title,
    )
