"""Firing deadlines when they are due. The rows say what is due; APScheduler only rings the bell."""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from apflow.clock import machine_now as machine_clock
from apflow.core.days.calendar import LONDON
from apflow.core.errors import Refusal
from apflow.handler import Handler
from apflow.rounds.ringing import WRITES_FOR, ring_together
from apflow.rounds.signals import hear_all
from apflow.store import timers
from apflow.watching.logs import fault

SWEEP_EVERY = timedelta(seconds=20)  # With the lease of whoever was killed, under a minute.
SEND_EVERY = timedelta(seconds=5)
CHASE_EVERY = timedelta(minutes=1)
CHECK_EVERY = timedelta(minutes=1)  # Whether a night's check is due: so one that was missed is made up for.
TIDY_AT = {"hour": 3, "minute": 30}  # In London, when nobody is uploading.
POSTPONED_FOR = timedelta(minutes=5)
REFUSED_FOR = timedelta(seconds=30)

Drain = Callable[[], Iterable[object]]

log = structlog.get_logger()


def fire_due(handler: Handler, now: datetime, *, machine_now: Callable[[], datetime]) -> int:
    """Fire every deadline due at `now`, longest due first; how many acted. Any number of processes may do so."""
    return sum(firing(handler, now, machine_now=machine_now))


def firing(
    handler: Handler, now: datetime, *, machine_now: Callable[[], datetime], writes_for: float = WRITES_FOR
) -> Generator[bool, None, None]:
    """The same, saying of each deadline whether it acted; whoever stops asking stops the drain.

    Many are claimed and fired at once, in commits that write for so many seconds; in between is heard what cases say
    to their relatives.
    """
    hear_all(handler, machine_now=machine_now)
    while claims := timers.claim_all_due(handler.store, now, machine_now()):
        yield from _all_fired(handler, {claimed.id: claimed for claimed in claims}, now, machine_now, writes_for)


def _all_fired(
    handler: Handler,
    waiting: dict[int, timers.Claimed],
    now: datetime,
    machine_now: Callable[[], datetime],
    writes_for: float,
) -> Iterator[bool]:
    try:
        while waiting:
            rung = (
                ring_together(handler, list(waiting.values()), now, writes_for=writes_for)
                if len(waiting) > 1
                else dict.fromkeys(waiting, False)
            )
            for timer, acted in rung.items():
                yield acted or _acted(handler, waiting[timer], now, machine_now)
                del waiting[timer]
            hear_all(handler, machine_now=machine_now)  # Before the next: it may stop one, or begin an earlier one.
    finally:
        timers.release(handler.store, list(waiting.values()))


def _acted(handler: Handler, claimed: timers.Claimed, now: datetime, machine_now: Callable[[], datetime]) -> bool:
    try:
        handler.ring(claimed.reference, claimed.deadline, token=claimed.token, now=now)
    except Refusal as refusal:
        # Dealt with meanwhile. Should it still be due, then not again in this very drain, which would circle on it.
        _note("deadline refused", claimed, reason=refusal.code)
        timers.postpone(handler.store, claimed, machine_now() + REFUSED_FOR)
        return False
    except Exception as error:  # Whatever is wrong with one deadline must not stop the others.
        _note("deadline could not be fired", claimed, **fault(error))
        timers.postpone(handler.store, claimed, machine_now() + POSTPONED_FOR)
        return False
    return True


def _note(what: str, claimed: timers.Claimed, **fields: str) -> None:
    log.warning(what, case=claimed.reference, deadline=claimed.deadline, **fields)


class Bell:
    """Runs a drain each time it rings, one run at a time; a ring that comes too late for one run gets another."""

    def __init__(self, name: str, drain: Drain) -> None:
        self._name = name
        self._drain = drain
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._lock = Lock()
        self._is_rung = False
        self._is_stopped = False

    def ring(self) -> None:
        """Ask for a run. Returns at once."""
        with self._lock:
            if self._is_rung or self._is_stopped:
                return
            self._is_rung = True
            run = self._thread.submit(self._answer)
        run.add_done_callback(self._report)

    def stop(self) -> None:
        """Let the piece under way finish, and start no other."""
        with self._lock:
            self._is_stopped = True
        self._thread.shutdown()

    def _answer(self) -> None:
        with self._lock:
            self._is_rung = False  # Before the first look: what is committed from here on must ring anew.
        for _ in self._drain():
            if self._is_stopped:
                break

    def _report(self, run: Future[None]) -> None:
        if (error := run.exception()) is not None:
            log.error("drain broke off", drain=self._name, **fault(error))


class Scheduler:
    """Everything that happens in one process without anybody asking: deadlines, mail and the nightly tidying.

    `policy_now` is the clock deadlines are counted by; `send` drains the outbox; `chase` tells of what should have been
    marked; `check` looks at every case once a night; `tidy` removes what nobody refers to.
    `latest` is the handler to fire with from now on, which another edition may have replaced.
    """

    def __init__(
        self,
        handler: Handler,
        policy_now: Callable[[], datetime],
        *,
        send: Drain = tuple,
        chase: Drain = tuple,
        check: Drain = tuple,
        tidy: Callable[[], object] | None = None,
        latest: Callable[[], Handler] | None = None,
    ) -> None:
        self._handler = handler
        self._latest = latest
        self._now = policy_now
        self._tidy = tidy
        self._timers = Bell("timers", self._fire)
        self._mail = Bell("mail", send)
        self._chase = Bell("chase", chase)
        self._check = Bell("check", check)
        # A late ring is still a ring; and one may come before the last has quite returned, which counts as running.
        habits = {"coalesce": True, "misfire_grace_time": None, "max_instances": 4}
        self._ringer = BackgroundScheduler(timezone=UTC, job_defaults=habits)

    def start(self) -> None:
        """Begin, with whatever fell due while nothing ran."""
        self._every(SWEEP_EVERY, self._timers.ring)
        self._every(SEND_EVERY, self._mail.ring)
        self._every(CHASE_EVERY, self._chase.ring)
        self._every(CHECK_EVERY, self._check.ring)
        if self._tidy is not None:
            self._ringer.add_job(self._tidy, "cron", timezone=LONDON, **TIDY_AT)
        self._ringer.start()
        self._chase.ring()
        self.wake()

    def stop(self) -> None:
        """Finish the deadline and the message under way, and end."""
        self._ringer.shutdown()
        self._timers.stop()
        self._chase.stop()
        self._check.stop()
        self._mail.stop()

    def wake(self) -> None:
        """Look at once: something was committed, or the policy clock was moved."""
        self._timers.ring()
        self._mail.ring()

    def _every(self, span: timedelta, ring: Callable[[], None]) -> None:
        self._ringer.add_job(ring, "interval", seconds=span.total_seconds())

    def _fire(self) -> Iterator[bool]:
        if self._latest is not None:
            self._handler = self._latest()
        yield from firing(self._handler, self._now(), machine_now=machine_clock)
        self._mail.ring()
        self._ring_when_next_due()

    def _ring_when_next_due(self) -> None:
        with self._handler.store.reading() as connection:
            due_at = timers.next_due(connection)
        if due_at is None:
            return
        wait = due_at - self._now()
        # What is due already is being fired elsewhere or was postponed, and what is later than a sweep can wait for it.
        if timedelta(0) < wait < SWEEP_EVERY:
            at: dict[str, Any] = {"run_date": machine_clock() + wait, "id": "next", "replace_existing": True}
            self._ringer.add_job(self._timers.ring, "date", **at)
