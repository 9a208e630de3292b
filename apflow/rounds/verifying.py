"""Nobody forgotten, asked of the cases there are: how each stands, and what is late or stuck around them.

Some cases at a time, each time in a look of its own: however many there are, few are in memory, and nobody waits.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row

from apflow.core.definition import words
from apflow.core.errors import DefinitionError
from apflow.core.snapshot import Snapshot
from apflow.core.standing import FOR_PEOPLE, RETENTION_DUE, faults_of
from apflow.handler import Handler
from apflow.records.retention.to_decide import all_to_decide
from apflow.rounds.otherwise import COUNTED_OTHERWISE, otherwise
from apflow.store.cases.loading import load_cases
from apflow.store.cases.texts import pinned_text
from apflow.store.findings import RETENTION
from apflow.store.people.people import with_role
from apflow.store.reading.history import broken_among, cases_after
from apflow.store.reading.lateness import late_deadlines, stuck_messages, tasks_without_case, unheard_signals

LATE_AFTER = timedelta(minutes=10)  # A worker looks every 20 seconds, and takes up another's work within a minute.
STUCK_AFTER = timedelta(hours=1)
A_LOOK = 200


class Found(Struct, frozen=True):
    """One thing that is wrong: its kind, as the council's policy calls it, and a sentence of what it is `about`.

    That is the reference of a case, or says what else; `workflow` is what the case runs. What is left undone was due
    at `since`, and is the `task` of that number and `title`. `deadline` is the one that is counted otherwise than the
    case says.
    """

    kind: str
    about: str
    said: str
    workflow: str = ""
    since: datetime | None = None
    deadline: str = ""
    task: int | None = None
    title: str = ""

    def __str__(self) -> str:
        return f"{self.about}: {self.said}"


class Looked(Struct, frozen=True):
    """What one look found, and at how many cases it looked."""

    cases: int
    found: tuple[Found, ...]


def verified(handler: Handler, now: datetime) -> Iterator[Found]:
    """Each thing that is wrong: with the cases' histories, how they stand, their deadlines, mail and signals.

    Not what people have left undone, or are to decide: nothing is wrong with the cases.
    """
    found = chain.from_iterable(look.found for look in looking(handler, now))
    return (one for one in found if one.kind not in FOR_PEOPLE)


def looking(handler: Handler, now: datetime) -> Iterator[Looked]:
    """The same look by look; whoever stops asking stops it."""
    with handler.store.reading() as connection:
        held = {role: bool(with_role(connection, role)) for role in handler.library.council.roles}
    after, texts = 0, set[str]()
    while True:
        with handler.store.reading() as connection:
            some = cases_after(connection, after, limit=A_LOOK)
            found = (*_of_texts(connection, some, texts), *_of_cases(handler, connection, some, held, now))
        if not some:
            break
        yield Looked(len(some), found)
        after = some[-1].id
    with handler.store.reading() as connection:
        found = (*_around(connection, now), *_due_under_retention(handler, connection, now))
    yield Looked(0, found)


def _of_texts(connection: Connection, some: Sequence[Row[Any]], known: set[str]) -> Iterator[Found]:
    """Of each workflow text that is met for the first time: whether it is the one that its cases began under."""
    for digest in {case.digest: None for case in some if case.digest not in known}:
        known.add(digest)
        if hashlib.sha256(pinned_text(connection, digest).encode()).hexdigest() != digest:
            yield Found("text", f"Text {digest[:12]}", "the workflow text that cases keep to has been changed")


def _of_cases(
    handler: Handler, connection: Connection, some: Sequence[Row[Any]], held: Mapping[str, bool], now: datetime
) -> Iterator[Found]:
    if not some:
        return
    broken = broken_among(connection, some)
    snapshots = load_cases(connection, [case.reference for case in some if case.stands])
    for case in some:
        if fault := broken.get(case.reference):
            yield Found("history", case.reference, fault, case.workflow)
        if snapshot := snapshots.get(case.reference):
            yield from _standing(handler, connection, snapshot, held, now)


def _standing(
    handler: Handler, connection: Connection, snapshot: Snapshot, held: Mapping[str, bool], now: datetime
) -> Iterator[Found]:
    workflow, reference = snapshot.workflow, snapshot.reference
    try:
        definition = handler.definition_of(connection, snapshot)
    except DefinitionError:  # Written for another version of apflow. One such text must not hide all other cases.
        yield Found("text", reference, "the workflow text that it keeps to cannot be read", workflow)
        return
    for one in faults_of(definition, snapshot, held, now):
        yield Found(one.kind, reference, one.said, workflow, one.since, task=one.task, title=one.title)
    for deadline, said in otherwise(connection, definition, snapshot, now):
        yield Found(COUNTED_OTHERWISE, reference, said, workflow, deadline=deadline)


def _around(connection: Connection, now: datetime) -> Iterator[Found]:
    for row in late_deadlines(connection, now - LATE_AFTER):
        said = f"the deadline “{row.name}” has been due since {_moment(row)}, and nothing was done"
        yield Found("late_deadline", row.reference, said)
    for row in stuck_messages(connection, now - STUCK_AFTER):
        said = f"an e-mail has waited to be sent since {_moment(row)}"
        yield Found("stuck_message", row.reference or f"Letter {row.id}", said)
    for row in unheard_signals(connection, now - LATE_AFTER):
        said = f"what it says to another case has not been heard since {_moment(row)}"
        yield Found("unheard_signal", row.reference, said)
    for task in tasks_without_case(connection):
        yield Found("task_without_case", f"Task {task}", "there is no such case as it belongs to")


def _due_under_retention(handler: Handler, connection: Connection, now: datetime) -> Iterator[Found]:
    """One thing, however many records and cases wait: each of them is listed for whoever decides, and may see it."""
    if all_to_decide(connection, handler.library, now).days:
        said = "the time of something that is kept is over, or it is asked again whether it must be kept"
        yield Found(RETENTION_DUE, RETENTION, said)


def _moment(row: Row[Any]) -> str:
    return words.moment(row.since)
