"""Sign-in links, codes, sessions and API tokens; only hashes are kept, and machine time is used throughout."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, select, update

from apflow.core.definition.signing_in import UNSAID
from apflow.store.people.limits import RateLimit
from apflow.store.people.people import person_by_email
from apflow.store.tables.messages import messages
from apflow.store.tables.people import api_tokens, people, sessions, sign_in_links

LINK_LASTS, SESSION_LASTS, SESSION_IDLES = UNSAID.asked_for, UNSAID.session, UNSAID.idle  # Where nobody says.
WRONG_CODES_ALLOWED = 5
WRONG_CODES_A_DAY = RateLimit(10, timedelta(days=1))  # Of one person, however many browsers ask; links still work.

_SESSION = (
    select(people, sessions.c.seen_at, sessions.c.expires_at)
    .join(sessions, sessions.c.person_id == people.c.id)
    .where(sessions.c.token_hash == bindparam("token_hash"))
)
# Held until the commit, so that nobody has more guesses by making them at once.
_LIVE_CODES = (
    select(sign_in_links)
    .where(
        sign_in_links.c.person_id == bindparam("person_id"),
        sign_in_links.c.asked_by == bindparam("browser"),
        sign_in_links.c.code_hash.is_not(None),
        sign_in_links.c.used_at.is_(None),
        sign_in_links.c.expires_at > bindparam("now"),
        sign_in_links.c.wrong_codes < WRONG_CODES_ALLOWED,
    )
    .order_by(sign_in_links.c.token_hash)
    .with_for_update()
)
_COUNT_WRONG = (
    update(sign_in_links)
    .where(sign_in_links.c.token_hash == bindparam("of_link"))
    .values(wrong_codes=sign_in_links.c.wrong_codes + 1)
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A link's token and code, told once and never stored."""

    token: str
    code: str


def new_secrets() -> Issued:
    return Issued(secrets.token_urlsafe(24), f"{secrets.randbelow(10**6):06}")


def new_browser() -> str:
    """What a browser keeps that asks to sign in, so that it alone can type the code."""
    return secrets.token_urlsafe(24)


def hashed(token: str) -> str:
    """How a token is kept."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def issue_link(
    connection: Connection,
    person_id: int,
    now: datetime,
    *,
    asked_by: str | None = None,
    next_path: str | None = None,
    lasts: timedelta = LINK_LASTS,
) -> Issued:
    """A new one-use link with its code, which is good only in the browser that `asked_by` is the token of."""
    issued = new_secrets()
    values = {
        "token_hash": hashed(issued.token),
        "person_id": person_id,
        "code_hash": hashed(f"{person_id}:{issued.code}"),
        "next_path": next_path,
        "created_at": now,
        "expires_at": now + lasts,
        "asked_by": hashed(asked_by) if asked_by else None,
    }
    connection.execute(insert(sign_in_links), values)
    return issued


def lasting_link(connection: Connection, person_id: int, now: datetime, *, next_path: str, lasts: timedelta) -> str:
    """The token of a new one-use link for a letter, which has no code and is not counted as asked for."""
    token = secrets.token_urlsafe(24)
    values = {"token_hash": hashed(token), "person_id": person_id, "next_path": next_path}
    connection.execute(insert(sign_in_links), {**values, "created_at": now, "expires_at": now + lasts})
    return token


def link(connection: Connection, token: str, now: datetime) -> Row[Any] | None:
    """The live link of this token with its person, unspent; None when unknown, spent or out of time."""
    query = (
        select(sign_in_links, people.c.name, people.c.email)
        .join(people, people.c.id == sign_in_links.c.person_id)
        .where(
            sign_in_links.c.token_hash == hashed(token),
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
            people.c.is_active,
        )
    )
    return connection.execute(query).one_or_none()


def spent_link(connection: Connection, token: str) -> Row[Any] | None:
    """The link of this token, spent or not, so that its owner can be sent a new one."""
    query = select(sign_in_links).where(sign_in_links.c.token_hash == hashed(token))
    return connection.execute(query).one_or_none()


def spend_link(connection: Connection, token: str, now: datetime) -> Row[Any] | None:
    """Use the link up; the row if it was live, and only for the first who tries."""
    live = link(connection, token, now)
    if live is None:
        return None
    return live if _spend(connection, live.token_hash, now) else None


def spend_code(connection: Connection, email: str, code: str, now: datetime, *, asked_by: str) -> Row[Any] | None:
    """Use up the live link of this address, asked for by this browser, whose code it is.

    A wrong code counts against every live link of that browser, and for a day against the person: so whoever did not
    ask cannot guess, and whoever asks from many places cannot guess often.
    """
    person = person_by_email(connection, email)
    if person is None or not person.is_active:
        return None
    live = list(connection.execute(_LIVE_CODES, {"person_id": person.id, "browser": hashed(asked_by), "now": now}))
    guesses = f"codes of {person.id}"
    if not live or WRONG_CODES_A_DAY.is_reached(connection, guesses, now):
        return None
    found = next((row for row in live if row.code_hash == hashed(f"{row.person_id}:{code.strip()}")), None)
    if found is None:
        for row in live:
            connection.execute(_COUNT_WRONG, {"of_link": row.token_hash})
        WRONG_CODES_A_DAY.wait_within(connection, guesses, now)
        return None
    spent = _spend(connection, found.token_hash, now)
    return found if spent else None


def _spend(connection: Connection, token_hash: str, now: datetime) -> bool:
    unspent = (sign_in_links.c.token_hash == token_hash) & sign_in_links.c.used_at.is_(None)
    return connection.execute(update(sign_in_links).where(unspent).values(used_at=now)).rowcount == 1


def start_session(connection: Connection, person_id: int, now: datetime, lasts: timedelta = SESSION_LASTS) -> str:
    """A new session for the person; its token, for the cookie."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": hashed(token), "person_id": person_id}
    times = {"created_at": now, "seen_at": now, "expires_at": now + lasts}
    connection.execute(insert(sessions), {**values, **times})
    return token


