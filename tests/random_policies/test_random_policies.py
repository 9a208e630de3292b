"""Whatever policy is written and whatever is tried: a refusal at most, the same each time, and as the checker said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apflow.core.checks.findings import Subject
from apflow.core.definition.compiled import Definition
from apflow.core.explore.bounds import bounds_of
from apflow.core.explore.exploring import Exploration, explore
from apflow.core.machine import START
from apflow.loader.reading import library_of, problems_of
from tests.random_policies.damage import damaged
from tests.random_policies.policies import a_family, texts
from tests.random_policies.walks import Happened, Walk, a_walk

# What the checker says of a policy that can be loaded and played all the same.
PLAYABLE = {
    *("never-happens", "forgotten-later", "cannot-act", "task-not-theirs", "no-deadline", "unreachable", "stuck"),
    *("both-apply", "never-ends", "dead-end", "unused", "shadowed", "never-true", "cycle-too-short", "never-runs"),
    *("same-person", "quorum", "never-wanted", "always-wanted"),
}
SEEDS = st.integers(min_value=0, max_value=2**32)
STEPS = 25
quickly = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
at_length = settings(max_examples=1000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Policy:
    """What was made: its definitions, when they can be played, and the codes of what the checker found."""

    definitions: Mapping[str, Definition]
    codes: frozenset[str]

    def explored(self, name: str) -> Exploration:
        """The workflow followed as the checker follows it."""
        workflows = {each: one.workflow for each, one in self.definitions.items()}
        return explore(self.definitions[name], Subject(self.definitions[name], None, workflows).told)


def a_policy(seed: int) -> Policy:
    files = texts(*a_family(Random(seed)))
    codes = frozenset(problem.code for problem in problems_of(files))
    if not codes <= PLAYABLE:
        return Policy({}, codes)
    library = library_of(files)
    return Policy({name: library.current(name) for name in library.sources}, codes)


def agrees(policy: Policy, name: str, trail: Sequence[Happened]) -> None:
    """What happened was found possible; and a policy without a problem leaves nobody waiting for nothing."""
    exploration = policy.explored(name)
    bounds = bounds_of(exploration)
    is_exact = bounds.is_whole and not bounds.some_answers and not bounds.unfollowed
    for one in trail:
        outcome = one.outcome
        if is_exact and outcome.entry.kind == "event":
            assert (one.before, outcome.entry.name) in exploration.fired | exploration.forced
        if is_exact:
            assert outcome.state in exploration.states
        goes_on = one.after.state == outcome.state and not exploration.definition.state(outcome.state).final
        if not policy.codes and goes_on:
            assert one.after.tasks or any(running.next_at for running in one.after.deadlines.values())


def played(policy: Policy, seed: int, steps: int = STEPS) -> Walk | None:
    if not policy.definitions:
        return None
    walk = a_walk(policy.definitions, "errand", Random(seed + 1), steps)
    for name in policy.definitions:
        agrees(policy, name, [one for one in walk.trail if one.workflow == name])
    return walk


def mended_or_not(seed: int) -> None:
    """Damage a policy; when nothing is found wrong with it all the same, it can be played."""
    dice = Random(seed)
    first, *others = deepcopy(a_family(dice))
    files = texts(damaged(dice, first), *others)
    if not problems_of(files):
        library = library_of(files)
        a_walk(
            {name: library.current(name) for name in library.sources}, dice.choice(list(library.sources)), dice, STEPS
        )


@quickly
@given(SEEDS)
def test_what_is_tried_is_done_or_refused_the_same_each_time_and_as_the_checker_said(seed: int) -> None:
    played(a_policy(seed), seed)


@pytest.mark.slow
@pytest.mark.timeout(900)
@at_length
@given(SEEDS)
def test_the_same_holds_for_many_policies_and_longer_stories(seed: int) -> None:
    played(a_policy(seed), seed, 80)


@quickly
@given(SEEDS)
def test_a_damaged_policy_is_reported_and_never_breaks_the_checker(seed: int) -> None:
    mended_or_not(seed)


@pytest.mark.slow
@pytest.mark.timeout(900)
@at_length
@given(SEEDS)
def test_the_same_holds_for_much_damage(seed: int) -> None:
    mended_or_not(seed)


@pytest.fixture(scope="module")
def policies() -> list[Policy]:
    return [*map(a_policy, range(140))]


@pytest.fixture(scope="module")
def walks(policies: list[Policy]) -> list[Walk]:
    return [walk for seed, policy in enumerate(policies) if (walk := played(policy, seed))]


def test_the_policies_made_are_sound_and_unsound_and_much_happens_in_them(
    policies: list[Policy], walks: list[Walk]
) -> None:
    found = [policy.codes for policy in policies]
    refused = sum((walk.refused for walk in walks), Counter[str]())
    assert len([codes for codes in found if not codes]) >= 8
    assert len([codes for codes in found if codes]) >= 8
    assert len(walks) >= 50
    assert {"NotAllowed", "Invalid", "Blocked", "UnknownEvent", "NotFound", "NotOpen"} <= set(refused)
    moves = [sum(one.before not in (START, one.outcome.state) for one in walk.trail) for walk in walks]
    assert max(moves) >= 3
    assert sum(moves) >= 60


def test_the_cases_played_have_items_and_pauses_and_begin_and_end_others(walks: list[Walk]) -> None:
    trails = [walk.trail for walk in walks]
    outcomes = [one.outcome for trail in trails for one in trail]
    paused = [any(running.paused_at for one in trail for running in one.after.deadlines.values()) for trail in trails]
    unwanted = [any(one.after.unwanted for one in trail) for trail in trails]
    assert sum(bool(outcome.items) for outcome in outcomes) >= 40
    assert sum(paused) >= 5
    assert sum(unwanted) >= 5
    assert {signal.purpose for outcome in outcomes for signal in outcome.signals} == {"begin", "tell", "ended"}
    assert {outcome.entry.kind for outcome in outcomes} >= {
        *("event", "reminder", "escalation", "child", "task", "alert", "override"),
    }


def test_damage_is_found_more_often_than_not() -> None:
    sound = 0
    for seed in range(60):
        dice = Random(seed)
        first, *others = deepcopy(a_family(dice))
        sound += not problems_of(texts(damaged(dice, first), *others))
    assert sound < 20
