"""Where the time of a `fire` goes: `python -m bench.profile` looks a thousand times a second what is being run.

Each look counts for the innermost function of apflow's that is on the stack, so what a library or the driver does
counts for whoever asked for it, and waiting for the disk for whoever commits.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from bench.place import DEFAULT, a_place
from bench.subject import a_subject

EVERY = 0.001
CASES = 100
SHOWN = 24


@contextmanager
def looking(seen: Counter[tuple[str, str]]) -> Iterator[None]:
    """Count in `seen`, while the block runs in the main thread, the room and the function it is found in."""

    def look(_signal: int, frame: FrameType | None) -> None:
        seen[_innermost(frame)] += 1

    before = signal.signal(signal.SIGALRM, look)
    timer = signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)  # Somebody else's, a test's limit perhaps, goes on.
        signal.signal(signal.SIGALRM, before)


def profile(run: Callable[[int], None], steps: int) -> dict[tuple[str, str], float]:
    """The microseconds of one step by room and function, longest first."""
    seen: Counter[tuple[str, str]] = Counter()
    run(max(steps // 10, 1))
    begun = time.perf_counter()
    with looking(seen):
        run(steps)
    each = (time.perf_counter() - begun) / steps * 1e6
    looks = sum(seen.values())
    return {place: each * count / looks for place, count in seen.most_common()}


def _innermost(frame: FrameType | None) -> tuple[str, str]:
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("apflow."):
            return module.removeprefix("apflow."), frame.f_code.co_qualname
        frame = frame.f_back
    return "bench", ""


@click.command()
@click.option("--steps", default=5_000, show_default=True, help="How many transitions to look at.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT, help="On which disk.")
def main(steps: int, folder: Path) -> None:
    """Print where each microsecond of a `fire` on SQLite goes, by room of the house and by function."""
    with a_place(folder) as place, place.sqlite("profiled") as store:
        found = profile(a_subject(place, store, CASES).run, steps)
    rooms: Counter[str] = Counter()
    for (room, _), taken in found.items():
        rooms[room] += round(taken)
    click.echo(f"{sum(found.values()):8,.0f} µs a step\n")
    for room, total in rooms.most_common(SHOWN):
        click.echo(f"{total:8,} µs  {room}")
    click.echo("\nThe functions that take most:\n")
    for (room, function), taken in list(found.items())[:SHOWN]:
        click.echo(f"{taken:8,.0f} µs  {room}: {function}")


if __name__ == "__main__":
    main()
