"""`apflow simulate`, run as a manager would run it."""

import csv
import io
import json
from pathlib import Path

import pytest

from apflow.demo.run import DATABASE
from apflow.settings import shipped
from tests.loader.folder import rewrite
from tests.shell.commands import apflow


@pytest.fixture
def short(tmp_path: Path) -> str:
    """The shipped year, cut to six weeks."""
    file = tmp_path / "short.yaml"
    file.write_text((shipped("workflows") / "simulations" / "year.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    rewrite(file, ("weeks: 52", "weeks: 6"))
    return str(file)


def test_a_year_is_told_drawn_and_given_as_rows_and_json(short: str, tmp_path: Path) -> None:
    told = apflow("simulate", short, "--chart", "chart.svg", folder=tmp_path)
    rows = apflow("simulate", short, "--csv", folder=tmp_path)
    found = apflow("simulate", short, "--json", "--people", "officer=1", folder=tmp_path)

    assert [one.returncode for one in (told, rows, found)] == [0, 0, 0], told.stderr + rows.stderr + found.stderr
    assert "cases in 6 weeks" in told.stdout
    assert "Alternative Learning Team officer: 3 there" in told.stdout
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8").startswith("<svg ")
    weeks = list(csv.DictReader(io.StringIO(rows.stdout.lstrip("\ufeff"))))
    assert [(row["week"], row["role"]) for row in weeks[:2]] == [("1", "officer"), ("2", "officer")]
    assert len(weeks) == 6 * 3
    assert json.loads(found.stdout)["roles"][0]["people"] == 1


def test_it_can_be_measured_from_the_cases_there_have_been_and_says_what_was_not(demo_made: Path, short: str) -> None:
    said = apflow(
        "simulate", short, "--measured", folder=demo_made, APFLOW_DATABASE=f"sqlite:///{demo_made / DATABASE}"
    )

    assert said.returncode == 0
    assert "How provider answers in referred of placement: fewer than 5 answers, so as declared." in said.stderr
    assert "How provider answers in gathering_evidence" not in said.stderr


def test_what_cannot_be_played_is_refused_in_a_sentence(short: str, tmp_path: Path) -> None:
    role = apflow("simulate", short, "--people", "planner=2", folder=tmp_path)
    count = apflow("simulate", short, "--people", "officer=many", folder=tmp_path)
    rewrite(Path(short), ("seed: 2026", "sed: 2026"))
    file = apflow("simulate", short, folder=tmp_path)

    assert [one.returncode for one in (role, count, file)] == [2, 2, 2]
    assert 'The file says nothing of "planner"' in role.stderr
    assert '"officer=many" is not a role and how many of it there are' in count.stderr
    assert f"{short}:" in file.stderr
    assert '"sed" is not a key here' in file.stderr
