"""Ways for a message to leave: SMTP, and the demo's built-in mailbox. Each says when the point of no return comes."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Protocol

from apflow.core.errors import ApflowError
from apflow.settings import Settings

# A server may scan a message before it answers; giving up sooner would send it twice (RFC 5321, 4.5.3.2.6).
LAST_ANSWER = 600.0

_OF_POLICY = re.compile(rb"5\.7\.\d")  # Security or policy, such as that it relays nothing for us (RFC 3463, 3.8).

Step = Callable[[], None]


class TransportError(ApflowError):
    """The message did not leave."""


class Temporary(TransportError):
    """The message did not leave, and may at another time."""


class Unreachable(Temporary):
    """Nothing was said of the message: the server is away, or will not talk with us."""


class Unwelcome(Temporary):
    """The server says that we may not send there; as a rule it is set up so, and is put right within the day."""


class Permanent(TransportError):
    """The message will not leave, however often it is tried."""


class Uncertain(TransportError):
    """The message may have left: the server went away before it said so."""


class Transport(Protocol):
    """Takes one message to one recipient: the address its To names."""

    def send(self, email: EmailMessage, *, before_data: Step, accepted: Step) -> None:
        """Call `before_data` before anything that could deliver, and `accepted` once the other side is responsible."""


class MailboxTransport:
    """For the demo, where a page shows the outbox as mailboxes: what is in it has arrived."""

    def send(self, email: EmailMessage, *, before_data: Step, accepted: Step) -> None:  # noqa: ARG002
        before_data()
        accepted()


class SmtpTransport:
    """One SMTP conversation a message, in explicit steps; `tls` says whom to trust, by default whom the system does."""

    def __init__(self, settings: Settings, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._tls = tls
        self._own_name = smtplib.SMTP().local_hostname  # Looked up once: it can take the resolver a while.

    def send(self, email: EmailMessage, *, before_data: Step, accepted: Step) -> None:
        """Temporary, Permanent or Uncertain unless `accepted` was called; what follows acceptance cannot fail."""
        content = _content(email)
        with self._introduced() as smtp:
            _address(smtp, email)
            before_data()
            _hand_over(smtp, content)
            accepted()

    def greet(self) -> None:
        """Only say who we are, as before each message; Unreachable when the server will not talk with us."""
        with self._introduced():
            pass

    @contextmanager
    def _introduced(self) -> Iterator[smtplib.SMTP]:
        kind: type[Temporary] = Unreachable
        try:
            with self._conversation() as smtp:
                self._introduce(smtp)
                kind = Temporary
                yield smtp
        except smtplib.SMTPResponseException as error:  # From the greeting, EHLO, STARTTLS or AUTH: ours to put right.
            raise kind(_said(error.smtp_code, error.smtp_error)) from error
        except OSError as error:  # smtplib's own errors are OSErrors too.
            raise kind(f"{type(error).__name__}: {error}") from error

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        known = self._settings
        smtp = smtplib.SMTP(known.smtp_host or "", known.smtp_port, self._own_name, known.smtp_timeout)
        try:
            yield smtp
        finally:
            with suppress(OSError):  # The message's fate is settled by now, however the leave-taking goes.
                smtp.quit()
            smtp.close()

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        known = self._settings
        smtp.ehlo_or_helo_if_needed()
        if known.smtp_starttls:
            smtp.starttls(context=self._tls or ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
        if known.smtp_username is not None:
            smtp.login(known.smtp_username, known.smtp_password or "")


def _content(email: EmailMessage) -> bytes:
    """The message as it goes over the wire."""
    try:
        return email.as_bytes(policy=WIRE)
    except (ValueError, MessageError) as error:
        raise Permanent("The message cannot be put into the form that mail servers take.") from error


def _address(smtp: smtplib.SMTP, email: EmailMessage) -> None:
    (sender,) = email["From"].addresses
    (recipient,) = email["To"].addresses
    code, said = smtp.mail(sender.addr_spec)
    if code != 250:
        raise Temporary(_said(code, said))  # Whatever it is, it is not the recipient's address.
    code, said = smtp.rcpt(recipient.addr_spec)
    if code not in (250, 251):
        raise Unwelcome(_said(code, said)) if _OF_POLICY.match(said) else _refusal(code, said)


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> None:
    """Send the content; returns only once the server has taken responsibility for it."""
    code, said = smtp.docmd("DATA")
    if code != 354:
        raise _refusal(code, said)
    smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
    code, said = _last_answer(smtp)
    if code // 100 in (4, 5):
        raise _refusal(code, said)
    if code != 250:
        raise Uncertain(_said(code, said))


def _last_answer(smtp: smtplib.SMTP) -> tuple[int, bytes]:
    assert smtp.sock is not None
    usual = smtp.sock.gettimeout()
    smtp.sock.settimeout(LAST_ANSWER)
    try:
        answer = smtp.getreply()
    except OSError as error:
        raise Uncertain(f"{type(error).__name__}: {error}") from error
    smtp.sock.settimeout(usual)
    return answer


def _refusal(code: int, said: bytes) -> TransportError:
    return Permanent(_said(code, said)) if code // 100 == 5 else Temporary(_said(code, said))


def _said(code: int, said: bytes | str) -> str:
    """The server's words on one line, whatever bytes they were."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(f"{code} {words}".split())
