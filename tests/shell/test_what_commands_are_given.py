"""What commands say where they are given something else than they ask for."""

from pathlib import Path

import pytest

from tests.lending import a_council
from tests.shell.commands import apflow


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("workflows/loan.yaml", "workflows/loan.yaml is one file of a policy. Name its folder: workflows"),
        (".", "There are no policy files here (.). Name the folder that has them: workflows"),
        ("workflow", "'workflow' does not exist"),
    ],
)
@pytest.mark.parametrize("command", ["check", "compare", "publish"])
def test_whoever_names_no_folder_of_policy_is_told_which_it_is(
    tmp_path: Path, command: str, named: str, said: str
) -> None:
    ran = apflow(command, named, folder=a_council(tmp_path).workflows.parent)

    assert (ran.returncode, said in ran.stderr) == (2, True)


@pytest.mark.parametrize("words", [("check", "--as-of"), ("did", "olive@council.example", "--since")])
def test_a_day_that_is_none_is_told_with_how_to_write_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = apflow(*words, "31/12/2026", folder=tmp_path)

    assert '"31/12/2026" is not a date; write year, month and day, like 2026-12-24' in ran.stderr


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2201-01-01"])
@pytest.mark.parametrize("words", [("check", "--as-of"), ("did", "olive@council.example", "--since")])
def test_a_day_too_far_away_is_told_as_a_slip_of_the_year(tmp_path: Path, words: tuple[str, ...], day: str) -> None:
    ran = apflow(*words, day, folder=tmp_path)

    assert f'"{day}" is too far away; check the year.' in ran.stderr
