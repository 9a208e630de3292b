"""Deadlines counted from a date that items have: which date is the next to pass."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from apflow.core.conditions import Facts, holds
from apflow.core.days.calendar import LONDON, local_date
from apflow.core.deadlines import deadlines
from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.facts import items_facts
from apflow.core.snapshot import Item, RunningDeadline

Items = Mapping[str, Mapping[str, Item]]


def next_anchor(
    definition: Definition,
    spec: DeadlineSpec,
    fields: Mapping[str, object],
    items: Items,
    now: datetime,
    running: RunningDeadline | None = None,
) -> datetime | None:
    """What the deadline is counted from next: the earliest date still to pass, or one that has not rung yet.

    A deadline that begins (`running` is None) takes dates that have passed as well, and rings at once.
    """
    not_rung = running.anchor_at if running and not running.ended else None
    days = _dates(definition, spec, fields, items, now)
    anchors = [deadlines.anchor_on(day, definition.calendar) for day in days if day is not None]
    if None in days:
        anchors.append(running.anchor_at if running else now)
    due = (
        anchor
        for anchor in anchors
        if running is None or anchor == not_rung or definition.calendar.due(anchor, spec.span).at > now
    )
    return min(due, default=None)


def is_late(
    definition: Definition, spec: DeadlineSpec, fields: Mapping[str, object], items: Items, now: datetime
) -> bool:
    """Whether the time of some item has passed, or may have as it has no date of its own."""
    calendar, days = definition.calendar, _dates(definition, spec, fields, items, now)
    anchors = (deadlines.anchor_on(day, calendar) for day in days if day is not None)
    return None in days or any(calendar.due(anchor, spec.span).at <= now for anchor in anchors)


def moved_on(
    definition: Definition,
    spec: DeadlineSpec,
    fields: Mapping[str, object],
    items: Items,
    now: datetime,
    running: RunningDeadline,
) -> RunningDeadline:
    """The deadline on the next of the dates, or at rest where all that there are have passed."""
    anchor = next_anchor(definition, spec, fields, items, now, running)
    if anchor is None:
        return replace(running, ended=True, next_at=None)
    if anchor == running.anchor_at and not running.ended:
        return running
    following = deadlines.start(running.name, spec, anchor, definition.calendar, now)
    return replace(following, id=running.id, token=running.token)


def _dates(
    definition: Definition, spec: DeadlineSpec, fields: Mapping[str, object], items: Items, now: datetime
) -> set[str | None]:
    """The dates of the items that are meant; None for those that have none and count all the same."""
    assert spec.among is not None
    assert spec.of is not None
    facts = Facts(fields, local_date(now.astimezone(LONDON)).isoformat())
    found = items_facts(definition, items.get(spec.among.items, {}), spec.among.items).values()
    meant = (one for one in found if spec.among.where is None or holds(spec.among.where, facts.of(one)) is True)
    days = {str(one[spec.of]) if one.get(spec.of) else None for one in meant}
    return days if spec.or_entering else days - {None}
