"""Whoever reads one case by a link or a code of their own, without an account: who they are, and what is still good."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from litestar import Request
from litestar.datastructures import Cookie
from sqlalchemy import Row

from apflow.clock import machine_now
from apflow.core.definition.by_link import ByLink, in_days
from apflow.core.errors import NotFound
from apflow.core.people.actor import Actor
from apflow.core.people.barred import is_kept_from
from apflow.letters.barred import kept_from_case
from apflow.letters.messages import FOR_READERS, code_link
from apflow.letters.recipients import why_not
from apflow.store.cases.loading import load_case
from apflow.store.people.limits import RateLimit
from apflow.store.people.reader_links import add_reader_link, reader_link
from apflow.web.case.opened import Opened, open_case
from apflow.web.site import Site

READER_COOKIE = "apflow_reader"
PAGE = f"{FOR_READERS}/page"
CODES_TRIED = RateLimit(10, timedelta(hours=1))
LINKS_SENT = RateLimit(3, timedelta(hours=1))
_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"  # No vowels, so no words; no 0/O or 1/I to mistake.
_GROUPS, _IN_A_GROUP = 4, 4


@dataclass(frozen=True)
class Reader:
    """Somebody who came by a link, with the case as they see it."""

    opened: Opened
    key: str

    @property
    def by_link(self) -> ByLink:
        return spec_of(self.opened)


@dataclass(frozen=True)
class Gone:
    """A link that opens nothing: too old or replaced (`late`), with nothing left to read (`over`), or not now (`held`).

    What is held is so alike for whoever waits until it is settled and for whoever must not be contacted.
    """

    why: Literal["late", "over", "held"]
    token: str = ""


def spec_of(opened: Opened) -> ByLink:
    """Who reads the case by a link; NotFound where nobody does."""
    spec = opened.definition.workflow.read_by_link
    if spec is None:
        raise NotFound
    return spec


def reader_of(site: Site, token: str) -> Reader | Gone | None:
    """Whoever has this link or code, if it is good now; None when it never was."""
    with site.store.reading() as connection:
        row = reader_link(connection, token)
    if row is None:
        return None
    reader = _reader(site, row)
    if isinstance(reader, Gone):
        return reader
    if _is_over(reader):
        return Gone("over")
    item = reader.opened.snapshot.item(reader.by_link.of, row.key)
    changed_at = item.changed_at if item else None
    is_late = row.expires_at <= machine_now() or (changed_at is not None and changed_at > row.made_at)
    return Gone("late", token) if is_late else reader


def send_again(site: Site, token: str, event: str) -> bool:
    """Send a fresh link to the address that the case has for whoever had this one; whether there was one to send to."""
    with site.store.reading() as connection:
        row = reader_link(connection, token)
    reader = _reader(site, row) if row is not None else None
    if row is None or not isinstance(reader, Reader) or _is_over(reader):
        return False
    item = reader.opened.snapshot.item(reader.by_link.of, row.key)
    if item is None or item.status not in reader.by_link.by_email:
        return False
    if LINKS_SENT.wait(site.store, f"link of {row.reference}/{row.key}", machine_now()) is None:
        site.handler.fire(row.reference, event, {}, actor=reader.opened.actor, now=site.now(), item=row.key)
        site.wake()
    return True


def reading(request: Request[Any, Any, Any]) -> Reader | Gone | None:
    """Whoever's link or code this browser keeps."""
    token = request.cookies.get(READER_COOKIE, "")
    return reader_of(request.app.state.site, token) if token else None


def cookie(site: Site, token: str) -> Cookie:
    """What keeps the link for the next pages: out of their addresses, and not for long."""
    return Cookie(
        key=READER_COOKIE,
        value=token,
        httponly=True,
        samesite="lax",
        secure=site.settings.is_secure,
        path=FOR_READERS,
        max_age=int(site.council.ways_in.reading.total_seconds()),
    )


def reading_as(site: Site, spec: ByLink, reference: str, key: str) -> Actor:
    """Whoever reads this case as this item: by the name under which what they do stands in its history."""
    name = f"{site.council.roles[spec.role].title} {key}"
    return Actor(None, name, frozenset({spec.role}), by_link=(reference, key))


def new_code(opened: Opened, key: str) -> str:
    """A new code for the reader who is this item, to be printed in a letter to them."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
    code = "-".join(groups)
    values = code_link(tidy(code), key, in_days(spec_of(opened).code_lasts), opened.now)
    with opened.site.store.writing() as connection:
        add_reader_link(connection, {**values, "case_id": opened.snapshot.id})
    return code


def tidy(code: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(letter for letter in code.upper() if letter in _ALPHABET)


def by_post_of(opened: Opened) -> Sequence[tuple[str, str]]:
    """Those on the case who are written to on paper, by key and name; nobody who must not be contacted."""
    spec = opened.definition.workflow.read_by_link
    if spec is None:
        return ()
    called = opened.definition.collection(spec.of).called or ""
    with opened.site.store.reading() as connection:
        barred = kept_from_case(connection, opened.definition, opened.snapshot)
    items = opened.snapshot.items.get(spec.of, {}).values()
    theirs = (item for item in items if item.status in spec.by_post)
    those = (item for item in theirs if not is_kept_from(barred, opened.definition, item))
    return [(item.key, str(item.data.get(called) or item.key)) for item in those]


def why_not_written_to(opened: Opened, collection: str) -> Mapping[str, str]:
    """By the key of each item of readers to whom nothing goes, why: they must not be contacted, or perhaps."""
    spec = opened.definition.workflow.read_by_link
    if spec is None or spec.of != collection:
        return {}
    with opened.site.store.reading() as connection:
        barred = kept_from_case(connection, opened.definition, opened.snapshot)
    those = (item for item in opened.snapshot.items.get(collection, {}).values() if item.status in spec.readers)
    found = {item.key: why_not(barred, opened.definition, item) for item in those}
    return {key: why for key, why in found.items() if why}


def _reader(site: Site, row: Row[Any]) -> Reader | Gone:
    """The reader, and the case as they see it; what their link is when the case does not say that they may read it."""
    with site.store.reading() as connection:
        snapshot = load_case(connection, row.reference)
        spec = site.handler.definition_of(connection, snapshot).workflow.read_by_link if snapshot else None
    item = snapshot.item(spec.of, row.key) if snapshot and spec else None
    if spec is None or item is None:
        return Gone("over")
    if item.status not in spec.readers:
        return Gone("held")
    actor = reading_as(site, spec, row.reference, row.key)
    try:
        reader = Reader(open_case(site, actor, row.reference), row.key)
    except NotFound:
        return Gone("over")
    return Gone("held") if _is_barred(reader) else reader


def _is_barred(reader: Reader) -> bool:
    """Whether they must not be contacted by now, as this case says, or another of the same pupil."""
    opened, by_link = reader.opened, reader.by_link
    item = opened.snapshot.item(by_link.of, reader.key)
    with opened.site.store.reading() as connection:
        barred = kept_from_case(connection, opened.definition, opened.snapshot)
    return item is None or is_kept_from(barred, opened.definition, item)


def _is_over(reader: Reader) -> bool:
    """Whether the case ended so long ago that nobody reads it by a link any more."""
    opened = reader.opened
    if not opened.definition.state(opened.snapshot.state).final:
        return False
    return opened.snapshot.entered_at + timedelta(days=in_days(reader.by_link.after_the_end)) < opened.now
