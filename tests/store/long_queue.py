"""Queues longer than anybody would make by hand: rows put in as they are, and a plain reading of what is in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from apflow.core.people.actor import Actor
from apflow.core.queue import Part, is_put_off, tomorrow
from apflow.store.driver.engine import Store
from apflow.store.reading.work_rows import Place
from apflow.store.tables.cases import case_items, cases
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks
from apflow.testing import MONDAY


def add_tasks(store: Store, reference: str, dues: Sequence[datetime | None], **columns: Any) -> list[int]:
    """Open tasks of the case, one for each time; their ids."""
    with store.writing() as connection:
        case_id = connection.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar_one()
        row = {"case_id": case_id, "name": "answer", "role": "officer", "title": "Answer the enquiry", "note": ""}
        row |= {"is_alert": False, "opened_at": MONDAY, **columns}
        added = [insert(tasks).values(**row, due_at=due).returning(tasks.c.id) for due in dues]
        return [int(connection.execute(one).scalar_one()) for one in added]


def close_task(store: Store, task: int) -> None:
    with store.writing() as connection:
        closed = update(tasks).where(tasks.c.id == task).values(closed_at=MONDAY, closed_how="done")
        connection.execute(closed)


def open_work(store: Store, actor: Actor) -> list[tuple[Place, bool, datetime | None]]:
    """Every open task the person could do, whether it is anybody's and to when it is put off, in order; from all rows,
    one by one."""
    with store.reading() as connection:
        staff = {row.id: set(row.roles) if row.is_active else set() for row in connection.execute(select(people))}
        ticked = {
            (row.case_id, row.collection)
            for row in connection.execute(select(case_items).where(case_items.c.key == str(actor.id)))
        }
        rows = [row for row in connection.execute(select(tasks)) if row.closed_at is None and row.role in actor.roles]
    found = []
    for row in rows:
        holder = row.claimed_by if row.role in staff.get(row.claimed_by, ()) else None
        if holder in (None, actor.id) and (row.case_id, row.each) not in ticked:
            until = row.put_off_until if holder else None
            found.append((Place(row.due_at, row.id), holder is None and row.each is None, until))
    return sorted(found, key=lambda one: (one[0].due_at is None, one[0].due_at or MONDAY, one[0].task))


def open_part(store: Store, actor: Actor, part: Part, now: datetime) -> list[Place]:
    """The same, of one part of the queue."""
    return [
        place
        for place, is_free, until in open_work(store, actor)
        if _part(place, until, is_free=is_free, now=now) is part
    ]


def _part(place: Place, until: datetime | None, *, is_free: bool, now: datetime) -> Part:
    if place.due_at is not None and place.due_at < now:
        return Part.OVERDUE
    if place.due_at is not None and place.due_at < tomorrow(now):
        return Part.TODAY
    if is_put_off(until, now):
        return Part.PUT_OFF
    return Part.TO_CLAIM if is_free else Part.YOURS
