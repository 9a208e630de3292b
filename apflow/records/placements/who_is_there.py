"""What changes of the pupils who are somewhere is told to the cases that look into that: who comes, who is in care."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.outcome import Signal
from apflow.loader import Library
from apflow.provision.drawn import CARE_CHANGES, PLACEMENT_BEGINS
from apflow.store.records.cared_for import case_of_site, cases_around, is_in_care
from apflow.store.signals import write_signals


def tell_of_care(connection: Connection, library: Library, pupil: int, now: datetime) -> None:
    """Say so in the same commit to every open case that can hear of it, such as a concern. No child is named.

    Those are below the provider where the pupil is, and below the case that keeps the placement.
    """
    for case in cases_around(connection, pupil, local_date(now)):
        _tell_below(connection, library, case, CARE_CHANGES, now)


def tell_of_beginning(connection: Connection, library: Library, pupil: int, site: int, now: datetime) -> None:
    """Say in the same commit to every open case below the provider that a placement is on record there from now on.

    Of a pupil in care that is a change of who is in care there as well. No child is named.
    """
    events = (PLACEMENT_BEGINS, CARE_CHANGES) if is_in_care(connection, pupil) else (PLACEMENT_BEGINS,)
    case = case_of_site(connection, site)
    for event in events:
        _tell_below(connection, library, case, event, now)


def _tell_below(connection: Connection, library: Library, case: Row[Any], event: str, now: datetime) -> None:
    said = tuple(Signal("tell", kind, event) for kind in _kinds_that_hear(library, case.workflow, event))
    write_signals(connection, said, case_id=case.id, parent_id=case.parent_id, at=now)


def _kinds_that_hear(library: Library, workflow: str, event: str) -> Iterator[str]:
    if workflow not in library.sources:
        return
    for kind, child in library.current(workflow).workflow.children.items():
        if child.workflow in library.sources:
            there = library.current(child.workflow).events
            if any(event in events for events in there.values()):
                yield kind
