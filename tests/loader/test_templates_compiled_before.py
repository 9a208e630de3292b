"""What one check compiled the next need not: only while nothing has changed, and with the same findings."""

import cProfile
import os
import shutil
import stat
from pathlib import Path
from types import CodeType

import pytest
from jinja2 import Environment

from apflow.letters.compiled import compiled_before
from apflow.letters.notices import NoticeError, Notices
from apflow.letters.rehearsal import check_folder
from apflow.settings import shipped

SPEAKS = "Hello {{ fields.name }}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of templates with one notice."""
    templates = tmp_path / "notifications" / "visit"
    templates.mkdir(parents=True)
    for part in ("subject.txt", "txt", "html"):
        (templates / f"told.{part}").write_text(SPEAKS)
    return templates.parent


def told(folder: Path, cache: Path, compiler: str = "") -> tuple[str, int]:
    """What the notice says as HTML, and how many templates had to be compiled for it."""
    notices = Notices(folder, compiled=compiled_before(folder, cache, compiler))
    with cProfile.Profile() as profile:
        notices.mentions("visit/told")
        said = notices.as_written("visit/told", {"fields": {"name": "Ash"}})
    codes = [(entry.code, entry.callcount) for entry in profile.getstats() if isinstance(entry.code, CodeType)]
    return said.html, sum(calls for code, calls in codes if code is Environment._compile.__code__)


def test_what_has_not_changed_is_compiled_once(folder: Path, tmp_path: Path) -> None:
    assert told(folder, tmp_path / "cache") == ("Hello Ash", 3)
    assert told(folder, tmp_path / "cache") == ("Hello Ash", 0)


def test_what_has_changed_is_compiled_again(folder: Path, tmp_path: Path) -> None:
    told(folder, tmp_path / "cache")
    (folder / "visit/told.html").write_text("Bye {{ fields.name }}")

    assert told(folder, tmp_path / "cache") == ("Bye Ash", 1)
    assert told(folder, tmp_path / "cache") == ("Bye Ash", 0)


def test_what_another_compiler_made_is_passed_over(folder: Path, tmp_path: Path) -> None:
    told(folder, tmp_path / "cache", "an earlier one")

    assert told(folder, tmp_path / "cache") == ("Hello Ash", 3)


def test_another_folder_has_its_own_so_that_a_slip_is_told_of_the_right_file(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (folder / "visit/told.html").write_text("\n{{ fields.nobody.name }}")
    shutil.copytree(folder, other)

    for templates in (folder, other, other):
        with pytest.raises(NoticeError) as refused:
            told(templates, tmp_path / "cache")
        assert (refused.value.file, refused.value.line) == (str(templates / "visit/told.html"), 2)


def test_what_is_spoken_of_is_the_same(folder: Path, tmp_path: Path) -> None:
    (folder / "layout.html").write_text("{{ council.name }}{% block said %}{% endblock %}")
    (folder / "visit/told.html").write_text(
        '{% extends "layout.html" %}{% block said %}{% set mine = case %}{{ mine.state }}{{ loose }}{% endblock %}'
    )
    first, again = (
        Notices(folder, compiled=compiled_before(folder, tmp_path / "cache")).mentions("visit/told") for _ in range(2)
    )

    assert again == first == Notices(folder).mentions("visit/told")
    assert [(one.place, one.name) for one in again][-4:] == [
        ("item", "state"),
        ("case", None),
        ("", "loose"),
        ("council", "name"),
    ]


@pytest.mark.parametrize("left", [0, 3, 60, 200])
def test_what_was_half_written_is_compiled_again(folder: Path, tmp_path: Path, left: int) -> None:
    told(folder, tmp_path / "cache")
    for kept in (tmp_path / "cache/letters").glob("*/*"):
        kept.write_bytes(kept.read_bytes()[:left])

    assert told(folder, tmp_path / "cache") == ("Hello Ash", 3)
    assert told(folder, tmp_path / "cache") == ("Hello Ash", 0)


def test_a_mistake_is_told_every_time(folder: Path, tmp_path: Path) -> None:
    (folder / "visit/told.html").write_text("{{ range(3) }}")

    for _ in range(2):
        with pytest.raises(NoticeError, match="is not used in notices"):
            told(folder, tmp_path / "cache")


def test_where_nothing_can_be_kept_nothing_is(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the way")

    assert compiled_before(folder, tmp_path / "cache") is None
    assert told(folder, tmp_path / "cache") == ("Hello Ash", 3)


def test_no_home_is_made_for_whoever_has_none(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))

    assert compiled_before(folder) is None
    assert not (tmp_path / "nowhere").exists()


def test_nobody_else_can_put_anything_there(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache/letters"
    kept.mkdir(parents=True, mode=0o777)

    told(folder, tmp_path / "cache")

    assert stat.S_IMODE(kept.stat().st_mode) == 0o700


def test_what_somebody_else_kept_is_not_run(folder: Path, tmp_path: Path) -> None:
    told(folder, tmp_path / "cache")
    if os.geteuid() == 0:
        os.chown(tmp_path / "cache/letters", 12_345, -1)
    else:  # Only root can give a folder away, and these are root's.
        shutil.rmtree(tmp_path / "cache/letters")
        (tmp_path / "cache/letters").symlink_to("/usr")

    assert compiled_before(folder, tmp_path / "cache") is None


def test_the_folders_that_were_looked_at_last_are_kept(folder: Path, tmp_path: Path) -> None:
    for number in range(8):
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        told(copy, tmp_path / "cache")
        latest = max((tmp_path / "cache/letters").iterdir(), key=lambda kept: kept.stat().st_mtime)
        os.utime(latest, (number, number))

    assert len(list((tmp_path / "cache/letters").iterdir())) == 5
    assert told(tmp_path / "7", tmp_path / "cache") == ("Hello Ash", 0)


def test_the_policy_as_it_ships_is_checked_alike(tmp_path: Path) -> None:
    for folder in ("workflows", "notifications"):
        shutil.copytree(shipped(folder), tmp_path / folder)
    (tmp_path / "notifications/visit/note_answered.txt").write_text("{{ fields.nothing }}{{ answers.nothing }}\n")
    templates = tmp_path / "notifications"

    found = [
        check_folder(tmp_path / "workflows", Notices(templates, compiled=compiled))
        for compiled in (None, *(compiled_before(templates, tmp_path / "cache") for _ in range(2)))
    ]

    assert len(found[0]) > 0
    assert found[0] == found[1] == found[2]
