"""What a process has claimed is its own while it works, anybody's within a minute of its death, and never both's."""

import os
import signal
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from threading import Event

from apflow.core.errors import NotOpen
from apflow.handler import Handler
from apflow.loader import Library
from apflow.scheduler import SEND_EVERY, SWEEP_EVERY, fire_due
from apflow.sending.mailer import send_due
from apflow.sending.transports import SmtpTransport
from apflow.store import outbox, timers
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE, renewing
from apflow.testing import MONDAY, a_handler, a_message
from tests.shell.drain import LIBRARY, PATIENCE, PROCESSES, drainers
from tests.shell.looking import an_enquiry, entries, last_message, queue, timer_rows
from tests.smtp import Sink, Step, listening, smtp_settings

OVERDUE = MONDAY + timedelta(days=8)
A_MINUTE = timedelta(seconds=60)
LAPSED = MONDAY + LEASE + timedelta(seconds=1)


def claim_and_stall(url: str, claimed: Barrier, taken_up: Barrier, result: Connection) -> None:
    """A process that claims a deadline, is held up, and goes on as if nothing had happened."""
    store = Store(url)
    mine = timers.claim_due(store, OVERDUE, MONDAY)
    assert mine is not None
    claimed.wait(PATIENCE)
    taken_up.wait(PATIENCE)
    try:
        a_handler(store, LIBRARY).ring(mine.reference, mine.deadline, token=mine.token, now=OVERDUE)
    except NotOpen as refusal:
        result.send(refusal.message)
    else:
        result.send("fired")
    store.close()


def test_a_process_that_was_held_up_cannot_fire_what_another_has_taken_up(
    either_store: Store, library: Library
) -> None:
    handler = a_handler(either_store, library)
    an_enquiry(handler)
    claimed, taken_up = PROCESSES.Barrier(2), PROCESSES.Barrier(2)
    ours, theirs = PROCESSES.Pipe(duplex=False)
    stalled = PROCESSES.Process(target=claim_and_stall, args=(either_store.url, claimed, taken_up, theirs))
    stalled.start()
    try:
        claimed.wait(PATIENCE)
        held = timers.claim_due(either_store, OVERDUE, LAPSED)
        assert held is not None
        taken_up.wait(PATIENCE)
        assert ours.poll(PATIENCE)
        told = ours.recv()
        before = entries(either_store, "escalation")
        handler.ring(held.reference, held.deadline, token=held.token, now=OVERDUE)
    finally:
        stalled.kill()
        stalled.join(PATIENCE)

    assert told == "Another process has taken this deadline up."
    assert before == []
    assert len(entries(either_store, "escalation")) == 1


def test_what_a_killed_process_had_claimed_fires_once_and_within_a_minute(
    either_store: Store, library: Library
) -> None:
    handler = a_handler(either_store, library)
    several_batches = 350
    for number in range(several_batches):
        an_enquiry(handler, MONDAY + timedelta(seconds=number))

    with drainers(either_store, ("timers", OVERDUE, MONDAY, 0)) as (barrier, (drainer,)):
        barrier.wait(PATIENCE)
        wait_for_the_first(either_store)
        assert drainer.process.pid is not None
        os.kill(drainer.process.pid, signal.SIGKILL)
        drainer.process.join(PATIENCE)
    before = len(entries(either_store, "escalation"))
    at_the_next_look = MONDAY + LEASE + SWEEP_EVERY
    after = fire_due(handler, OVERDUE, machine_now=lambda: at_the_next_look)

    assert at_the_next_look - MONDAY < A_MINUTE
    assert 0 < before < several_batches
    assert before + after == several_batches
    assert len({reference for reference, _ in entries(either_store, "escalation")}) == several_batches
    assert all(row.ended for row in timer_rows(either_store))


def wait_for_the_first(store: Store) -> None:
    pause = Event()
    for _ in range(10_000):
        if entries(store, "escalation"):
            return
        pause.wait(0.002)
    raise AssertionError("nothing fired")


def test_a_message_whose_sender_was_killed_is_taken_up_within_a_minute(handler: Handler) -> None:
    queue(handler.store, a_message())
    assert outbox.claim_message(handler.store, MONDAY, MONDAY) is not None

    at_the_next_look = MONDAY + LEASE + SEND_EVERY
    with listening(Sink()) as sink:
        transport = SmtpTransport(smtp_settings(sink.port))
        sent = send_due(handler.store, transport, handler, lambda: MONDAY, lambda: at_the_next_look)

    assert at_the_next_look - MONDAY < A_MINUTE
    assert sent == 1


def test_a_sender_that_is_held_up_longer_than_its_claim_cannot_mark_what_another_sends(handler: Handler) -> None:
    queue(handler.store, a_message())

    def watch(step: Step) -> None:
        if step is Step.RCPT:  # It has not said DATA; when it comes to that, the message is another's.
            assert outbox.claim_message(handler.store, MONDAY, LAPSED) is not None

    with listening(Sink(watch)) as sink:
        transport = SmtpTransport(smtp_settings(sink.port))
        sent = send_due(handler.store, transport, handler, lambda: MONDAY, lambda: MONDAY)

    row = last_message(handler.store)
    assert (sent, sink.message_ids) == (0, [])
    assert (row.status, row.token) == ("sending", 2)


def test_a_claim_is_renewed_for_as_long_as_its_holder_is_at_work(handler: Handler) -> None:
    queue(handler.store, a_message())
    letter = outbox.claim_message(handler.store, MONDAY, MONDAY)
    assert letter is not None
    renewed = Event()
    minutes = iter(range(1, 1000))

    def renew() -> None:
        outbox.renew(handler.store, letter, MONDAY + timedelta(minutes=next(minutes)))
        renewed.set()

    with renewing(renew, timedelta(milliseconds=1)):
        assert renewed.wait(PATIENCE)
        assert outbox.claim_message(handler.store, MONDAY, LAPSED) is None

    assert last_message(handler.store).claimed_until > LAPSED


def test_one_that_has_lost_its_claim_does_not_take_it_back_by_renewing(handler: Handler) -> None:
    queue(handler.store, a_message())
    lost = outbox.claim_message(handler.store, MONDAY, MONDAY)
    held = outbox.claim_message(handler.store, MONDAY, LAPSED)
    assert lost is not None
    assert held is not None
    tried = Event()

    def renew() -> None:
        tried.set()
        outbox.renew(handler.store, lost, LAPSED + timedelta(hours=1))

    with renewing(renew, timedelta(milliseconds=1)):
        assert tried.wait(PATIENCE)

    assert last_message(handler.store).claimed_until == LAPSED + LEASE


def test_what_was_claimed_while_a_clock_was_a_day_ahead_is_anybodys_once_it_is_put_right(either_store: Store) -> None:
    handler, ahead = a_handler(either_store, LIBRARY), MONDAY + timedelta(days=1)
    an_enquiry(handler)
    queue(either_store, a_message())
    assert timers.claim_due(either_store, OVERDUE, ahead) is not None
    assert outbox.claim_message(either_store, MONDAY, ahead) is not None

    assert timers.claim_due(either_store, OVERDUE, MONDAY) is not None
    assert outbox.claim_message(either_store, MONDAY, MONDAY) is not None
    assert timers.claim_due(either_store, OVERDUE, MONDAY) is None, "for so long it is its own again"
