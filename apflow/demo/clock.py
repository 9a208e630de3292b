"""The demo's policy clock: ahead of the real one by whole days kept in the database, so that a restart remembers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from apflow.clock import MovableClock, machine_now
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.wiring import DEMO_DAYS_AHEAD


@dataclass
class DemoDays:
    """How far ahead the demo is. `pass_time` lets what is due up to a moment happen; one step runs at a time."""

    store: Store
    _days: int = 0
    _lock: Lock = field(default_factory=Lock)

    def load(self) -> None:
        """Take up where the last run left off."""
        with self.store.reading() as connection:
            self._days = int(beside.setting(connection, DEMO_DAYS_AHEAD) or 0)

    def days_ahead(self) -> int:
        return self._days

    def clock(self) -> MovableClock:
        """The policy clock these days move."""
        return MovableClock(lambda: timedelta(days=self._days))

    def step(self, pass_time: Callable[[datetime], None]) -> None:
        """A day on: what falls due in it happens first, each thing at its moment, and then it is tomorrow."""
        with self._lock:
            ahead = self._days + 1
            pass_time(machine_now() + timedelta(days=ahead))
            with self.store.writing() as connection:
                beside.set_setting(connection, DEMO_DAYS_AHEAD, str(ahead))
            self._days = ahead
