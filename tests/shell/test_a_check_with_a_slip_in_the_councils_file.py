"""A slip in council.yaml is told at its place like any other, beside the slips in the other files."""

import json
from pathlib import Path

import pytest

from tests.lending import a_council
from tests.loader.folder import rewrite
from tests.shell.commands import apflow

LATER = "What the workflows say is looked at once council.yaml can be read."


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return a_council(tmp_path).workflows


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("title: Librarian", "titel: Librarian", "unknown-key"),
        ("start: 2026-12-18", "start: 18.12.2026", "wrong-value"),
        ("council: Made Up Council", "counsil: Made Up Council", "unknown-file"),
    ],
)
def test_it_is_told_with_those_of_the_other_files(policy: Path, before: str, after: str, code: str) -> None:
    rewrite(policy / "council.yaml", (before, after))
    rewrite(policy / "papers.yaml", ("label: Passport", "lable: Passport"))

    checked = apflow("check", str(policy), folder=policy)

    assert checked.returncode == 1
    assert any("council.yaml:" in line and f" {code}: " in line for line in checked.stdout.splitlines())
    assert 'papers.yaml:5:14: unknown-key: "lable" is not a key here' in checked.stdout
    assert LATER in checked.stderr


def test_a_tool_is_told_of_it_as_of_any_other(policy: Path) -> None:
    rewrite(policy / "council.yaml", ("title: Librarian", "titel: Librarian"))

    checked = apflow("check", "--json", str(policy), folder=policy)

    assert {one["suggestion"] for one in json.loads(checked.stdout)} == {"title", None}
    assert (checked.returncode, checked.stderr) == (1, "")


def test_a_folder_with_two_councils_is_told_so(policy: Path) -> None:
    (policy / "other.yaml").write_text((policy / "council.yaml").read_text())

    checked = apflow("check", str(policy), folder=policy)

    assert (checked.returncode, "there must be exactly one file that starts with council:" in checked.stdout) == (
        1,
        True,
    )
    assert LATER not in checked.stderr
