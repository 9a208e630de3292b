"""An e-mail that did not go, written again as its case stands now: to the same address, if that is still written to.

One that did not go because somebody else is written to there by now goes to whoever that is.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Row

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, NotFound, NotOpen
from apflow.core.outcome import Entry, Outcome, Send, unmoved
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.core.work import MAIL_FAILED, MAIL_STOPPED, MAIL_UNCERTAIN
from apflow.letters.messages import Batch, Letters
from apflow.store.outbox import RESENT, STOPPED, message
from apflow.store.reading.history import HistoryView, ever_said, line_of, that_sent
from apflow.store.redirecting import is_redirected
from apflow.store.reminded import SETTLED

_ALERTS = (MAIL_FAILED, MAIL_UNCERTAIN, MAIL_STOPPED)
_GONE = "Nothing on the case sends this email any more. Tell them otherwise."
_NOBODY = (
    "The case writes to nobody in their place. Once it does, this can be sent again; until then tell them otherwise."
)
_OTHERS = "The case would not write to {email} now. See whom it is with, and tell them otherwise."


def undelivered(connection: Connection, snapshot: Snapshot, number: int) -> Row[Any]:
    """The e-mail of that number, if the case sent it."""
    row = message(connection, number)
    if row is None or row.reference != snapshot.reference:
        raise NotFound
    return row


def is_undelivered(row: Row[Any]) -> bool:
    """Whether it is one of a case that did not go, or may not have, and that nobody stopped or has sent again.

    Whoever is on a register is told otherwise, and that is noted where it says who has been told.
    """
    is_ended = (row.error or "").startswith((STOPPED, SETTLED, RESENT)) and not is_redirected(row)
    if row.status not in ("failed", "uncertain") or is_ended:
        return False
    return bool(row.reference and row.to_email) and row.to_commissioner is None


def asked_because_of(snapshot: Snapshot, row: Row[Any]) -> frozenset[int]:
    """The open task, if there is one, that an officer has because this e-mail did not go, by what it notes of it."""
    alerts = [task for task in snapshot.tasks if task.is_alert and task.name in _ALERTS]
    of_it = [task for task in alerts if f"“{row.subject}”" in task.note and row.to_email in task.note]
    before = [task for task in of_it if row.alerted_at is not None and task.opened_at <= row.alerted_at]
    return frozenset(task.id for task in before[-1:])


def written_again(
    letters: Letters,
    connection: Connection,
    definition: Definition,
    snapshot: Snapshot,
    row: Row[Any],
    actor: Actor,
    now: datetime,
) -> Batch:
    """The one message it comes to, with the links in it; a Refusal says why there is none."""
    if not is_undelivered(row):
        raise NotOpen("This email has been sent, stopped, or sent again already.")
    entry = _what_sent(connection, row)
    if entry is None or not [*_sends(definition, snapshot, entry, _of(row))]:
        raise Blocked([_GONE])
    to = _whoever_is_there(connection, definition, snapshot, row) if is_redirected(row) else row.to_email
    if not to:
        raise Blocked([_NOBODY])
    batch = as_it_stands(letters, connection, definition, snapshot, row, actor, now, to)
    if not batch.messages:
        raise Blocked([_OTHERS.format(email=to)])
    if batch.messages[0]["error"]:
        raise Blocked([batch.messages[0]["error"]])
    return batch


def _whoever_is_there(connection: Connection, definition: Definition, snapshot: Snapshot, row: Row[Any]) -> str:
    """The address that the case now has for the role in which it had that of the message."""
    for party in definition.workflow.parties:
        if row.to_email in {said.lower() for said in ever_said(connection, row.case_id, party.email)}:
            return str(snapshot.fields.get(party.email) or "").lower()
    return ""


def _what_sent(connection: Connection, row: Row[Any]) -> HistoryView | None:
    """The line of the case's history that it was first written by, however often it has been written again since."""
    if row.of_version is not None:
        return line_of(connection, row.case_id, row.of_version)
    return that_sent(connection, row.case_id, row.queued_at, row.notice, row.to_name)


def as_it_stands(
    letters: Letters,
    connection: Connection,
    definition: Definition,
    snapshot: Snapshot,
    row: Row[Any],
    actor: Actor,
    now: datetime,
    email: str,
) -> Batch:
    """The message as the case would write it to this address now, with its links; empty where it would not."""
    entry = _what_sent(connection, row)
    if entry is None or not email:
        return Batch()
    for send in _sends(definition, snapshot, entry, _of(row)):
        outcome = _as_it_was(snapshot, entry, structs.replace(send, only_news=False), actor)
        batch = letters.write(connection, definition, snapshot, outcome, now, only=email)
        if batch.messages:
            message: Mapping[str, Any] = {**batch.messages[0], "of_version": entry.version}
            return Batch([message], batch.links[:1], batch.readers[:1])
    return Batch()


def _of(row: Row[Any]) -> str:
    return str(row.notice).partition("/")[2]


def _sends(definition: Definition, snapshot: Snapshot, entry: HistoryView, notice: str) -> Iterator[Send]:
    """What the case's own line of history sent by that notice, as its policy has it now."""
    if entry.kind == "event" and (event := definition.events.get(entry.from_state, {}).get(entry.name)):
        for role, use in event.notify.items():
            if use.notice == notice:
                yield Send(notice, role, about=use.about, invite=use.invite, also=use.also, apart_from=use.apart_from)
    deadline = definition.deadlines.get(snapshot.state, {}).get(entry.name)
    if deadline is None or entry.name not in snapshot.deadlines:
        return  # What it reminded of, or was late with, is done.
    if entry.kind == "reminder":
        yield from (Send(notice, one.who, deadline=entry.name) for one in deadline.remind if one.notice == notice)
    if entry.kind == "escalation" and deadline.then.notice == notice:
        yield Send(notice, deadline.then.escalate or "", deadline=entry.name)


def _as_it_was(snapshot: Snapshot, entry: HistoryView, send: Send, actor: Actor) -> Outcome:
    """The case as it stands, with what was answered then."""
    item = entry.payload.get("item")
    said = Entry(
        entry.kind,
        entry.name,
        actor,
        entry.at,
        entry.from_state,
        snapshot.state,
        answers=entry.payload.get("answers") or {},
        item=(item[0], item[1]) if item else None,
    )
    return structs.replace(unmoved(snapshot, said), sends=(send,))
