"""Running until somebody says stop, so that whatever is under way is finished first."""

import os
import signal
import socket
import sys
from contextlib import suppress
from threading import Event
from types import FrameType
from typing import Any

import uvicorn

from apflow.core.errors import ApflowError


class NotListening(ApflowError):
    """The address cannot be listened at."""


def listening_at(host: str, port: int) -> socket.socket:
    """The address, taken for this process alone; NotListening where somebody has it, or there is none."""
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise NotListening(
            f"Nothing can be answered at port {port} of {host}: {why}. Stop what listens there, or choose another "
            "port with --port or APFLOW_PORT (of a worker APFLOW_WORKER_PORT)."
        ) from error
    return taken


def answer(app: Any, at: socket.socket) -> None:
    """Answer over HTTP until SIGTERM or SIGINT; the caller's `finally` runs either way."""
    signal.signal(signal.SIGTERM, _end)  # uvicorn raises again what stopped it, and by itself that ends the process.
    config = uvicorn.Config(app, log_config=None, log_level="warning", access_log=False, server_header=False)
    with suppress(KeyboardInterrupt):  # Somebody's way of saying stop, once all is finished.
        uvicorn.Server(config).run(sockets=[at])


def wait_for_the_end() -> None:
    """The same without answering anybody."""
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
