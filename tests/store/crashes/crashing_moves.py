"""Processes that move cases to another version and kill themselves on the way, as a power cut would.

    python -m tests.store.crashes.crashing_moves [NOW WORKFLOW ...]

reads a database and a number of steps from each line, forks a process for it, and writes how that one ended. Without
arguments it moves the applications of tests; with some, all cases of these workflows to the version of other names.
"""

import os
import sys
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import event

from apflow.loader import Library, read_library
from apflow.settings import shipped
from apflow.store.driver.engine import Store
from apflow.testing import MAGDA, MONDAY, a_handler
from apflow.versions.moving import Move, moved, to_move, version_to
from tests.store.crashes.crashing import Countdown
from tests.versions import CHECKING, changed, renamed_here_and_there

LONGER = (CHECKING, f"{CHECKING.replace('10', '20')}\n        on_migration: recompute")
OTHER_TASK = ("title: Check the evidence, for", "title: Read the evidence, for")


def later_policy(library: Library) -> Library:
    """A version in which what is checked has longer, and is another task."""
    return changed(library, LONGER, OTHER_TASK)


def move_all(library: Library, url: str, steps: int, workflows: Sequence[str], now: datetime) -> None:
    """Move every case of these that is elsewhere, and die before the step of this number."""
    store, countdown = Store(url), Countdown(steps)
    for moment in ("before_cursor_execute", "begin", "commit", "rollback"):
        event.listen(store.engine, moment, countdown.step)
    handler = a_handler(store, library)
    for workflow in workflows:
        move = Move(version_to(handler, workflow, None), MAGDA, now)
        assert all(told.how == "moved" for told in moved(handler, move, to_move(handler, move.to)))
    store.close()


def main() -> None:
    library = read_library(shipped("workflows"))  # It was checked by who started this.
    later, workflows, now = later_policy(library), ["provider"], MONDAY
    if sys.argv[1:]:
        later, workflows, now = renamed_here_and_there(library), sys.argv[2:], datetime.fromisoformat(sys.argv[1])
    for line in sys.stdin:
        url, steps = line.split()
        child = os.fork()
        if child == 0:
            move_all(later, url, int(steps), workflows, now)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
