"""One task by itself, open or closed."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from apflow.store.tables.cases import cases
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks

_TASK = (
    select(tasks, cases.c.title.label("case_title"), people.c.name.label("claimed_name"))
    .join(cases, cases.c.id == tasks.c.case_id)
    .outerjoin(people, people.c.id == tasks.c.claimed_by)
    .where(tasks.c.id == bindparam("task_id"))
)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with its case's title and whoever has it."""

    title: str
    role: str
    case_title: str
    claimed_by: int | None
    claimed_name: str | None
    is_open: bool


def task_view(connection: Connection, task: int) -> TaskView | None:
    """The task, or None."""
    row = connection.execute(_TASK, {"task_id": task}).one_or_none()
    if row is None:
        return None
    return TaskView(row.title, row.role, row.case_title, row.claimed_by, row.claimed_name, row.closed_at is None)
