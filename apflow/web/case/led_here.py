"""Why a case stands where it does, where another case, the clock or the first of two people brought it there."""

from sqlalchemy import Connection

from apflow.core.definition.events import CLOCK
from apflow.core.definition.labels import STAFF
from apflow.store.reading.history import milestones_of
from apflow.web.case.opened import Opened
from apflow.web.case.timeline import Said, Told


def led_here(connection: Connection, opened: Opened) -> tuple[Said, ...]:
    """What was said with the move, as far as the reader is told; of a person, only where another decides on it."""
    proposals = _proposals(opened)
    if not proposals and not _is_led_to(opened):
        return ()
    state = opened.snapshot.state
    entries = milestones_of(connection, opened.snapshot.id or 0, ())
    entry = next((one for one in reversed(entries) if one.to_state == state != one.from_state), None)
    spec = opened.definition.events.get(entry.from_state, {}).get(entry.name) if entry else None
    if entry is None or spec is None or (CLOCK not in spec.by and entry.name not in proposals):
        return ()
    return Told(opened.definition, opened.actor, opened.audience, names=opened.names).line(entry).said


def _proposals(opened: Opened) -> frozenset[str]:
    """What staff do that another of them decides on here, who has to read what the first of them said."""
    here = opened.definition.events[opened.snapshot.state].values() if opened.audience == STAFF else ()
    return frozenset(name for spec in here for name in spec.not_by)


def _is_led_to(opened: Opened) -> bool:
    """Whether the clock or another case can bring a case here from somewhere else, and say something of it."""
    definition, state = opened.definition, opened.snapshot.state
    return any(
        spec.to == state and CLOCK in spec.by and definition.forms.get((before, event))
        for before in definition.workflow.states
        if before != state
        for event, spec in definition.events[before].items()
    )
