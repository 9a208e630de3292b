"""Processes that fire one event and kill themselves on the way, as a power cut would.

    python -m tests.store.crashes.crashing

reads a database, a case and a number of steps from each line, forks a process for it, and writes how that one ended.
Forked, because a fresh interpreter would take a second each time. The first line is done unharmed and without a fork,
so that every template is compiled by then.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from apflow.beyond.keys import Key
from apflow.loader import Library, read_library
from apflow.settings import shipped
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, OLIVE, a_handler

REFER = {"panel_on": "2026-12-01", "summary": "Animal care, well run."}
KEY = Key("crash")


class Countdown:
    """Kills this process before its n-th step: a statement, a BEGIN, a COMMIT, or telling the result."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self, *_: Any, **__: Any) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def refer_to_panel(library: Library, url: str, reference: str, steps: int) -> None:
    """Refer the case to the panel, and die before the step of this number."""
    store, countdown = Store(url), Countdown(steps)
    for moment in ("before_cursor_execute", "begin", "commit", "rollback"):
        event.listen(store.engine, moment, countdown.step)
    a_handler(store, library).fire(reference, "refer_to_panel", REFER, actor=OLIVE, now=MONDAY, key=KEY)
    countdown.step()
    store.close()


def main() -> None:
    library = read_library(shipped("workflows"))  # It was checked by who started this.
    url, reference, steps = sys.stdin.readline().split()
    refer_to_panel(library, url, reference, int(steps))
    print(0, flush=True)
    for line in sys.stdin:
        url, reference, steps = line.split()
        child = os.fork()
        if child == 0:
            refer_to_panel(library, url, reference, int(steps))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
