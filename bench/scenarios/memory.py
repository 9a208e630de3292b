"""How much memory a worker takes beside few pending deadlines and beside many."""

import statistics
import subprocess
import sys
from pathlib import Path

from bench.figures import Figure, Target
from bench.fill import Filling
from bench.pairs import Spread
from bench.place import Place
from bench.scenario import Found, Scenario, Size, Tick

FEW = 1_000
GROWN = Target(floor=1.05, want=1.02)


def measure(place: Place, size: Size, tick: Tick) -> Found:
    few, _ = place.filled(Filling(min(FEW, size.rows // 2)), tick)
    many, _ = place.filled(Filling(size.rows), tick)
    taken: dict[Path, list[float]] = {few: [], many: []}
    for _ in range(size.pairs):
        for file, peaks in taken.items():
            peaks.append(peak_of_a_worker(place, file))
            tick()
    grown = Spread.of([b / a for a, b in zip(taken[few], taken[many], strict=True)])
    behind = {f"{file.stem} MB": round(statistics.median(peaks), 1) for file, peaks in taken.items()}
    return Found([Figure(f"memory of a worker, {size.rows:,} pending over few", grown, "", GROWN, behind)])


def peak_of_a_worker(place: Place, file: Path) -> float:
    """The most megabytes that a worker held while it looked for what is due a hundred times."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.worker", str(file), str(place.policy_folder)],
        cwd=Path(__file__).parent.parent.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


SCENARIO = Scenario(
    "memory",
    "memory of the worker beside 1,000,000 pending timers",
    {"tiny": Size(1, 0, rows=200), "quick": Size(2, 0, rows=20_000), "full": Size(5, 0, rows=1_000_000)},
    measure,
    ticks=lambda size: size.ticks + 20,
)
