"""What attendance makes somebody do: marks that are not there, absences that add up, and marks that come late."""

from typing import Annotated, Literal

from pydantic import Field

from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.base import Claim, ClockTime, Names, Part, SomeCalendarTime, Whole

_USUAL = Duration(2, Unit.WEEK)  # Where a file does not say, as none could before.


class Chase(Part):
    """When the mark of one session is asked for again, and when the council is told that it is not there."""

    remind_at: ClockTime
    flag_at: ClockTime


class ChaseSchool(Part):
    """On how many days a pupil's sessions are unmarked before their home school is told, and how often it is.

    What is longer ago than `within` no longer counts.
    """

    after_days: Whole = Field(ge=1, le=10)
    every: SomeCalendarTime
    within: SomeCalendarTime | None = None

    @property
    def counted_within(self) -> Duration:
        """How far back such days are counted, whether or not the file says so."""
        return self.within or _USUAL


class Chasing(Claim):
    """When unmarked sessions of the morning and the afternoon are chased, and when the pupils' `school` is told."""

    am: Chase
    pm: Chase
    school: ChaseSchool | None = None

    def of(self, half: str) -> Chase:
        """What holds of the sessions of one half of the day, "am" or "pm"."""
        return {"am": self.am, "pm": self.pm}[half]


class AbsencePattern(Claim):
    """So many absences of the last sessions make somebody look into it; those who work with the pupil `also` hear."""

    absences: Whole = Field(ge=1, le=100)
    of: Whole = Field(ge=1, le=100)
    also: Names = ()


class Missing(Claim):
    """So many days running on which a pupil was due, did not come, and nobody has said why: somebody looks today.

    `sooner` is after how many for those who are looked after, or on a child protection or child in need plan. Those who
    work with the pupil `also` hear, by the roles of council.yaml that say who they are.
    """

    days: Whole = Field(ge=1, le=20)
    sooner: Whole = Field(ge=1, le=20)
    also: Names = ()


class LongAbsence(Claim):
    """So many school days away for one of the `reasons`, after which the law wants education to be arranged otherwise.

    They count `in the school year`, in a row or not; or `running`, and then all school days from the first of them to
    the latest do. Of somebody who is looked after it is told after `in_care`. Those who work with the pupil `also`
    hear, by the roles of council.yaml that say who they are.
    """

    reasons: Annotated[Names, Field(min_length=1)]
    school_days: Whole = Field(ge=1, le=100)
    counted: Literal["in the school year", "running"]
    in_care: Annotated[Whole, Field(ge=1, le=100)] | None = None
    also: Names = ()

    def days_for(self, *, looked_after: bool) -> int:
        """After how many school days it is told of a pupil."""
        return self.in_care if looked_after and self.in_care is not None else self.school_days


class LateMarks(Claim):
    """A session longer than this ago is marked, and its reason given, by the council's staff alone."""

    after: SomeCalendarTime
