"""Two web processes and two workers on one PostgreSQL database, as `apflow serve --only` runs them."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.settings import Settings
from apflow.store.driver.doorbell import CHANNEL
from apflow.store.driver.engine import Store
from apflow.store.migrate import upgrade
from apflow.store.people import sign_in
from apflow.testing import OLIVE, OSCAR, a_message, add_people, enquire
from apflow.web.identity import SESSION_COOKIE
from apflow.web.site import Site
from apflow.wiring import published_site
from tests.databases import Postgres
from tests.editions import make_live
from tests.journeys.live import until
from tests.lending import LIBBY, a_council, add_libby, ask, go_live
from tests.shell.looking import entries, last_message, message_rows, queue
from tests.smtp import HangUp, Inbox, Sink, Step, free_port, keeping, listening
from tests.web.browsing import a_browser_on

TOKEN = "a-made-up-token"
PATIENCE = 90.0
pytestmark = pytest.mark.postgres


@dataclass(frozen=True)
class Process:
    """One `apflow serve`, and where it answers."""

    started: subprocess.Popen[str]
    address: str

    def get(self, path: str, session: str = "") -> tuple[int, str]:
        headers = {"cookie": f"{SESSION_COOKIE}={session}"} if session else {"authorization": f"Bearer {TOKEN}"}
        asked = urllib.request.Request(f"{self.address}{path}", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def is_ready(self) -> bool:
        assert self.started.poll() is None, "it has ended"
        try:
            return self.get("/ready")[0] == 200
        except OSError:
            return False


@dataclass(frozen=True)
class Installation:
    """The database, seen from the test, and a way to start processes on it."""

    site: Site
    start: Callable[[str, int], Process]


@pytest.fixture(scope="module")
def upgraded(postgres: Postgres) -> str:
    return postgres.template("several", fill=_upgrade)


@pytest.fixture
def database(postgres: Postgres, upgraded: str) -> Iterator[Store]:
    with postgres.clone(upgraded) as url:
        store = Store(url)
        yield store
        store.close()


@pytest.fixture
def lending(database: Store, tmp_path: Path) -> Iterator[Installation]:
    """A council that lends books, whose policy keeps no process from its start."""
    add_libby(database)
    go_live(database, a_council(tmp_path / "council"))
    with _installed(database, tmp_path) as installation:
        yield installation


@pytest.fixture
def shipped(database: Store, tmp_path: Path) -> Iterator[Installation]:
    """A council with the shipped policy and the people of `apflow.testing`."""
    add_people(database)
    make_live(database)
    with _installed(database, tmp_path) as installation:
        yield installation


@contextmanager
def _installed(store: Store, tmp_path: Path) -> Iterator[Installation]:
    with ExitStack() as running:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("APFLOW_")} | {
            "APFLOW_DATABASE": store.url,
            "APFLOW_UPLOADS": str(tmp_path / "uploads"),
            "APFLOW_SMTP_HOST": "127.0.0.1",
            "APFLOW_METRICS_TOKEN": TOKEN,
        }

        def start(part: str, smtp_port: int) -> Process:
            port = free_port()
            command = [sys.executable, "-c", "from apflow.cli import main; main()"]
            log = running.enter_context((tmp_path / f"{part}-{port}.log").open("w+"))
            started = subprocess.Popen(
                [*command, "serve", "--only", part, "--port", str(port)],
                env=environment | {"APFLOW_SMTP_PORT": str(smtp_port)}, stdout=log, stderr=log, text=True,
            )  # fmt: skip
            running.callback(_end, started)
            return Process(started, f"http://127.0.0.1:{port}")

        yield Installation(published_site(Settings(database=store.url), store), start)


def _upgrade(url: str) -> None:
    store = Store(url)
    upgrade(store)
    store.close()


def _end(started: subprocess.Popen[str]) -> None:
    started.kill()
    started.wait()


def test_every_timer_fires_once_and_every_message_is_sent_by_one(lending: Installation) -> None:
    site = lending.site
    with keeping(Inbox()) as inbox, hearing(site.store) as told:
        webs, workers = ([lending.start(part, inbox.port) for _ in range(2)] for part in ("web", "worker"))
        until(lambda: all(process.is_ready() for process in [*webs, *workers]))
        wanted = [a_wanted_book(site, timedelta(0)) for _ in webs]
        overdue = [a_wanted_book(site, timedelta(days=60, minutes=minute)) for minute in range(40)]
        token = a_token(site.store)

        statuses = [lend_by_api(web, reference, token) for web, reference in zip(webs, wanted, strict=True)]
        woken = told()
        until(lambda: len(entries(site.store, "escalation")) == len(overdue))
        until(lambda: {row.status for row in message_rows(site.store)} == {"sent"})
        figures = "".join(worker.get("/metrics")[1] for worker in workers)
        for process in [*webs, *workers]:  # Asked to end, each finishes what it is at.
            process.started.terminate()
        ends = [process.started.wait(PATIENCE) for process in [*webs, *workers]]

    assert statuses == [200, 200]
    assert woken, "a change through a page tells the workers"
    assert Counter(reference for reference, _ in entries(site.store, "escalation")) == Counter(overdue)
    queued = [row.message_id for row in message_rows(site.store)]
    assert Counter(message["Message-ID"] for message in inbox.messages) == Counter(queued)
    assert 'apflow_messages_total{outcome="sent"}' in figures
    assert ends == [0] * 4


def test_who_looks_at_a_case_is_seen_through_another_process(shipped: Installation) -> None:
    site = shipped.site
    other = shipped.start("web", 1)
    until(other.is_ready)
    reference = enquire(site.handler, now=machine_now())

    with a_browser_on(site) as here:
        here.cookies.set(SESSION_COOKIE, a_session(site.store, OLIVE))
        here.get(f"/cases/{reference}")
        status, page = other.get(f"/cases/{reference}", a_session(site.store, OSCAR))

    assert status == 200
    assert f"Also looking at it: {OLIVE.name}" in page


@pytest.mark.slow
def test_what_a_killed_worker_was_sending_another_sends_within_a_minute(lending: Installation) -> None:
    workers: list[Process] = []
    killed: list[float] = []

    def watch(step: Step) -> None:
        if step is Step.RCPT and not killed:
            workers[0].started.kill()
            workers[0].started.wait()
            killed.append(monotonic())
            raise HangUp

    now = machine_now()
    queue(lending.site.store, a_message(message_id="<one@council.example>", queued_at=now, next_at=now))
    with listening(Sink(watch)) as sink:
        workers.append(lending.start("worker", sink.port))
        until(lambda: bool(killed))
        workers.append(lending.start("worker", sink.port))
        until(lambda: bool(sink.message_ids), patience=90.0)
        taken_up = monotonic()
        until(lambda: last_message(lending.site.store).status == "sent")

    assert sink.message_ids == ["<one@council.example>"]
    assert taken_up - killed[0] < 60


@contextmanager
def hearing(store: Store) -> Iterator[Callable[[], bool]]:
    """Listen as a worker does; the answer is whether anything is heard within reason from then on."""
    with store.engine.connect() as connection:
        connection.execute(text(f"LISTEN {CHANNEL}"))
        connection.commit()
        driver: Any = connection.connection.driver_connection
        yield lambda: bool(list(driver.notifies(timeout=PATIENCE, stop_after=1)))


def a_wanted_book(site: Site, ago: timedelta) -> str:
    """A case that began so long ago, whose book was wanted a week later."""
    now = machine_now() - ago
    reference = ask(site.handler, now=now, wanted_on=(now + timedelta(days=7)).date())
    site.handler.fire(reference, "see", {}, actor=LIBBY, now=now, item="passport")
    return reference


def a_token(store: Store) -> str:
    assert LIBBY.id is not None
    with store.writing() as connection:
        return sign_in.issue_api_token(connection, LIBBY.id, "A test", machine_now())


def a_session(store: Store, person: Actor) -> str:
    assert person.id is not None
    with store.writing() as connection:
        return sign_in.start_session(connection, person.id, machine_now())


def lend_by_api(web: Process, reference: str, token: str) -> int:
    asked = urllib.request.Request(
        f"{web.address}/api/v1/cases/{reference}/events/lend",
        data=json.dumps({"answers": {"books": 1, "why": "It is there."}}).encode(),
        headers={"authorization": f"Bearer {token}", "content-type": "application/json", "if-match": "*"},
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return int(answer.status)
