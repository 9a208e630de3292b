"""The checker, measured: what breaks a policy is reported where it is broken, and nothing else is reported."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.mutants.corpus import corpus, of_the_small_ones
from tests.mutants.equivalent import REASONS, why_equivalent
from tests.mutants.measuring import Verdict, bench, verdicts
from tests.mutants.mutation import Mutation
from tests.mutants.subjects import Subject, subjects
from tests.mutants.table import counted, surprises

LEAST = 0.99
SMALL = [subject for subject in subjects() if not subject.is_large]


def one_of_each_kind() -> Iterator[tuple[str, Mutation]]:
    """The first mutation of each kind that a small subject has; there is a small one for every kind."""
    seen: set[str] = set()
    for name, mutation in of_the_small_ones():
        if mutation.kind not in seen:
            seen.add(mutation.kind)
            yield name, mutation


def one_of_each_kind_of_the_shipped_one() -> Iterator[tuple[str, Mutation]]:
    """One of the three of each kind that `python -m tests.mutants` tries, each time from another part of the policy.

    All three take twice the time that a test may; run that when the checker or the language has changed.
    """
    kinds: dict[str, list[tuple[str, Mutation]]] = {}
    for name, mutation in corpus():
        if name == "shipped":
            kinds.setdefault(mutation.kind, []).append((name, mutation))
    yield from (same[number % len(same)] for number, same in enumerate(kinds.values()))


@pytest.mark.parametrize("subject", SMALL, ids=lambda subject: subject.name)
def test_what_is_not_broken_is_judged_sound_and_reported_clean(subject: Subject) -> None:
    whole = bench(subject.name)

    assert (whole.judged(), whole.checked()) == ((), ())


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_shipped_policy_is_judged_sound_and_reported_clean() -> None:
    whole = bench("shipped")

    assert (whole.judged(), whole.checked()) == ((), ())


def test_one_mutation_of_each_kind_is_judged_and_reported_alike() -> None:
    found = list(verdicts(list(one_of_each_kind()), processes=1))

    assert list(surprises(found)) == []


@pytest.mark.slow
def test_the_small_policies_have_every_kind_of_mutation() -> None:
    small = {mutation.kind for _, mutation in one_of_each_kind()}

    assert {mutation.kind for _, mutation in corpus()} == small


@pytest.mark.slow
def test_every_name_of_a_mutation_is_its_own() -> None:
    named = Counter((name, mutation.kind, mutation.name, mutation.text) for name, mutation in corpus())

    assert [name for name, times in named.items() if times > 1] == []


@pytest.mark.slow
def test_every_reason_for_leaving_a_mutation_out_is_of_use() -> None:
    used = {why_equivalent(mutation) for _, mutation in corpus(of_a_kind=None)}

    assert set(REASONS.values()) <= used


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nearly_every_breaking_mutation_is_reported_at_the_right_line_and_no_other_is_reported() -> None:
    found = list(verdicts([*of_the_small_ones(), *one_of_each_kind_of_the_shipped_one()]))
    told = "\n".join(surprises(found))

    assert counted(found)["all"].share >= LEAST, told
    assert not any(_is_false_alarm(one) for one in found), told


def _is_false_alarm(verdict: Verdict) -> bool:
    return verdict.is_reported and not verdict.broken and why_equivalent(verdict.mutation) is None
