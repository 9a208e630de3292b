"""What attendance makes somebody do: marks that are not there, absences that add up, and marks that come late."""

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


class LateMarks(Claim):
    """A session longer than this ago is marked, and its reason given, by the council's staff alone."""

    after: SomeCalendarTime
