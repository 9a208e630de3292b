"""How long a claim lasts: on a deadline, a message or a signal, and while its holder is at work on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_

from apflow.store.driver.faults import StoreUnavailable

# With the time until somebody looks again, under a minute: so long at most is left lying what a killed process had.
LEASE = timedelta(seconds=30)
RENEW_EVERY = LEASE / 3
# No claim reaches so far, nor what was put off for a while: one that does was made while a clock was ahead.
TOO_FAR = timedelta(minutes=10)


class ClaimLost(Exception):
    """Another process has taken it up since."""


def is_free(claimed_until: Any) -> ColumnElement[bool]:
    """Whether anybody may claim it, at the `claims_at` that the statement is run with."""
    return or_(
        claimed_until.is_(None),
        claimed_until < bindparam("machine_now"),
        claimed_until > bindparam("too_far"),
    )


def claims_at(machine_now: datetime) -> dict[str, datetime]:
    """What a statement with `is_free` is given."""
    return {"machine_now": machine_now, "too_far": machine_now + TOO_FAR}


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
