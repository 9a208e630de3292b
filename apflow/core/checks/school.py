"""What is wrong with the schools' calendar, and with counting by it where there is none."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from apflow.core.checks.findings import Finding, Path, Subject
from apflow.core.days.duration import OF_SCHOOLS, Duration
from apflow.core.definition.calendars import SchoolCalendar, Term
from apflow.core.definition.council import Council


def check_school_calendar(council: Council) -> Iterator[Finding]:
    """Half-terms that are backwards, out of order, or leave a term with one half."""
    if council.school_calendar is None:
        return
    path, spec = ("school_calendar",), council.school_calendar
    for number, term in enumerate(spec.terms):
        if term.last_day < term.first_day:
            yield Finding((*path, "terms", number, "last_day"), "backwards", f'"{term.name}" ends before it starts')
    for number, (before, after) in enumerate(pairwise(spec.terms), start=1):
        if after.first_day <= before.last_day:
            message = f'"{after.name}" starts before "{before.name}" has ended; list the half-terms in order'
            yield Finding((*path, "terms", number, "first_day"), "terms-overlap", message)
    yield from _halves(path, spec.terms)
    yield from _inset(path, spec)


def check_school_units(subject: Subject) -> Iterator[Finding]:
    """Every span counted in school days, half-terms or terms by a council that has not said when schools are open."""
    if subject.definition.council.school_calendar is not None:
        return
    for path, span in durations(subject.workflow):
        if span.unit in OF_SCHOOLS:
            message = (
                f'"{span}" cannot be counted: council.yaml does not say when schools are open (school_calendar: …)'
            )
            yield Finding(path, "no-school-calendar", message)


def durations(part: Any, path: Path = ()) -> Iterator[tuple[Path, Duration]]:
    """Every duration inside a piece of a definition, with its path."""
    match part:
        case Duration():
            yield path, part
        case BaseModel():
            for name, info in type(part).model_fields.items():
                yield from durations(getattr(part, name), (*path, info.alias or name))
        case Mapping():
            for key, value in part.items():
                yield from durations(value, (*path, key))
        case tuple():
            for number, value in enumerate(part):
                yield from durations(value, (*path, number))


def _halves(path: Path, terms: Sequence[Term]) -> Iterator[Finding]:
    if len(terms) % 2:
        message = "a term is two half-terms after each other, and one here is left over; list both halves of each"
        yield Finding((*path, "terms"), "half-a-term", message, True)


def _inset(path: Path, spec: SchoolCalendar) -> Iterator[Finding]:
    for number, closure in enumerate(spec.inset):
        outside = [
            day for day in closure.days if not any(term.first_day <= day <= term.last_day for term in spec.terms)
        ]
        if outside:
            message = f"{outside[0]} is in no term, so schools are closed that day in any case"
            key = "on" if outside[0] == closure.on else "until"
            yield Finding((*path, "inset", number, key), "inset-in-holiday", message)
