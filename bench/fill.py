"""Filling a SQLite file with cases by plain inserts: only for measuring, since they come through no door.

Every case is a copy of one that was really begun, under a reference, an organisation and dates of its own, with a
chain that holds. A tenth of the deadlines were due in the days before NOW, the others will be within a year.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from apflow.core import chain
from apflow.testing import OSCAR
from bench.policy import NOW, OFFICER
from bench.sample import Row, Sample

BATCH = 5_000
DUE_ONE_IN = 10
LETTERS_SENT_ON = NOW - timedelta(days=40)
_PRIME = 7_919  # Steps through the year in an order that no index has.


@dataclass(frozen=True)
class Filling:
    """How many cases, and whether each has the message it was begun with: those are four fifths of all bytes."""

    cases: int
    with_letters: bool = False

    @property
    def name(self) -> str:
        return f"filled-{self.cases}{'-letters' if self.with_letters else ''}"


def fill(file: Path, sample: Sample, filling: Filling, tick: Callable[[], None]) -> None:
    """Add the cases to a file that has the tables, the people and the sampled case; one tick for every tenth."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
        connection.execute(f"PRAGMA {pragma}")
    writer = _Writer(sample, filling)
    tenth = max(filling.cases // 10, 1)
    for begun in range(0, filling.cases, min(BATCH, tenth)):
        connection.execute("BEGIN")
        writer.write(connection, range(begun, min(begun + min(BATCH, tenth), filling.cases)))
        connection.execute("COMMIT")
        if begun % tenth == 0:
            tick()
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def reference_of(number: int) -> str:
    """The reference of a filled case."""
    return f"HO-F-{number}"


def due_at(number: int) -> datetime:
    """When this case's deadline is due; those of a tenth have passed, an even distance apart."""
    if number % DUE_ONE_IN == 0:
        return NOW - timedelta(seconds=60 + (number * _PRIME) % 400_000)
    return NOW + timedelta(days=14, seconds=(number * _PRIME) % 30_000_000)


def holder(number: int) -> int | None:
    """Who has the case: nobody has a third of them, the measured officer some thirty, and a colleague the others."""
    if number % 3 == 0:
        return None
    return OFFICER.id if number < 45 else OSCAR.id


class _Writer:
    """Makes the rows of each case from the sample's, and writes them table by table."""

    def __init__(self, sample: Sample, filling: Filling) -> None:
        self._first = int(sample.case["id"]) + 1
        self._with_letters = filling.with_letters
        self._rows = {"cases": sample.case, "history": sample.history, "tasks": sample.task, "timers": sample.timer}
        if filling.with_letters:
            self._rows["messages"] = sample.message
        self._structure, self._said = _history(sample, with_letters=filling.with_letters)
        self._rungs = json.dumps([{**rung, "sent_at": rung["at"]} for rung in json.loads(sample.timer["rungs"])])

    def write(self, connection: sqlite3.Connection, numbers: range) -> None:
        for table, row in self._rows.items():
            columns = [name for name in row if name != "id" or table == "cases"]
            marks = ", ".join("?" * len(columns))
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
                self._values(table, row, columns, numbers),
            )

    def _values(self, table: str, row: Row, columns: list[str], numbers: range) -> Iterator[list[Any]]:
        for number in numbers:
            changed = {**row, **self._changes(table, number)}
            yield [changed[name] for name in columns]

    def _changes(self, table: str, number: int) -> Row:
        due, case_id = _stored(due_at(number)), self._first + number
        match table:
            case "cases":
                title = f"Made Up Farm {number}"
                head = self._hash(number)
                changes = {"id": case_id, "reference": reference_of(number), "title": title, "head": head}
                return {**changes, "assigned_to": holder(number)}
            case "history":
                return {"case_id": case_id, "hash": self._hash(number), **self._said}
            case "tasks":
                return {"case_id": case_id, "due_at": due, "claimed_by": holder(number)}
            case "timers":
                return {"case_id": case_id, "due_at": due, "next_at": due, "rungs": self._rungs}
            case _:
                sent = _stored(LETTERS_SENT_ON)
                return {"case_id": case_id, "message_id": f"<{number:032x}@council.example>"} | {
                    "status": "sent",
                    "sent_at": sent,
                }

    def _hash(self, number: int) -> str:
        structure = {**self._structure, "reference": reference_of(number)}
        return chain.link(chain.GENESIS, structure, self._said["committed"])


def _history(sample: Sample, *, with_letters: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the chain says of the sampled entry, and what of the row goes with it."""
    row = dict(sample.history)
    payload = json.loads(row["payload"])
    if not with_letters:
        payload["notices"] = []
    times = {name: datetime.fromisoformat(f"{row[name]}+00:00") for name in ("at", "recorded_at")}
    structure = chain.structure(SimpleNamespace(**{**row, **times}), "")
    committed = chain.commitment(chain.statement(row["actor_name"], payload), row["salt"])
    return structure, {"payload": json.dumps(payload), "committed": committed}


def _stored(at: datetime) -> str:
    """The time as SQLite keeps it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
