"""A mailer killed while it tells everybody of a removal: nobody is sent two different texts, and nobody is left out."""

import os
import signal
from collections import defaultdict
from datetime import timedelta
from threading import Event

import pytest

from apflow.handler import Handler
from apflow.sending.mailer import send_due
from apflow.sending.transports import SmtpTransport
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE
from apflow.testing import MONDAY, a_handler
from tests.removal import CONFIRMED, a_provider_with_pupils, a_register, a_second_manager, all_told, propose
from tests.shell.drain import LIBRARY, PATIENCE, drainers
from tests.smtp import HangUp, Sink, Step, listening, parsed, smtp_settings

A_MINUTE_LATER = MONDAY + timedelta(minutes=1)  # Until then whoever confirmed it can take the e-mails back.
LATER = A_MINUTE_LATER + LEASE + timedelta(seconds=1)


@pytest.fixture
def handler(store: Store) -> Handler:
    return a_handler(store, LIBRARY)


@pytest.mark.parametrize("how_many", [100, pytest.param(500, marks=pytest.mark.slow)])  # They go one by one.
@pytest.mark.parametrize("step", [Step.HALFWAY, Step.ACCEPTED])
def test_everybody_is_told_once_though_the_mailer_is_killed_in_the_middle(
    handler: Handler, step: Step, how_many: int
) -> None:
    a_register(handler, how_many)
    reference = a_provider_with_pupils(handler, "Hill School")
    propose(handler, reference)
    handler.fire(reference, "confirm_removal", CONFIRMED, actor=a_second_manager(handler), now=MONDAY)

    before = _killed(handler, step, after=how_many // 2)
    with listening(Sink()) as after:
        transport = SmtpTransport(smtp_settings(after.port))
        send_due(handler.store, transport, handler, lambda: LATER, lambda: LATER)

    texts, removed = defaultdict(list), {row.message_id for row in all_told(handler)}
    for content in (*before.taken, *after.taken):
        email = parsed(content)
        body = email.get_body(("plain",))
        assert body is not None
        if email["Message-ID"] in removed:
            texts[email["To"].addresses[0].addr_spec].append((email["Message-ID"], body.get_content()))
    told = {row.to_email for row in all_told(handler)}
    assert len(told) == how_many
    assert told <= texts.keys()
    assert all(len(set(texts[address])) == 1 for address in told)
    assert sum(len(texts[address]) for address in told) <= how_many + 1
    assert {row.status for row in all_told(handler)} == {"sent"}


def _killed(handler: Handler, at: Step, *, after: int) -> Sink:
    """Let another process send, and kill it at this step of the message after so many."""
    with (
        listening(Sink()) as sink,
        drainers(handler.store, ("mail", A_MINUTE_LATER, MONDAY, sink.port)) as (barrier, (drainer,)),
    ):
        gone = Event()

        def watch(step: Step) -> None:
            if step is at and len(sink.taken) >= after and not gone.is_set():
                assert drainer.process.pid is not None
                os.kill(drainer.process.pid, signal.SIGKILL)
                assert gone.wait(PATIENCE)
                raise HangUp

        sink.watch = watch
        barrier.wait(PATIENCE)
        drainer.process.join(PATIENCE)
        gone.set()
        assert drainer.process.exitcode == -signal.SIGKILL
    return sink
