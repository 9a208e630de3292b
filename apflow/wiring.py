"""The composition root: from settings to one running installation."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from socket import socket
from typing import Literal

from sqlalchemy import inspect
from sqlalchemy.exc import ArgumentError, DBAPIError

from apflow.clock import Clock, MovableClock, machine_now
from apflow.core.errors import ApflowError
from apflow.handler import Handler
from apflow.letters.messages import Letters
from apflow.letters.notices import Notices
from apflow.live import Live, live_files, read_edition
from apflow.loader import Library
from apflow.rounds.chasing import chasing
from apflow.rounds.left_undone import telling
from apflow.rounds.nightly import checking
from apflow.rounds.raising import raise_red
from apflow.scheduler import Scheduler
from apflow.sending.mailer import sending
from apflow.sending.transports import SmtpTransport, Transport
from apflow.serving import answer, wait_for_the_end
from apflow.settings import Settings
from apflow.store import beside
from apflow.store.driver.doorbell import Doorbell
from apflow.store.driver.engine import Store, read_only
from apflow.store.migrate import pending, upgrade
from apflow.store.people.limits import LONGEST, forget_tries
from apflow.store.people.searches import forget_searches
from apflow.store.records.imports import forget_files
from apflow.uploads import Uploads
from apflow.versions.new_calendar import counting_anew
from apflow.watching import logs, metrics
from apflow.watching.telling import watched_by
from apflow.watching.tracing import tracing
from apflow.web.app import create_app, create_watch_app
from apflow.web.site import Site

Part = Literal["all", "web", "worker"]

DEMO_MARK = "is_demo"
DEMO_DAYS_AHEAD = "demo_days_ahead"


class NotForServing(ApflowError):
    """This database belongs to a demo, whose clock can be moved. It cannot be served for real."""


class OneProcess(ApflowError):
    """SQLite has one writer at a time, so one process does everything: leave out --only, or use PostgreSQL."""


class NotThere(ApflowError):
    """The database that APFLOW_DATABASE names cannot be opened."""


class NotUpToDate(ApflowError):
    """The database is older than this version of apflow: run `apflow db upgrade` first."""


def open_installation(settings: Settings | None = None) -> Site:
    """The installation that the environment describes; a new database is made, an older one or a demo's is refused."""
    settings = settings or Settings()
    store = open_store(settings)
    with store.reading() as connection:
        if beside.setting(connection, DEMO_MARK):
            raise NotForServing
    return published_site(settings, store)


def look_into_installation() -> Site:
    """The same, not to be served: a demo's too, on the day to which its clock has been moved."""
    settings = Settings()
    return _looked_into(settings, open_store(settings))


def read_installation() -> Site:
    """The same, in whose database nothing can be written, and which must be there."""
    settings = Settings()
    store = reach(settings.database, to_read=True)
    if pending(store):
        raise NotUpToDate
    return _looked_into(settings, store)


def _looked_into(settings: Settings, store: Store) -> Site:
    with store.reading() as connection:
        ahead = timedelta(days=int(beside.setting(connection, DEMO_DAYS_AHEAD) or 0))
    return published_site(settings, store, clock=MovableClock(lambda: ahead))


def reach(url: str, *, to_read: bool = False) -> Store:
    """The database at this address; NotThere, with the reason, when nobody answers or there is no such folder."""
    try:
        store = Store(read_only(url) if to_read else url)
        store.engine.connect().close()
    except (ArgumentError, ValueError) as fault:  # What these say holds parts of the address, of the password perhaps.
        how = "Its address cannot be read: write signs such as @, : and / in a password as %40, %3A and %2F."
        raise NotThere(f"{NotThere.__doc__} {how}") from fault
    except DBAPIError as fault:
        raise NotThere(f"{NotThere.__doc__} {str(fault.orig).strip().splitlines()[0]}") from fault
    return store


def open_store(settings: Settings) -> Store:
    """The database that the settings name, with its tables; a new one is made, an older one refused."""
    store = reach(settings.database)
    if not inspect(store.engine).has_table("cases"):
        upgrade(store)
    if pending(store):
        raise NotUpToDate
    return store


def published_site(settings: Settings, store: Store, *, clock: Clock | None = None) -> Site:
    """Everything made and joined under the live edition; NothingPublished when there is none."""
    edition, files = live_files(store)
    library, notices = read_edition(edition, files)
    return replace(_joined(settings, store, library, notices, clock), edition=edition)


def site_under(library: Library, notices: Notices, settings: Settings, *, clock: Clock | None = None) -> Site:
    """The same under a policy at hand, for tests; the database is not looked at."""
    return _joined(settings, Store(settings.database), library, notices, clock)


def _joined(settings: Settings, store: Store, library: Library, notices: Notices, clock: Clock | None) -> Site:
    letters = Letters(notices, settings.base_url, settings.mail_from or library.council.mailbox)
    return Site(
        wake=lambda: None,
        settings=settings,
        store=store,
        library=library,
        notices=notices,
        handler=Handler(store, library, letters),
        uploads=Uploads(settings.uploads),
        clock=clock or Clock(),
    )


def run(site: Site, at: socket | None, *, transport: Transport | None = None, part: Part = "all") -> None:
    """Serve until stopped: the web, the timers and the mailer in this process, or one part of that.

    A worker that is at no address answers nobody.
    """
    if part != "all" and site.store.is_sqlite:
        raise OneProcess
    logs.configure(site.settings.logs)
    gc.freeze()  # The policy stays: to look through it for what could go stops every request.
    live, traces = Live(site), tracing()
    scheduler = None if part == "web" else _scheduler(site, live, transport)
    doorbell = None if site.store.is_sqlite else Doorbell(site.store, scheduler.wake if scheduler else _nothing)
    live.wake_by(_both(scheduler.wake if scheduler else _nothing, doorbell.ring if doorbell else _nothing))
    parts = [each for each in (scheduler, doorbell) if each is not None]
    with watched_by(logs.write, metrics.count, *([traces.watch] if traces else [])), _running(site, *parts):
        if at is None:
            wait_for_the_end()
        else:
            app = create_watch_app(live.site()) if part == "worker" else create_app(live.site(), traces)
            answer(app, at)


@contextmanager
def _running(site: Site, *parts: Scheduler | Doorbell) -> Iterator[None]:
    for each in parts:
        each.start()
    try:
        yield
    finally:
        for each in parts:
            each.stop()
        site.store.close()


def _scheduler(site: Site, live: Live, transport: Transport | None) -> Scheduler:
    transport = transport or (SmtpTransport(site.settings) if site.settings.smtp_host else None)

    def send() -> Iterable[object]:
        return sending(site.store, transport, live.handler(), site.now, machine_now) if transport else ()

    def tidy() -> None:
        site.uploads.sweep(site.store, machine_now())
        forget_tries(site.store, machine_now() - LONGEST)
        forget_files(site.store, machine_now())
        forget_searches(site.store, machine_now())
        raise_red(live.handler(), site.now())

    def chase() -> Iterable[object]:
        return chasing(live.handler(), site.now())

    def check() -> Iterator[object]:
        yield from counting_anew(live.handler(), site.now())
        yield from checking(live.handler(), site.now, machine_now)
        yield from telling(live.handler(), site.now())

    return Scheduler(site.handler, site.now, send=send, chase=chase, check=check, tidy=tidy, latest=live.handler)


def _both(one: Callable[[], None], other: Callable[[], None]) -> Callable[[], None]:
    def wake() -> None:
        one()
        other()

    return wake


def _nothing() -> None:
    """Whom nobody needs to wake."""
