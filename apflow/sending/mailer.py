"""Draining the outbox: composing each message, sending it, and recording how far it got. Never inside a transaction.

A message is marked sent after the mail server took it, never before, so a crash repeats one rather than losing it; the
repeat has the same Message-ID. What cannot be delivered is marked failed, and an officer is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE

import css_inline
import structlog

from apflow.handler import Handler
from apflow.rounds.undelivered import tell_officers
from apflow.sending.reminders import gather
from apflow.sending.transports import Permanent, Temporary, Transport, Uncertain, Unreachable, Unwelcome
from apflow.store import outbox
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import ClaimLost, renewing
from apflow.store.outbox import Letter
from apflow.watching.logs import fault
from apflow.watching.telling import Mailed, Outcome, tell

# How long after each failure the next try comes, in policy time; after the last the message has failed.
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=48),
)
TRIED_FOR = sum(RETRY_AFTER, timedelta(0))
# A server that is back is found soon, however long it was away; what was not heard at all counts as no try.
LOOKED_AGAIN = timedelta(minutes=1), timedelta(minutes=30)
UNHEARD_TRIES = 48  # A day of half-hours at least, of what waited for days until it was to go.
UNWELCOME_TRIES = 5  # A working day; then somebody is told, as the address may be one that nobody may write to.
# Mail programs heed styles on the elements themselves, and many no others.
_STYLED = css_inline.CSSInliner(load_remote_stylesheets=False)

Now = Callable[[], datetime]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who every message is from, and where answers to it go."""

    team: str
    address: str
    reply_to: str


def send_due(store: Store, transport: Transport, handler: Handler, clock_now: Now, machine_now: Now) -> int:
    """Send every message due, longest waiting first, and tell officers of those that cannot be; how many were sent."""
    return sum(sending(store, transport, handler, clock_now, machine_now))


def sending(store: Store, transport: Transport, handler: Handler, clock_now: Now, machine_now: Now) -> Iterator[bool]:
    """The same one by one, saying of each message whether it was sent; whoever stops asking stops the drain."""
    letterhead = letterhead_of(handler)
    gather(handler, clock_now())
    while (letter := outbox.claim_message(store, clock_now(), machine_now())) is not None:
        delivery = _Delivery(store, letter, clock_now, machine_now)
        yield _sent(delivery, transport, letterhead)
        if delivery.was_unheard:
            break  # The others would wait for the same silence, each in its turn.
    tell_officers(store, handler, clock_now())


def letterhead_of(handler: Handler) -> Letterhead:
    """The team by name, from the address the installation sends from, answered to the team's mailbox."""
    council = handler.library.council
    return Letterhead(council.team, handler.letters.mail_from, council.mailbox)


class _Delivery:
    """One try of one message, and its marks in the outbox."""

    def __init__(self, store: Store, letter: Letter, clock_now: Now, machine_now: Now) -> None:
        self.letter = letter
        self.has_begun = False
        self.was_unheard = False
        self._store = store
        self._clock_now = clock_now
        self._machine_now = machine_now

    def renew(self) -> None:
        outbox.renew(self._store, self.letter, self._machine_now())

    def begin(self) -> None:
        outbox.begin_data(self._store, self.letter, self._machine_now())
        self.has_begun = True

    def accepted(self) -> None:
        outbox.mark_sent(self._store, self.letter, self._clock_now())
        self._tell("sent")

    def put_back(self, why: str, *, tries: int = len(RETRY_AFTER)) -> None:
        """Try again later, unless it has been tried for long enough."""
        attempts = self.letter.attempts
        if attempts >= tries:
            self.give_up(why)
        else:
            self._put_back(why, RETRY_AFTER[attempts], attempts + 1)

    def put_back_unheard(self, why: str) -> None:
        """The same where there is no server: it may be back at any moment. Each claim of a message counts it on."""
        self.was_unheard = True
        waited = self._clock_now() - self.letter.queued_at
        if waited >= TRIED_FOR and self.letter.token >= UNHEARD_TRIES:
            self.give_up(why)
        else:
            soonest, latest = LOOKED_AGAIN
            self._put_back(why, min(max(waited, soonest), latest), self.letter.attempts)

    def _put_back(self, why: str, pause: timedelta, attempts: int) -> None:
        outbox.mark_retry(self._store, self.letter, why, self._clock_now() + pause, attempts)
        self._tell("put_back")

    def put_back_in_doubt(self, why: str) -> None:
        """The same for a message that may have arrived; one that must not arrive twice is left to an officer."""
        outbox.note_doubt(self._store, self.letter, self._machine_now())
        if self.letter.at_most_once:
            outbox.mark_uncertain(self._store, self.letter, why)
            self._tell("uncertain")
        else:
            self.put_back(why)

    def give_up(self, why: str) -> None:
        outbox.mark_failed(self._store, self.letter, why)
        self._tell("failed")

    def _tell(self, outcome: Outcome) -> None:
        tell(Mailed(self.letter.id, self.letter.reference, outcome))


