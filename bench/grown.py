"""How much longer the slow ones of something take beside much than beside little, in turns."""

import statistics
import time
from collections.abc import Callable, Sequence

from bench.figures import Figure, Target
from bench.pairs import Spread
from bench.scenario import Size, Tick

FEWEST, ROUND_SECONDS = 3, 4.0
Ask = Callable[[], object]


def grown(
    what: str, pair: tuple[Ask, Ask], size: Size, tick: Tick, *, counts: tuple[int, int], target: Target | None = None
) -> Figure:
    """The 95th percentile beside much over that beside little, round by round, either first in turn."""
    for ask in pair:
        ask()
    slowest: tuple[list[float], list[float]] = ([], [])
    for number in range(size.pairs):
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            slowest[side].append(_slowest(_times(pair[side], size.steps)))
            tick()
    over = Spread.of([much / little for little, much in zip(*slowest, strict=True)])
    behind = {
        f"p95 ms at {count:,}": round(statistics.median(side) * 1e3, 3)
        for count, side in zip(counts, slowest, strict=True)
    }
    return Figure(what, over, "", target, behind)


def _times(ask: Ask, steps: int) -> list[float]:
    """Seconds of each; fewer of them when they are slow, so that a bad query is found out within the hour."""
    times: list[float] = []
    while len(times) < steps and (len(times) < FEWEST or sum(times) < ROUND_SECONDS):
        begun = time.perf_counter()
        ask()
        times.append(time.perf_counter() - begun)
    return times


def _slowest(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]
