"""The outbox: claiming messages, marking how far each got, and never marking one sent before it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update

from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE, ClaimLost, claims_at, is_free
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.messages import GOES_ITSELF, IS_AN_EMAIL, UNTOLD, WAITING, messages
from apflow.store.tables.places import commissioners
from apflow.store.tables.work import tasks

STOPPED = "Stopped by "  # How the reason begins of one that somebody stopped before it went.
RESENT = "Sent again by "  # The same of one that somebody had written again.
UNWRITTEN = "It could not be written: "  # The same of one whose template has a slip.
CANCELLATION = "METHOD:CANCEL"  # The line of an invitation that takes it out of a calendar.
_FOLD = "\r\n "  # Where a line of an invitation is too long, and goes on in the next.

_READY = (
    select(messages.c.id, messages.c.token, messages.c.status, messages.c.data_begun_at, messages.c.at_most_once)
    .where(
        WAITING,
        GOES_ITSELF,
        messages.c.next_at <= bindparam("now"),
        is_free(messages.c.claimed_until),
    )
    .order_by(messages.c.next_at, messages.c.id)
    .limit(1)
)
_MINE = (messages.c.id == bindparam("row_id")) & (messages.c.token == bindparam("seen_token"))
_MINE_TO_SEND = _MINE & (messages.c.status == "sending")
_MESSAGE = (
    select(messages, cases.c.reference)
    .outerjoin(cases, cases.c.id == messages.c.case_id)
    .where(messages.c.id == bindparam("row_id"))
)
_UNTOLD = (
    select(messages, cases.c.reference)
    .add_columns(*(commissioners.c[name] for name in ("name", "phone", "email", "postcode")))
    .join(cases, cases.c.id == messages.c.case_id)
    .outerjoin(commissioners, commissioners.c.id == messages.c.to_commissioner)
    .where(UNTOLD)
    .order_by(messages.c.id)
)

_IS_STILL_HERE = (messages.c.status == "queued") & messages.c.told_in.is_(None)
_STOP = update(messages).where(messages.c.id == bindparam("row_id"), _IS_STILL_HERE)
_PARTS = update(messages).where(messages.c.told_in == bindparam("whole"), messages.c.status == "queued")
_SHOWN = ("notice", "to_name", "subject", "status", "sent_at", "queued_at", "error", "to_commissioner")
_NAMED = select(case_parties.c.colleague_of).where(
    case_parties.c.case_id == bindparam("case_id"),
    case_parties.c.person_id == bindparam("person"),
    case_parties.c.colleague_of.is_not(None),
)
_TO = (
    select(*(messages.c[column] for column in _SHOWN))
    .where(messages.c.case_id == bindparam("case_id"))
    .where(
        or_(
            messages.c.to_person == bindparam("person"),
            messages.c.to_email == bindparam("email"),
            messages.c.to_person.in_(_NAMED),
        )
    )
    .order_by(messages.c.id.desc())
)
_BETWEEN = (
    select(*(messages.c[column] for column in _SHOWN))
    .where(
        messages.c.case_id == bindparam("case_id"), messages.c.queued_at.between(bindparam("first"), bindparam("last"))
    )
    .order_by(messages.c.id)
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message this process may send until its lease runs out."""

    id: int
    token: int
    reference: str | None
    message_id: str
    to_name: str
    to_email: str
    subject: str
    text: str
    html: str
    invitation: str | None
    attempts: int
    queued_at: datetime
    at_most_once: bool


def claim_message(store: Store, now: datetime, machine_now: datetime) -> Letter | None:
    """Claim the message that has waited longest; one whose sending broke off after DATA began is marked doubted.

    A doubted message is sent again under the same Message-ID, unless its notice says at most once.
    """
    while True:
        with store.writing() as connection:
            row = connection.execute(_READY, {"now": now, **claims_at(machine_now)}).first()
            if row is None:
                return None
            doubted = row.status == "sending" and row.data_begun_at is not None
            gives_up = doubted and row.at_most_once
            values: dict[str, Any] = {
                "token": row.token + 1,
                "status": "uncertain" if gives_up else "sending",
                "claimed_until": None if gives_up else machine_now + LEASE,
                "data_begun_at": None,
            }
            if doubted:
                values["doubted_at"] = machine_now
            taken = connection.execute(update(messages).where(_MINE).values(values), _key(row.id, row.token)).rowcount
            if taken == 1 and not gives_up:
                return _letter(connection.execute(_MESSAGE, {"row_id": row.id}).one())


