"""Letting placements hear that term dates have changed: what is counted by them is counted anew, case by case."""

from datetime import datetime

import structlog

from apflow.core.errors import NotOpen, Refusal
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.records.school_years import open_cases_of

NOTE = "Term dates or INSET days have changed, so these are counted anew."
log = structlog.get_logger()


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
    return sum(_recounted(handler, reference, actor, now) for reference in references)


def _recounted(handler: Handler, reference: str, actor: Actor, now: datetime) -> bool:
    try:
        handler.recount(reference, NOTE, actor=actor, now=now)
    except NotOpen:
        return False
    except Refusal as refusal:
        log.warning("dates could not be counted anew", case=reference, reason=refusal.code)
        return False
    return True
