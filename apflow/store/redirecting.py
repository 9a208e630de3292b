"""Messages that wait for somebody whom their case names no longer: finding them, and letting them never go.

A reminder that is in one e-mail with others waits as long as that does.
"""

import re
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select, update

from apflow.store.outbox import RESENT, STOPPED
from apflow.store.reminded import SETTLED
from apflow.store.tables.messages import WAITING, messages

_REDIRECTED = "us: somebody else is written to there from now on."
WAS_REDIRECTED = f"{STOPPED}{_REDIRECTED}"  # Of one that nothing was written in the place of.
_ANEW = f"{SETTLED}somebody else is written to of one of them, so that the others are put together anew."
_UNSAID = (messages.c.status == "sending") & messages.c.data_begun_at.is_(None)  # Whoever has it hears that it is gone.
_UNSENT = (messages.c.status == "queued") | _UNSAID
_WHOLE = messages.alias("whole")
_WAITS_IN_ONE = exists().where(
    _WHOLE.c.id == messages.c.told_in,
    (_WHOLE.c.status == "queued") | ((_WHOLE.c.status == "sending") & _WHOLE.c.data_begun_at.is_(None)),
)


def waiting_for(connection: Connection, case_id: int, email: str) -> list[Row[Any]]:
    """The messages of a case to this address that nobody has begun to send, oldest first."""
    waits = (messages.c.case_id == case_id, messages.c.to_email == email, _UNSENT)
    goes = messages.c.told_in.is_(None) | _WAITS_IN_ONE
    return list(connection.execute(select(messages).where(*waits, goes).order_by(messages.c.id)))


def is_redirected(row: Row[Any]) -> bool:
    """Whether a message did not go because somebody else is written to, and nothing was written in its place."""
    return bool(row.status == "failed" and row.error == WAS_REDIRECTED)


def redirect(connection: Connection, message_row: int, token: int, *, is_written: bool) -> None:
    """Let one that waits never go, as somebody else is written to: in its place, or else for an officer to tell.

    One that is on its way by now goes. Those that are in one e-mail with it wait for others anew.
    """
    _take_apart(connection, message_row, token)
    values: dict[str, Any] = {"status": "failed", "token": messages.c.token + 1}
    values["error"] = f"{RESENT if is_written else STOPPED}{_REDIRECTED}"
    if is_written:
        values["alerted_at"] = messages.c.queued_at
    waits = update(messages).where(messages.c.id == message_row, messages.c.token == token, _UNSENT)
    connection.execute(waits.where(messages.c.told_in.is_(None)).values(values))


def _take_apart(connection: Connection, message_row: int, token: int) -> None:
    """Let the e-mail that lists this one never go, if nobody has begun to send it."""
    listed = select(messages.c.told_in).where(messages.c.id == message_row, messages.c.token == token)
    whole = connection.execute(listed).scalar()
    if whole is None:
        return
    ended = {"status": "failed", "error": _ANEW, "token": messages.c.token + 1}
    if connection.execute(update(messages).where(messages.c.id == whole, _UNSENT).values(ended)).rowcount == 1:
        parts = update(messages).where(messages.c.told_in == whole, messages.c.status == "queued")
        connection.execute(parts.values(told_in=None))


def readdress(connection: Connection, notices: str, page: str, before: str, email: str) -> None:
    """Let the letters of these notices that lead to this page, and that nobody has begun to send, go to this address.

    They speak of nobody by name. Where there is no address any more an officer tells them otherwise.
    """
    to_them = func.lower(messages.c.to_email) == before
    of_them = messages.c.notice.like(f"{notices}/%")
    waits = select(messages.c.id, messages.c.text).where(WAITING, _UNSENT, to_them, of_them)
    values: dict[str, Any] = {"to_email": email, "to_person": None, "status": "queued", "claimed_until": None}
    if not email:
        values = {"status": "failed", "error": WAS_REDIRECTED}
    leads_there = re.compile(rf"{re.escape(page)}(?!\d)").search
    for row in connection.execute(waits).all():
        if leads_there(row.text):
            still = update(messages).where(messages.c.id == row.id, _UNSENT)
            connection.execute(still.values({**values, "token": messages.c.token + 1}))
