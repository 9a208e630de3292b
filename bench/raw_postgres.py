"""The reference on PostgreSQL: one read, and one statement that writes all seven rows and commits them."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from bench.policy import DEADLINES, DESKS
from bench.raw import CASE_COLUMNS, message_id
from bench.sample import Row, Sample

_READ = """
SELECT cases.*, tasks.*, timers.* FROM cases
JOIN tasks ON tasks.case_id = cases.id AND tasks.closed_at IS NULL
JOIN timers ON timers.case_id = cases.id AND timers.stopped_at IS NULL
WHERE cases.reference = %s
"""


class RawPostgres:
    """One connection to a database of its own that has the tables and the people."""

    def __init__(self, address: str, sample: Sample) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        self.references: list[str] = []
        self._sample = sample
        self._turn = 0
        self._places = _places(sample)
        self._write = _write(sample)
        self._fixed = _fixed(sample)

    def seed(self, cases: int) -> None:
        """Put so many copies of the sampled case there, to be moved in turn."""
        sample = self._sample
        self.references = [f"HO-RAW-{number}" for number in range(cases)]
        self._add("workflow_texts", sample.texts)
        for reference in self.references:
            case_id = self._add("cases", _without_id(sample.case) | {"reference": reference}, "RETURNING id")
            for table, row in (("history", sample.history), ("tasks", sample.task), ("timers", sample.timer)):
                self._add(table, _without_id(row) | {"case_id": case_id})

    def run(self, steps: int) -> None:
        """So many transitions."""
        for _ in range(steps):
            self._turn += 1
            self.transition(self.references[self._turn % len(self.references)])

    def transition(self, reference: str) -> None:
        """The read and the write, each a round trip."""
        row = self.connection.execute(_READ, (reference,)).fetchone()
        assert row is not None
        case, version, task, timer = (row[place] for place in self._places)
        # Under the name of the other desk's: the old one and the new meet in one statement.
        deadline = DEADLINES[DESKS[version % 2]]
        given = {"case": case, "seen": version, "version": version + 1, "task": task, "timer": timer}
        given |= {"deadline": deadline, "message_id": message_id()}
        if self.connection.execute(self._write, self._fixed | given).rowcount != 1:
            raise AssertionError("somebody else wrote to the reference")

    def close(self) -> None:
        self.connection.close()

    def _add(self, table: str, row: Row, returning: str = "") -> Any:
        marks = ", ".join(["%s"] * len(row))
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) {returning}"
        cursor = self.connection.execute(sql, [_adapted(value) for value in row.values()])
        return cursor.fetchone()[0] if returning else None  # type: ignore[index]


def _places(sample: Sample) -> Sequence[int]:
    """Where the read has the case's id and version, the task's id and the timer's."""
    case, task = list(sample.case), list(sample.task)
    return case.index("id"), case.index("version"), len(case), len(case) + len(task)


def _write(sample: Sample) -> str:
    assigned = ", ".join(f"{name} = %({'version' if name == 'version' else f'case_{name}'})s" for name in CASE_COLUMNS)
    return f"""
    WITH moved AS (UPDATE cases SET {assigned} WHERE id = %(case)s AND version = %(seen)s RETURNING id),
    told AS ({_insert("history", sample.history, {"version": "version"})}),
    closed AS (
        UPDATE tasks SET closed_at = %(at)s, closed_by = %(by)s, closed_how = 'done'
        WHERE id = %(task)s AND closed_at IS NULL AND EXISTS (SELECT FROM moved)
    ),
    opened AS ({_insert("tasks", sample.task, {})}),
    stopped AS (
        UPDATE timers SET stopped_at = %(at)s, claimed_until = NULL WHERE id = %(timer)s AND EXISTS (SELECT FROM moved)
    ),
    started AS ({_insert("timers", sample.timer, {"name": "deadline"})}),
    queued AS ({_insert("messages", sample.message, {"message_id": "message_id"})})
    SELECT id FROM moved
    """


def _insert(table: str, row: Row, given: dict[str, str]) -> str:
    columns = [name for name in row if name not in ("id", "case_id")]
    values = ", ".join(f"%({given.get(name, f'{table}_{name}')})s" for name in columns)
    return f"INSERT INTO {table} (case_id, {', '.join(columns)}) SELECT id, {values} FROM moved"


def _fixed(sample: Sample) -> dict[str, Any]:
    """What is the same in every transition."""
    rows = {"case": sample.case, "history": sample.history, "tasks": sample.task, "timers": sample.timer}
    rows["messages"] = sample.message
    values = {f"{table}_{name}": _adapted(value) for table, row in rows.items() for name, value in row.items()}
    return values | {"at": sample.case["changed_at"], "by": sample.history["actor_id"]}


def _without_id(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


def _adapted(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value
