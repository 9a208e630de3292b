"""The two clocks: policy time, which a demo can move, and machine time, which nobody can."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def machine_now() -> datetime:
    """Machine time: for leases, sign-in and rate limits."""
    return datetime.now(UTC)


class Clock:
    """Policy time: what deadlines are counted by."""

    def now(self) -> datetime:
        return machine_now()


class MovableClock(Clock):
    """Policy time for a demo, ahead of machine time by an offset it keeps elsewhere."""

    def __init__(self, offset: Callable[[], timedelta]) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return machine_now() + self._offset()
