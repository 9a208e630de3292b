"""Playing the shipped workflow at random never does what following it says is impossible, and is never lost."""

from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from apflow.core.definition.compiled import Definition
from apflow.core.explore.exploring import Exploration, explore
from apflow.core.people.actor import THE_PUBLIC
from apflow.testing import ENQUIRY, shipped_library
from tests.core.journey import a_play, with_few_papers
from tests.core.test_walks import Walk


@cache
def followed() -> tuple[Definition, Exploration]:
    definition = with_few_papers(shipped_library().current("provider"))
    return definition, explore(definition)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_whatever_happens_was_found_possible_and_a_clock_runs(dice: Random) -> None:
    definition, exploration = followed()
    play = a_play(definition)
    play.open(THE_PUBLIC, "enquire", **ENQUIRY)
    walking = Walk(play, dice)
    for _ in range(60):
        walking.step()

    for before, outcome, after in walking.trail:
        if outcome.entry.kind == "event":
            assert (before.state, outcome.entry.name) in exploration.fired
        assert after.state in exploration.states
        if not definition.state(after.state).final:
            assert any(not running.ended for running in after.deadlines.values()) or after.tasks
