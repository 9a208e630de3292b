"""Every smallest change to the shipped workflows, told: each has a sentence, and none is in the machine's words."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from apflow.core.compare import compare
from apflow.loader import Library
from tests.core.every_leaf import altered, one_of_each_kind
from tests.core.test_compare import a_policy

SAID_BY_THE_OWNER = "its source is"
OF_THE_MACHINE = re.compile(r"\b[a-z]+_[a-z_]+\b|\bTrue\b|\bFalse\b|\bNone\b|[{}\[\]]")

Told = Sequence[tuple[str, tuple[str, ...]]]


@pytest.fixture(scope="module", params=[one_of_each_kind, pytest.param(iter, id="all", marks=pytest.mark.slow)])
def told(request: pytest.FixtureRequest, library: Library) -> Told:
    """Where each change is made and what is said of it, worked out once for all tests."""
    policy = a_policy(library)
    return [
        (where, compare(replace(policy, workflows={name: workflow}), replace(policy, workflows={name: changed})))
        for name, workflow in policy.workflows.items()
        for where, changed in request.param(altered(workflow))
    ]


def test_a_leaf_of_the_shipped_workflows_has_a_sentence_when_it_changes(told: Told) -> None:
    assert [where for where, sentences in told if not sentences] == []


def test_no_sentence_about_the_shipped_policy_shows_a_name_or_a_value_of_the_machine(told: Told) -> None:
    every = {sentence for where, sentences in told if " renamed" not in where for sentence in sentences}

    ours = sorted(sentence.replace("{case}", "") for sentence in every if SAID_BY_THE_OWNER not in sentence)
    assert [sentence for sentence in ours if OF_THE_MACHINE.search(sentence)] == []
