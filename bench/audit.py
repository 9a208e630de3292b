"""The recount after a run: what was acknowledged happened exactly once, and every case is what its history says."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, select

from apflow.core import chain
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks, timers
from bench.ledger import Ledger

_NUMBER = re.compile(r"Command (\d+)\.")


def audit(store: Store, ledger: Ledger | None = None) -> list[str]:
    """A sentence for each thing that is not as it was acknowledged, or not whole; none when all is well."""
    with store.reading() as connection:
        done, faults = _read_history(connection)
        faults += _not_once(ledger or Ledger(), done)
        faults += _not_one_each(connection, "open task", tasks.c.case_id, tasks.c.closed_at.is_(None))
        faults += _not_one_each(connection, "running deadline", timers.c.case_id, timers.c.stopped_at.is_(None))
    return faults


def _not_once(ledger: Ledger, done: Mapping[int, list[tuple[str, int]]]) -> list[str]:
    """What was acknowledged and is lost, was done twice or elsewhere, or was done and never acknowledged."""
    faults = []
    for number, saved in ledger.acknowledged.items():
        found = done.get(number, [])
        if not found:
            faults.append(f"command {number} was acknowledged and is lost")
        elif len(found) > 1:
            faults.append(f"command {number} was done {len(found)} times")
        elif found[0] != (saved.reference, saved.version):
            faults.append(f"command {number} was acknowledged as {saved}, and stands as {found[0]}")
    unknown = set(done) - set(ledger.acknowledged)
    return faults + [f"command {number} was done and never acknowledged" for number in sorted(unknown)]


def _read_history(connection: Connection) -> tuple[Mapping[int, list[tuple[str, int]]], list[str]]:
    """Where each command stands in the history, and what is wrong with any chain."""
    done: dict[int, list[tuple[str, int]]] = defaultdict(list)
    faults: list[str] = []
    letters = _letters(connection)
    for case, rows in _cases(connection):
        before, told = chain.GENESIS, 0
        for version, row in enumerate(rows, 1):
            before, told = _followed(row, before, case.reference, version, faults), told + _told(row)
            if row.payload and (number := _NUMBER.search(str(row.payload["answers"].get("note", "")))):
                done[int(number[1])].append((case.reference, row.version))
        last = rows[-1] if rows else None
        if last is None or (before, last.version, last.to_state) != (case.head, case.version, case.state):
            faults.append(f"{case.reference}: the case and its history do not agree")
        if told != letters[case.id]:
            faults.append(f"{case.reference}: {letters[case.id]} messages where its history tells of {told}")
        faults += _fired_twice(case.reference, rows)
    return done, faults


def _cases(connection: Connection) -> Iterator[tuple[Any, list[Row[Any]]]]:
    """Each case with its history, both read once in the same order."""
    entries = connection.execution_options(yield_per=5000).execute(
        select(history).order_by(history.c.case_id, history.c.version)
    )
    by_case = groupby(entries, key=lambda row: row.case_id)
    case_id, rows = next(by_case, (None, iter(())))
    columns = (cases.c.id, cases.c.reference, cases.c.head, cases.c.version, cases.c.state)
    for case in connection.execute(select(*columns).order_by(cases.c.id)):
        if case.id == case_id:
            yield case, list(rows)
            case_id, rows = next(by_case, (None, iter(())))
        else:
            yield case, []


def _followed(row: Row[Any], before: str, reference: str, version: int, faults: list[str]) -> str:
    committed = chain.commitment(chain.statement(row.actor_name, row.payload), row.salt)
    hashed = chain.link(before, chain.structure(row, reference), committed)
    if row.version != version:
        faults.append(f"{reference}: entry {version} is missing")
    elif (committed, hashed) != (row.committed, row.hash):
        faults.append(f"{reference}: entry {version} is not what was written")
    return str(row.hash)


def _told(row: Row[Any]) -> int:
    return len(row.payload["notices"]) if row.payload else 0


def _letters(connection: Connection) -> Counter[int]:
    query = select(messages.c.case_id, func.count().label("written")).group_by(messages.c.case_id)
    return Counter({row.case_id: row.written for row in connection.execute(query)})


def _fired_twice(reference: str, rows: Collection[Row[Any]]) -> list[str]:
    """The clock moved the case out of a state it was not in: a deadline that fired again."""
    faults = []
    state = ""
    for row in rows:
        if state and row.from_state != state:
            faults.append(f"{reference}: entry {row.version} leaves {row.from_state}, where the case was not")
        state = row.to_state
    return faults


def _not_one_each(connection: Connection, what: str, column: Any, condition: Any) -> list[str]:
    """Every open case of the bench's workflow has one task and one deadline."""
    counted = select(column.label("case_id"), func.count().label("many")).where(condition).group_by(column).subquery()
    query = (
        select(cases.c.reference, func.coalesce(counted.c.many, 0).label("many"))
        .outerjoin(counted, counted.c.case_id == cases.c.id)
        .where(cases.c.is_open, cases.c.workflow == "handover", func.coalesce(counted.c.many, 0) != 1)
    )
    return [f"{row.reference}: has {row.many} {what}s" for row in connection.execute(query)]


def still_due(store: Store, now: datetime) -> list[str]:
    """A sentence when deadlines that were due at `now` have not been fired."""
    due = select(func.count()).where(timers.c.stopped_at.is_(None), timers.c.next_at <= now)
    with store.reading() as connection:
        left = connection.execute(due).scalar_one()
    return [f"{left} deadlines are still due"] if left else []
