"""An upgrade of apflow that cannot read a text cases keep to is refused before anything is changed or served."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from apflow.settings import Settings
from apflow.store import migrate
from apflow.store.driver.engine import Store
from apflow.store.tables.history import workflow_texts
from apflow.testing import MONDAY
from apflow.versions.readable import CasesLeftBehind, refuse_unreadable
from apflow.wiring import open_store, published_site
from tests.lending import a_council, add_libby, environment, go_live, lend
from tests.loader import small
from tests.shell.commands import Ran, apflow

Command = Callable[..., Ran]
OF_ANOTHER_VERSION = small.WORKFLOW.replace("workflow: loan\n", "workflow: loan\nfrom_another_version: 1\n")

A_CLOSED_CASE_AS_IT_ONCE_WAS = (
    "INSERT INTO cases (id, reference, workflow, digest, title, fields, state, is_open, version, head,"
    " opened_at, entered_at, changed_at)"
    " VALUES (1, 'LO-1', 'loan', 'd', 'A', '{}', 'lent', 0, 1, 'h', '2026-11-02', '2026-11-02', '2026-11-02')"
)


@pytest.fixture
def settings(tmp_path: Path, upgraded_file: Path) -> Settings:
    """A council in which two cases keep to the text that is live."""
    settings = a_council(tmp_path / "council")
    shutil.copy(upgraded_file, tmp_path / "council" / "council.db")
    store = open_store(settings)
    add_libby(store)
    go_live(store, settings)
    handler = published_site(settings, store).handler
    lend(handler)
    lend(handler)
    store.close()
    return settings


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Command:
    return lambda *words: apflow(*words, folder=tmp_path, **environment(settings))


def written_by_another_version(settings: Settings) -> None:
    store = Store(settings.database)
    with store.writing() as connection:
        connection.execute(update(workflow_texts).values(text=OF_ANOTHER_VERSION))
    store.close()


@pytest.mark.parametrize("words", [("serve",), ("db", "upgrade")])
def test_neither_serving_nor_upgrading_goes_on_past_a_text_that_cannot_be_read(
    run: Command, settings: Settings, words: tuple[str, ...]
) -> None:
    written_by_another_version(settings)

    refused = run(*words)

    assert refused.returncode == 1
    assert 'loan, version 1:2:1: unknown-key: "from_another_version" is not a key here' in refused.stderr
    assert "2 cases keep to that text of loan, version 1." in refused.stderr
    assert "Nothing was changed. Go back to the version of apflow that ran until now" in refused.stderr


def test_a_text_that_no_case_keeps_to_is_in_nobodys_way(settings: Settings) -> None:
    store = Store(settings.database)
    kept = {"digest": "d", "workflow": "loan", "version": 2, "text": OF_ANOTHER_VERSION, "first_seen_at": MONDAY}
    with store.writing() as connection:
        connection.execute(insert(workflow_texts).values(kept))

    refuse_unreadable(store)

    store.close()


def test_an_older_database_is_looked_into_before_it_is_changed(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/old.db")
    migrate.upgrade(store, to="0001")
    kept = {"digest": "d", "workflow": "loan", "version": 1, "text": OF_ANOTHER_VERSION, "first_seen_at": MONDAY}
    with store.writing() as connection:
        connection.execute(insert(workflow_texts).values(kept))
        connection.exec_driver_sql(A_CLOSED_CASE_AS_IT_ONCE_WAS)

    with pytest.raises(CasesLeftBehind, match="1 case keeps to that text of loan, version 1"):
        refuse_unreadable(store)

    store.close()


def test_a_database_with_nothing_in_it_can_be_made(run: Command, settings: Settings, tmp_path: Path) -> None:
    new = {**environment(settings), "APFLOW_DATABASE": f"sqlite:///{tmp_path}/new.db"}

    assert apflow("db", "upgrade", folder=tmp_path, **new).returncode == 0
