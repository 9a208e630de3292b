"""The reference on SQLite: the rows of one transition in plain SQL on the driver, with no thought given to anything.

Three reads, seven writes and one commit, into the same tables with the same indexes, with the values that a real
transition wrote.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.sample import Row, Sample

CASE_COLUMNS = (
    *("title", "state", "awaiting", "is_open", "version", "fields", "assigned_to", "entered_at", "changed_at"),
    *("head", "doers", "overrides"),
)
_CASE = "SELECT * FROM cases WHERE reference = ?"
_TASK = "SELECT * FROM tasks WHERE case_id = ? AND closed_at IS NULL"
_TIMER = "SELECT * FROM timers WHERE case_id = ? AND stopped_at IS NULL"
_CHANGE_CASE = f"UPDATE cases SET {', '.join(f'{name} = ?' for name in CASE_COLUMNS)} WHERE id = ? AND version = ?"
_CLOSE_TASK = "UPDATE tasks SET closed_at = ?, closed_by = ?, closed_how = 'done' WHERE id = ? AND closed_at IS NULL"
_STOP_TIMER = "UPDATE timers SET stopped_at = ?, claimed_until = NULL WHERE id = ?"
_DUE = (
    "SELECT timers.id, cases.reference FROM timers JOIN cases ON cases.id = timers.case_id"
    " WHERE timers.stopped_at IS NULL AND timers.next_at <= ? ORDER BY timers.next_at, timers.id LIMIT ?"
)
_CLAIM = "UPDATE timers SET token = token + 1, claimed_until = ? WHERE id = ?"


class Insert:
    """An insert of one sampled row again and again, with some of its columns given anew."""

    def __init__(self, table: str, row: Row, given: Sequence[str]) -> None:
        columns = [name for name in row if name != "id"]
        self.sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        self._values = [row[name] for name in columns]
        self._places = [columns.index(name) for name in given]

    def values(self, *given: Any) -> list[Any]:
        """The row with these values in the columns that were named."""
        values = self._values.copy()
        for place, value in zip(self._places, given, strict=True):
            values[place] = value
        return values


class RawSqlite:
    """One connection to a file of its own that has the tables and the people; `references` are the cases it moves."""

    def __init__(self, file: Path, sample: Sample) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.references: list[str] = []
        self._sample = sample
        self._at, self._by = sample.case["changed_at"], sample.history["actor_id"]
        self._changed = [sample.case[name] for name in CASE_COLUMNS]
        self._version = CASE_COLUMNS.index("version")
        self._version_read = list(sample.case).index("version")
        self._history = Insert("history", sample.history, ["case_id", "version"])
        self._task = Insert("tasks", sample.task, ["case_id"])
        self._timer = Insert("timers", sample.timer, ["case_id"])
        self._message = Insert("messages", sample.message, ["case_id", "message_id"])
        self._turn = 0

    def seed(self, cases: int) -> None:
        """Put so many copies of the sampled case there, to be moved in turn."""
        execute, sample = self.connection.execute, self._sample
        texts, opened = tuple(sample.texts.values()), Insert("cases", sample.case, ["reference"])
        self.references = [f"HO-RAW-{number}" for number in range(cases)]
        execute("BEGIN IMMEDIATE")
        execute(f"INSERT INTO workflow_texts VALUES ({', '.join('?' * len(texts))})", texts)
        for reference in self.references:
            case_id = execute(opened.sql, opened.values(reference)).lastrowid
            execute(self._history.sql, self._history.values(case_id, sample.case["version"]))
            execute(self._task.sql, self._task.values(case_id))
            execute(self._timer.sql, self._timer.values(case_id))
        execute("COMMIT")

    def run(self, steps: int) -> None:
        """So many transitions, each with a commit of its own."""
        for _ in range(steps):
            self._turn += 1
            self.commit([self.references[self._turn % len(self.references)]])

    def sweep(self, steps: int, *, now: str, batch: int = 100) -> None:
        """A transition for each of so many due deadlines, a hundred to a commit."""
        for begun in range(0, steps, batch):
            due = self.connection.execute(_DUE, (now, min(batch, steps - begun))).fetchall()
            self.commit(reference for _, reference in due)

    def claim(self, steps: int, *, now: str, until: str, batch: int = 100) -> None:
        """Claim so many due deadlines and record that they have fired, a hundred to a commit, and nothing else."""
        execute = self.connection.execute
        for begun in range(0, steps, batch):
            execute("BEGIN IMMEDIATE")
            for timer, _ in execute(_DUE, (now, min(batch, steps - begun))).fetchall():
                execute(_CLAIM, (until, timer))
                execute(_STOP_TIMER, (now, timer))
            execute("COMMIT")

    def commit(self, references: Iterable[str]) -> None:
        """A transition of each of these cases, in one commit."""
        self.connection.execute("BEGIN IMMEDIATE")
        for reference in references:
            self.transition(reference)
        self.connection.execute("COMMIT")

    def transition(self, reference: str) -> None:
        """The three reads and the seven writes; the commit is the caller's."""
        execute = self.connection.execute
        case = execute(_CASE, (reference,)).fetchone()
        case_id, version = case[0], case[self._version_read]
        (task,) = execute(_TASK, (case_id,)).fetchall()
        (timer,) = execute(_TIMER, (case_id,)).fetchall()

        changed = self._changed.copy()
        changed[self._version] = version + 1
        if execute(_CHANGE_CASE, (*changed, case_id, version)).rowcount != 1:
            raise AssertionError("somebody else wrote to the reference")
        execute(self._history.sql, self._history.values(case_id, version + 1))
        execute(_CLOSE_TASK, (self._at, self._by, task[0]))
        execute(self._task.sql, self._task.values(case_id))
        execute(_STOP_TIMER, (self._at, timer[0]))
        execute(self._timer.sql, self._timer.values(case_id))
        execute(self._message.sql, self._message.values(case_id, message_id()))

    def close(self) -> None:
        self.connection.close()


def message_id() -> str:
    """A Message-ID as long and as random as a real one: an index has them all."""
    return f"<{secrets.token_hex(16)}@council.example>"
