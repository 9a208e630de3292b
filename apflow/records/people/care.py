"""That a pupil comes into care, or is no longer in it, is told to the cases that look into where the pupil is."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.outcome import Signal
from apflow.loader import Library
from apflow.provision.drawn import CARE_CHANGES
from apflow.store.records.cared_for import cases_around
from apflow.store.signals import write_signals


def tell_of_care(connection: Connection, library: Library, pupil: int, now: datetime) -> None:
    """Say so in the same commit to every open case that can hear of it, such as a concern. No child is named.

    Those are below the provider where the pupil is, and below the case that keeps the placement.
    """
    for case in cases_around(connection, pupil, local_date(now)):
        said = tuple(Signal("tell", kind, CARE_CHANGES) for kind in _kinds_that_hear(library, case.workflow))
        write_signals(connection, said, case_id=case.id, parent_id=case.parent_id, at=now)


def _kinds_that_hear(library: Library, workflow: str) -> Iterator[str]:
    if workflow not in library.sources:
        return
    for kind, child in library.current(workflow).workflow.children.items():
        if child.workflow in library.sources:
            there = library.current(child.workflow).events
            if any(CARE_CHANGES in events for events in there.values()):
                yield kind
