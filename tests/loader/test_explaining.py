"""What the command says of problems: for people, for tools, and for whoever asks what a code means."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from apflow.cli import main
from tests.loader.small import a_small_folder


def test_tools_get_each_problem_with_its_place_and_what_was_probably_meant(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path, ("called: name", "called: nam"))

    result = CliRunner().invoke(main, ["check", "--json", str(folder)])

    found = next(problem for problem in json.loads(result.output) if problem["code"] == "unknown-field")
    assert found.pop("message") == 'there is no field called "nam"; did you mean "name"?'
    assert found == {
        "file": str(folder / "loan.yaml"),
        "line": 5,
        "column": 9,
        "code": "unknown-field",
        "suggestion": "name",
    }


@pytest.mark.parametrize(
    ("before", "after", "suggestion"),
    [
        ("    awaiting: reader\n", "    awaitting: reader\n", "awaiting"),
        ("{fact: wanted_on, is_present: true}", "{fact: size, is: larg}", "large"),
        ("type: email", "type: emial", "email"),
        ("{deadline: look_due, by", "{deadline: zzz, by", None),
    ],
)
def test_a_suggestion_is_the_word_that_was_meant_or_none(
    tmp_path: Path, before: str, after: str, suggestion: str | None
) -> None:
    folder = a_small_folder(tmp_path, (before, after))

    result = CliRunner().invoke(main, ["check", "--json", str(folder)])

    assert suggestion in [problem["suggestion"] for problem in json.loads(result.output)]


def test_a_code_is_explained_and_an_unknown_one_refused_with_the_nearest() -> None:
    explained = CliRunner().invoke(main, ["check", "--explain", "dead-end"])
    unknown = CliRunner().invoke(main, ["check", "--explain", "dead-ends"])

    assert (explained.exit_code, explained.output.startswith("dead-end\n")) == (0, True)
    assert (unknown.exit_code, 'did you mean "dead-end"?' in unknown.output) == (1, True)


def test_all_codes_are_listed() -> None:
    assert "unknown-state " in CliRunner().invoke(main, ["check", "--explain", "list"]).output
