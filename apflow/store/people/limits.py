"""How often one sender may do something, counted over every process, by machine time.

Senders are kept as hashes and only for as long as their tries count.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from apflow.store.driver.engine import Store
from apflow.store.driver.inserts import insert_new, upsert
from apflow.store.tables.limits import tries

LONGEST = timedelta(days=1)  # Nothing is counted over more.

# Held until the commit, so that nobody gets more by trying many times at once.
_TIMES = select(tries.c.times).where(tries.c.sender == bindparam("of_sender")).with_for_update()
_FORGET = delete(tries).where(tries.c.last_at <= bindparam("before"))


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `most` by the same sender in any stretch of `within`."""

    most: int
    within: timedelta

    def wait(self, store: Store, sender: str, now: datetime) -> timedelta | None:
        """How long the sender must wait before the next one; None when it may go ahead, and is counted."""
        with store.writing() as connection:
            return self.wait_within(connection, sender, now)

    def wait_within(self, connection: Connection, sender: str, now: datetime) -> timedelta | None:
        """The same together with what else is written."""
        key, times = _hashed(sender), self._times(connection, sender, now)
        if len(times) >= self.most:
            return times[0] + self.within - now
        times.append(now)
        upsert(connection, tries, {"sender": key}, {"times": [at.isoformat() for at in times], "last_at": now})
        return None

    def is_reached(self, connection: Connection, sender: str, now: datetime) -> bool:
        """Whether the sender must wait, without counting a try; held until the commit."""
        return len(self._times(connection, sender, now)) >= self.most

    def _times(self, connection: Connection, sender: str, now: datetime) -> list[datetime]:
        key = _hashed(sender)
        insert_new(connection, tries, {"sender": key, "times": [], "last_at": now}, unique=["sender"])
        known = connection.execute(_TIMES, {"of_sender": key}).scalar_one()
        return [at for at in map(datetime.fromisoformat, known) if at > now - self.within]


def _hashed(sender: str) -> str:
    return hashlib.sha256(sender.encode("utf-8", "surrogatepass")).hexdigest()


def forget_tries(store: Store, before: datetime) -> None:
    """Forget the senders whose last try was at machine time `before` or earlier."""
    with store.writing() as connection:
        connection.execute(_FORGET, {"before": before})