def _sent(delivery: _Delivery, transport: Transport, letterhead: Letterhead) -> bool:
    letter = delivery.letter
    try:
        with renewing(delivery.renew):
            return _tried(delivery, transport, letterhead)
    except ClaimLost:  # Whoever has it now decides what becomes of it.
        log.info("message taken over by another process", message=letter.id, case=letter.reference)
        return False


def _tried(delivery: _Delivery, transport: Transport, letterhead: Letterhead) -> bool:
    try:
        email = compose(delivery.letter, letterhead)
        transport.send(email, before_data=delivery.begin, accepted=delivery.accepted)
    except Permanent as refused:
        delivery.give_up(str(refused))
    except Unreachable as away:
        delivery.put_back_unheard(str(away))
    except Unwelcome as refused:
        delivery.put_back(str(refused), tries=UNWELCOME_TRIES)
    except Temporary as refused:
        delivery.put_back(str(refused))
    except Uncertain as doubt:
        delivery.put_back_in_doubt(str(doubt))
    except ClaimLost:
        raise
    except Exception as error:  # Whatever is wrong with one message must not stop the others.
        log.error("message could not be sent", message=delivery.letter.id, **fault(error))
        put_back = delivery.put_back_in_doubt if delivery.has_begun else delivery.put_back
        put_back(f"Something went wrong here: {type(error).__name__}")
    else:
        return True
    return False


def compose(letter: Letter, letterhead: Letterhead) -> EmailMessage:
    """The message as an e-mail; Permanent when its words or its address cannot be put into one.

    Everything in it is fixed by the row, so that a repeat says the same under the same Message-ID.
    """
    try:
        email = EmailMessage(policy=WIRE)
        _write_headers(email, letter, letterhead)
        _write_body(email, letter)
    except (ValueError, IndexError, MessageError) as error:
        raise Permanent("The address or the words of this message cannot be put into an e-mail.") from error
    return email


def _write_headers(email: EmailMessage, letter: Letter, letterhead: Letterhead) -> None:
    email["From"] = Address(letterhead.team, addr_spec=letterhead.address)
    email["To"] = _recipient(letter)
    email["Reply-To"] = Address(letterhead.team, addr_spec=letterhead.reply_to)
    email["Subject"] = _on_one_line(letter.subject)
    email["Date"] = letter.queued_at
    email["Message-ID"] = letter.message_id
    email["Auto-Submitted"] = "auto-generated"  # So that an out-of-office answer does not come back to the team.


def _recipient(letter: Letter) -> Address:
    if not letter.to_email.isascii():
        raise ValueError("an address in other letters needs SMTPUTF8, which few servers take")
    return Address(_on_one_line(letter.to_name), addr_spec=letter.to_email)


def _write_body(email: EmailMessage, letter: Letter) -> None:
    # Quoted-printable keeps lines short and in seven bits, whatever the words and whatever servers lie on the way.
    email.set_content(letter.text, cte="quoted-printable")
    email.add_alternative(_STYLED.inline(letter.html), subtype="html", cte="quoted-printable")
    if letter.invitation is None:
        return
    method = "CANCEL" if "METHOD:CANCEL" in letter.invitation.splitlines() else "REQUEST"
    email.add_alternative(letter.invitation, subtype="calendar", cte="quoted-printable", params={"method": method})
    email.add_attachment(letter.invitation.encode(), maintype="application", subtype="ics", filename="invitation.ics")


def _on_one_line(words: str) -> str:
    """Names come from outside: no line break of theirs may begin a header of its own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
