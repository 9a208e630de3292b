"""Who there is to act: which roles see a case in a state, are held by anybody, and may do an event there."""

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.machine import START


def sees(definition: Definition, role: str, state: str) -> bool:
    """Whether people of the role see a case in this state; a role that sees only its own must be the party's."""
    seen = definition.workflow.seen_by.get(role)
    if state == START:
        return True  # Whoever has an account in the role can begin one; for the public it is by: public.
    by_link = definition.workflow.read_by_link
    own = definition.workflow.party_roles | ({by_link.role} if by_link else frozenset())
    if seen is None or (seen.own and role not in own):
        return False
    return not seen.states or state in seen.states


def is_held(definition: Definition, role: str) -> bool:
    """Whether the role exists, and the council does not say that nobody need hold it."""
    known = definition.council.roles.get(role)
    return known is not None and known.least != 0


def doers(definition: Definition, state: str, spec: EventSpec) -> tuple[str, ...]:
    """The roles whose people can do the event in this state, as far as sight and staffing go."""
    return tuple(role for role in spec.by if is_held(definition, role) and sees(definition, role, state))


def clock_fires(definition: Definition, state: str, event: str) -> bool:
    """Whether a deadline of the state or the end of a child fires the event; or a parent, when it begins the case."""
    if state == START:
        return True
    deadlines = definition.deadlines.get(state, {}).values()
    ends = (ending for child in definition.workflow.children.values() for ending in child.ends.values())
    return any(spec.then.event == event for spec in deadlines) or event in ends


def is_by_clock(spec: EventSpec) -> bool:
    """Whether the event is the clock's, perhaps among others'."""
    return CLOCK in spec.by
