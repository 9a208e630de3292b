"""Deadlines that run from another day than the case says: an earlier version of apflow left them so on a move."""

from collections.abc import Iterator

from apflow.core.days.calendar import local_date
from apflow.core.deadlines.changes import Happening
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.snapshot import RunningDeadline, Snapshot


def counted_otherwise(happening: Happening, snapshot: Snapshot) -> Iterator[RunningDeadline]:
    """Those of the whole case that are not counted from what the date says that they are counted of.

    One that was kept as it was, when the case was moved to another version, is among them.
    """
    wide = happening.definition.workflow.deadlines
    for name, running in {**snapshot.deadlines, **snapshot.unwanted}.items():
        if name in wide and name in happening.specs and _is_otherwise(happening, wide[name], running):
            yield running


def _is_otherwise(happening: Happening, spec: DeadlineSpec, running: RunningDeadline) -> bool:
    if spec.of is None or spec.among is not None or spec.every is not None:
        return False
    if not happening.fields.get(spec.of):
        return not spec.or_entering  # Else it is counted from entering, and there is no date to compare.
    anchor = happening.anchor(spec, {})
    if anchor is None or spec.is_to_the_hour:
        return anchor != running.anchor_at
    return local_date(anchor) != local_date(running.anchor_at)
