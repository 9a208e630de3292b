"""What a recorded act answered: whatever last happened to the case that asked something of whoever acted."""

from collections.abc import Sequence
from datetime import datetime

from apflow.core.days.calendar import LONDON
from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import CLOCK
from apflow.core.replay.past import Happened, Past

CLOCK_KINDS = ("reminder", "escalation")


def is_by_itself(definition: Definition, entry: Happened) -> bool:
    """Whether a deadline of the case did it. What a relative said came by the clock too, but with a note of whose."""
    if entry.kind in CLOCK_KINDS:
        return True
    if entry.kind != "event" or not entry.actor.is_clock or entry.note:
        return False
    deadlines = definition.deadlines.get(entry.from_state, {})
    return any(spec.then.event == entry.name for spec in deadlines.values())


def causes(definitions: Sequence[Definition], past: Past) -> tuple[int | None, ...]:
    """For each entry the one that it followed from, by its place; None for the first, and for moves between versions.

    A reminder asks for nothing that was not asked before, and an escalation asks those only to whom it passes the work.
    What a child says follows from its beginning, so that a child takes as long as it took. A move to another version
    comes when it came and asks nothing of people, but deadlines begin with it.
    """
    begun = {entry.note: place for place, entry in enumerate(past.happened) if is_child_begun(entry)}

    def cause(place: int, entry: Happened) -> int | None:
        if is_of_versions(entry):
            return None
        if _is_child_ended(entry, past):
            return _child_began(entry, begun, place)
        return _before(definitions, past, place)

    return tuple(cause(place, entry) for place, entry in enumerate(past.happened))


def moved_with(at: datetime, was: datetime, now: datetime) -> datetime:
    """The moment `at`, as much later or earlier on the clock in London as its cause, which `was` then and is `now`."""
    if was == now:
        return at
    local = [one.astimezone(LONDON).replace(tzinfo=None) for one in (at, was, now)]
    return (local[0] + (local[2] - local[1])).replace(tzinfo=LONDON).astimezone(at.tzinfo)


def is_of_versions(entry: Happened) -> bool:
    """Whether the case was moved from one version of its workflow to another by it."""
    return entry.kind == "version"


def is_child_begun(entry: Happened) -> bool:
    return entry.kind == "child" and entry.name.startswith("begun ")


def sender_of(entry: Happened) -> str:
    """The reference that what a relative said begins with."""
    return entry.note.partition(" ")[0]


def _is_child_ended(entry: Happened, past: Past) -> bool:
    return entry.actor.is_clock and sender_of(entry) in past.ends and not is_child_begun(entry)


def _child_began(entry: Happened, begun: dict[str, int], place: int) -> int | None:
    found = begun.get(sender_of(entry))
    return found if found is not None and found < place else max(place - 1, 0)


def _before(definitions: Sequence[Definition], past: Past, place: int) -> int | None:
    roles = past.happened[place].actor.roles
    before = range(place - 1, -1, -1)
    return next((earlier for earlier in before if _asks(definitions[earlier], past.happened[earlier], roles)), None)


def _asks(definition: Definition, entry: Happened, roles: frozenset[str]) -> bool:
    if entry.kind == "reminder":
        return False
    if is_of_versions(entry):
        return CLOCK in roles
    if entry.kind == "escalation":
        spec = definition.deadlines.get(entry.from_state, {}).get(entry.name)
        return spec is not None and spec.then.escalate in roles
    return True
