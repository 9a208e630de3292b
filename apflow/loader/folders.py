"""A council's whole policy as texts by path: what an edition keeps."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from apflow.core.errors import DefinitionError, Problem
from apflow.loader.files import read_text

WORKFLOWS = "workflows/"
NOTIFICATIONS = "notifications/"
_PATH_LIMIT = 200


def read_policy(workflows: Path, notifications: Path) -> dict[str, str]:
    """The text of every workflow file and template, by its path in an edition; DefinitionError for what is no text."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path, name in _files(workflows, notifications):
        text = read_text(path)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        texts[name] = text
        if len(name) > _PATH_LIMIT:
            problems.append(Problem(str(path), 1, 1, "file-name", f"the path is longer than {_PATH_LIMIT} characters"))
        if "\0" in text:
            problems.append(Problem(str(path), 1, 1, "unreadable", "the file holds a character that no text has (NUL)"))
    if problems:
        raise DefinitionError(problems)
    return texts


def part_of(texts: Mapping[str, str], folder: str) -> dict[str, str]:
    """The texts of one of the two folders, by their path from it."""
    return {path.removeprefix(folder): text for path, text in texts.items() if path.startswith(folder)}


def _files(workflows: Path, notifications: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(workflows.glob("*.yaml")):
        yield path, f"{WORKFLOWS}{path.name}"
    for path in sorted(notifications.rglob("*")):
        # What editors and file managers leave behind is no template.
        if path.is_file() and not path.name.startswith(".") and not path.name.endswith("~"):
            yield path, f"{NOTIFICATIONS}{path.relative_to(notifications).as_posix()}"
