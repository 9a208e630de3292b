"""`apflow simulate`, run as a manager would run it."""

import csv
import io
import json
from pathlib import Path

import pytest

from apflow.demo.run import DATABASE
from apflow.settings import shipped
from tests.loader.folder import rewrite
from tests.shell.commands import Ran, apflow, apflow_started
from tests.simulate.letters import COUNCIL, WORKFLOW

LETTERS = """\
simulation: letters
title: Letters
seed: 2026
begins: 2026-01-05
weeks: 6
people: {officer: {count: 3, hours: always}, manager: {count: 1, hours: always}}
arrivals: {letter: {event: write, a_week: 3}}
responses: {letter: {to_answer: {officer: {takes: {mean: 1 hours}, choices: [{share: 1, does: answer}]}}}}
"""


@pytest.fixture
def short(tmp_path: Path) -> str:
    """The shipped year, cut to six weeks."""
    file = tmp_path / "short.yaml"
    file.write_text((shipped("workflows") / "simulations" / "year.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    rewrite(file, ("weeks: 52", "weeks: 6"))
    return str(file)


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Six weeks of a council that answers letters, with its policy beside it."""
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "council.yaml").write_text(COUNCIL, encoding="utf-8")
    (tmp_path / "policy" / "letter.yaml").write_text(WORKFLOW, encoding="utf-8")
    file = tmp_path / "letters.yaml"
    file.write_text(LETTERS, encoding="utf-8")
    return file


def simulate(file: Path, *words: str) -> Ran:
    return apflow("simulate", str(file), *words, folder=file.parent, APFLOW_WORKFLOWS=str(file.parent / "policy"))


def test_a_year_is_told_and_drawn(short: str, tmp_path: Path) -> None:
    told = apflow_started("simulate", short, "--chart", "chart.svg", folder=tmp_path)

    assert told.returncode == 0, told.stderr
    assert "cases in 6 weeks" in told.stdout
    assert "Alternative Learning Team officer: 3 there" in told.stdout
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_a_year_is_given_as_rows_and_json(letters: Path) -> None:
    rows, found = simulate(letters, "--csv"), simulate(letters, "--json", "--people", "officer=1")

    assert [one.returncode for one in (rows, found)] == [0, 0], rows.stderr + found.stderr
    weeks = list(csv.DictReader(io.StringIO(rows.stdout.lstrip("\ufeff"))))
    assert [(row["week"], row["role"]) for row in weeks[:2]] == [("1", "officer"), ("2", "officer")]
    assert len(weeks) == 6 * 2
    assert json.loads(found.stdout)["roles"][0]["people"] == 1


def test_it_can_be_measured_from_the_cases_there_have_been_and_says_what_was_not(demo_made: Path, short: str) -> None:
    said = apflow(
        "simulate", short, "--measured", folder=demo_made, APFLOW_DATABASE=f"sqlite:///{demo_made / DATABASE}"
    )

    assert said.returncode == 0
    assert "How provider answers in referred of placement: fewer than 5 answers, so as declared." in said.stderr
    assert "How provider answers in gathering_evidence" not in said.stderr


def test_what_cannot_be_played_is_refused_in_a_sentence(letters: Path) -> None:
    role, count = simulate(letters, "--people", "planner=2"), simulate(letters, "--people", "officer=many")
    rewrite(letters, ("seed: 2026", "sed: 2026"))
    file = simulate(letters)

    assert [one.returncode for one in (role, count, file)] == [2, 2, 2]
    assert 'The file says nothing of "planner"' in role.stderr
    assert '"officer=many" is not a role and how many of it there are' in count.stderr
    assert f"{letters}:" in file.stderr
    assert '"sed" is not a key here' in file.stderr