def session_person(
    connection: Connection, token: str, now: datetime, idles: timedelta = SESSION_IDLES
) -> Row[Any] | None:
    """The active person whose live session this is, with `seen_at`; None otherwise."""
    row = connection.execute(_SESSION, {"token_hash": hashed(token)}).one_or_none()
    if row is None or not row.is_active or row.expires_at <= now or row.seen_at + idles <= now:
        return None
    return row


def touch_session(connection: Connection, token: str, now: datetime) -> None:
    """Note that the session is in use."""
    connection.execute(update(sessions).where(sessions.c.token_hash == hashed(token)).values(seen_at=now))


def end_session(connection: Connection, token: str) -> None:
    """Sign out."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == hashed(token)))


def issue_api_token(connection: Connection, person_id: int, name: str, now: datetime) -> str:
    """A new bearer token that acts as the person; told once."""
    token = f"apflow_{secrets.token_urlsafe(32)}"
    values = {"token_hash": hashed(token), "person_id": person_id, "name": name, "created_at": now}
    connection.execute(insert(api_tokens), values)
    return token


def token_person(connection: Connection, token: str) -> Row[Any] | None:
    """The active person a bearer token acts as, or None."""
    query = (
        select(people)
        .join(api_tokens, api_tokens.c.person_id == people.c.id)
        .where(api_tokens.c.token_hash == hashed(token), api_tokens.c.revoked_at.is_(None), people.c.is_active)
    )
    return connection.execute(query).one_or_none()


def live_tokens(connection: Connection, person_id: int) -> Sequence[Row[Any, Any]]:
    """The tokens that act as the person, by when they were made: what each is for, and never what it is."""
    query = select(api_tokens.c.name, api_tokens.c.created_at).where(_tokens_of(person_id))
    return connection.execute(query.order_by(api_tokens.c.created_at)).all()


def end_tokens(connection: Connection, person_id: int, now: datetime, name: str | None = None) -> int:
    """Let the person's tokens, or those of this name, act as nobody any more; how many there were."""
    theirs = _tokens_of(person_id) if name is None else _tokens_of(person_id) & (api_tokens.c.name == name)
    return connection.execute(update(api_tokens).where(theirs).values(revoked_at=now)).rowcount


def end_access(connection: Connection, person_id: int, now: datetime) -> None:
    """Sign the person out everywhere, and let no link, code or token of theirs open anything any more."""
    connection.execute(update(people).where(people.c.id == person_id).values(is_active=False))
    connection.execute(delete(sessions).where(sessions.c.person_id == person_id))
    unspent = (sign_in_links.c.person_id == person_id) & sign_in_links.c.used_at.is_(None)
    connection.execute(update(sign_in_links).where(unspent).values(used_at=now))
    end_tokens(connection, person_id, now)


def _tokens_of(person_id: int) -> ColumnElement[bool]:
    return (api_tokens.c.person_id == person_id) & api_tokens.c.revoked_at.is_(None)


def queue_letter(connection: Connection, letter: dict[str, Any]) -> None:
    """Put a message that belongs to no case, such as a sign-in link, in the outbox."""
    connection.execute(insert(messages), letter)
