"""What the tests of mail and timers put into a database, and what they ask it afterwards."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from apflow.core.actor import THE_PUBLIC
from apflow.handler import Handler
from apflow.store.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks, timers
from apflow.testing import ENQUIRY, MONDAY, a_message

Process = subprocess.Popen[str]


def queue(store: Store, *rows: dict[str, Any]) -> None:
    """Put messages in the outbox."""
    with store.writing() as connection:
        connection.execute(insert(messages), list(rows))


def an_enquiry(handler: Handler, at: datetime = MONDAY) -> str:
    """The reference of a new case, its own messages already sent."""
    reference = handler.open_case("provider", "enquire", ENQUIRY, actor=THE_PUBLIC, now=at).reference
    with handler.store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=at))
    return reference


def a_case_message(handler: Handler, **changes: Any) -> str:
    """The reference of a new case with one message to send."""
    reference = an_enquiry(handler)
    with handler.store.reading() as connection:
        case_id = connection.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar_one()
    queue(handler.store, a_message(case_id=case_id, **changes))
    return reference


def message_rows(store: Store) -> list[Row[Any]]:
    """Every message, in the order they were queued."""
    with store.reading() as connection:
        return list(connection.execute(select(messages).order_by(messages.c.id)))


def last_message(store: Store) -> Row[Any]:
    return message_rows(store)[-1]


def timer_rows(store: Store) -> list[Row[Any]]:
    """Every deadline, in the order they began."""
    with store.reading() as connection:
        return list(connection.execute(select(timers).order_by(timers.c.id)))


def alerts(store: Store, *names: str) -> list[Row[Any]]:
    """The open tasks of these names."""
    with store.reading() as connection:
        query = select(tasks).where(tasks.c.name.in_(names), tasks.c.closed_at.is_(None))
        return list(connection.execute(query.order_by(tasks.c.id)))


def mail_alerts(store: Store) -> list[Row[Any]]:
    return alerts(store, "mail_failed", "mail_uncertain")


def entries(store: Store, kind: str) -> list[tuple[str, datetime]]:
    """The history lines of a kind, as the case's reference and the time, in the order they were written."""
    query = select(cases.c.reference, history.c.at).join(cases, cases.c.id == history.c.case_id)
    with store.reading() as connection:
        rows = connection.execute(query.where(history.c.kind == kind).order_by(history.c.id))
        return [(row.reference, row.at) for row in rows]


@contextmanager
def draining(kind: str, store: Store, now: datetime, machine_now: datetime, port: int = 0) -> Iterator[Process]:
    """A process that is ready to drain and waits for a line; see `tests/shell/drain.py`."""
    command = [sys.executable, "-m", "tests.shell.drain", kind, store.url, now.isoformat(), machine_now.isoformat()]
    with subprocess.Popen(
        [*command, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def go(process: Process) -> None:
    """Let it drain."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def done(process: Process, within: timedelta = timedelta(seconds=60)) -> int:
    """Wait for it to end; how much it did."""
    output, _ = process.communicate(timeout=within.total_seconds())
    assert process.returncode == 0, output
    return int(output.splitlines()[-1])
