"""Processes that begin a child, end it and tell its parent, and kill themselves on the way, as a power cut would.

    python -m tests.store.crashes.crashing_family FOLDER

reads a database, a case and a number of steps from each line, forks a process for it, and writes how that one ended.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import event, select

from apflow.beyond.keys import Key
from apflow.loader import Library
from apflow.rounds.signals import hear_all
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.testing import MONDAY, OLIVE, a_handler, library_from
from tests.store.crashes.crashing import Countdown


def tell_the_story(library: Library, store: Store, reference: str, machine_now: datetime) -> None:
    """Agree a plan, let it begin, meet it, and let the provider hear of it; what has been done already is not again."""
    handler = a_handler(store, library)
    concern = {"concern": "No first aider."}
    handler.fire(reference, "plan", concern, actor=OLIVE, now=MONDAY, key=Key("plan"))
    hear_all(handler, machine_now=lambda: machine_now)
    with store.reading() as connection:
        (plan,) = connection.execute(select(cases.c.reference).where(cases.c.workflow == "plan")).scalars()
    handler.fire(plan, "meet", {}, actor=OLIVE, now=MONDAY, key=Key("meet"))
    hear_all(handler, machine_now=lambda: machine_now)


def die_on_the_way(library: Library, url: str, reference: str, steps: int) -> None:
    """Tell the story, and die before the step of this number."""
    store, countdown = Store(url), Countdown(steps)
    for moment in ("before_cursor_execute", "begin", "commit", "rollback"):
        event.listen(store.engine, moment, countdown.step)
    tell_the_story(library, store, reference, MONDAY)
    countdown.step()
    store.close()


def main() -> None:
    library = library_from(Path(sys.argv[1]))
    for line in sys.stdin:
        url, reference, steps = line.split()
        child = os.fork()
        if child == 0:
            die_on_the_way(library, url, reference, int(steps))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
