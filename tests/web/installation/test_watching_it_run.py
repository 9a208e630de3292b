"""What whoever watches an installation is told: whether it lives, whether it can serve, and whether it is late."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from apflow.core.people.actor import THE_PUBLIC
from apflow.settings import Settings
from apflow.store.driver.engine import Store, read_only
from apflow.testing import ENQUIRY, MONDAY, StoppedClock
from apflow.watching import metrics
from apflow.watching.telling import watched_by
from apflow.web.app import create_app, create_watch_app
from apflow.web.site import Site
from tests.editions import first_site
from tests.web.browsing import Client, a_browser_on

if TYPE_CHECKING:
    from tests.databases import Postgres

TOKEN = "a-made-up-token"
A_WEEK = timedelta(days=8)
Figures = dict[tuple[str, ...], float]


@pytest.fixture
def published(tmp_path: Path, upgraded_file: Path) -> Iterator[Site]:
    """An installation with a published policy."""
    settings = Settings(database=f"sqlite:///{tmp_path}/live.db", metrics_token=TOKEN, uploads=tmp_path / "files")
    shutil.copy(upgraded_file, tmp_path / "live.db")
    site = first_site(settings, clock=StoppedClock())
    yield site
    site.store.close()


@contextmanager
def a_worker_of(site: Site) -> Iterator[Client]:
    with TestClient(create_watch_app(site)) as opened:
        yield opened


def test_an_installation_with_its_policy_and_its_database_is_ready(published: Site) -> None:
    with a_browser_on(published) as browser, a_worker_of(published) as worker:
        answers = [each.get("/ready") for each in (browser, worker)]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"status": "ready", "edition": 1})] * 2


@pytest.mark.postgres
def test_with_a_database_that_takes_no_writes_it_is_not_ready(
    published: Site, postgres: "Postgres", postgres_tables: str
) -> None:
    with postgres.lend(postgres_tables) as url:
        store = Store(read_only(url))
        store.engine.connect().close()
        with a_browser_on(replace(published, store=store)) as browser:
            answer = browser.get("/ready")
        store.close()

    assert answer.status_code == 503
    assert answer.json()["why"] == (
        "The database can only be read at the moment, or its disk is full: nothing can be saved."
    )


def test_with_the_folder_of_files_gone_it_is_not_ready_until_it_is_back(published: Site) -> None:
    published.uploads.staging().close()
    away = published.uploads.folder.with_name("away")
    published.uploads.folder.rename(away)
    with a_browser_on(published) as browser:
        gone = browser.get("/ready")
        away.rename(published.uploads.folder)
        back = browser.get("/ready")

    assert (gone.status_code, gone.json()["why"]) == (503, "The folder of the files that people send is gone.")
    assert back.status_code == 200


def test_without_a_policy_it_is_not_ready(site: Site) -> None:
    with a_browser_on(site) as browser:
        answer = browser.get("/ready")

    assert answer.status_code == 503
    assert answer.json()["why"] == "No policy has been published. Run `apflow publish`, and start again."


@pytest.mark.parametrize(
    ("revision", "why"),
    [("0001", "The database is older than this version"), ("9999", "This database was made by a newer version")],
)
def test_with_a_database_of_another_version_it_is_not_ready(published: Site, revision: str, why: str) -> None:
    with published.store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})

    with a_browser_on(published) as browser:
        answer = browser.get("/ready")

    assert answer.status_code == 503
    assert answer.json()["why"].startswith(why)


def test_while_the_database_is_away_it_lives_and_is_not_ready(published: Site, tmp_path: Path) -> None:
    away = Store(f"sqlite:///{tmp_path}/no/such/folder/apflow.db")
    for app in (create_app(replace(published, store=away)), create_watch_app(replace(published, store=away))):
        with TestClient(app) as browser:
            lives, ready = browser.get("/health"), browser.get("/ready")

        assert (lives.status_code, lives.json()) == (200, {"status": "ok"})
        assert (ready.status_code, ready.json()["why"]) == (503, "The database does not answer.")


def test_while_the_database_is_away_there_are_no_figures_and_a_scraper_is_told_why(
    published: Site, tmp_path: Path
) -> None:
    away = replace(published, store=Store(f"sqlite:///{tmp_path}/none/such.db"))
    with a_browser_on(away) as browser, a_worker_of(away) as worker:
        answers = [each.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}) for each in (browser, worker)]

    assert [(answer.status_code, answer.text) for answer in answers] == [(503, "The database does not answer.\n")] * 2


def test_nobody_has_the_figures_where_no_token_is_set(site: Site, client: Client) -> None:
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("sent", [{}, {"authorization": "Bearer another"}, {"authorization": TOKEN}])
def test_nobody_has_the_figures_without_the_token(published: Site, sent: dict[str, str]) -> None:
    with a_browser_on(published) as browser:
        answer = browser.get("/metrics", headers=sent)

    assert answer.status_code == 401
    assert b"apflow_" not in answer.content


def test_a_worker_has_no_pages_but_those_that_say_how_it_is(published: Site) -> None:
    with a_worker_of(published) as worker:
        statuses = {path: worker.get(path).status_code for path in ("/health", "/metrics", "/", "/work", "/start")}

    assert statuses == {"/health": 200, "/metrics": 401, "/": 404, "/work": 404, "/start": 404}


def test_the_figures_say_how_late_we_are(published: Site) -> None:
    an_enquiry(published, MONDAY)
    an_enquiry(published, MONDAY + timedelta(hours=1))
    soon, late = figures(published, MONDAY + timedelta(hours=2)), figures(published, MONDAY + A_WEEK)

    assert soon["apflow_timers_due",] == soon["apflow_timer_oldest_due_seconds",] == 0
    assert soon["apflow_message_oldest_unsent_seconds",] == soon["apflow_message_oldest_due_seconds",] == 2 * 3600
    assert soon["apflow_tasks_open", "officer"] == 2
    assert soon["apflow_tasks_overdue", "officer"] == 0
    assert soon["apflow_task_oldest_seconds", "officer"] == 2 * 3600
    assert late["apflow_timers_due",] == 2
    assert 0 < late["apflow_timer_oldest_due_seconds",] < A_WEEK.total_seconds()
    assert late["apflow_tasks_overdue", "officer"] == 2
    assert late["apflow_messages_waiting",] == soon["apflow_messages_waiting",] > 0
    assert late["apflow_edition",] == 1


def test_the_figures_count_what_this_process_does_and_name_no_case(published: Site) -> None:
    before = figures(published, MONDAY)
    with watched_by(metrics.count):
        reference = an_enquiry(published, MONDAY)
        with a_browser_on(published) as browser:
            browser.get(f"/cases/{reference}")
            browser.get("/continue/never-in-a-label")
    after = figures(published, MONDAY)

    def more(*key: str) -> float:
        return after.get(key, 0) - before.get(key, 0)

    assert more("apflow_fire_seconds_count", "enquire", "provider") == 1
    assert more("apflow_http_seconds_count", "GET", "/cases/{reference}", "303") == 1
    said = str(list(after))
    assert all(word not in said for word in (reference, "never-in-a-label", *map(str, ENQUIRY.values())))


def an_enquiry(site: Site, at: datetime) -> str:
    return site.handler.open_case("provider", "enquire", ENQUIRY, actor=THE_PUBLIC, now=at).reference


def figures(site: Site, at: datetime) -> Figures:
    """Every sample of /metrics at this policy time, by its name and the values of its labels in order."""
    with a_browser_on(replace(site, clock=StoppedClock(at))) as browser:
        answer = browser.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if "le" not in sample.labels
    }
