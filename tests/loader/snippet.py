"""A snippet of YAML put into the small policy, and a problem of the whole traced back to the snippet's own line."""

from pathlib import Path
from typing import Any

import yaml

from apflow.core.errors import Problem
from apflow.loader import find_problems
from apflow.loader.nodes import read_document
from tests.loader.small import ATTENDANCE, CATALOGUE, COUNCIL, DOCUMENT, NOTICES, REGISTRATION, RETURNS, WORKFLOW

FILES = {
    "council": ("council.yaml", COUNCIL),
    "workflow": ("loan.yaml", WORKFLOW),
    "catalogue": ("papers.yaml", CATALOGUE),
    "registration": ("schools.yaml", REGISTRATION),
    "attendance": ("marks.yaml", ATTENDANCE),
    "returns": ("returns.yaml", RETURNS),
    "document": ("rules.yaml", DOCUMENT),
}


def problems_with(
    tmp_path: Path, snippet: str, where: str, whole: tuple[str, ...] | None = None, *, council: str = ""
) -> list[tuple[int, Problem]]:
    """Each problem of the small policy with the snippet in it, and the line of the snippet it stands for.

    At the path `whole` nothing of the small policy stays. What `council` says is put into its council.yaml.
    """
    tmp_path.mkdir(parents=True, exist_ok=True)
    for kind, (name, text) in FILES.items():
        (tmp_path / name).write_text(_put_in(text, snippet, whole) if kind == where else text, encoding="utf-8")
    if council:
        (tmp_path / "council.yaml").write_text(_put_in(COUNCIL, council, None), encoding="utf-8")
    changed = tmp_path / FILES[where][0]
    return [(_line_in(snippet, changed, problem), problem) for problem in find_problems(tmp_path, NOTICES)]


def problems_of_file(folder: Path, text: str) -> list[Problem]:
    """What is wrong with the form of a file, whatever it may leave out."""
    folder.mkdir()
    (folder / "file.yaml").write_text(text, encoding="utf-8")
    return [problem for problem in find_problems(folder) if problem.code not in ("missing-key", "council")]


def _put_in(text: str, snippet: str, emptied: tuple[str, ...] | None) -> str:
    whole = read_document("whole", text).value
    if emptied:
        place = whole
        for step in emptied[:-1]:
            place = place[step]
        del place[emptied[-1]]
    merged = _merged(whole, read_document("snippet", snippet).value)
    return str(yaml.dump(merged, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1000))


def _merged(whole: Any, part: Any) -> Any:
    if isinstance(whole, dict) and isinstance(part, dict):
        return {key: _merged(whole.get(key), part.get(key, whole.get(key))) for key in {**whole, **part}}
    return whole if part is None and isinstance(whole, dict) else part


def _line_in(snippet: str, file: Path, problem: Problem) -> int:
    """The snippet's line of whatever stands at the problem's place; 0 when the problem is in another file."""
    if Path(problem.file) != file:
        return 0
    whole = read_document("whole", file.read_text(encoding="utf-8"))
    place = (problem.line, problem.column)
    own = read_document("snippet", snippet)
    if path := next((path for path, at in whole.keys.items() if at == place), None):
        near = own.nearest(path)
        return own.keys.get(near, own.values[near])[0]
    path = next((path for path, at in whole.values.items() if at == place), ())
    return own.values[own.nearest(path)][0]
