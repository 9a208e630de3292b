"""The one thread pool in which database work runs, so that the event loop never waits for a disk."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

THREADS = ThreadPoolExecutor(max_workers=32, thread_name_prefix="apflow-web")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work in the pool."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, lambda: function(*args, **kwargs))
