"""`apflow replay`, run as somebody who owns the policy would run it."""

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path

import pytest

from apflow.demo.run import DATABASE
from apflow.settings import shipped
from tests.loader.folder import a_folder
from tests.shell.commands import apflow, apflow_started

_EVIDENCE = (
    "        within: 30 working days\n        remind: {at: [10 working days left",
    "        within: 20 working days\n        remind: {at: [10 working days left",
)


def on_the_demo(demo: Path, *words: str) -> tuple[int, str, str]:
    said = apflow("replay", *words, folder=demo, APFLOW_DATABASE=database(demo))
    return said.returncode, said.stdout, said.stderr


def database(demo: Path) -> str:
    return f"sqlite:///{demo / DATABASE}"


@pytest.fixture
def shorter(tmp_path: Path) -> str:
    """The provider workflow with twenty working days for the evidence, not thirty."""
    return str(a_folder(tmp_path, _EVIDENCE) / "provider.yaml")


def test_nothing_differs_under_the_rules_as_they_are(demo_made: Path) -> None:
    code, said, _ = on_the_demo(demo_made, "provider", "--with", str(shipped("workflows") / "provider.yaml"), "--json")

    found = json.loads(said)
    assert (code, found["verdicts"], len(found["cases"])) == (0, {"same": 39}, 39)
    assert found["in_sum"] == ["39 cases: 39 would have gone the same."]


def test_what_a_shorter_deadline_would_have_done_is_said_case_by_case_and_in_sum(demo: Path, shorter: str) -> None:
    before = hashlib.sha256((demo / DATABASE).read_bytes()).hexdigest()

    code, said, _ = on_the_demo(demo, "provider", "--with", shorter)

    assert code == 1
    assert "    Lapse: " in said
    assert "14 days earlier" in said
    assert "case would have gone earlier, by 14 days." in said
    assert "would stand at “Lapsed” today, not at “Gathering evidence”." in said
    assert hashlib.sha256((demo / DATABASE).read_bytes()).hexdigest() == before


def test_the_same_as_rows_for_a_spreadsheet(demo_made: Path, shorter: str) -> None:
    _, table, _ = on_the_demo(demo_made, "provider", "--with", shorter, "--csv")

    rows = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))
    assert len({row["case"] for row in rows}) == 39
    assert sorted({row["by days"] for row in rows if row["verdict"] == "earlier"}) == ["14.0"]


def test_a_workflow_that_there_is_not_and_one_that_the_file_is_not_are_refused(demo_made: Path, shorter: str) -> None:
    none = apflow_started("replay", "provder", "--with", shorter, folder=demo_made, APFLOW_DATABASE=database(demo_made))
    other = on_the_demo(demo_made, "visit", "--with", shorter)

    assert none.returncode == other[0] == 2
    assert 'There is no workflow called "provder"; there is ' in none.stderr
    assert 'this is the workflow "provider", not "visit"' in other[2]


def test_a_file_that_does_not_pass_the_check_is_refused_with_its_problems(demo_made: Path, tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ("workflow: provider\n", "workflow: provider\ntoo: much\n"))

    code, _, said = on_the_demo(demo_made, "provider", "--with", str(folder / "provider.yaml"))

    assert code == 2
    assert f"{folder / 'provider.yaml'}:" in said
    assert "does not pass the check, so nothing was replayed." in said


def test_where_no_case_has_been_begun_or_there_is_no_database_it_says_so(
    demo_made: Path, tmp_path: Path, upgraded_file: Path
) -> None:
    own_checks = str(shipped("workflows") / "own_checks.yaml")
    without = on_the_demo(demo_made, "own_checks", "--with", own_checks)
    absent = apflow(
        "replay", "provider", "--with", own_checks, folder=tmp_path, APFLOW_DATABASE=f"sqlite:///{tmp_path}/none.db"
    )
    shutil.copy(upgraded_file, tmp_path / "empty.db")
    empty = apflow(
        "replay", "provider", "--with", own_checks, folder=tmp_path, APFLOW_DATABASE=f"sqlite:///{tmp_path}/empty.db"
    )

    assert [without[0], absent.returncode, empty.returncode] == [2, 2, 2]
    assert "No case of “own_checks” has been begun yet" in without[2]
    assert "The database that APFLOW_DATABASE names cannot be opened." in absent.stderr
    assert "No policy has been published here yet" in empty.stderr
