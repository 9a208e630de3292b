"""The one thread pool in which database work runs, so that the event loop never waits for a disk."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

THREADS = ThreadPoolExecutor(max_workers=32, thread_name_prefix="apflow-web")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work in the pool."""
    inside = copy_context()  # What traces and logs know of the request holds in the thread as well.
    return await asyncio.get_running_loop().run_in_executor(THREADS, lambda: inside.run(function, *args, **kwargs))


def threaded(page: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """A synchronous page to be run in the pool.

    Not Litestar's `sync_to_thread`: it wraps a handler twice when another of the same path (GET and POST, say) is
    registered after it, and what comes back is then a coroutine that nobody awaits (litestar 2.25).
    """

    @wraps(page)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await in_thread(page, *args, **kwargs)

    return run
