"""Whether one installation is fit to serve: what it needs is looked at piece by piece; nothing is changed or sent."""

import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from apflow.core.definition import words
from apflow.core.errors import ApflowError
from apflow.letters.remarks import remarks
from apflow.live import recheck
from apflow.rounds.verifying import LATE_AFTER, STUCK_AFTER
from apflow.sending.transports import SmtpTransport, TransportError
from apflow.settings import Settings
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.store.findings import last_whole_check
from apflow.store.migrate import pending
from apflow.store.reading.lateness import Lateness, lateness
from apflow.store.reading.letters import Sought, count_letters
from apflow.uploads import FilesUnavailable, Staging
from apflow.wiring import DEMO_MARK, NotUpToDate, published_site, reach

_LITTLE, _NEXT_TO_NONE = 2_000_000_000, 200_000_000  # Bytes left on a disk.
_A_NIGHT_MISSED = timedelta(hours=30)
_HERE = ("127.0.0.1", "localhost", "::1")


class Verdict(StrEnum):
    """How it is with one piece."""

    GOOD = "good"
    REMARK = "look"
    FAULT = "WRONG"


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of the installation, and what is to be said of it."""

    verdict: Verdict
    about: str
    said: str

    def __str__(self) -> str:
        return f"{self.verdict:<6}{self.about}: {self.said}"


def examined(settings: Settings, now: datetime) -> Iterator[Found]:
    """Everything in turn; without a database that can be used the rest that needs it is left out."""
    yield _address(settings)
    try:
        store = reach(settings.database, to_read=True)
    except ApflowError as fault:
        yield Found(Verdict.FAULT, "Database", fault.message)
    else:
        with closing(store):
            yield from _database(settings, store, now)
    yield _files(settings)
    yield from _room(settings)
    yield _mail(settings)


def _address(settings: Settings) -> Found:
    if settings.is_secure or urlsplit(settings.base_url).hostname in _HERE:
        return Found(Verdict.GOOD, "Address", f"e-mails lead to {settings.base_url}.")
    said = f"e-mails lead to {settings.base_url}, so sign-in links go over the network for anybody to read. Use https."
    return Found(Verdict.FAULT, "Address", said)


def _database(settings: Settings, store: Store, now: datetime) -> Iterator[Found]:
    try:
        if steps := pending(store):
            what = f"{len(steps)} step{'s are' if len(steps) > 1 else ' is'} missing"
            yield Found(Verdict.FAULT, "Database", f"{NotUpToDate.__doc__} {what}.")
            return
        with store.reading() as connection:
            is_demo = beside.setting(connection, DEMO_MARK)
        if is_demo:
            yield Found(Verdict.FAULT, "Database", "it belongs to a demo, and cannot be served for real.")
            return
        yield Found(Verdict.GOOD, "Database", "it answers, and is as this version needs it.")
        yield from _policy(settings, store)
        with store.reading() as connection:
            late, checked = lateness(connection, now), last_whole_check(connection)
            failed = count_letters(connection, Sought(only_undelivered=True))
        yield from _work(late, checked.ended_at if checked else None, now)
        if failed:
            said = f"{failed:,} did not go, or may not have, and nobody has sent them again: Records, Emails."
            yield Found(Verdict.REMARK, "Failed e-mails", said)
    except ApflowError as fault:
        yield Found(Verdict.FAULT, "Database", fault.message)


def _policy(settings: Settings, store: Store) -> Iterator[Found]:
    try:
        problems = recheck(store)
        site = published_site(settings, store)
    except ApflowError as fault:
        yield Found(Verdict.FAULT, "Policy", fault.message)
        return
    yield Found(Verdict.GOOD, "Policy", f"edition {site.edition} is live, for {site.council.council}.")
    yield from (Found(Verdict.REMARK, "Policy", str(problem)) for problem in problems)
    yield from (Found(Verdict.REMARK, "Policy", said) for said in remarks(site.library, site.notices))


def _work(late: Lateness, checked_at: datetime | None, now: datetime) -> Iterator[Found]:
    due, tried = late.timers.since, late.message_due
    if due is not None and due < now - LATE_AFTER:
        said = f"one has been due since {words.moment(due)}, and nothing was done: no worker runs, or none keeps up."
        yield Found(Verdict.FAULT, "Deadlines", said)
    else:
        yield Found(Verdict.GOOD, "Deadlines", "none is late.")
    if tried is not None and tried < now - STUCK_AFTER:
        said = f"one waits since {words.moment(tried)}: no worker runs, or the mail server takes nothing."
        yield Found(Verdict.FAULT, "E-mails", said)
    else:
        yield Found(Verdict.GOOD, "E-mails", "none waits for longer than it should.")
    if checked_at is None:
        yield Found(Verdict.REMARK, "Nightly check", "there has been none yet.")
    elif checked_at < now - _A_NIGHT_MISSED:
        yield Found(Verdict.FAULT, "Nightly check", f"the last whole one ended {words.moment(checked_at)}.")
    else:
        yield Found(Verdict.GOOD, "Nightly check", f"every case was looked at, {words.moment(checked_at)}.")


def _files(settings: Settings) -> Found:
    try:
        Staging(settings.uploads).close()
    except FilesUnavailable:
        return Found(Verdict.FAULT, "Files", f"nothing can be written in {settings.uploads}.")
    return Found(Verdict.GOOD, "Files", f"{settings.uploads} can be written to.")


def _room(settings: Settings) -> Iterator[Found]:
    """Of each disk that the installation writes to, how much is left; PostgreSQL's is its own to watch."""
    folders = [settings.uploads]
    if settings.database.startswith("sqlite:///"):
        folders.append(Path(settings.database.removeprefix("sqlite:///")).absolute().parent)
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            free = shutil.disk_usage(folder).free
            said = f"{free / 1e9:,.1f} GB are left where {folder} is."
            verdict = Verdict.FAULT if free < _NEXT_TO_NONE else Verdict.REMARK if free < _LITTLE else Verdict.GOOD
            yield Found(verdict, "Room", said)


def _mail(settings: Settings) -> Found:
    if settings.smtp_host is None:
        return Found(Verdict.FAULT, "Mail server", "APFLOW_SMTP_HOST is not set, so e-mails wait in the outbox.")
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        SmtpTransport(settings).greet()
    except TransportError as fault:
        return Found(Verdict.FAULT, "Mail server", f"{where} does not take us: {fault.message}")
    return Found(Verdict.GOOD, "Mail server", f"{where} takes us. Nothing was sent.")
