"""What is set aside on a case, and what whoever looks could set aside, for the staff's page."""

from dataclasses import dataclass
from datetime import date

from apflow.core.facts import set_aside_on
from apflow.core.firing.overrides import Barrier, barriers, in_words, may_set_aside
from apflow.web.case.opened import Opened


@dataclass(frozen=True, slots=True)
class Overridden:
    """A guard that is set aside. `is_mine` says that the reader may take it back."""

    guard: str
    what: str
    until: date
    by: str
    reason: str
    is_mine: bool


def set_aside_of(opened: Opened) -> list[Overridden]:
    """Every guard that is set aside today."""
    standing = set_aside_on(opened.snapshot, opened.world.today)
    return [
        Overridden(guard, in_words(guard), one.until, one.by, one.reason, _is_mine(opened, guard))
        for guard, one in standing.items()
    ]


def others_barriers(opened: Opened) -> list[Barrier]:
    """What stands in the way of events that are not the reader's, who may set it aside all the same."""
    own = {offer.event for offer in opened.offers()}
    found = barriers(opened.definition, opened.snapshot, opened.actor, opened.world)
    return [barrier for barrier in found if barrier.event not in own]


def _is_mine(opened: Opened, guard: str) -> bool:
    """Nothing is taken back on a case that has ended."""
    is_over = opened.definition.state(opened.snapshot.state).final
    return not is_over and may_set_aside(opened.definition, opened.snapshot, guard, opened.actor)
