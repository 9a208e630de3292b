"""What is wrong with a site that a case begins with, and with what is looked up by a typed number, is found."""

from pathlib import Path

import pytest

from tests.loader.folder import a_folder
from tests.loader.test_checks import has, told

FILE = "registered_provider.yaml"


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            "  records: sites\n",
            "  records: placements\n",
            "keeps-nothing: the record belongs to the case, which is not",
        ),
        (
            "form: {closed_because: }\n        draws",
            "keeps: true\n        form: {closed_because: }\n        draws",
            "keeps-nothing: its site is written as the case begins",
        ),
        (
            "form: {closed_because: }",
            "form: {closed_because: , establishment: }",
            'no-records: "establishment" is looked up by a number that is typed, which is asked only as a case begins',
        ),
        (
            "  records: sites\n",
            "  records: sites\n  paused: {begins_in: closed, ends_in: open, assumed: Ours.}\n",
            "keeps-nothing: only a placement can be paused",
        ),
        ("as: {urn: establishment,", "as: {", "keeps-nothing: say from which field its URN is (urn: …)"),
        ("fact: record.is_open_in_register", "fact: record.is_opened", "unknown-fact"),
    ],
)
def test_about_a_registered_provider(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert has(told(a_folder(tmp_path, (before, after), file=FILE)), problem)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            "    begins_in: suspended\n",
            "    begins_in: suspnded\n",
            'unknown-state: there is no state called "suspnded"',
        ),
        (
            "    ends_in: [induction, active]\n",
            "    ends_in: [induction, activ]\n",
            'unknown-state: there is no state called "activ"',
        ),
        (
            "    ends_in: [induction, active]\n",
            "    ends_in: [active, suspended]\n",
            'keeps-nothing: a pause begins in "suspended", so it cannot end there',
        ),
        (
            '    assumed: "That a pause counts',
            '    about: "That a pause counts',
            "unsourced: say where this comes from",
        ),
    ],
)
def test_about_when_a_placement_is_paused(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert has(told(a_folder(tmp_path, (before, after), file="placement.yaml")), problem)
