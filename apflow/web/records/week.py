"""A week of a school's pupils in alternative provision, as the school's page and its register have it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from apflow.core.definition.words import short_day
from apflow.provision.sessions import HALVES, IN_WORDS
from apflow.records.attendance.coding import CodedSession

HEADINGS = ("UPN", "Surname", "First name", "Date", "Session", "Code", "Why", "Marked", "Provider")


@dataclass(frozen=True, slots=True)
class PupilsWeek:
    """One pupil's sessions of the week."""

    pupil: Row[Any]
    sessions: Sequence[CodedSession]

    @property
    def providers(self) -> dict[str, str]:
        """Where the pupil is placed, by the reference of the provider's case."""
        return {one.placement.reference: one.placement.provider for one in self.sessions}

    @property
    def days(self) -> list[tuple[date, list[CodedSession | None]]]:
        """Each day with its two halves."""
        by_place = {(one.day, one.half): one for one in self.sessions}
        return [(day, [by_place.get((day, half)) for half in HALVES]) for day in sorted({day for day, _ in by_place})]

    @property
    def why(self) -> list[tuple[str, str]]:
        """Every code that the week has with every reason for it, once each; first what is missing for one."""
        coded = [one for one in self.sessions if one.coded]
        found = {(one.coded.code or "", one.coded.because): one for one in coded if one.coded}
        # Where the pupil was due at school nothing is missing here, so that comes last.
        return sorted(found, key=lambda each: (not each[0] and not found[each].is_planned, each))


def weeks_of(sessions: Iterable[CodedSession]) -> list[PupilsWeek]:
    """The sessions pupil by pupil, in the order in which they come."""
    found: dict[int, list[CodedSession]] = {}
    for one in sessions:
        found.setdefault(one.placement.pupil_id, []).append(one)
    return [
        PupilsWeek(every[0].placement, sorted(every, key=lambda one: (one.day, one.half))) for every in found.values()
    ]


def cells_of(week: PupilsWeek) -> list[list[str]]:
    """The lines of the register for a spreadsheet; a session without a code has an empty one, and why."""
    return [
        [
            *(one.placement.upn or "", one.placement.surname, one.placement.forename),
            *(one.day.isoformat(), IN_WORDS[one.half]),
            *((one.coded.code or "", one.coded.because) if one.coded else ("", "")),
            *(one.mark.mark if one.mark else "", one.placement.provider if one.is_planned else ""),
        ]
        for one in week.sessions
    ]


def week_words(days: Sequence[date]) -> str:
    """ "2 Nov 2026 to 6 Nov 2026"."""
    return f"{short_day(days[0])} to {short_day(days[-1])}"
