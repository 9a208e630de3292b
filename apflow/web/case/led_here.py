"""Why a case stands where it does, where another case or the clock brought it there and said why."""

from sqlalchemy import Connection

from apflow.core.definition.events import CLOCK
from apflow.store.reading.history import milestones_of
from apflow.web.case.opened import Opened
from apflow.web.case.timeline import Said, Told


def led_here(connection: Connection, opened: Opened) -> tuple[Said, ...]:
    """What was said with the move, as far as the reader is told; nothing where a person made it, on the page itself."""
    if not _is_led_to(opened):
        return ()
    state = opened.snapshot.state
    entries = milestones_of(connection, opened.snapshot.id or 0, ())
    entry = next((one for one in reversed(entries) if one.to_state == state != one.from_state), None)
    spec = opened.definition.events.get(entry.from_state, {}).get(entry.name) if entry else None
    if entry is None or spec is None or CLOCK not in spec.by:
        return ()
    return Told(opened.definition, opened.actor, opened.audience, names=opened.names).line(entry).said


def _is_led_to(opened: Opened) -> bool:
    """Whether the clock or another case can bring a case here from somewhere else, and say something of it."""
    definition, state = opened.definition, opened.snapshot.state
    return any(
        spec.to == state and CLOCK in spec.by and definition.forms.get((before, event))
        for before in definition.workflow.states
        if before != state
        for event, spec in definition.events[before].items()
    )
