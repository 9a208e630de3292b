"""What can be done once somebody has set a guard aside."""

from collections.abc import Iterator

from msgspec.structs import replace

from apflow.core.explore.situations import Situation
from apflow.core.explore.steps import Step, Steps
from apflow.core.machine import START


def forced(steps: Steps, found: Situation) -> Iterator[Step]:
    """Every event that can be done in the situation once each guard of it that may be set aside has been."""
    if found.state == START:
        return  # Before a case has begun there is nothing to set a guard aside on.
    for event, spec, aside in steps.framing.freed[found.state]:
        yield from (replace(step, aside=aside) for step in steps.of(found, event, spec))
