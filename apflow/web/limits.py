"""How often one sender may do something: counted in this process's memory, by machine time.

Nothing about senders is kept on disk. Each process counts for itself, and a restart forgets.
"""

import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta


class RateLimit:
    """At most `most` by the same sender in any stretch of `within`; above `remembers` senders it clears out the old."""

    def __init__(self, most: int, within: timedelta, *, remembers: int = 10_000) -> None:
        self.most, self.within = most, within
        self._remembers = remembers
        self._times: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._lock = threading.Lock()

    def wait(self, sender: str, now: datetime) -> timedelta | None:
        """How long the sender must wait before the next one; None when it may go ahead, and is counted."""
        with self._lock:
            times = self._times[sender]
            _drop_old(times, now - self.within)
            if len(times) >= self.most:
                return times[0] + self.within - now
            times.append(now)
            if len(self._times) > self._remembers:
                self._forget(now)
            return None

    @property
    def remembered(self) -> int:
        """How many senders it keeps in mind."""
        return len(self._times)

    def _forget(self, now: datetime) -> None:
        """Drop the senders nothing is remembered of, so that many addresses cannot fill the memory."""
        for sender, times in list(self._times.items()):
            _drop_old(times, now - self.within)
            if not times:
                del self._times[sender]


def _drop_old(times: deque[datetime], before: datetime) -> None:
    while times and times[0] <= before:
        times.popleft()
