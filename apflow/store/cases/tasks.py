"""One task by itself, open or closed; and who holds a task."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, and_, bindparam, case, cast, select

from apflow.store.tables.cases import cases
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks

# Somebody who is gone, or has not the role any more, holds nothing: what they had taken on is anybody's again.
_HAS_ITS_ROLE = cast(people.c.roles, String).like('%"' + tasks.c.role + '"%')
held_by = case((and_(people.c.is_active, _HAS_ITS_ROLE), tasks.c.claimed_by)).label("holder")
_TASK = (
    select(tasks, cases.c.title.label("case_title"), people.c.name.label("claimed_name"))
    .add_columns(cases.c.reference, cases.c.digest, cases.c.state)
    .join(cases, cases.c.id == tasks.c.case_id)
    .outerjoin(people, people.c.id == tasks.c.claimed_by)
    .where(tasks.c.id == bindparam("task_id"))
)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with its case and whoever has it."""

    title: str
    role: str
    case_title: str
    claimed_by: int | None
    claimed_name: str | None
    put_off_until: datetime | None
    is_open: bool
    reference: str
    digest: str
    state: str


def has_finished(connection: Connection, case_id: int, person: int, at: datetime) -> bool:
    """Whether what somebody did to the case at that moment finished a task of it."""
    query = select(tasks.c.id).where(tasks.c.case_id == case_id, tasks.c.closed_by == person, tasks.c.closed_at == at)
    return connection.execute(query.where(tasks.c.closed_how == "done").limit(1)).first() is not None


def task_view(connection: Connection, task: int) -> TaskView | None:
    """The task, or None."""
    row = connection.execute(_TASK, {"task_id": task}).one_or_none()
    if row is None:
        return None
    return TaskView(
        title=row.title,
        role=row.role,
        case_title=row.case_title,
        claimed_by=row.claimed_by,
        claimed_name=row.claimed_name,
        put_off_until=row.put_off_until,
        is_open=row.closed_at is None,
        reference=row.reference,
        digest=row.digest,
        state=row.state,
    )
