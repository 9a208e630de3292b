"""A state that is taken away, or called otherwise, while cases may be in it: told beside what was live before."""

import re
from pathlib import Path

from apflow.core.errors import Problem
from apflow.loader.stranded import stranded_since
from tests.loader.folder import place_of, rewrite
from tests.loader.small import a_small_folder


def renamed(folder: Path, was: str, now: str) -> Path:
    """The folder with a state called otherwise throughout its workflow."""
    file = folder / "loan.yaml"
    text = re.sub(rf"\b{was}\b", now, file.read_text(), flags=re.ASCII)
    file.write_text(text.replace(f"notice: {now}", f"notice: {was}"))
    return file


def both(tmp_path: Path) -> tuple[Path, Path]:
    folders = tmp_path / "new", tmp_path / "live"
    for folder in folders:
        folder.mkdir()
    new, live = (a_small_folder(folder) for folder in folders)
    return new, live


def told(new: Path, live: Path) -> list[Problem]:
    return stranded_since(new, live)


def test_a_state_that_is_gone_and_of_whose_cases_nothing_is_said_is_a_problem(tmp_path: Path) -> None:
    new, live = both(tmp_path)
    file = renamed(new, "lent", "borrowed")

    rewrite(file, ("    label: Lent\n", "    label: Borrowed\n"))

    (problem,) = told(new, live)

    assert (problem.file, problem.code) == (str(file), "nowhere-to-go")
    assert (problem.line, problem.column) == place_of(file, "states:\n  waiting")
    assert problem.message.startswith("Cases may be in “Lent”, a state that is no longer there.")
    assert "migrate: {lent: …}" in problem.message


def test_the_state_of_the_same_label_is_offered_as_the_one_that_was_meant(tmp_path: Path) -> None:
    new, live = both(tmp_path)
    renamed(new, "lent", "borrowed")

    (problem,) = told(new, live)

    assert "migrate: {lent: borrowed}" in problem.message


def test_a_migration_that_leaves_one_out_is_where_the_problem_is(tmp_path: Path) -> None:
    new, live = both(tmp_path)
    renamed(new, "waiting", "queued")
    file = renamed(new, "lent", "borrowed")
    rewrite(file, ("alerts:\n", "migrate:\n  lent: borrowed\nalerts:\n"))

    (problem,) = told(new, live)

    assert (problem.line, problem.column) == place_of(file, "migrate:")
    assert "“Waiting”" in problem.message


def test_a_migration_for_each_state_that_is_gone_is_enough(tmp_path: Path) -> None:
    new, live = both(tmp_path)
    rewrite(renamed(new, "lent", "borrowed"), ("alerts:\n", "migrate: {lent: borrowed}\nalerts:\n"))

    assert told(new, live) == []


def test_a_state_in_which_cases_end_may_go(tmp_path: Path) -> None:
    new, live = both(tmp_path)
    renamed(new, "closed", "shut")

    assert told(new, live) == []


def test_a_workflow_that_is_new_leaves_nobody_behind(tmp_path: Path) -> None:
    new, live = both(tmp_path)
    renamed(new, "lent", "borrowed")
    rewrite(live / "loan.yaml", ("workflow: loan", "workflow: lending"))

    assert told(new, live) == []
