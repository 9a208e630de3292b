"""Keeping two steps with two people: whoever last did the one may not do the other.

What counts is who last did an event on this case, whichever item of a collection it was about. An outsider and their
colleagues are one: what their side has said, none of them reads for the other.
"""

from collections.abc import Mapping

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.labels import STAFF
from apflow.core.people.actor import Actor
from apflow.core.people.permission import named_for
from apflow.core.snapshot import OpenTask, Snapshot


def done_by_the_same(definition: Definition, snapshot: Snapshot, spec: EventSpec, actor: Actor) -> tuple[str, ...]:
    """Why it must be somebody else, if it must; the clock, who is nobody, never stands in its own way."""
    if actor.id is None or not spec.not_by:
        return ()
    side = named_for(snapshot, actor)
    done = [event for event in spec.not_by if snapshot.doers.get(event) == side]
    if not done:
        return ()
    audience = _audience(definition, actor)
    labels = " and ".join(f"“{_label(definition, event, audience)}”" for event in done)
    who = "You" if not snapshot.colleagues or audience == STAFF else "You or a colleague"
    return (f"{who} did {labels}, so somebody else must do “{spec.label.to(audience)}”.",)


def is_for_another(definition: Definition, state: str, doers: Mapping[str, int], task: str, side: int | None) -> bool:
    """Whether nothing that would finish the state's task may be done by a side, because of what it did before.

    A side is who the case names where somebody is there as their colleague, and else that somebody.
    """
    spec, events = definition.state(state).tasks.get(task), definition.events[state]
    finishing = [events[event] for event in spec.done_by if event in events] if spec else []
    return (
        side is not None
        and bool(finishing)
        and all(any(doers.get(one) == side for one in event.not_by) for event in finishing)
    )


def is_for_whom_it_names(definition: Definition, state: str, task: str) -> bool:
    """Whether nobody of the task's role but the person whom its field names may do what would finish it."""
    spec, events = definition.state(state).tasks.get(task), definition.events[state]
    if spec is None or spec.person is None:
        return False
    finishing = [events[event] for event in spec.done_by if event in events and spec.for_ in events[event].by]
    return bool(finishing) and all(event.only.get(spec.for_) == spec.person for event in finishing)


def is_theirs_alone(definition: Definition, snapshot: Snapshot, task: OpenTask) -> bool:
    """Whether whoever has the task is the one person who can do it, so that it is neither put back nor passed on."""
    spec = definition.state(snapshot.state).tasks.get(task.name)
    named = snapshot.fields.get(spec.person) if spec and spec.person else None
    is_named = named is not None and named == task.claimed_by
    return is_named and is_for_whom_it_names(definition, snapshot.state, task.name)


def doer(definition: Definition, snapshot: Snapshot, event: str, actor: Actor) -> Mapping[str, int]:
    """What to remember of who did this event, if some other event may not be done by the same person or side."""
    if event not in definition.watched_events:
        return {}
    side = named_for(snapshot, actor)
    return {} if side is None else {event: side}


def _label(definition: Definition, event: str, audience: str) -> str:
    specs = (events[event] for events in definition.events.values() if event in events)
    spec = next(specs, None)
    return spec.label.to(audience) if spec else event.replace("_", " ")


def _audience(definition: Definition, actor: Actor) -> str:
    """Staff's words for whoever holds a staff role, else the outsider's."""
    audiences = {definition.audience(role) for role in actor.roles if role in definition.council.roles}
    return STAFF if STAFF in audiences or not audiences else min(audiences)
