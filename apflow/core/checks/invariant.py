"""Invariants that some case would break, each with the shortest story that leads there."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Subject
from apflow.core.definition.promises import Invariant
from apflow.core.explore.exploring import Exploration, Reached
from apflow.core.explore.situations import IS_BROKEN, Situation
from apflow.core.explore.stories import story
from apflow.core.machine import START


def check_invariants(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    """A finding for each invariant that the guards let a case break, by the way with the fewest steps."""
    for name, invariant in subject.workflow.invariants.items():
        broken = next(_breaking(exploration, invariant), None)
        if broken is not None:
            reached, found = broken
            told = story(exploration, reached, found, invariant)
            message = f"{_sentence(invariant.says)} does not always hold. {told}"
            yield Finding(("invariants", name, "holds"), "broken", message)


def _breaking(exploration: Exploration, invariant: Invariant) -> Iterator[tuple[Reached, Situation]]:
    """Each way to a case that breaks it, with what there is to break it, shortest ways first."""
    frame = exploration.steps.frame
    for reached in exploration.reached if invariant.always else exploration.entries:
        found = reached.found if invariant.always else reached.entered
        if found.state == START or not (invariant.always or found.state in invariant.on_entry_to):
            continue
        for narrower in frame.narrow(invariant.holds, found, frame.facts(found, {}, {}), IS_BROKEN):
            yield reached, narrower


def _sentence(says: str) -> str:
    return f"“{says.rstrip('.')}”"
