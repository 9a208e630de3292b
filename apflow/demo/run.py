"""Making the demo where there is none, and serving it."""

import json
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import event

from apflow.clock import machine_now
from apflow.demo.build import Scene, Stage, build, pass_time
from apflow.demo.cast import DILYS, MAGDA, OLIVE, PETRA, providers
from apflow.demo.clock import DemoDays
from apflow.demo.year import play_a_year
from apflow.loader.folders import read_policy
from apflow.sending.transports import MailboxTransport
from apflow.serving import listening_at
from apflow.settings import Settings
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.store.editions import Publisher, files_of_edition
from apflow.store.people import people
from apflow.versions.publishing import propose, publish
from apflow.web.site import DemoClock, Site
from apflow.wiring import DEMO_MARK, open_store, published_site, run

HOST = "127.0.0.1"
DATABASE = "apflow.db"


def go(folder: Path, *, port: int, fresh: bool, serve: bool) -> None:
    """Serve the demo in `folder`, made first when there is none or `fresh` asks for a new one."""
    database = folder / DATABASE
    if running := _running_at(folder):
        if fresh:
            raise click.ClickException(f"The demo is running at {running}. Stop it first, then ask for a fresh one.")
        click.echo("The demo is running already; nothing was changed.")
        _say_where(demo_site(folder, running), running)
        return
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    address = f"http://{HOST}:{_free_port(port)}"
    if not database.exists():
        make(folder, address, play_a_year)
    if serve:
        _serve(folder, address)


def make(folder: Path, address: str, *more: Callable[[Stage], None]) -> None:
    """Make a new demo in `folder`, with `more` played at its end.

    It is built beside it and moved into place, so that half a demo is never taken for one.
    """
    click.echo("Making a council: a year and a half of enquiries, papers, panels, self-assessments and visits.")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    settings = _settings(unfinished, address)
    store = open_store(settings)
    with store.writing() as connection:
        beside.set_setting(connection, DEMO_MARK, "yes")
    _hurry(store)
    publish_first(store, settings)
    site = published_site(settings, store)
    build(site, machine_now(), _with_progress, more)
    site.store.close()
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def _hurry(store: Store) -> None:
    """Let SQLite not wait for the disk: half a demo is thrown away anyway, and waiting was a third of the making."""
    store.close()
    event.listen(store.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


def _with_progress(scenes: list[Scene]) -> Iterator[Scene]:
    with click.progressbar(scenes, label="Playing it through") as bar:
        yield from bar


def demo_site(folder: Path, address: str, days: DemoDays | None = None) -> Site:
    """The demo in the folder as an installation; its clock moves only with `days`."""
    settings = _settings(folder, address)
    return published_site(settings, Store(settings.database), clock=days.clock() if days else None)


def _settings(folder: Path, address: str) -> Settings:
    return Settings(database=f"sqlite:///{folder / DATABASE}", uploads=folder / "uploads", base_url=address)


def publish_first(store: Store, settings: Settings) -> None:
    """Publish the policy in the folders as the first edition, by the same function as everyone."""
    proposal = propose(store, settings.workflows, settings.notifications)
    by = Publisher("The demonstration")
    publish(store, proposal, by=by, why="The demonstration council begins.", now=machine_now())


def say_what_waits(site: Site) -> None:
    """A line when the folders and the live edition differ: nothing in a folder is live until it is published."""
    settings = site.settings
    files = read_policy(settings.workflows, settings.notifications)
    with site.store.reading() as connection:
        live = files_of_edition(connection, site.edition or 0)
    if files != live:
        click.echo(
            f"A change in {settings.workflows} or {settings.notifications} waits to be published: "
            f"APFLOW_DATABASE={settings.database} apflow publish"
        )


def _serve(folder: Path, address: str) -> None:
    days = DemoDays(Store(f"sqlite:///{folder / DATABASE}"))
    days.load()
    site = demo_site(folder, address, days)
    stage = Stage(site, machine_now())

    def pass_until(moment: datetime) -> None:
        pass_time(stage, moment)

    site = replace(site, demo=DemoClock(days.days_ahead, lambda: days.step(pass_until)))
    _say_where(site, address)
    say_what_waits(site)
    with _announced(folder, address):
        run(site, listening_at(HOST, int(address.rpartition(":")[2])), transport=MailboxTransport())


def _say_where(site: Site, address: str) -> None:
    click.echo(f"\nThe demo is at {address}\n\nSign in with one click as")
    provider = providers()[0]
    for title, email in (
        ("an officer", OLIVE.email),
        ("a manager", MAGDA.email),
        ("the data protection officer", DILYS.email),
        ("a panel member", PETRA.email),
        ("a provider", provider.email),
    ):
        with site.store.reading() as connection:
            known = people.person_by_email(connection, email)
        if known is not None:
            click.echo(f"  {title + ',':<28} {known.name + ':':<18} {address}/demo/as/{known.id}")
    click.echo(f"\nEveryone else: {address}/demo    The e-mails: {address}/demo/mailbox\n")


@contextmanager
def _announced(folder: Path, address: str) -> Iterator[None]:
    """Leave word of where the demo runs, for a second `make demo`."""
    note = folder / "running.json"
    note.write_text(json.dumps({"address": address}), encoding="utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _running_at(folder: Path) -> str | None:
    """Where this folder's demo answers now, or None."""
    try:
        address = str(json.loads((folder / "running.json").read_text(encoding="utf-8"))["address"])
        with urllib.request.urlopen(f"{address}/health", timeout=3) as answer:
            return address if answer.status == 200 else None
    except (OSError, ValueError, KeyError, urllib.error.URLError):
        return None


def _free_port(wanted: int) -> int:
    """The port asked for, or the next one that nobody listens on."""
    return next(port for port in range(wanted, wanted + 50) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0
