"""A law or a table of codes whose day was written with a wrong year, so that nothing is in force."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from apflow.loader.reading import read_folder
from apflow.loader.reports import not_in_force
from apflow.settings import shipped
from tests.loader.folder import place_of, rewrite
from tests.loader.small import a_small_folder

TODAY = date(2026, 11, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small policy with the law and the codes as they ship."""
    small = a_small_folder(tmp_path)
    for file in ("attendance.yaml", "registration.yaml", "council.yaml"):
        shutil.copy(shipped("workflows") / file, small)
    return small


@pytest.mark.parametrize(
    ("file", "was", "now", "key"),
    [
        ("attendance.yaml", "since: 2024-08-19", "since: 2042-08-19", "tables:\n"),
        ("registration.yaml", "since: 2014-09-01", "since: 2041-09-01", "wordings:\n"),
    ],
)
def test_where_none_has_begun_it_is_told_with_its_place(folder: Path, file: str, was: str, now: str, key: str) -> None:
    rewrite(folder / file, (was, now))

    (problem,) = not_in_force(read_folder(folder), TODAY)

    assert (problem.file, problem.code) == (str(folder / file), "none-in-force")
    assert problem.line == place_of(folder / file, key)[0]
    assert problem.message == "none of these is in force on 02 November 2026; look at the year of each since:"


def test_one_that_holds_is_enough_whatever_is_still_to_come(folder: Path) -> None:
    assert not_in_force(read_folder(folder), TODAY) == []
    assert [problem.code for problem in not_in_force(read_folder(folder), date(2010, 1, 4))] == ["none-in-force"] * 2
