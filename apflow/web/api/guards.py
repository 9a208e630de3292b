"""Guards on a case as JSON: those that are set aside, and those that could be. For staff only."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, Field

from apflow.core.facts import set_aside_on
from apflow.core.firing.overrides import barriers, in_words, latest, may_set_aside
from apflow.web.case import outsiders
from apflow.web.case.opened import Opened


class OverrideOut(BaseModel):
    """A guard that is set aside on the case."""

    guard: str
    label: str = Field(description="The guard's name in words, such as `evidence is in date`.")
    until: date = Field(description="The last day on which it does not stand in the way.")
    by: str
    reason: str
    can_be_taken_back: bool = Field(description="DELETE it to let the guard count again.")


class BarrierOut(BaseModel):
    """A guard that stands in the way of an event, or of a new record, and that you may set aside."""

    guard: str
    label: str
    event: str | None = Field(description="The event it stands in the way of; null where it is a new record.")
    reason: str = Field(description="Why that cannot be done.")
    latest: date = Field(description="The last day until which it may be set aside, if you do it today.")


def overrides_out(opened: Opened) -> Iterator[OverrideOut]:
    """What is set aside today; an outsider is told of none."""
    if not outsiders.reads_as_staff(opened):
        return
    for guard, one in set_aside_on(opened.snapshot, opened.world.today).items():
        yield OverrideOut(
            guard=guard,
            label=in_words(guard),
            until=one.until,
            by=one.by,
            reason=one.reason,
            can_be_taken_back=may_set_aside(opened.definition, opened.snapshot, guard, opened.actor),
        )


def barriers_out(opened: Opened) -> Iterator[BarrierOut]:
    """What the actor may set aside of all that stands in the way of anybody's events."""
    for barrier in barriers(opened.definition, opened.snapshot, opened.actor, opened.world):
        override = opened.definition.workflow.guards[barrier.guard].override
        assert override is not None
        yield BarrierOut(
            guard=barrier.guard,
            label=in_words(barrier.guard),
            event=barrier.event,
            reason=barrier.reason,
            latest=latest(opened.definition, override, opened.world.today),
        )
