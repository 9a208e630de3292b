"""A council's own policy folder: the shipped one, with some of its lines written differently."""

import shutil
from pathlib import Path

from apflow.settings import shipped


def a_folder(tmp_path: Path, *changes: tuple[str, str], file: str = "provider.yaml") -> Path:
    """A copy of the shipped policy; each change replaces a text that is there exactly once."""
    folder = tmp_path / "workflows"
    shutil.copytree(shipped("workflows"), folder)
    rewrite(folder / file, *changes)
    return folder


def rewrite(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} is there {text.count(before)} times"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def place_of(path: Path, marker: str) -> tuple[int, int]:
    """The line and column, from 1, of a text that is there exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(marker) == 1, f"{marker!r} is there {text.count(marker)} times"
    before = text[: text.index(marker)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
