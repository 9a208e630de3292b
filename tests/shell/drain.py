"""What another process does in the tests: it waits for everyone to be ready, drains, and says how much it did.

The processes are forked from one that has read the policy already, so that each costs milliseconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier

from apflow.scheduler import fire_due
from apflow.sending.mailer import send_due
from apflow.sending.transports import SmtpTransport
from apflow.store.driver.engine import Store
from apflow.testing import a_handler, shipped_library
from tests.smtp import smtp_settings

PATIENCE = 60.0
LIBRARY = shipped_library()
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", "tests.shell.drain"])

Job = tuple[str, datetime, datetime, int]


class Drainer:
    """A process that has been started and is not let go yet."""

    def __init__(self, process: ForkServerProcess, result: Connection) -> None:
        self.process = process
        self._result = result

    def count(self) -> int:
        """How much it did, once it has ended."""
        self.process.join(PATIENCE)
        assert self.process.exitcode == 0
        return int(self._result.recv())

    def kill(self) -> None:
        """End it at once, as SIGKILL does, and wait until it is gone."""
        self.process.kill()
        self.process.join(PATIENCE)


@contextmanager
def drainers(store: Store, *jobs: Job) -> Iterator[tuple[Barrier, list[Drainer]]]:
    """A process for each job; they start together when the test waits at the barrier."""
    barrier = PROCESSES.Barrier(len(jobs) + 1)
    started = [_start(store, barrier, job) for job in jobs]
    try:
        yield barrier, started
    finally:
        for drainer in started:
            drainer.kill()
            drainer.process.close()


def _start(store: Store, barrier: Barrier, job: Job) -> Drainer:
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=drain, args=(store.url, barrier, theirs, job))
    process.start()
    theirs.close()
    return Drainer(process, ours)


def drain(url: str, barrier: Barrier, result: Connection, job: Job) -> None:
    """The whole life of such a process."""
    kind, now, machine_now, port = job
    store = Store(url)
    handler = a_handler(store, LIBRARY)
    transport = SmtpTransport(smtp_settings(port))
    barrier.wait(PATIENCE)
    if kind == "mail":
        result.send(send_due(store, transport, handler, lambda: now, lambda: machine_now))
    else:
        result.send(fire_due(handler, now, machine_now=lambda: machine_now))
    store.close()
