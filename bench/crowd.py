"""Callers in processes of their own, as the web processes of one database are, each with some of the callers."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from apflow.store.driver.engine import Store
from bench.ledger import Ledger
from bench.policy import read_again
from bench.subject import Subject

APART = 100_000_000  # so that no two processes number a command alike


@dataclass(frozen=True)
class Crowd:
    """So many processes, each with so many callers."""

    lines: Sequence[Connection]

    def run(self, steps: int) -> None:
        """So many transitions by all the callers at once."""
        for line in self.lines:
            line.send(steps // len(self.lines))
        for line in self.lines:
            line.recv()


@contextmanager
def a_crowd(url: str, policy: Path, ledger: Ledger, processes: int, callers: int, cases: int) -> Iterator[Crowd]:
    """The processes, each with so many callers and cases of its own; they are gone at the end.

    What any of them was told stands in the ledger then: to hand it over is no part of what is measured.
    """
    context = multiprocessing.get_context("spawn")
    begun, lines = [], []
    for number in range(processes):
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, url, policy, number + 1, callers, cases), daemon=True)
        process.start()
        begun.append(process)
        lines.append(ours)
    try:
        for line in lines:
            line.recv()
        yield Crowd(lines)
    finally:
        for line in lines:
            line.send(0)
            ledger.acknowledged |= line.recv()
        for process in begun:
            process.join()


def _serve(line: Connection, url: str, policy: Path, number: int, callers: int, cases: int) -> None:
    store = Store(url)
    subject = Subject(store, read_again(policy).handler(store))
    subject.ledger.skip_to(number * APART)
    subject.begin(cases)
    line.send("ready")
    with ThreadPoolExecutor(callers) as threads:
        while steps := line.recv():
            subject.run_at_once(threads, callers, steps)
            line.send("done")
    line.send(subject.ledger.acknowledged)
    store.close()
