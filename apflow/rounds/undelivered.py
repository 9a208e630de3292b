"""Telling an officer of each message of a case that came to grief: what it was, why, and how else to reach whom.

A message that failed becomes an officer's task in two durable steps: it is marked, and then the task is opened under a
key, so that a crash between the two neither loses nor doubles it, whoever comes to it first.
"""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row

from apflow.beyond.keys import Key
from apflow.core.commands import Drawn
from apflow.core.errors import ApflowError, Refusal
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.work import MAIL_FAILED, MAIL_STOPPED, MAIL_UNCERTAIN, NOT_REACHED
from apflow.handler import Handler
from apflow.letters.recipients import NOT_SETTLED
from apflow.provision.drawn import UNDELIVERED
from apflow.store import outbox
from apflow.store.bounces import BOUNCED
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.watching.logs import fault

_ALERTS = {"failed": MAIL_FAILED, "uncertain": MAIL_UNCERTAIN}

log = structlog.get_logger()


def tell_officers(
    store: Store, handler: Handler, now: datetime, *, by: Actor = THE_CLOCK, case: int | None = None
) -> None:
    """Open a task for each that nobody has been told of yet; of one case alone, or of all."""
    with store.reading() as connection:
        rows = outbox.untold(connection)
    for row in rows:
        if case is None or row.case_id == case:
            _tell_officer(store, handler, row, now, by)


def _tell_officer(store: Store, handler: Handler, row: Row[Any], now: datetime, by: Actor) -> None:
    # The key outlives a crash, and the token makes it another one when an officer has had the message sent again.
    key = Key(f"message-{row.id}-{row.token}")
    name = _alert(store, handler, row)
    if _is_known(store, row, name):
        outbox.mark_alerted(store, row.id, row.token, now)
        return
    try:
        handler.alert(row.reference, name, _note(row), drawn=_who(row), key=key, by=by, now=now)
    except Refusal as refusal:  # It is refused at the next try too.
        log.error("no task for a message that failed", message=row.id, case=row.reference, reason=refusal.code)
    except ApflowError as error:
        log.warning("officer not told yet", message=row.id, case=row.reference, **fault(error))
        return
    outbox.mark_alerted(store, row.id, row.token, now)


def _alert(store: Store, handler: Handler, row: Row[Any]) -> str:
    if row.to_commissioner is not None:
        return NOT_REACHED
    asked = _asks_to_settle(store, handler, row.reference) if row.error == NOT_SETTLED else None
    return asked or (MAIL_STOPPED if outbox.is_stopped(row) else _ALERTS[row.status])


def _asks_to_settle(store: Store, handler: Handler, reference: str) -> str | None:
    """What the policy of the case asks for where nothing goes to somebody at home until it is settled."""
    with store.reading() as connection:
        case = load_case(connection, reference)
        by_link = handler.definition_of(connection, case).workflow.read_by_link if case else None
    return by_link.asks_to_settle if by_link else None


def _is_known(store: Store, row: Row[Any], alert: str) -> bool:
    """Whether an officer has it to do already to tell somebody of this case whom nothing can be sent to.

    What asks to settle of each at home whether they are written to is one for all of them.
    """
    if row.to_email or row.to_commissioner is not None:
        return False
    words = _to(row) if alert == _ALERTS[row.status] else ""
    with store.reading() as connection:
        return outbox.is_open(connection, row.case_id, alert, words)


def _to(row: Row[Any]) -> str:
    to = ", ".join(part for part in (row.to_name, row.name, row.to_email) if part)
    return f" to {to} could not be delivered: {row.error}"


def _who(row: Row[Any]) -> Drawn | None:
    """Whom of the register of commissioners it did not reach, and how else they can be."""
    if row.to_commissioner is None:
        return None
    # An address that nothing was sent to is somebody's who must not read it, or has come since.
    ways = [way for way in (row.phone, row.to_email and row.email, row.postcode) if way]
    facts = {
        "label": row.name,
        "why": row.error or "It may have arrived.",
        "reach_otherwise": ", ".join(ways) or "We have neither a phone number nor an address",
        "pupils_there": row.pupils_there,
    }
    return Drawn(UNDELIVERED, str(row.to_commissioner), facts)


def _note(row: Row[Any]) -> str:
    """What the officer needs to put it right: which e-mail, to whom, what happened, and how to reach them otherwise."""
    return _what_happened(row) + (
        f" Tell them otherwise: {drawn.facts['reach_otherwise']}." if (drawn := _who(row)) else ""
    )


def _what_happened(row: Row[Any]) -> str:
    to = ", ".join(part for part in (row.to_name, row.name, row.to_email) if part)
    which = f"“{row.subject}” ({row.notice}) to {to}"
    if not row.to_email and row.to_commissioner is None:
        return f"The email “{row.subject}” ({row.notice}){_to(row)}. The case's history says what else did not go."
    if row.status == "uncertain":
        return f"The email {which} was on its way when sending broke off. It may have arrived, and is not sent again."
    if outbox.is_stopped(row):
        return f"The email “{row.subject}” to {to} did not go. {row.error}"
    if (row.error or "").startswith(outbox.UNWRITTEN):
        then = "Once it is, send it again from its page under Records, Emails. Until then tell them otherwise"
        return f"The email {which} did not go. {row.error} {then}, and whoever looks after our emails."
    if (row.error or "").startswith(BOUNCED):
        return f"The email {which} did not arrive. {row.error}"
    arrived = " It may have arrived all the same." if row.doubted_at else ""
    return f"The email {which} could not be delivered: {row.error}{arrived}"
