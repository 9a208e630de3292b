"""Messages that wait for somebody whom their case names no longer: finding them, and letting them never go."""

from typing import Any

from sqlalchemy import Connection, Row, select, update

from apflow.store.outbox import RESENT, STOPPED
from apflow.store.tables.messages import messages

_REDIRECTED = "us: somebody else is written to there from now on."
_UNSAID = (messages.c.status == "sending") & messages.c.data_begun_at.is_(None)  # Whoever has it hears that it is gone.
_WAITS = ((messages.c.status == "queued") | _UNSAID) & messages.c.told_in.is_(None)


def waiting_for(connection: Connection, case_id: int, email: str) -> list[Row[Any]]:
    """The messages of a case to this address that nobody has begun to send, oldest first."""
    waits = (messages.c.case_id == case_id, messages.c.to_email == email, _WAITS)
    return list(connection.execute(select(messages).where(*waits).order_by(messages.c.id)))


def is_redirected(row: Row[Any]) -> bool:
    """Whether a message did not go because somebody else is written to, and nothing was written in its place."""
    return bool(row.status == "failed" and row.error == f"{STOPPED}{_REDIRECTED}")


def redirect(connection: Connection, message_row: int, token: int, *, is_written: bool) -> None:
    """Let one that waits never go, as somebody else is written to: in its place, or else for an officer to tell.

    One that is on its way by now goes.
    """
    values: dict[str, Any] = {"status": "failed", "token": messages.c.token + 1}
    values["error"] = f"{RESENT if is_written else STOPPED}{_REDIRECTED}"
    if is_written:
        values["alerted_at"] = messages.c.queued_at
    waits = update(messages).where(messages.c.id == message_row, messages.c.token == token, _WAITS)
    connection.execute(waits.values(values))
