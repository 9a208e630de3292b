"""E-mails as whoever keeps the records looks for them: who got what, and what still waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select

from apflow.core.definition.reminding import SEVERAL
from apflow.store.outbox import RESENT, STOPPED
from apflow.store.reading.sight import Sight, is_in_sight
from apflow.store.records.records import like
from apflow.store.redirecting import WAS_REDIRECTED
from apflow.store.reminded import SETTLED
from apflow.store.tables.cases import cases, hidden_cases
from apflow.store.tables.messages import messages

_ALL: Select[Any] = select(
    *(messages.c[name] for name in ("id", "to_name", "to_email", "subject", "status", "error")),
    *(messages.c[name] for name in ("queued_at", "sent_at", "case_id")),
    cases.c.reference,
).outerjoin(cases, cases.c.id == messages.c.case_id)
_ENDED = or_(*(messages.c.error.startswith(reason, autoescape=True) for reason in (STOPPED, SETTLED, RESENT)))
# Of cases, and to somebody; whoever is on a register is told otherwise, and that is noted elsewhere.
_UNDELIVERED = (
    messages.c.status.in_(("failed", "uncertain")),
    messages.c.case_id.is_not(None),
    messages.c.to_email != "",
    messages.c.to_commissioner.is_(None),
    or_(messages.c.error.is_(None), ~_ENDED, messages.c.error == WAS_REDIRECTED),
)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which e-mails: each word is in the name or address of whom they went to, or in the reference of their case.

    With `only_undelivered` those of cases that did not go, or may not have, and that nobody has dealt with.
    `seen_by` is a person, and in which ways they see the cases of each workflow: those of other cases are left out, and
    those of no case that name one which is hidden from the person.
    """

    text: str = ""
    only_waiting: bool = False
    only_undelivered: bool = False
    seen_by: tuple[int, Mapping[str, Sequence[Sight]]] | None = None


def count_letters(connection: Connection, wanted: Sought) -> int:
    query = select(func.count()).select_from(messages.outerjoin(cases, cases.c.id == messages.c.case_id))
    return int(connection.execute(_narrowed(query, wanted)).scalar_one())


def list_letters(connection: Connection, wanted: Sought, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """Newest first, without their texts."""
    query = _narrowed(_ALL, wanted).order_by(messages.c.id.desc())
    return connection.execute(query.limit(limit).offset(offset)).all()


def is_letter_shown(connection: Connection, number: int, person: int) -> bool:
    """Whether there is such an e-mail; of those of no case, one that names none which is hidden from the person."""
    query = select(messages.c.id).select_from(messages.outerjoin(cases, cases.c.id == messages.c.case_id))
    shown = query.where(messages.c.id == number, or_(cases.c.id.is_not(None), _is_of_no_case(person)))
    return connection.execute(shown).first() is not None


def _is_of_no_case(person: int) -> ColumnElement[bool]:
    """An e-mail of the day speaks of many cases and belongs to none: it may name none that is hidden."""
    hidden = cases.alias("hidden")
    is_theirs = and_(hidden_cases.c.case_id == hidden.c.id, hidden_cases.c.person_id == person)
    names_hidden = exists().where(is_theirs, messages.c.text.contains(hidden.c.reference))
    # One that lists reminders is shown by each of them, to whoever sees its case.
    return and_(cases.c.id.is_(None), messages.c.notice != SEVERAL, ~names_hidden)


def _narrowed(query: Select[Any], wanted: Sought) -> Select[Any]:
    for word in wanted.text.split():
        columns = (messages.c.to_name, messages.c.to_email, cases.c.reference)
        query = query.where(or_(*(func.lower(column).like(like(word), escape="\\") for column in columns)))
    if wanted.seen_by is not None:
        person, ways = wanted.seen_by
        theirs = (and_(cases.c.workflow == name, is_in_sight(person, seen)) for name, seen in ways.items() if seen)
        query = query.where(or_(_is_of_no_case(person), *theirs))
    if wanted.only_undelivered:
        query = query.where(*_UNDELIVERED)
    return query.where(messages.c.status == "queued") if wanted.only_waiting else query