def begin_data(store: Store, letter: Letter, machine_now: datetime) -> None:
    """Record that from here on the message may arrive; ClaimLost when it is no longer ours."""
    _mark(store, letter, {"data_begun_at": machine_now, "claimed_until": machine_now + LEASE})


def renew(store: Store, letter: Letter, machine_now: datetime) -> None:
    """Hold the message for as long again from now; ClaimLost when it is no longer ours to send."""
    _mark(store, letter, {"claimed_until": machine_now + LEASE})


def mark_sent(store: Store, letter: Letter, now: datetime) -> None:
    """Record that the mail server took responsibility for the message at `now`."""
    _mark(store, letter, {"claimed_until": None}, {"status": "sent", "sent_at": now, "error": None})


def note_doubt(store: Store, letter: Letter, machine_now: datetime) -> None:
    """Record that the message may have arrived: DATA had begun, and what came of it is not known."""
    _mark(store, letter, {"doubted_at": machine_now})


def mark_uncertain(store: Store, letter: Letter, error: str) -> None:
    """Give up a message that may have arrived and must not arrive twice."""
    values = {"status": "uncertain", "attempts": letter.attempts + 1, "error": error[:500], "claimed_until": None}
    _mark(store, letter, values)


def mark_retry(store: Store, letter: Letter, error: str, next_at: datetime, attempts: int) -> None:
    """Put the message back, to be tried again at `next_at`, having been tried so often."""
    values = {"status": "queued", "next_at": next_at, "attempts": attempts, "error": error[:500]}
    _mark(store, letter, {**values, "claimed_until": None, "data_begun_at": None})


def mark_failed(store: Store, letter: Letter, error: str) -> None:
    """Record that the message will not be delivered without a person's help."""
    ended = {"status": "failed", "attempts": letter.attempts + 1, "error": error[:500]}
    _mark(store, letter, {"claimed_until": None}, ended)


def stop_message(store: Store, message_row: int, who: str, why: str) -> bool:
    """Let a message that waits never go, by whom and why; False when it no longer does, or is in one with others.

    It has failed, so that an officer is told of it as of any other that did.
    """
    values = {"status": "failed", "error": f"{STOPPED}{who}: {why}"[:500], "token": messages.c.token + 1}
    with store.writing() as connection:
        return connection.execute(_STOP.values(values), {"row_id": message_row}).rowcount == 1


def supersede(connection: Connection, message_row: int, token: int, who: str) -> bool:
    """Let one that did not go stand as sent again, by whom; False when somebody else has dealt with it."""
    values = {"error": f"{RESENT}{who}."[:500], "token": messages.c.token + 1, "status": "failed"}
    values["alerted_at"] = func.coalesce(messages.c.alerted_at, messages.c.queued_at)
    undelivered = update(messages).where(_MINE, messages.c.status.in_(("failed", "uncertain")))
    return connection.execute(undelivered.values(values), _key(message_row, token)).rowcount == 1


def is_stopped(row: Row[Any]) -> bool:
    """Whether somebody stopped the message before it went."""
    return row.status == "failed" and (row.error or "").startswith(STOPPED)


def untold(connection: Connection) -> list[Row[Any]]:
    """The messages of cases that came to grief and that no officer has been told of yet."""
    return list(connection.execute(_UNTOLD))


def is_open(connection: Connection, case_id: int, alert: str, words: str) -> bool:
    """Whether an alert of the case in whose note these words stand, if any are given, has not been seen to yet."""
    query = select(tasks.c.id).where(tasks.c.case_id == case_id, tasks.c.name == alert, tasks.c.closed_at.is_(None))
    said = [tasks.c.note.contains(words, autoescape=True)] if words else []
    return connection.execute(query.where(*said).limit(1)).first() is not None


