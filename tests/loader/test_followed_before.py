"""What one check found by following a workflow the next need not follow again: only while nothing has changed."""

import cProfile
import os
from pathlib import Path
from types import CodeType

import pytest

from apflow.core.checks import follow
from apflow.loader import read_folder
from apflow.loader.followed_before import followed_before
from tests.loader.family import a_family_folder
from tests.loader.folder import rewrite

ONCE = ("every: 12 weeks", "within: 12 weeks")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policy of two workflows, of which one could forget a case."""
    return a_family_folder(tmp_path, ONCE)


def checked(folder: Path, cache: Path | None, notices: frozenset[str] | None = None) -> tuple[object, int]:
    """What a check of every workflow comes to, and how many of them were followed for it."""
    reading = read_folder(folder, notices)
    assert not reading.unreadable
    if cache is not None:
        reading.follow = followed_before(reading, cache) or reading.follow
    with cProfile.Profile() as profile:
        found = [reading.check(file) for file in reading.workflows]
    codes = [(entry.code, entry.callcount) for entry in profile.getstats() if isinstance(entry.code, CodeType)]
    return found, sum(calls for code, calls in codes if code is follow.__code__)


def test_what_has_not_changed_is_followed_once_and_the_same_is_found(folder: Path, tmp_path: Path) -> None:
    expected, _ = checked(folder, None)
    assert "forgotten-later" in str(expected)

    assert checked(folder, tmp_path / "cache") == (expected, 2)
    assert checked(folder, tmp_path / "cache") == (expected, 0)


@pytest.mark.parametrize(
    ("file", "change", "workflows"),
    [
        ("provider.yaml", ("title: The list", "title: A list"), 1),
        ("plan.yaml", ("title: Action plans", "title: Plans"), 1),
        ("council.yaml", ("council: Made Up Council", "council: Another Council"), 2),
        ("provider.yaml", (", signals: {action_plan: stop}", ""), 2),  # The plan is stopped by nobody else any more.
    ],
)
def test_what_has_changed_and_whatever_depends_on_it_is_followed_again(
    folder: Path, tmp_path: Path, file: str, change: tuple[str, str], workflows: int
) -> None:
    checked(folder, tmp_path / "cache")
    rewrite(folder / file, change)
    expected, _ = checked(folder, None)

    assert checked(folder, tmp_path / "cache") == (expected, workflows)
    assert checked(folder, tmp_path / "cache") == (expected, 0)


def test_what_was_changed_back_is_as_it_was(folder: Path, tmp_path: Path) -> None:
    before = checked(folder, tmp_path / "cache")
    rewrite(folder / "provider.yaml", ONCE[::-1])
    assert checked(folder, tmp_path / "cache")[0] != before[0]
    rewrite(folder / "provider.yaml", ONCE)

    assert checked(folder, tmp_path / "cache") == (before[0], 0)


def test_other_notices_are_another_question(folder: Path, tmp_path: Path) -> None:
    checked(folder, tmp_path / "cache")

    assert checked(folder, tmp_path / "cache", frozenset({"plan/begun"}))[1] == 2
    assert checked(folder, tmp_path / "cache", frozenset({"plan/begun", "provider/listed"}))[1] == 1


@pytest.mark.parametrize("text", ["", "{", '{"found": 1}', '{"found": [], "bounds": null}'])
def test_what_cannot_be_read_is_worked_out_again(folder: Path, tmp_path: Path, text: str) -> None:
    expected, _ = checked(folder, tmp_path / "cache")
    for kept in (tmp_path / "cache/followed").iterdir():
        kept.write_text(text)

    assert checked(folder, tmp_path / "cache") == (expected, 2)
    assert checked(folder, tmp_path / "cache") == (expected, 0)


def test_where_nothing_can_be_kept_every_workflow_is_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the way")

    assert followed_before(read_folder(folder), tmp_path / "cache") is None
    assert checked(folder, tmp_path / "cache")[1] == 2


def test_what_was_of_no_use_for_long_goes(folder: Path, tmp_path: Path) -> None:
    checked(folder, tmp_path / "cache")
    kept = tmp_path / "cache/followed"
    for number in range(300):
        old = kept / f"{number}.json"
        old.write_text("{}")
        os.utime(old, (number, number))

    assert checked(folder, tmp_path / "cache")[1] == 0
    assert len(list(kept.iterdir())) == 200
