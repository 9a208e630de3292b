"""Whom of a register the e-mails of a case have reached: one line a recipient, those with pupils there first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from apflow.store.records.records import like
from apflow.store.tables.messages import messages
from apflow.store.tables.places import commissioners

How = Literal["", "reached", "waiting", "not_reached", "told"]
_OF_A_REGISTER = messages.c.to_commissioner.is_not(None)


@dataclass(frozen=True, slots=True)
class Sending:
    """One notice to a register, as one command sent it; `told` are those who are known to have heard otherwise."""

    case_id: int
    notice: str
    queued_at: datetime
    told: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the recipients to list: how it stands with them, whether they have pupils there, and their name."""

    how: How = ""
    with_pupils: bool = False
    text: str = ""


def sendings(connection: Connection, case_id: int) -> Sequence[Row[Any]]:
    """Every notice that the case sent to a register, the newest first, with how many it went to."""
    query = (
        select(messages.c.notice, messages.c.queued_at, func.count().label("recipients"))
        .where(messages.c.case_id == case_id, _OF_A_REGISTER)
        .group_by(messages.c.notice, messages.c.queued_at)
        .order_by(messages.c.queued_at.desc(), messages.c.notice)
    )
    return connection.execute(query).all()


def counts(connection: Connection, sending: Sending) -> dict[str, tuple[int, int]]:
    """How many stand how, and how many of those have pupils there."""
    has_pupils = func.sum(case((messages.c.pupils_there > 0, 1), else_=0))
    how = _how(sending).label("how")
    query = select(how, func.count(), has_pupils).where(*_of(sending)).group_by(how)
    return {row[0]: (int(row[1]), int(row[2] or 0)) for row in connection.execute(query)}


def count_recipients(connection: Connection, sending: Sending, wanted: Wanted) -> int:
    query = select(func.count()).select_from(_JOINED).where(*_of(sending), *_narrowed(sending, wanted))
    return int(connection.execute(query).scalar_one())


def recipients(
    connection: Connection, sending: Sending, wanted: Wanted, *, limit: int, offset: int = 0
) -> Sequence[Row[Any]]:
    """One line each, in the order in which they were written to."""
    shown = (messages.c[name] for name in ("to_commissioner", "to_email", "pupils_there", "status", "sent_at", "error"))
    query = (
        select(*shown, *(commissioners.c[name] for name in ("name", "kind", "phone", "postcode")))
        .add_columns(_how(sending).label("how"))
        .select_from(_JOINED)
        .where(*_of(sending), *_narrowed(sending, wanted))
        .order_by(messages.c.id)
    )
    return connection.execute(query.limit(limit).offset(offset)).all()


_JOINED = messages.join(commissioners, commissioners.c.id == messages.c.to_commissioner)


def _of(sending: Sending) -> list[ColumnElement[bool]]:
    return [
        messages.c.case_id == sending.case_id,
        messages.c.queued_at == sending.queued_at,
        messages.c.notice == sending.notice,
        _OF_A_REGISTER,
    ]


def _how(sending: Sending) -> ColumnElement[str]:
    return case(
        (messages.c.status == "sent", "reached"),
        (messages.c.status.in_(("queued", "sending")), "waiting"),
        (messages.c.to_commissioner.in_(sorted(sending.told)), "told"),
        else_="not_reached",
    )


def _narrowed(sending: Sending, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [_how(sending) == wanted.how] if wanted.how else []
    if wanted.with_pupils:
        conditions.append(messages.c.pupils_there > 0)
    if wanted.text:
        conditions.append(and_(*(commissioners.c.sought.like(like(word), escape="\\") for word in wanted.text.split())))
    return conditions
