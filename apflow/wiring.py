"""The composition root: from settings to one running installation."""

from dataclasses import replace
from functools import partial

import uvicorn
from sqlalchemy import inspect

from apflow import logs
from apflow.clock import Clock, machine_now
from apflow.core.errors import ApflowError
from apflow.handler import Handler
from apflow.letters import Letters
from apflow.loader import load_library
from apflow.mailer import sending
from apflow.notices import Notices
from apflow.scheduler import Scheduler
from apflow.settings import Settings
from apflow.store import beside
from apflow.store.engine import Store
from apflow.store.migrate import pending, upgrade
from apflow.transports import SmtpTransport, Transport
from apflow.uploads import Uploads
from apflow.web.app import create_app
from apflow.web.site import DemoClock, Site

DEMO_MARK = "is_demo"


class NotForServing(ApflowError):
    """This database belongs to a demo, whose clock can be moved. It cannot be served for real."""


class NotUpToDate(ApflowError):
    """The database is older than this version of apflow: run `apflow db upgrade` first."""


def open_installation(settings: Settings | None = None) -> Site:
    """The installation that the environment describes; a new database is made, an older one or a demo's is refused."""
    settings = settings or Settings()
    site = build_site(settings)
    if not inspect(site.store.engine).has_table("cases"):
        upgrade(site.store)
    if pending(site.store):
        raise NotUpToDate
    with site.store.reading() as connection:
        if beside.setting(connection, DEMO_MARK):
            raise NotForServing
    return site


def build_site(settings: Settings, *, clock: Clock | None = None, demo: DemoClock | None = None) -> Site:
    """Everything made and joined; nothing started, and the database not looked at."""
    notices = Notices(settings.notifications)
    library = load_library(settings.workflows, notices.names())
    store = Store(settings.database)
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
        demo=demo,
    )


def run(site: Site, host: str, port: int, *, transport: Transport | None = None) -> None:
    """Serve until stopped: the web, the timers and the mailer in this process."""
    transport = transport or (SmtpTransport(site.settings) if site.settings.smtp_host else None)
    send = partial(sending, site.store, transport, site.handler, site.now, machine_now) if transport else tuple
    scheduler = Scheduler(site.handler, site.now, send=send, tidy=lambda: site.uploads.sweep(site.store, machine_now()))
    app = create_app(replace(site, wake=scheduler.wake))
    logs.configure()
    scheduler.start()
    try:
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)
    finally:
        scheduler.stop()
        site.store.close()
