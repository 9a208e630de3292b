"""Grouped commits: those who wait to write while another commits are written together, and wait for one sync.

SQLite has one writer at a time, and the wait for the disk is much of a short write. Whoever finds nobody writing leads:
they write for all who are waiting, and commit once. Nobody is answered before the commit that holds their work. One who
is refused has written nothing, and takes nothing from the others; where one fails half-way, all are written again, one
by one.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from apflow.store.driver.faults import StoreUnavailable, faults

MOST_TOGETHER = 64

Answer = TypeVar("Answer")
Work = Callable[[Connection], Any]
Writing = Callable[[], AbstractContextManager[Connection]]


def _taken() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(eq=False, slots=True)
class _Job:
    """One caller's work; its caller sleeps until somebody lets `sleep` go: it is done, or it is their turn to lead."""

    work: Work
    # Taken once here, and again by whoever sleeps: an Event does the same with three times the work.
    sleep: threading.Lock = field(default_factory=_taken)
    is_done: bool = False
    answer: Any = None
    error: BaseException | None = None

    def answered(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.answer


class Group:
    """Those who want to write to one database; `writing` opens a transaction that commits on leaving."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._waiting: deque[_Job] = deque()
        self._mutex = threading.Lock()
        self._is_led = False
        self._leader: int | None = None

    def run(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do the work inside a transaction, perhaps with that of others, and answer once it is committed.

        The work may be done again when the transaction fails, so it changes nothing but the database.
        """
        if self._leader == threading.get_ident():
            raise RuntimeError("work that is being written asks for more to be written, which would wait for itself")
        if (job := self._put_in_line(work)) is None:
            return self._run_alone(work)
        job.sleep.acquire()
        if not job.is_done:
            self._lead()
        return cast(Answer, job.answered())

    def _put_in_line(self, work: Work) -> _Job | None:
        """The work as a job that waits for whoever is writing; None when nobody is, and it is the caller's turn."""
        with self._mutex:
            if self._is_led:
                job = _Job(work)
                self._waiting.append(job)
                return job
            self._is_led = True
            return None

    def _run_alone(self, work: Callable[[Connection], Answer]) -> Answer:
        """The work of whoever finds nobody writing, and so nobody waiting either."""
        self._leader = threading.get_ident()
        try:
            with self._writing() as connection:
                return work(connection)
        finally:
            self._hand_over(())

    def _lead(self) -> None:
        with self._mutex:
            jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        self._leader = threading.get_ident()
        try:
            self._write(jobs)
        except BaseException as stop:
            for job in jobs:
                job.error = stop
            raise
        finally:
            self._hand_over(jobs)

    def _hand_over(self, done: Sequence[_Job]) -> None:
        self._leader = None
        with self._mutex:
            following = self._waiting[0] if self._waiting else None
            self._is_led = following is not None
        for job in done:
            job.is_done = True
            job.sleep.release()
        if following is not None:
            following.sleep.release()

    def _write(self, jobs: Sequence[_Job]) -> None:
        if len(jobs) > 1 and self._write_together(jobs):
            return
        for job in jobs:
            self._write_alone(job)

    def _write_together(self, jobs: Sequence[_Job]) -> bool:
        """False when the transaction as a whole came to nothing, whoever's fault that was."""
        try:
            with self._writing() as connection:
                for job in jobs:
                    self._write_one(connection, job)
        except Exception:
            return False
        return True

    def _write_one(self, connection: Connection, job: _Job) -> None:
        driver: Any = connection.connection.driver_connection
        written = driver.total_changes
        try:
            with faults():
                job.answer = job.work(connection)
        except StoreUnavailable:
            raise  # After a fault of the database itself nobody knows what is left of the others' work.
        except Exception as error:
            if driver.total_changes != written:
                raise  # What it had written goes with everybody else's, who then write without it.
            job.error = error

    def _write_alone(self, job: _Job) -> None:
        job.answer = job.error = None
        try:
            with self._writing() as connection:
                job.answer = job.work(connection)
        except Exception as error:
            job.error = error
