"""What people keep beside a case, outside its version: drafts, looks, staged files; and the database's own settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from apflow.store.driver.inserts import upsert
from apflow.store.tables.cases import cases, drafts, looks
from apflow.store.tables.settings import settings
from apflow.store.tables.uploads import uploads

_UPLOAD = (
    select(uploads, cases.c.reference)
    .outerjoin(cases, cases.c.id == uploads.c.case_id)
    .where(uploads.c.id == bindparam("upload_id"))
)


def save_draft(
    connection: Connection,
    *,
    person: int,
    reference: str,
    event: str,
    item: str,
    answers: Mapping[str, Any],
    seen: int,
    now: datetime,
) -> None:
    """Keep what a person has typed, replacing their earlier draft of the same form; `seen` is the case's version."""
    key = {"person_id": person, "reference": reference, "event": event, "item": item}
    upsert(connection, drafts, key, {"answers": dict(answers), "saved_at": now, "seen": seen})


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form, and the version of the case that it was shown against where that was kept."""

    answers: Mapping[str, Any]
    seen: int | None


def draft(connection: Connection, *, person: int, reference: str, event: str, item: str) -> Typed | None:
    """What the person last typed into the form and did not send, if anything."""
    query = select(drafts.c.answers, drafts.c.seen).where(
        drafts.c.person_id == person, drafts.c.reference == reference, drafts.c.event == event, drafts.c.item == item
    )
    row = connection.execute(query).one_or_none()
    return Typed(row.answers, row.seen) if row is not None and row.answers else None


def forget_draft(connection: Connection, *, person: int, reference: str, event: str, item: str) -> None:
    """Let go of what the person has typed into the form, if anything."""
    connection.execute(
        delete(drafts).where(
            drafts.c.person_id == person,
            drafts.c.reference == reference,
            drafts.c.event == event,
            drafts.c.item == item,
        )
    )


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A form that a person has typed into and not sent; `item` is empty where it is about the case itself."""

    event: str
    item: str
    saved_at: datetime


def drafts_of(connection: Connection, *, person: int, reference: str) -> list[KeptDraft]:
    """Those of one person on one case that have something in them, the last saved first."""
    query = (
        select(drafts.c.event, drafts.c.item, drafts.c.saved_at, drafts.c.answers)
        .where(drafts.c.person_id == person, drafts.c.reference == reference)
        .order_by(drafts.c.saved_at.desc(), drafts.c.event, drafts.c.item)
    )
    return [KeptDraft(row.event, row.item, row.saved_at) for row in connection.execute(query) if row.answers]


def note_look(connection: Connection, *, person: int, case_id: int, version: int, now: datetime) -> None:
    """Note that the person has seen the case at this version."""
    upsert(connection, looks, {"person_id": person, "case_id": case_id}, {"version": version, "at": now})


def last_look(connection: Connection, *, person: int, case_id: int) -> int:
    """The version of the case the person last saw, or 0."""
    query = select(looks.c.version).where(looks.c.person_id == person, looks.c.case_id == case_id)
    return connection.execute(query).scalar_one_or_none() or 0


def stage_upload(connection: Connection, row: Mapping[str, Any]) -> None:
    """Record a file whose bytes are already on disk and synced."""
    connection.execute(insert(uploads), dict(row))


def upload(connection: Connection, upload_id: str) -> Row[Any] | None:
    """The file's row with the reference of the case that holds it, or None."""
    return connection.execute(_UPLOAD, {"upload_id": upload_id}).one_or_none()


def forget_orphans(connection: Connection, staged_before: datetime) -> list[str]:
    """Delete the rows of files no commit has referenced in time; their ids, for the bytes to follow."""
    orphaned = (uploads.c.case_id.is_(None)) & (uploads.c.staged_at < staged_before)
    # Only what was deleted: a commit may refer to one of them between a look and the deletion.
    return list(connection.execute(delete(uploads).where(orphaned).returning(uploads.c.id)).scalars())


def uploads_of_cases(connection: Connection, after: str, *, limit: int) -> Sequence[Row[Any]]:
    """The next files that cases have, by id, each with the reference of its case."""
    query = select(uploads, cases.c.reference).join(cases, cases.c.id == uploads.c.case_id)
    return connection.execute(query.where(uploads.c.id > after).order_by(uploads.c.id).limit(limit)).all()


def known_uploads(connection: Connection) -> set[str]:
    """The ids of every file the database knows."""
    return set(connection.execute(select(uploads.c.id)).scalars())


def setting(connection: Connection, name: str) -> str | None:
    """One of the database's own settings, or None."""
    return connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar_one_or_none()


def set_setting(connection: Connection, name: str, value: str) -> None:
    upsert(connection, settings, {"name": name}, {"value": value})
