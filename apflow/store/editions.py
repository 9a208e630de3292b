"""Editions: the whole policy as it was published, each with what it changed. The newest is live."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from apflow.core.errors import ApflowError, Refusal
from apflow.store.driver.inserts import insert_new
from apflow.store.tables.cases import case_items, cases
from apflow.store.tables.editions import edition_files, editions

_LIVE = select(func.max(editions.c.id))
_FILES = select(edition_files.c.path, edition_files.c.text).where(edition_files.c.edition_id == bindparam("edition"))
_DIGEST = select(editions.c.digest).where(editions.c.id == bindparam("edition"))
_NEWEST_FIRST = select(editions).order_by(editions.c.id.desc())
_OPEN_CASES = (
    select(cases.c.workflow, cases.c.digest, cases.c.state, func.count().label("how_many"))
    .where(cases.c.is_open)
    .group_by(cases.c.workflow, cases.c.digest, cases.c.state)
)
_HELD = (
    select(cases.c.id, cases.c.digest, case_items.c.collection, case_items.c.key)
    .join(case_items, case_items.c.case_id == cases.c.id)
    .where(cases.c.is_open, case_items.c.key.in_(bindparam("keys", expanding=True)))
)


class Superseded(Refusal):
    """Somebody published another edition meanwhile. Nothing was published: look at what changes now, and ask again."""

    code = "superseded"


class Altered(ApflowError):
    """The database does not hold an edition as it was published."""

    def __init__(self, edition: int) -> None:
        super().__init__(
            f"Edition {edition} in the database is not as it was published, so nothing is done by it. "
            "Restore it from a backup, or publish the policy again: `apflow publish`."
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication: who made it, when, why, and what it changed."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    why: str
    digest: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: a person known here, or only a name."""

    name: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class OpenCases:
    """How many open cases are in one state under one text."""

    workflow: str
    digest: str
    state: str
    how_many: int


@dataclass(frozen=True, slots=True)
class HeldItem:
    """Something that an open case has under a key of one of its collections."""

    case: int
    digest: str
    collection: str
    key: str


def live_edition(connection: Connection) -> int | None:
    """The number of the live edition, or None before the first."""
    number = connection.execute(_LIVE).scalar_one()
    return None if number is None else int(number)


def files_of_edition(connection: Connection, edition: int) -> dict[str, str]:
    """Every file of the edition, by its path; Altered when they are not those that were published."""
    files = {row.path: row.text for row in connection.execute(_FILES, {"edition": edition})}
    if connection.execute(_DIGEST, {"edition": edition}).scalar_one_or_none() != digest_of_files(files):
        raise Altered(edition)
    return files


def list_editions(connection: Connection, *, limit: int | None = None, offset: int = 0) -> list[Edition]:
    """The editions, newest first."""
    rows = connection.execute(_NEWEST_FIRST.limit(limit).offset(offset) if limit else _NEWEST_FIRST)
    return [Edition(row.id, row.at, row.actor_id, row.actor_name, row.why, row.digest, row.sentences) for row in rows]


def count_editions(connection: Connection) -> int:
    """How many there have been."""
    return int(connection.execute(select(func.count()).select_from(editions)).scalar_one())


def open_cases(connection: Connection) -> list[OpenCases]:
    """Where the open cases are, and under which text."""
    return [OpenCases(*row) for row in connection.execute(_OPEN_CASES)]


def held_items(connection: Connection, keys: Collection[str]) -> list[HeldItem]:
    """What open cases have under any of these keys, in whatever collection."""
    return [HeldItem(*row) for row in connection.execute(_HELD, {"keys": sorted(keys)})] if keys else []


def add_edition(
    connection: Connection,
    files: Mapping[str, str],
    *,
    after: int | None,
    sentences: Sequence[str],
    why: str,
    by: Publisher,
    now: datetime,
) -> int:
    """Make these files the live edition, and return its number; Superseded when `after` is not the live one."""
    if live_edition(connection) != after:
        raise Superseded
    values = {
        "id": (after or 0) + 1,
        "at": now,
        "actor_id": by.id,
        "actor_name": by.name[:120],
        "why": why[:2000],
        "digest": digest_of_files(files),
        "sentences": list(sentences),
    }
    # Two who compared with the same edition want the same number: the database lets one of them have it.
    added = insert_new(connection, editions, values, unique=["id"])
    if added is None:
        raise Superseded
    rows = [{"edition_id": added.id, "path": path, "text": text} for path, text in files.items()]
    connection.execute(insert(edition_files), rows)
    return int(added.id)


def digest_of_files(files: Mapping[str, str]) -> str:
    """The content hash of a whole policy, whatever order its files come in."""
    whole = hashlib.sha256()
    for path, text in sorted(files.items()):
        whole.update(f"{path}\n{hashlib.sha256(text.encode()).hexdigest()}\n".encode())
    return whole.hexdigest()
