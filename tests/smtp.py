"""Two mail servers for the tests: a real one that keeps what it gets, and one whose every step a test can decide."""

import socket
import socketserver
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from threading import Lock, Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from apflow.settings import Settings


def smtp_settings(port: int) -> Settings:
    """Settings that send to a server of the test's own."""
    return Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_timeout=10)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def parsed(content: bytes) -> EmailMessage:
    """The message as a mail program would read it."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


class Inbox:
    """What a real server keeps: each envelope as it came."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.port = free_port()
        self._parsed: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 Kept"

    @property
    def raw(self) -> list[bytes]:
        return [envelope.original_content or b"" for envelope in self.envelopes]

    @property
    def messages(self) -> list[EmailMessage]:
        self._parsed += map(parsed, self.raw[len(self._parsed) :])
        return list(self._parsed)


@contextmanager
def keeping(kept: Inbox, **options: Any) -> Iterator[Inbox]:
    """Run a real SMTP server; the options are aiosmtpd's."""
    server = Controller(kept, hostname="127.0.0.1", port=kept.port, **options)
    server.start()
    try:
        yield kept
    finally:
        server.stop()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A real SMTP server for one test."""
    with keeping(Inbox()) as kept:
        yield kept


class Step(StrEnum):
    """A moment of one conversation: of a command it is when it has come and is not answered yet."""

    CONNECTED = "connected"
    EHLO = "EHLO"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    HALFWAY = "halfway through the content"
    ACCEPTED = "accepted, not yet answered"
    ANSWERED = "accepted and answered"
    QUIT = "QUIT"


class HangUp(Exception):
    """Close the connection without an answer."""


_USUAL = {
    Step.CONNECTED: "220 sink.example ready",
    Step.EHLO: "250 sink.example",
    Step.MAIL: "250 OK",
    Step.RCPT: "250 OK",
    Step.DATA: "354 Go on",
    Step.ACCEPTED: "250 Taken",
    Step.QUIT: "221 Bye",
}


class Sink:
    """A mail server that calls `watch` at every step, and answers as usual unless told otherwise, once, by `says`.

    `taken` holds what it took responsibility for, whether or not it came to say so.
    """

    def __init__(self, watch: Callable[[Step], None] = lambda _step: None) -> None:
        self.watch = watch
        self.taken: list[bytes] = []
        self.steps: list[Step] = []
        self.port = 0
        self._told: dict[Step, list[str]] = {}
        self._lock = Lock()

    def says(self, step: Step, *answers: str) -> None:
        """Give these answers at this step, then the usual one again."""
        self._told.setdefault(step, []).extend(answers)

    @property
    def message_ids(self) -> list[str]:
        with self._lock:
            return [parsed(content)["Message-ID"] for content in self.taken]

    def reach(self, step: Step) -> None:
        with self._lock:
            self.steps.append(step)
        self.watch(step)

    def answer(self, step: Step) -> str:
        with self._lock:
            told = self._told.get(step)
            return told.pop(0) if told else _USUAL[step]

    def take(self, content: bytes) -> None:
        with self._lock:
            self.taken.append(content)


@contextmanager
def listening(sink: Sink) -> Iterator[Sink]:
    """Run the sink on a port of its own."""

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _converse(self, sink)

    with _Server(("127.0.0.1", 0), Conversation) as server:
        sink.port = int(server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()
    if server.failure is not None:
        raise server.failure  # A watch that failed fails the test, not just its conversation.


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    block_on_close = True
    failure: BaseException | None = None

    def server_bind(self) -> None:
        # A small buffer, so that a sender is still sending when the sink is halfway through the content.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        super().server_bind()

    def handle_error(self, request: object, client_address: object) -> None:
        self.failure = sys.exc_info()[1]


def _converse(talk: socketserver.StreamRequestHandler, sink: Sink) -> None:
    try:
        _step(talk, sink, Step.CONNECTED)
        for line in talk.rfile:
            step = _step_of(line)
            answer = _step(talk, sink, step)
            if step is Step.DATA and answer.startswith("354"):
                _receive(talk, sink)
            if step is Step.QUIT:
                return
    except (HangUp, ConnectionError):
        return


def _step_of(line: bytes) -> Step:
    command = line.split()[0].upper().decode()
    return Step("EHLO" if command == "HELO" else command)


def _step(talk: socketserver.StreamRequestHandler, sink: Sink, step: Step) -> str:
    sink.reach(step)
    answer = sink.answer(step)
    talk.wfile.write(f"{answer}\r\n".encode())
    return answer


def _receive(talk: socketserver.StreamRequestHandler, sink: Sink) -> None:
    lines = [talk.rfile.readline()]
    sink.reach(Step.HALFWAY)
    while lines[-1] not in (b".\r\n", b""):
        lines.append(talk.rfile.readline())
    if not lines[-1]:
        raise HangUp
    answer = sink.answer(Step.ACCEPTED)
    if answer.startswith("250"):
        sink.take(b"".join(line.removeprefix(b".") for line in lines[:-1]))
    sink.reach(Step.ACCEPTED)
    talk.wfile.write(f"{answer}\r\n".encode())
    sink.reach(Step.ANSWERED)