def mark_alerted(store: Store, message_row: int, token: int, now: datetime) -> None:
    """Record that an officer has been told what became of the message."""
    with store.writing() as connection:
        told = update(messages).where(_MINE).values(alerted_at=now)
        connection.execute(told, _key(message_row, token))


def messages_of(connection: Connection, reference: str) -> list[Row[Any]]:
    """The case's messages, oldest first."""
    query = select(messages).join(cases, cases.c.id == messages.c.case_id).where(cases.c.reference == reference)
    return list(connection.execute(query.order_by(messages.c.id)))


def messages_between(connection: Connection, case_id: int, first: datetime, last: datetime) -> list[Row[Any]]:
    """How far each of the case's messages got that were queued from one time to another, oldest first; no texts."""
    given = {"case_id": case_id, "first": first, "last": last}
    return list(connection.execute(_BETWEEN, given))


def messages_to(connection: Connection, case_id: int, person: int | None, email: str) -> list[Row[Any]]:
    """How far each of the case's messages got that went to this person or address, newest first; no texts.

    A colleague is told of those that went to whom they act for.
    """
    return list(connection.execute(_TO, {"case_id": case_id, "person": person, "email": email}))


def recent_messages(connection: Connection, *, to_email: str = "", limit: int = 50, offset: int = 0) -> list[Row[Any]]:
    """The outbox for the demo's mailbox, newest first."""
    query = select(messages, cases.c.reference).outerjoin(cases, cases.c.id == messages.c.case_id).where(IS_AN_EMAIL)
    if to_email:
        query = query.where(messages.c.to_email == to_email)
    return list(connection.execute(query.order_by(messages.c.id.desc()).limit(limit).offset(offset)))


def count_messages(connection: Connection, *, to_email: str = "") -> int:
    query = select(func.count()).select_from(messages).where(IS_AN_EMAIL)
    return int(connection.execute(query.where(messages.c.to_email == to_email) if to_email else query).scalar_one())


def message(connection: Connection, message_row: int) -> Row[Any] | None:
    """One message with its case's reference, or None."""
    return connection.execute(_MESSAGE, {"row_id": message_row}).one_or_none()


def written_instead(connection: Connection, row: Row[Any]) -> str:
    """Where the one goes that was last written in place of this one, or of another of its notice; empty if none was."""
    same = (messages.c.case_id == row.case_id, messages.c.notice == row.notice, messages.c.id > row.id)
    query = select(messages.c.to_email).where(*same, messages.c.of_version.is_not(None))
    return connection.execute(query.order_by(messages.c.id.desc()).limit(1)).scalar() or ""


def _mark(store: Store, letter: Letter, values: dict[str, Any], ended: dict[str, Any] | None = None) -> None:
    """Write on the message; how it `ended` on every reminder that it lists as well."""
    values = values | (ended or {})
    with store.writing() as connection:
        marked = connection.execute(update(messages).where(_MINE_TO_SEND).values(values), _key(letter.id, letter.token))
        if marked.rowcount != 1:
            raise ClaimLost
        if ended is not None and letter.reference is None:
            connection.execute(_PARTS.values(ended), {"whole": letter.id})


def _key(row_id: int, token: int) -> dict[str, int]:
    return {"row_id": row_id, "seen_token": token}


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        token=row.token,
        reference=row.reference,
        message_id=row.message_id,
        to_name=row.to_name,
        to_email=row.to_email,
        subject=row.subject,
        text=row.text,
        html=row.html,
        invitation=row.invitation,
        attempts=row.attempts,
        queued_at=row.queued_at,
        at_most_once=row.at_most_once,
    )


def invited_to(connection: Connection, case_id: int | None, uid: str) -> frozenset[str]:
    """The addresses to which an invitation to this meeting of a case has gone, or is about to, and none taken back."""
    query = select(messages.c.to_email, messages.c.invitation).where(
        messages.c.case_id == case_id, messages.c.invitation.is_not(None)
    )
    last = {}
    for row in connection.execute(query.order_by(messages.c.id)):
        lines = row.invitation.replace(_FOLD, "").splitlines()
        if f"UID:{uid}" in lines:
            last[row.to_email] = CANCELLATION not in lines
    return frozenset(email for email, is_invited in last.items() if is_invited)
