"""What was provided between two days, from the records as they are."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.school import SchoolDays
from apflow.provision.ages import usual_year
from apflow.provision.attendance import Mark
from apflow.provision.provided import Provided, school_days_of
from apflow.store.attendance import Attending, mark_counts, placed

_NEEDS = {"ehcp": "EHC plan", "sen_support": "SEN support", "looked_after": "Looked after"}
_PLANS = {"cp": "Child protection plan", "cin": "Child in need plan"}
NO_NEED, NO_SCHOOL = "None recorded", "No home school recorded"


def provided_between(connection: Connection, first: date, last: date, school: SchoolDays) -> list[Provided]:
    """Each placement that ran on any of the days; needs and year are as the pupil's record has them now."""
    rows = placed(connection, Attending(first, last))
    counts = mark_counts(connection, [row.id for row in rows], first, last)
    return [_provided(row, counts.get(row.id, {}), first, last, school) for row in rows]


def _provided(row: Row[Any], marks: dict[str, int], first: date, last: date, school: SchoolDays) -> Provided:
    ends = min(last, row.ends_on or last)
    needs = [words for name, words in _NEEDS.items() if getattr(row, name)]
    needs += [_PLANS[row.plan]] if row.plan else []
    year = row.year if row.year is not None else usual_year(row.born, last)
    return Provided(
        pupil=row.pupil_id,
        provider=row.provider,
        school=row.school or NO_SCHOOL,
        needs=tuple(needs) or (NO_NEED,),
        year="Reception" if year == 0 else f"Year {year}",
        minutes=row.minutes,
        cost=Decimal(row.cost) if row.cost else None,
        school_days=school_days_of(max(first, row.starts_on), ends, school),
        attended=marks.get(Mark.PRESENT, 0) + marks.get(Mark.LATE, 0),
        absent=marks.get(Mark.ABSENT, 0),
        is_ended=row.ends_on is not None and row.ends_on <= last,
    )
