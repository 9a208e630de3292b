"""Running until somebody says stop, so that whatever is under way is finished first."""

import signal
import sys
from threading import Event
from types import FrameType
from typing import Any

import uvicorn


def answer(app: Any, host: str, port: int) -> None:
    """Answer over HTTP until SIGTERM or SIGINT; the caller's `finally` runs either way."""
    signal.signal(signal.SIGTERM, _end)  # uvicorn raises again what stopped it, and by itself that ends the process.
    uvicorn.run(app, host=host, port=port, log_config=None, log_level="warning", access_log=False, server_header=False)


def wait_for_the_end() -> None:
    """The same without answering anybody."""
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
