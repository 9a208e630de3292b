"""The `apflow` command, run as a person would run it."""

import json
import shutil
from pathlib import Path

import pytest

from apflow.settings import shipped
from tests.shell.commands import apflow


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A council's own copy of the shipped policy."""
    shutil.copytree(shipped("workflows"), tmp_path / "workflows")
    shutil.copytree(shipped("notifications"), tmp_path / "notifications")
    return tmp_path / "workflows"


def test_the_shipped_policy_has_no_problems(tmp_path: Path) -> None:
    checked = apflow("check", folder=tmp_path)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.endswith("no problems.\n")
    assert "\nprovider: all " in checked.stdout


def test_a_misspelt_state_is_reported_at_its_place_and_check_fails(policy: Path) -> None:
    file = policy / "provider.yaml"
    lines = file.read_text().splitlines()
    line = next(number for number, text in enumerate(lines) if text.strip() == "to: checking_evidence")
    lines[line] = lines[line].replace("checking_evidence", "cheking_evidence")
    file.write_text("\n".join(lines))

    checked = apflow("check", str(policy), folder=policy)

    assert checked.returncode == 1
    column = lines[line].index("cheking_evidence") + 1
    assert f"{file}:{line + 1}:{column}: unknown-state:" in checked.stdout
    assert 'did you mean "checking_evidence"?' in checked.stdout


def test_problems_can_be_read_by_a_tool(policy: Path) -> None:
    (policy / "evidence.yaml").write_text("catalogue: evidence\n")

    checked = apflow("check", "--json", str(policy), folder=policy)

    problems = json.loads(checked.stdout)
    assert checked.returncode == 1
    assert {"file", "line", "column", "code", "message", "suggestion"} == set(problems[0])


def test_a_tool_is_told_how_far_each_workflow_was_followed_beside_the_problems(policy: Path) -> None:
    checked = apflow("check", "--json", str(policy), folder=policy)

    assert json.loads(checked.stdout) == []
    told = {bounds["workflow"]: bounds for bounds in map(json.loads, checked.stderr.splitlines())}
    assert (told["provider"]["is_whole"], told["provider"]["either_way"]) == (
        True,
        ["applications_are_open", "decisions_are_reviewed"],
    )


def test_a_notice_that_speaks_of_what_is_not_there_is_a_problem(policy: Path) -> None:
    notice = policy.parent / "notifications" / "provider" / "approved.txt"
    notice.write_text(notice.read_text().replace("{{ case.title }}", "{{ fields.favourite_colour }}"))

    checked = apflow("check", str(policy), folder=policy)

    assert checked.returncode == 1
    assert "provider/approved" in checked.stdout
    assert "favourite_colour" in checked.stdout


def test_what_is_assumed_is_listed_with_its_place_for_the_team_to_confirm(tmp_path: Path) -> None:
    listed = apflow("check", "--assumed", folder=tmp_path).stdout.splitlines()

    assert any("Documents should be sent within 30 working days" in line for line in listed)
    assert any("Quorum of 3." in line for line in listed)
    assert all(line.split(":")[1].isdigit() for line in listed)


def test_a_calendar_that_would_run_out_is_reported_ahead(tmp_path: Path) -> None:
    checked = apflow("check", "--as-of", "2099-01-01", folder=tmp_path)

    assert checked.returncode == 1
    assert "calendar-ends" in checked.stdout


def test_a_new_database_is_made_and_a_member_of_staff_added(tmp_path: Path) -> None:
    settings = {"APFLOW_DATABASE": f"sqlite:///{tmp_path}/council.db"}

    apflow("publish", "--yes", folder=tmp_path, **settings)
    added = apflow("person", "Olive", "olive@council.example", "--role", "officer", folder=tmp_path, **settings)
    token = apflow("token", "olive@council.example", folder=tmp_path, **settings)

    assert "olive@council.example" in added.stdout
    assert token.stdout.startswith("apflow_")


def test_an_unknown_role_is_refused_with_those_there_are(tmp_path: Path) -> None:
    settings = {"APFLOW_DATABASE": f"sqlite:///{tmp_path}/council.db"}

    apflow("publish", "--yes", folder=tmp_path, **settings)
    refused = apflow("person", "Olive", "olive@council.example", "--role", "wizard", folder=tmp_path, **settings)

    assert refused.returncode == 1
    assert "officer" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("part", ["web", "worker"])
def test_one_part_alone_is_refused_on_sqlite_with_the_reason_and_makes_no_file(tmp_path: Path, part: str) -> None:
    refused = apflow("serve", "--only", part, folder=tmp_path)

    assert refused.returncode == 1
    assert refused.stderr == (
        "Error: SQLite has one writer at a time, so one process does everything: leave out --only, or use PostgreSQL.\n"
    )
    assert list(tmp_path.iterdir()) == []
