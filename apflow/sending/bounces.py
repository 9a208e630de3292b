"""E-mails that come back: a mail server took one, and says by mail later that it could not be delivered (RFC 3464).

What comes back names the Message-ID of what was sent. The e-mail is then one that could not be delivered, as if the
server had refused it at once, and the mailer tells an officer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from apflow.store.bounces import mark_bounced
from apflow.store.driver.engine import Store

MOST = 20_000_000  # Bytes. What comes back has at most the whole e-mail beside it, and ours are small.
_SAYS = ("Diagnostic-Code", "Status")


@dataclass(frozen=True, slots=True)
class Bounce:
    """Which e-mails did not arrive, by Message-ID, and what the server says of it."""

    message_ids: tuple[str, ...]
    why: str


def read_bounce(raw: bytes) -> Bounce | None:
    """What an e-mail says of others that did not arrive; None for any other, such as one that is only late so far."""
    try:
        parts = [*message_from_bytes(raw[:MOST]).walk()]
    except RecursionError:  # Parts within parts without end: no mail server writes so.
        return None
    recipients = [one for part in parts for one in _recipients(part)]
    failed = [one for one in recipients if _words(one, "Action").lower() == "failed"]
    if not failed:
        return None
    said = next((words for name in _SAYS if (words := _words(failed[0], name))), "")
    return Bounce(tuple(dict.fromkeys(_originals(parts))), said.removeprefix("smtp;").strip() or "no reason is given")


def note_bounce(store: Store, bounce: Bounce) -> list[int]:
    """Mark what came back, whose e-mail it was: the numbers of those of ours that stood as sent."""
    numbers = (mark_bounced(store, message_id, bounce.why) for message_id in bounce.message_ids)
    return [number for number in numbers if number is not None]


def _recipients(part: Message) -> Iterator[Message]:
    """What a report says, recipient by recipient."""
    payload = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))


def _originals(parts: list[Message]) -> Iterator[str]:
    """The Message-IDs of what is sent back; else those of which the report says that it answers them."""
    found = [*_sent_back(parts)]
    yield from found or _words(parts[0], "In-Reply-To").split()


def _sent_back(parts: list[Message]) -> Iterator[str]:
    for part in parts:
        kind, payload = part.get_content_type(), part.get_payload(decode=True)
        if kind == "text/rfc822-headers" and isinstance(payload, bytes):
            yield from _words(message_from_bytes(payload), "Message-ID").split()
        elif kind == "message/rfc822" and part.is_multipart():
            inside = [one for one in part.get_payload() if isinstance(one, Message)]
            yield from (word for one in inside for word in _words(one, "Message-ID").split())


def _words(message: Message, name: str) -> str:
    """A header on one line; empty where there is none."""
    return " ".join(str(message.get(name, "")).split())
