"""`apflow cases migrate`: explained first, done when agreed to, gone on with, and undone."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from apflow.cli import main
from apflow.demo.run import publish_first
from apflow.settings import Settings, shipped
from apflow.store.engine import Store
from apflow.store.migrate import upgrade
from apflow.testing import a_handler, add_people, bring_to
from tests.versions import CHECKING, NEXT

FOLDERS = ("workflows", "notifications")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one case that is being checked, and the council's own files beside it; to copy."""
    folder = tmp_path_factory.mktemp("made") / "council"
    for name in FOLDERS:
        shutil.copytree(shipped(name), folder / name)
    settings = Settings(database=f"sqlite:///{folder}/live.db")
    store = Store(settings.database)
    upgrade(store)
    publish_first(store, settings)
    add_people(store)
    bring_to(a_handler(store), "checking_evidence")
    store.close()
    return folder


@pytest.fixture
def council(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One of a test's own."""
    folder = Path(shutil.copytree(made, tmp_path / "council"))
    for name in FOLDERS:
        monkeypatch.setenv(f"APFLOW_{name.upper()}", str(folder / name))
    monkeypatch.setenv("APFLOW_DATABASE", f"sqlite:///{folder}/live.db")
    return folder


def change(council: Path, *more: tuple[str, str]) -> None:
    file = council / "workflows" / "provider.yaml"
    text = file.read_text(encoding="utf-8")
    for was, now in (NEXT, *more):
        text = text.replace(was, now)
    file.write_text(text, encoding="utf-8")


def run(*arguments: str, **kinds: Any) -> Result:
    return CliRunner().invoke(main, arguments, **kinds)


def migrate(*arguments: str) -> Result:
    return run("cases", "migrate", "provider", "--as", "magda@council.example", *arguments)


def test_without_another_version_there_is_nothing_to_move(council: Path) -> None:
    assert migrate("--dry-run").output == "No open case is on another version.\n"


def test_each_case_is_explained_moved_when_agreed_to_and_moved_back(council: Path) -> None:
    change(council)
    assert run("publish", "--yes", "--why", "A try").exit_code == 0

    tried, done, again, undone = (
        migrate("--dry-run"),
        migrate("--yes"),
        migrate("--yes"),
        migrate("--undo", "--yes"),
    )

    assert "  - “The evidence should be checked” is kept: due " in tried.output
    assert tried.output.endswith("1 case can be moved.\n")
    assert done.output.endswith("1 case moved.\n")
    assert (tried.exit_code, done.exit_code) == (0, 0)
    assert again.output == "No open case is on another version.\n"
    assert undone.output.endswith("1 case moved back.\n")


def test_without_anybody_to_agree_nothing_is_moved(council: Path) -> None:
    change(council)
    run("publish", "--yes")

    refused = migrate()

    assert refused.exit_code == 1
    assert "Say --yes to move them without being asked." in refused.output
    assert "1 case can be moved" in migrate("--dry-run").output


def test_a_folder_can_be_tried_out_before_it_is_published_and_no_more(council: Path) -> None:
    change(council, (CHECKING, f"{CHECKING.replace('10', '20')}\n        on_migration: ask"))
    folder = str(council / "workflows")

    asked = migrate("--to", folder, "--dry-run")
    answered = migrate("--to", folder, "--deadline", "check_due=recompute", "--yes")

    assert asked.exit_code == 1
    assert "must be asked about:" in asked.output
    assert "Say --deadline check_due=keep or --deadline check_due=recompute." in asked.output
    assert "publish the folder (`apflow publish`) to move them" in answered.output
    assert "No open case is on another version." in migrate().output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "7"), "No case has ever begun under version 7"),
        (("--to", "nowhere"), "neither live, nor a version, nor a folder"),
        (("--deadline", "check_due=forget"), "is not NAME=keep or NAME=recompute"),
        (("--as", "nobody@nowhere.example"), "There is nobody with the address"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(council: Path, arguments: tuple[str, ...], said: str) -> None:
    answer = migrate(*arguments)

    assert answer.exit_code != 0
    assert said in answer.output


def test_an_unknown_workflow_is_refused(council: Path) -> None:
    assert 'There is no workflow called "nothing".' in run("cases", "migrate", "nothing").output
