"""`apflow doctor` says what this installation needs and has not, before anybody is hurt by it."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from apflow.doctor import Found, Verdict, examined
from apflow.settings import Settings
from apflow.store import migrate
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, a_message
from apflow.wiring import open_store, published_site
from tests.lending import a_council, add_libby, environment, go_live, lend
from tests.shell.commands import apflow
from tests.shell.looking import queue
from tests.smtp import Inbox, free_port

A_YEAR = timedelta(days=365)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def settings(tmp_path: Path, upgraded_file: Path, inbox: Inbox) -> Settings:
    """A council that lends books, with a mail server."""
    settings = a_council(tmp_path / "council")
    shutil.copy(upgraded_file, tmp_path / "council" / "council.db")
    return settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": inbox.port, "base_url": "https://ap.example"}
    )


@pytest.fixture
def council(settings: Settings, store: Store) -> Settings:
    """The same with its policy published."""
    add_libby(store)
    go_live(store, settings)
    return settings


def look(settings: Settings, now: datetime = MONDAY) -> dict[str, Found]:
    """What is found, by what it is about; what is wrong before all else."""
    worst_last = sorted(examined(settings, now), key=lambda found: [*reversed(Verdict)].index(found.verdict))
    return {found.about: found for found in reversed(worst_last)}


def faults(settings: Settings, now: datetime = MONDAY) -> dict[str, str]:
    return {about: found.said for about, found in look(settings, now).items() if found.verdict is Verdict.FAULT}


def test_where_all_is_well_each_piece_is_named_and_nothing_is_sent(
    council: Settings, tmp_path: Path, inbox: Inbox
) -> None:
    server = {"APFLOW_SMTP_HOST": "127.0.0.1", "APFLOW_SMTP_PORT": str(inbox.port), "APFLOW_UPLOADS": str(tmp_path)}
    ended = apflow("doctor", folder=tmp_path, **environment(council), **server, APFLOW_BASE_URL="https://ap.example")

    assert ended.returncode == 0, ended.output
    assert "good  Address: e-mails lead to https://ap.example." in ended.stdout
    assert "good  Policy: edition 1 is live, for " in ended.stdout
    assert "good  Deadlines: none is late." in ended.stdout
    assert "look  Nightly check: there has been none yet." in ended.stdout
    assert f"good  Mail server: 127.0.0.1:{inbox.port} takes us. Nothing was sent." in ended.stdout
    assert ended.stdout.endswith("Nothing is wrong.\n")
    assert inbox.envelopes == []


def test_where_something_is_wrong_it_ends_with_one(council: Settings, tmp_path: Path) -> None:
    ended = apflow("doctor", folder=tmp_path, **environment(council))

    assert ended.returncode == 1
    assert "WRONG Mail server: APFLOW_SMTP_HOST is not set, so e-mails wait in the outbox." in ended.stdout
    assert ended.stdout.endswith("1 thing is wrong.\n")


@pytest.mark.parametrize(
    ("change", "about", "told"),
    [
        ({"base_url": "http://ap.example"}, "Address", "sign-in links go over the network for anybody to read"),
        ({"database": "sqlite:///nowhere/apflow.db"}, "Database", "cannot be opened"),
        ({"smtp_port": free_port()}, "Mail server", "does not take us: ConnectionRefusedError"),
        ({"smtp_username": "a", "smtp_password": "b"}, "Mail server", "does not take us: "),
        ({"smtp_host": None}, "Mail server", "is not set"),
    ],
)
def test_a_setting_that_leads_nowhere_is_found(
    council: Settings, change: dict[str, object], about: str, told: str
) -> None:
    found = faults(council.model_copy(update=change))

    assert list(found) == [about]
    assert told in found[about]


def test_files_that_could_not_be_kept_are_found(council: Settings, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, and no folder")

    found = faults(council.model_copy(update={"uploads": tmp_path / "taken"}))

    assert found == {"Files": f"nothing can be written in {tmp_path / 'taken'}."}


def test_a_database_that_was_not_upgraded_is_found(settings: Settings, tmp_path: Path) -> None:
    old = settings.model_copy(update={"database": f"sqlite:///{tmp_path}/old.db"})
    migrate.upgrade(old.database, to="0034")

    found = faults(old)

    assert found["Database"].startswith("The database is older than this version of apflow: run `apflow db upgrade`")


def test_without_a_policy_that_is_said(settings: Settings) -> None:
    assert faults(settings)["Policy"].startswith("No policy has been published here yet")


def test_a_deadline_that_nobody_fires_is_found(council: Settings, store: Store) -> None:
    lend(published_site(council, store).handler)

    assert "Deadlines" not in faults(council, MONDAY)
    assert "no worker runs, or none keeps up" in faults(council, MONDAY + A_YEAR)["Deadlines"]


def test_an_email_that_nobody_sends_is_found(council: Settings, store: Store) -> None:
    queue(store, a_message())

    assert "E-mails" not in faults(council, MONDAY + timedelta(minutes=50))
    assert "one waits since" in faults(council, MONDAY + timedelta(minutes=70))["E-mails"]


def test_emails_that_did_not_go_are_counted_until_they_are_sent_again(council: Settings, store: Store) -> None:
    reference = lend(published_site(council, store).handler)
    with store.writing() as connection:
        case_id = connection.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar_one()
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))
    wrong = {"status": "failed", "case_id": case_id, "alerted_at": MONDAY}
    for error in ("554 No relaying", "Sent again by Libby.", "Stopped by Libby: Rang them", None):
        queue(store, a_message(**wrong, error=error))

    assert look(council)["Failed e-mails"].said.startswith("2 did not go, or may not have")
    assert "Failed e-mails" not in faults(council)
