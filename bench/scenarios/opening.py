"""From opening the database to knowing when the first deadline is due, however many run."""

import gc
import time

from apflow.store.driver.engine import Store
from apflow.store.timers import next_due
from bench.figures import Figure, Target
from bench.fill import Filling
from bench.pairs import Spread
from bench.place import Place
from bench.scenario import Found, Scenario, Size, Tick

OPENED = Target(floor=50, want=5)


def measure(place: Place, size: Size, tick: Tick) -> Found:
    file, _ = place.filled(Filling(size.rows), tick)
    times = []
    for _ in range(size.pairs):
        times.append(open_and_look(f"sqlite:///{file}") * 1e3)
        tick()
    name = f"store open to first due timer known, {size.rows:,} pending"
    return Found([Figure(name, Spread.of(times), "ms", OPENED)])


def open_and_look(url: str) -> float:
    """Seconds from nothing to the first due time, in a process that has loaded its code."""
    gc.collect()
    begun = time.perf_counter()
    store = Store(url)
    with store.reading() as connection:
        due_at = next_due(connection)
    taken = time.perf_counter() - begun
    store.close()
    if due_at is None:
        raise AssertionError("no deadline is pending")
    return taken


SCENARIO = Scenario(
    "opening",
    "store open to first due timer known, 1,000,000 pending",
    {"tiny": Size(2, 0, rows=200), "quick": Size(10, 0, rows=20_000), "full": Size(40, 0, rows=1_000_000)},
    measure,
    ticks=lambda size: size.pairs + 10,
)
