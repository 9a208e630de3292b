"""Letting placements hear that term dates, or what a pupil's or a site's record says, are others: case by case."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.provision.drawn import KEPT_PLACEMENTS
from apflow.records.of_cases.offered import said_of_pupil, said_of_site
from apflow.store.cases.loading import load_case
from apflow.store.records.pupils import pupil as pupil_record
from apflow.store.records.school_years import naming, open_cases_of
from apflow.store.records.sites import site as site_record
from apflow.versions.recounted import recounted

PUT_RIGHT = "The pupil's record has been put right, so what the case took from it, and counts by it, is as it says now."
MOVED = "The record of the site has been changed, so what the case took from it is as it says now."
NOTE = "Term dates or INSET days have changed, so these are counted anew."


def recount_school(handler: Handler, actor: Actor, now: datetime, *, school: int | None = None) -> int:
    """Count anew what open cases count by this school's days, or by any school's; how many cases that changed."""
    library = handler.library
    current = (library.current(name).workflow for name in library.sources)
    counting = {made.workflow: made.school_days_of for made in current if made.school_days_of}
    with handler.store.reading() as connection:
        references = [
            reference
            for workflow, field in counting.items()
            for reference in open_cases_of(connection, workflow, field, school)
        ]
    return sum(recounted(handler, reference, NOTE, actor=actor, now=now) for reference in references)


def recount_pupils(handler: Handler, actor: Actor, now: datetime, *, pupil: int | None = None) -> int:
    """Let open cases about this pupil, or any, say what the record says now; how many cases that changed."""
    found: dict[str, Mapping[str, Any]] = {}
    today = local_date(now)
    with handler.store.reading() as connection:
        for reference, about in _about(connection, handler, "pupil", pupil):
            case, row = load_case(connection, reference), pupil_record(connection, about)
            if case is not None and row is not None:
                found[reference] = _taken(handler.definition_of(connection, case), said_of_pupil(row, today), "pupil")
    return sum(_taken_anew(handler, reference, taken, actor, now) for reference, taken in found.items())


def recount_site(handler: Handler, actor: Actor, now: datetime, *, site: int | None = None) -> int:
    """Let open cases of placements at this site, or any, say where it is now; how many cases that changed."""
    found: dict[str, Mapping[str, Any]] = {}
    with handler.store.reading() as connection:
        for reference, at in _about(connection, handler, "site", site):
            case, row = load_case(connection, reference), site_record(connection, at)
            if case is not None and row is not None:
                found[reference] = _taken(handler.definition_of(connection, case), said_of_site(row), "site")
    return sum(
        recounted(handler, reference, MOVED, actor=actor, now=now, taken=taken) for reference, taken in found.items()
    )


def _about(connection: Connection, handler: Handler, what: str, number: int | None) -> Iterator[tuple[str, int]]:
    """The open cases that keep a placement, each with the number of the pupil, or the site, that it is about."""
    library = handler.library
    for kept, workflow in ((library.current(name).workflow.keeps, name) for name in library.sources):
        if kept is not None and kept.records == KEPT_PLACEMENTS and what in kept.as_:
            yield from naming(connection, workflow, kept.as_[what], number)


def _taken(definition: Definition, said: Mapping[str, Any], what: str) -> dict[str, Any]:
    kept = definition.workflow.keeps
    asked = kept.as_.get(what) if kept else None
    taken = definition.taken.items()
    return {name: said[fact] for name, (question, fact) in taken if question == asked and fact in said}


def _taken_anew(handler: Handler, reference: str, taken: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    """First what was taken; then once more, as another school's days may count from then on."""
    changed = recounted(handler, reference, PUT_RIGHT, actor=actor, now=now, taken=taken)
    return (recounted(handler, reference, NOTE, actor=actor, now=now) or changed) if changed else False
