"""Two mailers at one outbox, as threads or as processes: nothing is sent by both."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from apflow.loader import Library
from apflow.sending.mailer import send_due
from apflow.sending.transports import SmtpTransport
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, a_handler, a_message
from tests.shell.drain import PATIENCE, drainers
from tests.shell.looking import message_rows, queue
from tests.smtp import Sink, Step, listening, smtp_settings

MANY = 40


class Meeting:
    """Holds the first two conversations until both are under way, so that two senders are surely at work at once."""

    def __init__(self) -> None:
        self._both = Barrier(2)
        self._places = iter(range(2))

    def __call__(self, step: Step) -> None:
        if step is Step.RCPT and next(self._places, None) is not None:
            self._both.wait(PATIENCE)


def fill(store: Store) -> None:
    queue(store, *(a_message() for _ in range(MANY)))


def assert_each_was_sent_once(store: Store, sink: Sink, counts: list[int]) -> None:
    rows = message_rows(store)
    assert sum(counts) == MANY
    assert all(counts), "one of the two did nothing, so nothing was shown"
    assert Counter(sink.message_ids) == Counter(row.message_id for row in rows)
    assert {(row.status, row.token, row.doubted_at) for row in rows} == {("sent", 1, None)}


def test_two_processes_never_both_send_one_message(either_store: Store) -> None:
    fill(either_store)

    with listening(Sink(Meeting())) as sink:
        job = ("mail", MONDAY, MONDAY, sink.port)
        with drainers(either_store, job, job) as (barrier, both):
            barrier.wait(PATIENCE)
            counts = [drainer.count() for drainer in both]

    assert_each_was_sent_once(either_store, sink, counts)


def test_two_threads_never_both_send_one_message(either_store: Store, library: Library) -> None:
    fill(either_store)
    handler = a_handler(either_store, library)

    with listening(Sink(Meeting())) as sink, ThreadPoolExecutor(2) as threads:
        transport = SmtpTransport(smtp_settings(sink.port))
        runs = [
            threads.submit(send_due, either_store, transport, handler, lambda: MONDAY, lambda: MONDAY) for _ in range(2)
        ]
        counts = [run.result() for run in runs]

    assert_each_was_sent_once(either_store, sink, counts)
