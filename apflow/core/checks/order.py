"""In which order things can have been done: which events a case may have behind it when another is open to it."""

from collections.abc import Collection

from apflow.core.checks.findings import Subject
from apflow.core.definition.events import EventSpec
from apflow.core.explore.exploring import Exploration
from apflow.core.machine import START

Behind = tuple[str, frozenset[str]]


def most_done_before(subject: Subject, exploration: Exploration, later: EventSpec, earlier: Collection[str]) -> int:
    """How many of the earlier events, at the most, one and the same case can have behind it when the later is open."""
    offered = subject.definition.events
    reached: set[Behind] = {(START, frozenset())}
    frontier = list(reached)
    while frontier:
        onward = _onward(subject, exploration, frontier.pop(), earlier) - reached
        reached |= onward
        frontier += onward
    return max((len(done) for state, done in reached if later in offered[state].values()), default=0)


def _onward(subject: Subject, exploration: Exploration, behind: Behind, earlier: Collection[str]) -> set[Behind]:
    state, done = behind
    return {
        (spec.to or state, done | {name} if name in earlier else done)
        for name, spec in subject.definition.events[state].items()
        if not exploration.is_whole or (state, name) in exploration.fired | exploration.forced
    }
