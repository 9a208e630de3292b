"""Every code that a check can give is explained, with a snippet that earns it and one that does not."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import apflow
from apflow.core.codes import CODES, Code, every_code, explain, no_such_code
from apflow.core.codes.code import MARK
from tests.loader.snippet import problems_of_file, problems_with

SNIPPETS = [
    pytest.param(code, id=name) for name, code in CODES.items() if code.where not in ("no snippet", "whole file")
]
FILES = [pytest.param(code, id=name) for name, code in CODES.items() if code.where == "whole file"]


def emitted() -> Iterator[str]:
    """Every code in the sources: what stands second in Finding, fourth in Problem, and each family unknown-…"""
    for path in Path(apflow.__path__[0]).glob("**/*.py"):
        if path.parts[-2] in ("web", "api", "pages", "codes"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _given(node)


def _given(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = {"Finding": 1, "Problem": 3, "problem": 1, "known": 1, "known_key": 1, "each_known": 1}.get(name)
    if place is None:
        return
    words = [arg for arg in call.args if not isinstance(arg, ast.Starred)]
    place -= 2 * (len(call.args) - len(words))  # Problem(file, *line_and_column, code, …)
    given = words[place] if 0 <= place < len(words) else None
    for word in _words(given):
        yield word if name in ("Finding", "Problem", "problem") else f"unknown-{word}"


def _words(node: ast.expr | None) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(word)):
            yield word
        case ast.IfExp():
            yield from _words(node.body)
            yield from _words(node.orelse)


def test_every_code_in_the_sources_is_explained_and_every_one_explained_is_in_the_sources() -> None:
    made_up = {
        "duplicate-workflow",
        "duplicate-catalogue",
        "duplicate-registration",
        "duplicate-attendance",
        "duplicate-returns",
        "duplicate-document",
    }  # Their ends are put together: duplicate-{what}.

    assert set(emitted()) | made_up == set(CODES)


@pytest.mark.parametrize("code", CODES.values(), ids=CODES.keys())
def test_every_explanation_says_what_why_and_how(code: Code) -> None:
    assert all(text.endswith((".", "`.")) for text in (code.means, code.matters, code.mend))
    assert (code.wrong.count(MARK), bool(code.instead)) == ((0, False) if code.where == "no snippet" else (1, True))


@pytest.mark.parametrize("code", SNIPPETS)
def test_the_wrong_snippet_earns_its_code_at_the_marked_line(code: Code, tmp_path: Path) -> None:
    marked = next(n for n, line in enumerate(code.wrong.splitlines(), start=1) if MARK in line)

    told = [
        (line, problem.code) for line, problem in problems_with(tmp_path, code.wrong, code.where, council=code.given)
    ]

    assert (marked, code.name) in told


@pytest.mark.parametrize("code", SNIPPETS)
def test_the_right_snippet_does_not_earn_its_code(code: Code, tmp_path: Path) -> None:
    found = problems_with(tmp_path, code.right, code.where, council=code.given)

    assert [str(problem) for _, problem in found if problem.code == code.name] == []


@pytest.mark.parametrize("code", FILES)
def test_a_wrong_file_earns_its_code_at_the_marked_line(code: Code, tmp_path: Path) -> None:
    marked = next(n for n, line in enumerate(code.wrong.splitlines(), start=1) if MARK in line)

    told = [(found.line, found.code) for found in problems_of_file(tmp_path / "wrong", code.wrong)]

    assert (marked, code.name) in told
    assert code.name not in [found.code for found in problems_of_file(tmp_path / "right", code.right)]


def test_an_explanation_shows_both_snippets() -> None:
    said = explain("unknown-state") or ""

    assert "to: close  # ←" in said
    assert "to: closed\n" in said + "\n"


def test_an_explanation_says_what_stands_in_the_councils_file_where_that_matters() -> None:
    assert "With this in council.yaml:\n    roles:\n      librarian: {least: 2}\n" in (explain("quorum") or "")


def test_a_code_there_is_not_is_told_with_the_nearest_there_is() -> None:
    assert no_such_code("unknown-stat").endswith('did you mean "unknown-state"?')
    assert explain("unknown-stat") is None


def test_the_list_of_codes_has_a_line_for_each() -> None:
    assert len(every_code().splitlines()) == len(CODES)
