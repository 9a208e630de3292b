"""What was provided between two days, from the records as they are and the cases that keep them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.labels import STAFF
from apflow.loader import Library
from apflow.provision.ages import school_year
from apflow.provision.attendance import Mark
from apflow.provision.pauses import Pause
from apflow.provision.provided import Days, Provided, Stretch
from apflow.provision.weekly import Agreed
from apflow.records.attendance.counted_marks import mark_counts
from apflow.records.attendance.school_years import DaysBySchool, days_by_school
from apflow.records.placements.form import DESTINATIONS
from apflow.store.records.pauses import pauses_of
from apflow.store.records.provided import ran_between
from apflow.store.records.weekly import agreed_of

_NEEDS = {"ehcp": "EHC plan", "sen_support": "SEN support", "looked_after": "Looked after"}
_PLANS = {"cp": "Child protection plan", "cin": "Child in need plan"}
NO_NEED, NO_SCHOOL, NO_OUTCOME = "None recorded", "No home school recorded", "Not recorded"


def provided_between(
    connection: Connection, library: Library, first: date, last: date, only: Iterable[int] | None = None
) -> list[Provided]:
    """Each placement, or each of `only` these, that ran on any of the days; needs and school as the record has now."""
    rows = ran_between(connection, first, last, only)
    schools, homes = days_by_school(connection, library, first), {row.id: row.home_school_id for row in rows}
    counts = mark_counts(connection, library.attendance, schools, homes, first, last)
    days, pauses = days_of_rows(schools, rows, first, last), pauses_of(connection, homes)
    agreed = agreed_of(connection, rows)

    return [
        _provided(
            library, row, counts.get(row.id, {}), days[row.home_school_id], agreed[row.id], pauses.get(row.id, ()), last
        )
        for row in rows
    ]


def days_of_rows(schools: DaysBySchool, rows: Sequence[Row[Any]], first: date, last: date) -> dict[int | None, Days]:
    """The school days from one day to another of each home school of these placements, by its number."""
    councils = Days.between(first, last, schools.council)
    wanted = {row.home_school_id for row in rows}
    return {
        school: Days.between(first, last, schools.own[school]) if school in schools.own else councils
        for school in wanted
    }


def _provided(
    library: Library,
    row: Row[Any],
    marks: Mapping[str, int],
    days: Days,
    agreed: Agreed,
    pauses: Sequence[Pause],
    last: date,
) -> Provided:
    needs = [words for name, words in _NEEDS.items() if getattr(row, name)]
    needs += [_PLANS[row.plan]] if row.plan else []
    year = school_year(row.born, row.years_out, last)
    has_ended = row.ends_on is not None and row.ends_on <= last
    return Provided(
        placement=row.id,
        pupil=row.pupil_id,
        provider=row.provider,
        school=row.school or NO_SCHOOL,
        needs=tuple(needs) or (NO_NEED,),
        year="Reception" if year == 0 else f"Year {year}",
        days=days.without(row.starts_on, row.ends_on or last, pauses),
        stretches=tuple(_stretches(row.starts_on, row.ends_on or last, days, agreed, pauses)),
        attended=marks.get(Mark.PRESENT, 0) + marks.get(Mark.LATE, 0),
        absent=marks.get(Mark.ABSENT, 0),
        outcome=outcome_of(library, row) or NO_OUTCOME if has_ended else None,
        is_considered=all(considered(library, row)),
    )


def _stretches(first: date, last: date, days: Days, agreed: Agreed, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """What weeks came to, as far as there are school days in the time asked for."""
    for begins, ends, weekly in agreed.between(first, last):
        start, after = days.span(begins, ends)
        if start < after:
            there = sum(end - start for start, end in days.without(begins, ends, pauses))
            cost = Decimal(weekly.cost) if weekly.cost else None
            yield Stretch(weekly.minutes, cost, there, after - start)


def outcome_of(library: Library, row: Row[Any]) -> str:
    """Where the pupil went, in the words that its case's question has for it, or how else the case ended; else empty.

    `row` is one of those that `apflow.store.records.provided` reads.
    """
    if library.returns is None:
        return ""
    if row.reference is None:
        return DESTINATIONS.get(row.destination or "", "")
    workflow, said = library.current(row.workflow).workflow, row.case_fields.get(library.returns.report.destination)
    if said is not None:
        return workflow.fields[library.returns.report.destination].options.get(said, str(said))
    if row.state in library.returns.report.outcomes:
        return library.returns.report.outcomes[row.state]
    state = workflow.states.get(row.state)
    return state.label.to(STAFF) if state is not None and state.final else ""


def considered(library: Library, row: Row[Any]) -> tuple[Any, Any, Any]:
    """Who considered the council's duty (Education Act 1996, s. 19), when, and on what: of the record or its case."""
    if library.returns is None or row.case_fields is None:
        return row.considered_by, row.considered_on, row.considered_evidence
    told = library.returns.report
    by, on, evidence = map(row.case_fields.get, (told.considered_by, told.considered_on, told.considered_evidence))
    return by, date.fromisoformat(on) if on else None, evidence
