"""`apflow import`, run as an officer would run it."""

import shutil
from pathlib import Path

import pytest

from apflow.store.driver.engine import Store
from apflow.testing import add_people
from tests.editions import make_live
from tests.shell.commands import apflow, apflow_started

SCHOOLS = "Name,URN\nHill School,999901\nVale Academy,999902\n"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, upgraded_file: Path) -> Path:
    """A council with its policy and its people, to copy."""
    file = Path(shutil.copy(upgraded_file, tmp_path_factory.mktemp("furnished") / "council.db"))
    store = Store(f"sqlite:///{file}")
    make_live(store)
    add_people(store)
    store.close()
    return file


@pytest.fixture
def settings(tmp_path: Path, furnished: Path) -> dict[str, str]:
    shutil.copy(furnished, tmp_path / "council.db")
    return {"APFLOW_DATABASE": f"sqlite:///{tmp_path}/council.db"}


def test_a_file_is_shown_then_imported_and_the_same_again_changes_nothing(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS)
    command = ("import", "schools", "schools.csv", "--as", "olive@council.example")

    looked = apflow(*command, "--dry-run", folder=tmp_path, **settings)
    done = apflow(*command, "--yes", folder=tmp_path, **settings)
    again = apflow(*command, "--yes", folder=tmp_path, **settings)

    assert looked.stdout == "2 rows: 2 new, 0 changed, 0 the same.\n"
    assert done.stdout == "2 rows: 2 new, 0 changed, 0 the same.\nImported.\n"
    assert again.stdout == "2 rows: 0 new, 0 changed, 2 the same.\n"


def test_a_wrong_row_is_told_with_its_number_and_nothing_is_imported(tmp_path: Path, settings: dict[str, str]) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS + "Dale School,12\n")
    command = ("import", "schools", "schools.csv", "--as", "olive@council.example", "--yes")

    refused = apflow_started(*command, folder=tmp_path, **settings)

    assert refused.returncode == 1
    assert refused.stdout.startswith("Row 4, URN: Unique reference number (URN): a URN is a number of 6 digits")
    assert refused.stderr == "1 of 3 rows are wrong, so nothing is imported.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("schools", "schools.csv", "--as", "petra@council.example"), "nobody here who may keep records of pupils"),
        (("schools", "schools.csv", "--as", "nobody@council.example"), "nobody here who may keep records of pupils"),
        (("placements", "schools.csv", "--as", "olive@council.example"), "The file needs columns called “Surname”"),
        (("schools", "schools.csv", "--as", "olive@council.example"), "Aborted"),
    ],
)
def test_what_is_refused_is_a_sentence(
    tmp_path: Path, settings: dict[str, str], words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS)

    refused = apflow("import", *words, folder=tmp_path, **settings)

    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
