"""`apflow cases migrate`: explained first, done when agreed to, gone on with, and undone."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from apflow.settings import Settings
from apflow.wiring import open_store, published_site
from tests.lending import ADDRESS, a_council, add_libby, ask, environment, go_live
from tests.loader.folder import rewrite
from tests.shell.commands import Ran, apflow

Command = Callable[..., Ran]
NEXT = ("version: 1\n", "version: 2\n")
LOOKING = "Someone should look\n        within: 5 working days"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a council that lends books, with one case that waits; to copy."""
    folder = tmp_path_factory.mktemp("made")
    settings = a_council(folder)
    store = open_store(settings)
    add_libby(store)
    go_live(store, settings)
    ask(published_site(settings, store).handler)
    store.close()
    return folder / "council.db"


@pytest.fixture
def council(made: Path, tmp_path: Path) -> Settings:
    """One of a test's own, with the council's own files beside it."""
    settings = a_council(tmp_path / "council")
    shutil.copy(made, tmp_path / "council" / "council.db")
    return settings


@pytest.fixture
def run(council: Settings, tmp_path: Path) -> Command:
    """The command, in this process."""
    return partial(apflow, folder=tmp_path, **environment(council))


@pytest.fixture
def migrate(run: Command) -> Command:
    return partial(run, "cases", "migrate", "loan", "--as", ADDRESS)


def change(council: Settings, *more: tuple[str, str]) -> None:
    rewrite(council.workflows / "loan.yaml", NEXT, *more)


def test_without_another_version_there_is_nothing_to_move(migrate: Command) -> None:
    assert migrate("--dry-run").output == "No open case is on another version.\n"


def test_each_case_is_explained_moved_when_agreed_to_and_moved_back(
    council: Settings, run: Command, migrate: Command
) -> None:
    change(council)
    assert run("publish", "--yes", "--why", "A try").returncode == 0

    tried, done, again, undone = (
        migrate("--dry-run"),
        migrate("--yes"),
        migrate("--yes"),
        migrate("--undo", "--yes"),
    )

    assert "  - “Someone should look” is kept: due " in tried.output
    assert tried.output.endswith("1 case can be moved.\n")
    assert done.output.endswith("1 case moved.\n")
    assert (tried.returncode, done.returncode) == (0, 0)
    assert again.output == "No open case is on another version.\n"
    assert undone.output.endswith("1 case moved back.\n")


def test_without_anybody_to_agree_nothing_is_moved(council: Settings, run: Command, migrate: Command) -> None:
    change(council)
    run("publish", "--yes")

    refused = migrate()

    assert refused.returncode == 1
    assert "Say --yes to move them without being asked." in refused.output
    assert "1 case can be moved" in migrate("--dry-run").output


def test_a_folder_can_be_tried_out_before_it_is_published_and_no_more(council: Settings, migrate: Command) -> None:
    change(council, (LOOKING, f"{LOOKING.replace('5', '9')}\n        on_migration: ask"))
    folder = str(council.workflows)

    asked = migrate("--to", folder, "--dry-run")
    answered = migrate("--to", folder, "--deadline", "look_due=recompute", "--yes")

    assert asked.returncode == 1
    assert "must be asked about:" in asked.output
    assert "Say --deadline look_due=keep or --deadline look_due=recompute." in asked.output
    assert "publish the folder (`apflow publish`) to move them" in answered.output
    assert "No open case is on another version." in migrate().output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "7"), "No case has ever begun under version 7"),
        (("--to", "nowhere"), "neither live, nor a version, nor a folder"),
        (("--deadline", "look_due=forget"), "is not NAME=keep or NAME=recompute"),
        (("--as", "nobody@nowhere.example"), "There is nobody with the address"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(migrate: Command, arguments: tuple[str, ...], said: str) -> None:
    answer = migrate(*arguments)

    assert answer.returncode != 0
    assert said in answer.output


def test_an_unknown_workflow_is_refused(run: Command) -> None:
    assert 'There is no workflow called "nothing".' in run("cases", "migrate", "nothing").output
