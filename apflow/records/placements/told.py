"""That a record beside a placement says something else is told to the case that keeps it, in the same commit."""

from collections.abc import Iterator, Set
from datetime import datetime

from sqlalchemy import Connection

from apflow.core.definition.records import Kept
from apflow.core.outcome import Signal
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.provision.drawn import KEPT_PLACEMENTS, SCHOOL_CHANGES, SITE_CHANGES, changes_of
from apflow.store.cases.loading import load_case
from apflow.store.records.school_years import naming
from apflow.store.records.sites import sites_of
from apflow.store.signals import write_signals


def tell_of_school(connection: Connection, library: Library, pupil: int, school: int | None, now: datetime) -> None:
    """Say that the pupil is on another school's roll, or on none; to no placement that this school commissions."""
    for case, kept in _placements(connection, library, "pupil", pupil, SCHOOL_CHANGES):
        if case.fields.get(kept.as_.get("commissioner", "")) != school:
            _tell(connection, case, SCHOOL_CHANGES, now)


def tell_of_what_is_true(
    connection: Connection, library: Library, pupil: int, was: Set[str], is_now: Set[str], now: datetime
) -> None:
    """Say to each placement of the pupil what its record says from now on, by which others may be among those told."""
    for event in changes_of(was, is_now):
        for case, _ in _placements(connection, library, "pupil", pupil, event):
            _tell(connection, case, event, now)


def tell_of_site(connection: Connection, library: Library, provider: int, site: int, now: datetime) -> None:
    """Say that a site of this provider's is elsewhere or given up, to placements at it, be it the first of several."""
    for first in sites_of(connection, provider):
        for case, kept in _placements(connection, library, "site", first.id, SITE_CHANGES):
            others = map(int, case.fields.get(kept.as_.get("other_sites", "")) or ())
            if site in (first.id, *others):
                _tell(connection, case, SITE_CHANGES, now)


def _placements(
    connection: Connection, library: Library, what: str, number: int, event: str
) -> Iterator[tuple[Snapshot, Kept]]:
    """The open cases about this record that can hear of the event where they stand, each with what it keeps."""
    for workflow in library.sources:
        definition = library.current(workflow)
        kept = definition.workflow.keeps
        if kept is None or kept.records != KEPT_PLACEMENTS or what not in kept.as_:
            continue
        for reference, _ in naming(connection, workflow, kept.as_[what], number):
            case = load_case(connection, reference)
            if case is not None and event in definition.events.get(case.state, ()):
                yield case, kept


def _tell(connection: Connection, case: Snapshot, event: str, now: datetime) -> None:
    """The case says it to itself, so that it is heard however often the process dies in between."""
    assert case.id is not None
    write_signals(connection, (Signal("tell", "", event, to=case.reference),), case_id=case.id, parent_id=None, at=now)
