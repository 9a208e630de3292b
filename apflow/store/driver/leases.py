"""How long a claim lasts: on a deadline, a message or a signal, and while its holder is at work on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from apflow.store.driver.faults import StoreUnavailable

# With the time until somebody looks again, under a minute: so long at most is left lying what a killed process had.
LEASE = timedelta(seconds=30)
RENEW_EVERY = LEASE / 3


class ClaimLost(Exception):
    """Another process has taken it up since."""


@contextmanager
def renewing(renew: Callable[[], None], every: timedelta = RENEW_EVERY) -> Iterator[None]:
    """Renew a claim until the block is left; of one that has been lost its holder hears when marking."""
    ended = Event()

    def keep() -> None:
        while not ended.wait(every.total_seconds()):
            try:
                renew()
            except ClaimLost:
                return
            except StoreUnavailable:
                continue

    thread = Thread(target=keep, name="apflow-renews", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
