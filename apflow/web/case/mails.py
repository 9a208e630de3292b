"""The e-mails that a case has sent, as its history shows them: to whom, and how far each got."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apflow.store.bounces import BOUNCED
from apflow.store.outbox import RESENT, STOPPED, UNWRITTEN
from apflow.store.reading.history import HistoryView
from apflow.store.reminded import SETTLED

MAIL_WORDS = {
    "queued": ("Waiting to be sent", "grey"),
    "sending": ("Being sent", "grey"),
    "sent": ("Sent", "green"),
    "uncertain": ("May not have arrived", "orange"),
    "failed": ("Could not be delivered", "red"),
}
_FAILED_OTHERWISE = {
    STOPPED: ("Stopped", "yellow"),
    UNWRITTEN: ("Could not be written", "red"),
    BOUNCED: ("Came back", "red"),
    SETTLED: ("Not needed any more", "grey"),
    RESENT: ("Sent again", "grey"),
}


def how_far(row: Any) -> tuple[str, str]:
    """How far an e-mail got, in words and a colour."""
    why = (row.error or "") if row.status == "failed" else ""
    found = (words for begins, words in _FAILED_OTHERWISE.items() if why.startswith(begins))
    return next(found, MAIL_WORDS[row.status])


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail that a line of history sent."""

    to: str
    subject: str
    state: str
    colour: str
    at: datetime
    error: str | None
    is_trouble: bool


def mails_by_version(entries: Iterable[HistoryView], messages: Iterable[Any]) -> dict[int, tuple[Mail, ...]]:
    """The e-mails each entry sent: those of its very moment, of which it names the notice and whom it went to.

    What the clock does counts as of when it was due, and its e-mails are written when it is done: the next that are
    alike. `messages` are the case's of that time, oldest first. What is alike to the moment was written in the same
    order.
    """
    waiting = list(messages)
    found: dict[int, tuple[Mail, ...]] = {}
    for entry in sorted(entries, key=lambda entry: entry.version):
        mails = [_taken(waiting, entry, sent["notice"], sent["to"]) for sent in entry.payload.get("notices") or ()]
        found[entry.version] = tuple(_mails([row for row in mails if row is not None]))
    return found


def _mails(rows: Sequence[Any]) -> Iterator[Mail]:
    """One line an e-mail; of those to everybody on a register one for them all, as there is a page of its own."""
    yield from (_mail(row) for row in rows if row.to_commissioner is None)
    notices = dict.fromkeys(row.notice for row in rows if row.to_commissioner is not None)
    yield from (_mail_to_many([row for row in rows if row.to_commissioner and row.notice == name]) for name in notices)


def _mail_to_many(rows: Sequence[Any]) -> Mail:
    first, arrived = rows[0], sum(row.status == "sent" for row in rows)
    trouble = [row for row in rows if row.status in ("uncertain", "failed")]
    whom = f"{len(rows):,} {'commissioner' if len(rows) == 1 else 'commissioners'}"
    state, colour = f"{arrived:,} of {len(rows):,} sent", "green" if arrived == len(rows) else "yellow"
    error = f"{len(trouble):,} could not be delivered" if trouble else None
    return Mail(whom, first.subject, state, colour, first.queued_at, error, bool(trouble))


def _taken(waiting: list[Any], entry: HistoryView, notice: str, to: str) -> Any:
    alike = [place for place, row in enumerate(waiting) if (row.notice, row.to_name) == (notice, to)]
    found = [place for place in alike if waiting[place].queued_at == entry.at]
    if entry.actor_audience == "clock":
        found += [place for place in alike if waiting[place].queued_at > entry.at]
    return waiting.pop(found[0]) if found else None


def _mail(row: Any) -> Mail:
    state, colour = how_far(row)
    is_trouble = row.status in ("uncertain", "failed") and not (row.error or "").startswith((SETTLED, RESENT))
    return Mail(row.to_name, row.subject, state, colour, row.sent_at or row.queued_at, row.error, is_trouble)
