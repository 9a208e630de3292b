"""Work that a command has done on a second processor while it does something else: in a copy of its own process.

For commands alone: they are the only thread of a process that ends with them. A server has others, which a copy lacks.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import NoReturn, TypeVar

T = TypeVar("T")


def beside(work: Callable[[], T]) -> AbstractContextManager[Callable[[], T]]:
    """Begins the work where there is a processor for it; whoever asks what came of it has it done or waits for it."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2 or threading.active_count() > 1:
        return nullcontext(work)
    return in_a_copy(work)


@contextmanager
def in_a_copy(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begins the work in a copy of this process, which does not outlast the block.

    When the copy fails the work is done here, so that whatever is wrong with it is told as if there were no copy.
    """
    from_copy, to_here = os.pipe()
    copy = os.fork()
    if copy == 0:
        _do(work, to_here)
    os.close(to_here)
    with open(from_copy, "rb") as answer:

        def done() -> T:
            said = answer.read()
            came: T = pickle.loads(said) if _ended_well(copy) else work()
            return came

        try:
            yield done
        finally:
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)


def _ended_well(copy: int) -> bool:
    """Waits for its end, and leaves it to be reaped."""
    end = os.waitid(os.P_PID, copy, os.WEXITED | os.WNOWAIT)
    return end is not None and (end.si_code, end.si_status) == (os.CLD_EXITED, 0)


def _do(work: Callable[[], object], to_here: int) -> NoReturn:
    """What the copy does; nothing of the command that it was goes on in it, nor is told twice."""
    failed = 1
    try:
        with open(to_here, "wb") as answer:
            pickle.dump(work(), answer)
        failed = 0
    finally:
        os._exit(failed)
