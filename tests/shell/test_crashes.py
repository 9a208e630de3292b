"""A real process, killed at every step of one SMTP conversation: no message is lost, and none goes twice unnoticed."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest

from apflow.handler import Handler
from apflow.sending.mailer import send_due
from apflow.sending.transports import SmtpTransport
from apflow.store.driver.leases import LEASE
from apflow.testing import MONDAY
from tests.shell.drain import PATIENCE, Drainer, drainers
from tests.shell.looking import LONGER_THAN_ANY_BUFFER, a_case_message, last_message, mail_alerts
from tests.smtp import HangUp, Sink, Step, listening, smtp_settings

AFTER_THE_LEASE = LEASE + timedelta(seconds=1)
IN_THE_DATA = {Step.DATA, Step.HALFWAY, Step.ACCEPTED}
TAKEN = {Step.ACCEPTED, Step.ANSWERED, Step.QUIT}


def words(step: Step) -> str:
    return LONGER_THAN_ANY_BUFFER if step is Step.HALFWAY else "Dear Pat Provider\n"


def crash(handler: Handler, at: Step) -> Sink:
    """Let another process send what is due, and kill it when the mail server comes to this step."""
    with listening(Sink()) as sink:
        job = ("mail", MONDAY, MONDAY, sink.port)
        with drainers(handler.store, job) as (barrier, (drainer,)):
            gone = Event()
            sink.watch = kill(drainer, at, gone)
            barrier.wait(PATIENCE)
            drainer.process.join(PATIENCE)
            gone.set()
            assert drainer.process.exitcode == -signal.SIGKILL
    assert sink.steps[-1] is at
    return sink


def kill(drainer: Drainer, at: Step, gone: Event) -> Callable[[Step], None]:
    def watch(step: Step) -> None:
        if step is at:
            assert drainer.process.pid is not None
            os.kill(drainer.process.pid, signal.SIGKILL)
            assert gone.wait(PATIENCE)  # Only then may the connection end: it must not notice.
            raise HangUp

    return watch


def send_again(handler: Handler) -> Sink:
    """Send what is due once the lease of whoever died has run out."""
    later = MONDAY + AFTER_THE_LEASE
    with listening(Sink()) as sink:
        transport = SmtpTransport(smtp_settings(sink.port))
        send_due(handler.store, transport, handler, lambda: later, lambda: later)
    return sink


@pytest.mark.parametrize("step", Step)
def test_a_message_arrives_though_its_sender_is_killed(handler: Handler, step: Step) -> None:
    a_case_message(handler, message_id="<one@council.example>", text=words(step))

    before = crash(handler, step)
    broken_off = last_message(handler.store)
    too_soon = send_due(handler.store, SmtpTransport(smtp_settings(1)), handler, lambda: MONDAY, lambda: MONDAY + LEASE)
    after = send_again(handler)

    arrived = before.message_ids + after.message_ids
    row = last_message(handler.store)
    assert too_soon == 0
    assert row.status == "sent"
    assert set(arrived) == {"<one@council.example>"}
    assert mail_alerts(handler.store) == []
    if step is not Step.ANSWERED:  # There it is a race whether the sender could still write down that it was sent.
        assert broken_off.status == ("sent" if step is Step.QUIT else "sending")
        assert len(arrived) == (2 if step is Step.ACCEPTED else 1)
        assert (row.doubted_at is not None) == (step in IN_THE_DATA)
    assert len(arrived) == 1 + (step in TAKEN and row.doubted_at is not None)


@pytest.mark.parametrize("step", Step)
def test_a_message_that_must_not_arrive_twice_does_not_though_its_sender_is_killed(
    handler: Handler, step: Step
) -> None:
    a_case_message(handler, text=words(step), at_most_once=True)

    before = crash(handler, step)
    begun = last_message(handler.store).data_begun_at is not None
    after = send_again(handler)
    send_again(handler)

    row = last_message(handler.store)
    assert len(before.taken) + len(after.taken) == (0 if step in IN_THE_DATA - TAKEN else 1)
    if step in IN_THE_DATA:
        assert begun
        assert row.status == "uncertain"
        assert after.steps == []
    elif step is not Step.ANSWERED:
        assert row.status == "sent"
    assert [task.name for task in mail_alerts(handler.store)] == ["mail_uncertain"] * (row.status == "uncertain")
