"""How long the disk takes to keep one page for good: every share of raw SQL is a share of that as well.

The quicker it is, the more of a step is the processor's work, of which raw SQL has little.
"""

import os
import time

from bench.figures import Figure
from bench.pairs import Spread
from bench.place import Place
from bench.scenario import Found, Scenario, Size, Tick

PAGE = bytes(4096)


def measure(place: Place, size: Size, tick: Tick) -> Found:
    file = os.open(place.folder / "pages", os.O_CREAT | os.O_WRONLY)
    try:
        taken = [_median_of(file, size.steps, tick) for _ in range(size.pairs)]
    finally:
        os.close(file)
    return Found([Figure("disk: one synced write of a page", Spread.of(taken), "µs")])


def _median_of(file: int, writes: int, tick: Tick) -> float:
    times = []
    for _ in range(writes):
        os.write(file, PAGE)
        begun = time.perf_counter()
        os.fsync(file)
        times.append((time.perf_counter() - begun) * 1e6)
    tick()
    return Spread.of(times).median


SCENARIO = Scenario(
    "disk",
    "one synced write of a page, with nothing of ours",
    {"tiny": Size(2, 5), "quick": Size(8, 50), "full": Size(30, 200)},
    measure,
    ticks=lambda size: size.pairs,
)
