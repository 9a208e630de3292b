"""What one person is reminded of on one morning, put in one e-mail before it goes; each by itself where it is alone.

Whether it is still to be done is asked once more: of what was done since the reminder was written nobody is reminded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy import Connection, Row

from apflow.core.definition.labels import STAFF
from apflow.core.definition.reminding import SEVERAL
from apflow.core.outcome import Send
from apflow.core.snapshot import RunningDeadline
from apflow.handler import Handler
from apflow.letters.messages import party_link
from apflow.letters.recipients import recipients
from apflow.letters.several import listed
from apflow.records.letters import To, Writing
from apflow.store import reminded
from apflow.store.cases.loading import load_case
from apflow.store.driver.faults import StoreUnavailable
from apflow.watching.logs import fault

AT_MOST = timedelta(minutes=10)  # That a deadline which cannot act keeps the others of its morning waiting.
_DONE = "what it reminds of is done, or is due on another day."

log = structlog.get_logger()


def gather(handler: Handler, now: datetime) -> None:
    """Put the reminders of a morning together, once all of it have come."""
    with handler.store.reading() as connection:
        rows = reminded.waiting(connection, now)
        if not rows or not (reminded.is_morning_over(connection, now) or rows[0].queued_at <= now - AT_MOST):
            return
        settled = {row.id for row in rows if _is_settled(handler, connection, row, now)}
    if done := [row for row in rows if row.id in settled]:
        _write(handler, done, lambda it: reminded.settle(it, done, _DONE, now))
    for _, theirs in groupby(sorted((row for row in rows if row.id not in settled), key=_whose), key=_whose):
        _for_one(handler, list(theirs), now)


def _whose(row: Row[Any]) -> tuple[str, str, str, int]:
    """Each person is written to in one e-mail, by the name and in the words that their reminders have."""
    return row.to_email, row.to_name, row.together, row.to_person or 0


def _is_settled(handler: Handler, connection: Connection, row: Row[Any], now: datetime) -> bool:
    """Whether nobody need be reminded any more; what cannot be told is for the reader to see."""
    try:
        return not _is_wanted(handler, connection, row, now)
    except StoreUnavailable:
        raise
    except Exception as error:  # Whatever is wrong with one case must not stop the e-mails of all others.
        log.error("reminder could not be looked at again", message=row.id, case=row.reference, **fault(error))
        return False


def _for_one(handler: Handler, rows: Sequence[Row[Any]], now: datetime) -> None:
    whole, link = _in_one(handler, rows, now) if len(rows) > 1 else (None, None)
    if whole is None or whole["error"]:
        _write(handler, rows, lambda it: reminded.let_go(it, rows))
    else:
        _write(handler, rows, lambda it: reminded.put_in_one(it, rows, whole, link))


def _in_one(
    handler: Handler, rows: Sequence[Row[Any]], now: datetime
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The e-mail that lists them, and the link in it that signs in whom it is to; None where there are no words."""
    letters, first = handler.letters, rows[0]
    if SEVERAL not in letters.notices.names():
        return None, None
    is_staff = first.together == STAFF
    path, link = ("/work", None) if is_staff else party_link(handler.library.council, first.to_person, "/home")
    to = To(first.to_name, first.to_email, first.to_person, first.together)
    pages = [f"{letters.base_url}/cases/{row.reference}" if is_staff else "" for row in rows]
    said = listed([(row.reference, row.subject, page) for row, page in zip(rows, pages, strict=True)])
    return Writing(letters, handler.library.council, now).write(SEVERAL, to, path, **said), link


def _write(handler: Handler, rows: Sequence[Row[Any]], work: Callable[[Connection], None]) -> None:
    try:
        handler.store.write(work)
    except reminded.NoLongerThere:  # Whatever is left of them is looked at again with the next drain.
        log.info("reminders were dealt with elsewhere", messages=[row.id for row in rows])


def _is_wanted(handler: Handler, connection: Connection, row: Row[Any], now: datetime) -> bool:
    """Whether its deadline still runs as it did, and whoever it is for is still one of those who are reminded."""
    case = load_case(connection, row.reference)
    running = case.deadlines.get(row.deadline) if case is not None else None
    if case is None or running is None or running.paused_at is not None:
        return False
    definition = handler.definition_of(connection, case)
    return any(
        row.to_email == to.email
        for send in _sent(definition.name, running, row.notice)
        for to in recipients(connection, definition, case, send, None, frozenset(), now)
    )


def _sent(workflow: str, running: RunningDeadline, notice: str) -> Iterator[Send]:
    """What the deadline has reminded by this notice; nothing once it is counted anew, to a later day."""
    for rung in running.rungs:
        if rung.sent_at is not None and f"{workflow}/{rung.notice}" == notice:
            yield Send(rung.notice, rung.who, deadline=running.name)
