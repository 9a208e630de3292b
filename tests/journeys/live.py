"""A council that is really served: pages, timers and mail in this process, and a clock that a test moves."""

import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import uvicorn
from litestar import Litestar
from sqlalchemy import func, select

from apflow.clock import MovableClock, machine_now
from apflow.loader import Library
from apflow.scheduler import Scheduler
from apflow.sending.mailer import sending
from apflow.sending.transports import SmtpTransport, Transport
from apflow.settings import Settings
from apflow.store.driver.engine import Store
from apflow.store.migrate import upgrade
from apflow.store.tables.messages import WAITING, messages
from apflow.store.timers import next_due
from apflow.testing import MONDAY, SHIPPED_NOTICES, add_people, shipped_library
from apflow.web.app import create_app
from apflow.web.site import Site
from apflow.wiring import site_under
from tests.smtp import Inbox

PATIENCE = 60.0
_LOOK_EVERY = 0.01
_APPLICATIONS: Mapping[bool, list[Litestar]] = {True: [], False: []}


class Time(MovableClock):
    """Policy time: it begins on MONDAY, runs as fast as real time, and jumps ahead when a test says so."""

    def __init__(self, start: datetime = MONDAY) -> None:
        super().__init__(lambda: self._ahead)
        self.move_to(start)

    def move_to(self, moment: datetime) -> None:
        self._ahead = moment - machine_now()


@dataclass(frozen=True)
class Live:
    """One installation while it is served."""

    address: str
    site: Site
    scheduler: Scheduler
    time: Time
    inbox: Inbox = field(default_factory=Inbox)

    def settle(self) -> None:
        """Wait until all that is due has happened, and every e-mail has arrived that nobody takes back in time."""
        self._let_time_to_undo_pass()
        self.scheduler.wake()
        until(self._is_settled)

    def pass_to(self, moment: datetime) -> None:
        """Let it become this moment at once."""
        self.time.move_to(moment)
        self.settle()

    def pass_days(self, count: int) -> None:
        """Let days pass one by one, each with what falls due in it."""
        for _ in range(count):
            self.pass_to(self.site.now() + timedelta(days=1))

    def _let_time_to_undo_pass(self) -> None:
        undo = self.site.council.undo_sending
        until_then = self.site.now() + timedelta(seconds=undo.seconds if undo else 0)
        with self.site.store.reading() as connection:
            last = select(func.max(messages.c.next_at)).where(WAITING, messages.c.next_at <= until_then)
            goes_at = connection.execute(last).scalar_one()
        if goes_at is not None and goes_at > self.site.now():
            self.time.move_to(goes_at)

    def _is_settled(self) -> bool:
        now = self.site.now()
        with self.site.store.reading() as connection:
            due = next_due(connection)
            waiting = select(func.count()).where(WAITING, messages.c.next_at <= now)
            return (due is None or due > now) and connection.execute(waiting).scalar_one() == 0


@contextmanager
def a_new_council(folder: Path, inbox: Inbox, library: Library | None = None) -> Iterator[Live]:
    """Serve a new database with the people of `apflow.testing` in it, under the policy as it ships unless given.

    Mail goes to the inbox by SMTP.
    """
    time = Time()
    with listening() as listener:
        settings = Settings(
            database=f"sqlite:///{folder}/apflow.db",
            uploads=folder / "uploads",
            base_url=address_of(listener),
            smtp_host="127.0.0.1",
            smtp_port=inbox.port,
        )
        (folder / "apflow.db").write_bytes(_an_empty_database())
        site = site_under(library or shipped_library(), SHIPPED_NOTICES, settings, clock=time)
        add_people(site.store)
        with served(site, listener, SmtpTransport(settings)) as (running, scheduler):
            yield Live(settings.base_url, running, scheduler, time, inbox)


@cache
def _an_empty_database() -> bytes:
    """One with every migration made, which takes longer than to copy it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        store = Store(f"sqlite:///{file}")
        upgrade(store)
        store.close()
        return file.read_bytes()


@contextmanager
def served(site: Site, listener: socket.socket, transport: Transport) -> Iterator[tuple[Site, Scheduler]]:
    """The site while its pages, timers and mail run, joined as `apflow serve` joins them."""
    send = partial(sending, site.store, transport, site.handler, site.now, machine_now)
    scheduler = Scheduler(site.handler, site.now, send=send)
    running = replace(site, wake=scheduler.wake)
    scheduler.start()
    try:
        with _application(running) as app, _answering(app, listener):
            yield running, scheduler
    finally:
        scheduler.stop()
        site.store.close()


@contextmanager
def _application(site: Site) -> Iterator[Litestar]:
    """One that answers for no other council meanwhile: to make it takes longer than much of a story."""
    free = _APPLICATIONS[site.demo is not None]  # A demo has more routes.
    app = free.pop() if free else create_app(site)
    app.state["site"] = site
    try:
        yield app
    finally:
        free.append(app)


def until(is_so: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for others to make it so, within reason."""
    give_up, pause = monotonic() + patience, Event()
    while not is_so():
        assert monotonic() < give_up, "waited long enough"
        pause.wait(_LOOK_EVERY)


@contextmanager
def _answering(app: Litestar, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        until(lambda: server.started)
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A port of our own, known before anything is built that must name it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def address_of(listener: socket.socket) -> str:
    """Where the pages on this port are."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
