"""Whatever policy is written and whatever is tried: a refusal at most, the same each time, and as the checker said."""

from collections import Counter
from copy import deepcopy
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apflow.core.definition.compiled import Definition
from apflow.core.explore.bounds import bounds_of
from apflow.core.explore.exploring import explore
from apflow.core.machine import START
from apflow.loader.library import library_of, problems_of
from tests.random_policies.damage import damaged
from tests.random_policies.policies import a_workflow, texts
from tests.random_policies.walks import Walk, a_walk

# What the checker says of a policy that can be loaded and played all the same.
PLAYABLE = {
    *("never-happens", "forgotten-later", "cannot-act", "task-not-theirs", "no-deadline", "unreachable", "stuck"),
    *("both-apply", "never-ends", "dead-end", "unused", "shadowed", "never-true"),
}
SEEDS = st.integers(min_value=0, max_value=2**32)
STEPS = 25
quickly = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
at_length = settings(max_examples=1500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def a_policy(seed: int) -> tuple[Definition | None, frozenset[str]]:
    """The definition, when it can be played, and the codes of what the checker found."""
    files = texts(a_workflow(Random(seed)))
    codes = frozenset(problem.code for problem in problems_of(files))
    return (library_of(files).current("errand") if codes <= PLAYABLE else None), codes


def agrees(definition: Definition, codes: frozenset[str], walk: Walk) -> None:
    """What happened was found possible; and a policy without a problem leaves nobody waiting for nothing."""
    exploration = explore(definition)
    bounds = bounds_of(exploration)
    is_exact = bounds.is_whole and not bounds.some_answers and not bounds.unfollowed
    for before, outcome, after in walk.trail:
        if is_exact and outcome.entry.kind == "event":
            assert (before, outcome.entry.name) in exploration.fired | exploration.forced
        if is_exact:
            assert outcome.state in exploration.states
        if not codes and not definition.state(outcome.state).final and after.state == outcome.state:
            assert after.tasks or any(running.next_at for running in after.deadlines.values())


def played(seed: int, steps: int = STEPS) -> Walk | None:
    definition, codes = a_policy(seed)
    if definition is None:
        return None
    walk = a_walk(definition, Random(seed + 1), steps)
    agrees(definition, codes, walk)
    return walk


def mended_or_not(seed: int) -> None:
    """Damage a policy; when nothing is found wrong with it all the same, it can be played."""
    dice = Random(seed)
    files = texts(damaged(dice, deepcopy(a_workflow(dice))))
    if not problems_of(files):
        library = library_of(files)
        a_walk(library.current(next(iter(library.sources))), dice, STEPS)


@quickly
@given(SEEDS)
def test_what_is_tried_is_done_or_refused_the_same_each_time_and_as_the_checker_said(seed: int) -> None:
    played(seed)


@pytest.mark.slow
@at_length
@given(SEEDS)
def test_the_same_holds_for_many_policies_and_longer_stories(seed: int) -> None:
    played(seed, 80)


@quickly
@given(SEEDS)
def test_a_damaged_policy_is_reported_and_never_breaks_the_checker(seed: int) -> None:
    mended_or_not(seed)


@pytest.mark.slow
@at_length
@given(SEEDS)
def test_the_same_holds_for_much_damage(seed: int) -> None:
    mended_or_not(seed)


def test_the_policies_made_are_sound_and_unsound_and_much_happens_in_them() -> None:
    found = [(a_policy(seed)[1], played(seed)) for seed in range(60)]
    walks = [walk for _, walk in found if walk]
    refused = sum((walk.refused for walk in walks), Counter[str]())
    assert len([codes for codes, _ in found if not codes]) >= 12
    assert len([codes for codes, _ in found if codes]) >= 12
    assert len(walks) >= 35
    assert {"NotAllowed", "Invalid", "Blocked", "UnknownEvent", "NotFound"} <= set(refused)
    moves = [sum(before not in (START, outcome.state) for before, outcome, _ in walk.trail) for walk in walks]
    assert max(moves) >= 3
    assert sum(moves) >= 60


def test_damage_is_found_more_often_than_not() -> None:
    sound = 0
    for seed in range(60):
        dice = Random(seed)
        sound += not problems_of(texts(damaged(dice, deepcopy(a_workflow(dice)))))
    assert sound < 20
