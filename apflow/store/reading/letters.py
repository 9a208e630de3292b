"""E-mails as whoever keeps the records looks for them: who got what, and what still waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from apflow.store.reading.hidden import is_shown_to
from apflow.store.records.records import like
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages

_ALL: Select[Any] = select(
    *(messages.c[name] for name in ("id", "to_name", "to_email", "subject", "status", "error")),
    *(messages.c[name] for name in ("queued_at", "sent_at", "case_id")),
    cases.c.reference,
).outerjoin(cases, cases.c.id == messages.c.case_id)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which e-mails: each word is in the name or address of whom they went to, or in the reference of their case.

    Those of a case that is hidden from `shown_to` are left out.
    """

    text: str = ""
    only_waiting: bool = False
    shown_to: int | None = None


def count_letters(connection: Connection, wanted: Sought) -> int:
    query = select(func.count()).select_from(messages.outerjoin(cases, cases.c.id == messages.c.case_id))
    return int(connection.execute(_narrowed(query, wanted)).scalar_one())


def list_letters(connection: Connection, wanted: Sought, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Newest first, without their texts."""
    query = _narrowed(_ALL, wanted).order_by(messages.c.id.desc())
    return connection.execute(query.limit(limit).offset(offset)).all()


def _narrowed(query: Select[Any], wanted: Sought) -> Select[Any]:
    for word in wanted.text.split():
        columns = (messages.c.to_name, messages.c.to_email, cases.c.reference)
        query = query.where(or_(*(func.lower(column).like(like(word), escape="\\") for column in columns)))
    if wanted.shown_to is not None:
        query = query.where(or_(cases.c.id.is_(None), is_shown_to(wanted.shown_to)))
    return query.where(messages.c.status == "queued") if wanted.only_waiting else query
