"""What a condition asks of a question of which several can be chosen: whether something is among them."""

from pathlib import Path
from typing import Any

import pytest

from apflow.core.compare.names import Names
from apflow.core.compare.said import condition_words
from apflow.core.definition.timing import GuardSpec
from apflow.loader import find_problems, library_of
from tests.core.test_compare import a_policy
from tests.core.test_conditions import truth
from tests.loader.small import CATALOGUE, COUNCIL, NOTICES, WORKFLOW, a_small_folder

SIZE = "  size: {type: choice, label: How large?, options: {small: Small, large: Large}}\n"
AGES = "  ages: {type: many, label: Which ages?, options: {ks1: Key stage 1, ks2: Key stage 2, ks4: Key stage 4}}\n"
ASKED = ("    member:\n    card:\n", "    member:\n    card:\n    ages:\n")
WANTED = "{fact: wanted_on, is_present: true}"
KS1, KS4 = "{fact: ages, is: ks1}", "{fact: ages, is: ks4}"
NEITHER = "{all: [{fact: ages, is_not: ks1}, {fact: ages, is_not: ks4}]}"


def told(tmp_path: Path, condition: str, *changes: tuple[str, str]) -> list[str]:
    """The problems of the small policy that asks for ages, and lends only where this holds."""
    folder = a_small_folder(tmp_path, (SIZE, SIZE + AGES), ASKED, (WANTED, condition), *changes)
    return [f"{one.code}: {one.message}" for one in find_problems(folder, NOTICES)]


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ({"is": "ks1"}, True),
        ({"is": "ks2"}, False),
        ({"is_not": "ks1"}, False),
        ({"is_not": "ks2"}, True),
        ({"is_one_of": ["ks2", "ks4"]}, True),
        ({"is_one_of": ["ks2", "ks3"]}, False),
        ({"is": {"fact": "first"}}, True),
        ({"is": {"fact": "nowhere"}}, None),
    ],
)
@pytest.mark.parametrize("kept", [list, tuple])
def test_it_holds_where_one_of_those_chosen_is_meant(comparison: dict[str, Any], expected: bool, kept: type) -> None:
    assert truth({"fact": "ages", **comparison}, ages=kept(["ks1", "ks4"]), first="ks1") is expected


@pytest.mark.parametrize("comparison", [{"is": "ks1"}, {"is_not": "ks1"}, {"is_one_of": ["ks1", "ks2"]}])
@pytest.mark.parametrize("chosen", [[], (), None])
def test_it_is_unknown_while_nothing_is_chosen(comparison: dict[str, Any], chosen: Any) -> None:
    assert truth({"fact": "ages", **comparison}, ages=chosen) is None


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("{fact: ages, is: ks3}", 'never-true: "ages" is never "ks3"; did you mean "ks'),
        ("{fact: ages, is_one_of: [ks1, ks2, primary]}", 'never-true: "ages" is never "primary"'),
        ("{fact: ages, is_not: true}", 'never-true: "ages" is never true'),
        ("{fact: ages, at_least: 2}", 'never-true: "ages" is several of a few words, and only numbers are at least'),
        ("{fact: ages, is_before: today}", 'never-true: "ages" is several of a few words, and only dates are before'),
    ],
)
def test_what_can_never_be_chosen_is_a_problem(tmp_path: Path, condition: str, problem: str) -> None:
    found = told(tmp_path, condition)

    assert any(one.startswith(problem) for one in found), found


def test_several_people_are_counted_and_not_compared(tmp_path: Path) -> None:
    people = "  those: {type: people, role: librarian, label: Who?}\n"
    folder = a_small_folder(tmp_path, (SIZE, SIZE + people), (WANTED, "{fact: those, is: libby}"))

    assert [one.message for one in find_problems(folder, NOTICES)] == [
        '"those" is several people or records, so it is never "libby"'
    ]


@pytest.mark.parametrize("condition", [KS1, f"{{all: [{KS1}, {KS4}]}}", f"{{all: [{KS1}, {{not: {KS4}}}]}}", NEITHER])
def test_the_check_follows_every_selection_that_conditions_tell_apart(tmp_path: Path, condition: str) -> None:
    assert told(tmp_path, condition) == []


def test_what_no_selection_comes_to_never_happens(tmp_path: Path) -> None:
    found = told(tmp_path, f"{{all: [{KS1}, {{fact: ages, is_not: ks1}}]}}")

    assert any(one.startswith("never-happens: this never holds") for one in found), found


def test_a_promise_is_broken_by_whoever_chooses_both(tmp_path: Path) -> None:
    holds = f"{{not: {{all: [{KS1}, {KS4}]}}}}"
    promise = f"invariants:\n  a: {{says: Not both., holds: {holds}, on_entry_to: lent, assumed: x}}\nalerts:\n"
    found = told(tmp_path, KS1, ("alerts:\n", promise))

    assert any(one.startswith("broken: “Not both” does not always hold") for one in found), found


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"fact": "ages", "is": "ks1"}, "“Which ages?” includes “Key stage 1”"),
        ({"fact": "answer.ages", "is_not": "ks1"}, "the answer to “Which ages?” does not include “Key stage 1”"),
        ({"fact": "ages", "is_one_of": ["ks1", "ks2"]}, "“Which ages?” includes “Key stage 1” or “Key stage 2”"),
        ({"fact": "ages", "is_present": True}, "“Which ages?” is known"),
    ],
)
def test_it_is_read_aloud_as_what_is_included(condition: dict[str, object], words: str) -> None:
    text = WORKFLOW.replace(SIZE, SIZE + AGES)
    policy = a_policy(library_of({"council.yaml": COUNCIL, "loan.yaml": text, "papers.yaml": CATALOGUE}))
    workflow = policy.workflows["loan"]
    guard = GuardSpec.model_validate({"when": condition, "reason": "No.", "assumed": "x"})

    assert condition_words(Names.of(workflow, workflow, policy.council), guard.when) == words
