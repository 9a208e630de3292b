"""The bell: it rings when something is due, and a ring is never lost."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Semaphore

from apflow.clock import MovableClock, machine_now
from apflow.handler import Handler
from apflow.scheduler import Bell, Scheduler
from apflow.testing import MONDAY
from tests.shell.looking import alerts, an_enquiry, timer_rows

PATIENCE = 20.0


def a_clock(handler: Handler, *, before_due: timedelta) -> MovableClock:
    """Policy time such that the first deadline passes after this much of machine time."""
    offset = timer_rows(handler.store)[0].due_at - before_due - machine_now()
    return MovableClock(lambda: offset)


def overdue(handler: Handler) -> int:
    return len(alerts(handler.store, "overdue_answer_due"))


class Mail:
    """Stands where the mailer does: is told that there may be mail, and looks what deadlines have done."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.came = Event()

    def __call__(self) -> Iterator[bool]:
        if overdue(self.handler):
            self.came.set()
        yield True


def test_a_deadline_fires_when_it_falls_due_and_its_mail_goes_at_once(handler: Handler) -> None:
    an_enquiry(handler)
    mail = Mail(handler)
    clock = a_clock(handler, before_due=timedelta(seconds=0.5))
    scheduler = Scheduler(handler, clock.now, send=mail)

    scheduler.start()
    try:
        assert mail.came.wait(PATIENCE)
    finally:
        scheduler.stop()

    assert overdue(handler) == 1


def test_what_should_have_been_marked_while_nothing_ran_is_chased_at_the_start(handler: Handler) -> None:
    chased = Event()

    def chase() -> Iterator[bool]:
        chased.set()
        yield True

    scheduler = Scheduler(handler, machine_now, chase=chase)
    scheduler.start()
    try:
        assert chased.wait(PATIENCE)
    finally:
        scheduler.stop()


def test_what_fell_due_while_nothing_ran_fires_at_the_start(handler: Handler) -> None:
    an_enquiry(handler)
    mail = Mail(handler)
    scheduler = Scheduler(handler, a_clock(handler, before_due=-timedelta(days=3)).now, send=mail)

    scheduler.start()
    try:
        assert mail.came.wait(PATIENCE)
    finally:
        scheduler.stop()


def test_moving_the_policy_clock_and_waking_fires_what_has_come_due(handler: Handler) -> None:
    an_enquiry(handler)
    mail, offset = Mail(handler), [MONDAY - machine_now()]
    scheduler = Scheduler(handler, MovableClock(lambda: offset[0]).now, send=mail)

    scheduler.start()
    try:
        offset[0] += timedelta(days=30)
        scheduler.wake()
        assert mail.came.wait(PATIENCE)
    finally:
        scheduler.stop()


def test_a_scheduler_that_is_stopped_fires_nothing_more(handler: Handler) -> None:
    an_enquiry(handler)
    offset = [MONDAY - machine_now()]
    scheduler = Scheduler(handler, MovableClock(lambda: offset[0]).now)

    scheduler.start()
    scheduler.stop()
    offset[0] += timedelta(days=30)
    scheduler.wake()

    assert overdue(handler) == 0


def test_a_ring_that_comes_while_the_drain_runs_is_answered_by_another_run() -> None:
    began, may_end = Semaphore(0), Semaphore(0)
    runs: list[int] = []

    def drain() -> Iterator[bool]:
        runs.append(len(runs))
        began.release()
        assert may_end.acquire(timeout=PATIENCE)
        yield True

    bell = Bell("test", drain)
    bell.ring()
    assert began.acquire(timeout=PATIENCE)
    bell.ring()
    bell.ring()
    may_end.release(2)
    assert began.acquire(timeout=PATIENCE)
    bell.stop()

    assert runs == [0, 1]


def test_a_drain_that_breaks_off_is_run_again_at_the_next_ring() -> None:
    came = Semaphore(0)

    def drain() -> Iterator[bool]:
        came.release()
        raise ConnectionError
        yield True

    bell = Bell("test", drain)
    for _ in range(2):
        bell.ring()
        assert came.acquire(timeout=PATIENCE)
    bell.stop()


def test_stopping_ends_a_drain_that_has_no_end_after_the_piece_under_way() -> None:
    began, pieces = Event(), []

    def drain() -> Iterator[bool]:
        while True:
            began.set()
            pieces.append("begun")
            pieces.append("done")
            yield True

    bell = Bell("test", drain)
    bell.ring()
    assert began.wait(PATIENCE)
    bell.stop()
    stopped_at = len(pieces)
    bell.ring()

    assert pieces[-1] == "done"
    assert len(pieces) == stopped_at
