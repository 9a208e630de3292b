"""The home school's code for one session, derived and never typed; and when absences become a pattern."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile

from apflow.provision.chasing import AbsencePattern
from apflow.provision.coding import Circumstances, CodeTable

NOT_MARKED = "The provider has not marked this session."
_NOT_OPEN = "The home school is not open to pupils on this day."
_NOT_EXPECTED = "the pupil was not expected there. The school marks its own register."
_STAYED_AWAY = "Nobody has given a reason."


class Mark(StrEnum):
    """What a provider says of one session."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Coded:
    """A code and why, or why there is none yet. `is_unexplained`: an absence that nobody has given a reason for."""

    code: str | None
    because: str
    is_unexplained: bool = False


def coded(table: CodeTable, session: Circumstances, reason: str | None, school_days_since: int) -> Coded:
    """What the home school's register says of a session, so many school days after it.

    Source: School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), regulation 10; the
    council's guidance, "Attendance coding whilst using AP". A reason the table does not know explains nothing.
    """
    rule = table.rule_for(session)
    if rule is None:
        return Coded(None, NOT_MARKED)
    if not rule.absence:
        return Coded(rule.code, rule.because)
    known = table.reasons.get(reason or "")
    if known is not None:
        said = f"{rule.because} {known.says}."
        return Coded(known.code, f"{said} {known.to_record}" if known.to_record else said)
    none = table.no_reason
    if school_days_since > none.after.count:
        return Coded(none.becomes, f"{rule.because} {_STAYED_AWAY[:-1]} within {none.after}.", is_unexplained=True)
    return Coded(none.code, f"{rule.because} {_STAYED_AWAY}", is_unexplained=True)


def coded_closed(table: CodeTable, why: str) -> Coded:
    """What the register says of any session of a day on which the home school is closed, whoever came elsewhere.

    Source: Working together to improve school attendance (DfE, August 2024), code #: half-terms, INSET days.
    """
    closed = table.closed
    return Coded(closed.code, f"{closed.because} {why}.") if closed else Coded(None, f"{_NOT_OPEN} {why}.")


def coded_paused(why: str) -> Coded:
    """What is said of a session that a paused placement would have: the home school marks its own register."""
    return Coded(None, f"{why}, so {_NOT_EXPECTED}")


def came(mark: str | None) -> bool | None:
    """Whether the pupil was there, late or not; None for a session that is not marked."""
    return None if mark is None else mark != Mark.ABSENT


def is_pattern(pattern: AbsencePattern, newest_first: Sequence[str]) -> bool:
    """Whether the latest marks have as many absences among them as make somebody look into it."""
    return list(newest_first[: pattern.of]).count(Mark.ABSENT) >= pattern.absences


def days_missed(sessions: Iterable[tuple[date, bool]]) -> list[date]:
    """The latest days running of whose marked sessions each is an absence that nobody explains, the newest first.

    Each session is its day, and whether it is such an absence; whoever came, or was said to be ill, was seen that day.
    """
    return running(days_away(sessions))


def days_away(marks: Iterable[tuple[date, bool]]) -> list[tuple[date, bool]]:
    """Each day of which something is marked, the newest first, and whether all of it is such an absence."""
    by_day: dict[date, bool] = {}
    for day, is_away in marks:
        by_day[day] = by_day.get(day, True) and is_away
    return sorted(by_day.items(), reverse=True)


def running(newest_first: Iterable[tuple[date, bool]]) -> list[date]:
    """The latest of these days that are such absences one after the other."""
    return [day for day, _ in takewhile(lambda one: one[1], newest_first)]
