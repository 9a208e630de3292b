"""A process killed while it moves cases leaves each on the one version or the other, whole, and can be begun again.

And a thousand cases: what is explained is what is done, nothing fires twice, and nothing is lost.
"""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count as numbers

import pytest
from sqlalchemy import func, select, update

from apflow.handler import Handler
from apflow.loader import Library
from apflow.rounds.verifying import verified
from apflow.scheduler import fire_due
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks, timers
from apflow.testing import MAGDA, MONDAY, OLIVE, StoppedClock, a_handler, enquire
from apflow.versions.moving import Move, explained, moved, to_move, version_to
from tests.brought import bring_to
from tests.store.crashes import crashing_moves
from tests.store.crashes.crashing_moves import later_policy
from tests.store.witness import faults
from tests.versions import LADDER, SENDING, changed

FEW, MANY = 4, 1000
DAY = timedelta(days=1)
OLD = ("Check the evidence", "2026-11-16", "event")
NEW = ("Read the evidence", "2026-11-30", "version")


def standing(store: Store) -> Counter[tuple[str, str, str]]:
    """How many cases have which task, are due when, and what was last done to them."""
    with store.reading() as connection:
        rows = connection.execute(
            select(tasks.c.title, tasks.c.due_at, timers.c.due_at.label("runs_to"), history.c.kind)
            .select_from(cases)
            .join(tasks, (tasks.c.case_id == cases.c.id) & tasks.c.closed_at.is_(None))
            .join(timers, (timers.c.case_id == cases.c.id) & timers.c.stopped_at.is_(None))
            .join(history, (history.c.case_id == cases.c.id) & (history.c.version == cases.c.version))
        ).all()
    assert all(row.due_at == row.runs_to for row in rows)
    return Counter((row.title, row.due_at.date().isoformat(), row.kind) for row in rows)


@contextmanager
def mover(url: str, *arguments: str) -> Iterator[Callable[[int], int]]:
    """Moves all cases in a process that dies before the step of this number, and says how that ended."""
    command = [sys.executable, "-m", crashing_moves.__name__, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        write, read = process.stdin, process.stdout

        def move(steps: int) -> int:
            write.write(f"{url} {steps}\n")
            write.flush()
            return int(read.readline())

        yield move
        write.close()


def test_a_kill_at_any_step_leaves_each_case_on_the_one_version_or_the_other(
    store: Store, library: Library, url: str
) -> None:
    handler = a_handler(store, library)
    for number in range(FEW):
        bring_to(handler, "checking_evidence", organisation=f"Made Up Farm {number}")
    assert standing(store) == {OLD: FEW}

    with mover(url) as move:
        for steps in numbers(1):
            ended = move(steps)
            found = standing(store)
            assert found[OLD] + found[NEW] == found.total() == FEW
            assert faults(store) == []
            if ended == 0:
                break
            assert ended == -signal.SIGKILL

    assert standing(store) == {NEW: FEW}
    later = a_handler(store, later_policy(library))
    assert [one for one in verified(later, MONDAY) if one.kind != "stuck_message"] == []


def with_all_sent(store: Store) -> None:
    with store.writing() as connection:
        waiting = update(messages).where(messages.c.status == "queued")
        connection.execute(waiting.values(status="sent", sent_at=messages.c.queued_at))


def days_pass(handler: Handler, first: datetime, days: int) -> None:
    for number in range(days):
        at = first + number * DAY
        fire_due(handler, at, machine_now=StoppedClock(at).now)
        with_all_sent(handler.store)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_thousand_cases_are_moved_as_explained_and_nothing_fires_twice_or_is_lost(
    store: Store, library: Library
) -> None:
    handler = a_handler(store, library)
    for number in range(MANY):
        reference = enquire(handler, organisation=f"Made Up Farm {number}", contact_email=f"pat{number}@farm.example")
        handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    with_all_sent(store)
    days_pass(handler, MONDAY, 30)  # Over the first reminder, 10 working days before the end.
    longer = (SENDING, f"{SENDING.replace('30', '40')}\n        on_migration: recompute")
    later = a_handler(
        store, changed(library, longer, (LADDER, LADDER.replace("3 working", "5 working days left, 3 working")))
    )
    now = MONDAY + 30 * DAY
    move = Move(version_to(later, "provider", None), MAGDA, now)
    references = to_move(later, move.to)

    before = list(explained(later, move, references))
    done = list(moved(later, move, references))

    assert len(references) == MANY
    assert done == before
    assert {one.how for one in done} == {"moved"}
    days_pass(later, now, 50)
    with store.reading() as connection:
        lapsed = select(func.count()).where(messages.c.notice == "provider/application_lapsed")
        assert connection.execute(lapsed).scalar() == MANY
        most = connection.execute(
            select(func.count()).where(messages.c.notice == "provider/evidence_reminder").group_by(messages.c.case_id)
        ).scalars()
        assert set(most) == {3}  # The one that was sent before the move, the new one, and the last.
        assert set(connection.scalars(select(cases.c.state))) == {"lapsed"}
    assert faults(store) == []
