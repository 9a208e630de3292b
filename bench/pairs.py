"""Reference and subject in turns, so that what the disk and the neighbours do meanwhile happens to both."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

Run = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Turn:
    """One stretch of work: by the clock on the wall and by the processor, in seconds a step."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several measurements, with the quartiles around it."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        low, _, high = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else (values[0],) * 3
        return cls(statistics.median(values), low, high)


@dataclass(frozen=True)
class Pairs:
    """What came of the turns, pair by pair."""

    reference: Sequence[Turn]
    subject: Sequence[Turn]

    def share(self) -> Spread:
        """How much of the reference's speed the subject has."""
        return Spread.of([raw.wall / ours.wall for raw, ours in zip(self.reference, self.subject, strict=True)])

    def added(self) -> Spread:
        """How many microseconds of processor time a step takes more than the reference's."""
        both = zip(self.reference, self.subject, strict=True)
        return Spread.of([(ours.processor - raw.processor) * 1e6 for raw, ours in both])

    def rates(self) -> dict[str, float]:
        """Steps a second and processor time a step of either, for whoever wants to see what the shares are of."""
        sides = {"reference": self.reference, "subject": self.subject}
        rates = {
            f"{side} a second": 1 / statistics.median(turn.wall for turn in turns) for side, turns in sides.items()
        }
        times = {
            f"{side} processor µs": statistics.median(turn.processor for turn in turns) * 1e6
            for side, turns in sides.items()
        }
        return {name: round(value, 1) for name, value in {**rates, **times}.items()}


def in_pairs(reference: Run, subject: Run, *, pairs: int, steps: int, tick: Callable[[], None]) -> Pairs:
    """So many pairs of turns of so many steps, whoever was second being first in the next; both warmed up before."""
    both = (reference, subject)
    for run in both:
        run(max(steps // 10, 8))
    turns: tuple[list[Turn], list[Turn]] = ([], [])
    for number in range(pairs):
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            turns[side].append(timed(both[side], steps))
            tick()
    return Pairs(*turns)


def timed(run: Run, steps: int) -> Turn:
    """One turn; the collector stays at work, but begins with nothing of anybody else's."""
    gc.collect()
    processor, wall = time.process_time(), time.perf_counter()
    run(steps)
    return Turn((time.perf_counter() - wall) / steps, (time.process_time() - processor) / steps)


@contextmanager
def stopwatch(into: list[float]) -> Iterator[None]:
    """Add the seconds that the block takes to the list."""
    begun = time.perf_counter()
    yield
    into.append(time.perf_counter() - begun)
