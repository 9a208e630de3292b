"""Work that a command shares with a second processor: with a copy of its own process.

For commands alone: they are the only thread of a process that ends with them. A server has others, which a copy lacks.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

P = TypeVar("P")
T = TypeVar("T")
_MOST_PARTS = 256  # Each is known by one byte.


def shared(work: Callable[[P], T], parts: Sequence[P]) -> list[T]:
    """What the work comes to for each part; done by two where there is a processor for it."""
    is_alone = sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2 or threading.active_count() > 1
    if is_alone or len(parts) > _MOST_PARTS:
        return [work(part) for part in parts]
    return with_a_copy(work, parts)


def with_a_copy(work: Callable[[P], T], parts: Sequence[P]) -> list[T]:
    """The same with a copy of this process, which does not outlast the work: each takes the next part that nobody has.

    When the copy fails its parts are done here, so that whatever is wrong is told as if there were no copy.
    """
    (waiting, to_do), (answer, to_here) = os.pipe(), os.pipe()
    os.write(to_do, bytes(range(len(parts))))
    os.close(to_do)
    copy = os.fork()
    if copy == 0:
        _copied(lambda: _take(work, parts, waiting), to_here)
    os.close(to_here)
    try:
        here = _take(work, parts, waiting)
        with open(answer, "rb", closefd=False) as said:
            came = said.read()
        there = pickle.loads(came) if _ended_well(copy) else {}
        known = {**here, **there}
        return [known[number] if number in known else work(part) for number, part in enumerate(parts)]
    finally:
        os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)
        os.close(waiting)
        os.close(answer)


def _take(work: Callable[[P], T], parts: Sequence[P], waiting: int) -> dict[int, T]:
    """What came of the parts that were left."""
    return {number: work(parts[number]) for (number,) in iter(lambda: os.read(waiting, 1), b"")}


def _ended_well(copy: int) -> bool:
    """Waits for its end, and leaves it to be reaped."""
    end = os.waitid(os.P_PID, copy, os.WEXITED | os.WNOWAIT)
    return end is not None and (end.si_code, end.si_status) == (os.CLD_EXITED, 0)


def _copied(work: Callable[[], object], to_here: int) -> NoReturn:
    """What the copy does; nothing of the command that it was goes on in it, nor is told twice."""
    failed = 1
    try:
        with open(to_here, "wb") as answer:
            pickle.dump(work(), answer)
        failed = 0
    finally:
        os._exit(failed)
