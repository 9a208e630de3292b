"""Keeping two steps with two people: whoever last did the one may not do the other.

What counts is who last did an event on this case, whichever item of a collection it was about.
"""

from collections.abc import Mapping

from apflow.core.actor import Actor
from apflow.core.definition.compiled import Definition
from apflow.core.definition.workflow import EventSpec
from apflow.core.snapshot import Snapshot


def done_by_the_same(definition: Definition, snapshot: Snapshot, spec: EventSpec, actor: Actor) -> tuple[str, ...]:
    """Why it must be somebody else, if it must; the clock, who is nobody, never stands in its own way."""
    if actor.id is None:
        return ()
    done = [event for event in spec.not_by if snapshot.doers.get(event) == actor.id]
    if not done:
        return ()
    audience = _audience(definition, actor)
    labels = " and ".join(f"“{_label(definition, event, audience)}”" for event in done)
    return (f"You did {labels}, so somebody else must do “{spec.label.to(audience)}”.",)


def is_for_another(definition: Definition, state: str, doers: Mapping[str, int], task: str, actor: Actor) -> bool:
    """Whether nothing that would finish the state's task may be done by the actor, because of what they did before."""
    spec, events = definition.state(state).tasks.get(task), definition.events[state]
    finishing = [events[event] for event in spec.done_by if event in events] if spec else []
    return bool(finishing) and all(any(doers.get(one) == actor.id for one in event.not_by) for event in finishing)


def doer(definition: Definition, event: str, actor: Actor) -> Mapping[str, int]:
    """What to remember of who did this event, if some other event may not be done by the same person."""
    if actor.id is None or event not in definition.watched_events:
        return {}
    return {event: actor.id}


def _label(definition: Definition, event: str, audience: str) -> str:
    specs = (events[event] for events in definition.events.values() if event in events)
    spec = next(specs, None)
    return spec.label.to(audience) if spec else event.replace("_", " ")


def _audience(definition: Definition, actor: Actor) -> str:
    """Staff's words for whoever holds a staff role, else the outsider's."""
    audiences = {definition.audience(role) for role in actor.roles if role in definition.council.roles}
    return "staff" if "staff" in audiences or not audiences else min(audiences)
