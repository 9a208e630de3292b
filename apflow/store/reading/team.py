"""What each of a team has to do, whatever kind of case it is on: how much, what is late, and what somebody has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, cast, func, select

from apflow.store.cases.tasks import held_by
from apflow.store.tables.cases import cases, hidden_cases
from apflow.store.tables.people import people
from apflow.store.tables.work import HELD, tasks


@dataclass(frozen=True, slots=True)
class Load:
    """How many open tasks somebody has, or nobody (None), how many are due by when, and how many are put off."""

    person: int | None
    every: int
    late: int
    today: int
    this_week: int
    put_off: int


@dataclass(frozen=True, slots=True)
class TeamTask:
    """One open task of the team, its case and whoever has it."""

    task: int
    name: str
    title: str
    due_at: datetime | None
    put_off_until: datetime | None
    holder: str | None
    reference: str
    case_title: str
    digest: str
    state: str


def loads(
    connection: Connection, roles: Sequence[str], *, now: datetime, tomorrow: datetime, week: datetime, shown_to: int
) -> list[Load]:
    """The open tasks of these roles, counted by who has them; `this_week` is after today and before `week`.

    Those of cases that are hidden from whoever looks are not counted.
    """
    due = tasks.c.due_at
    query = (
        select(held_by, func.count().label("every"), _how_many(due < now).label("late"))
        .add_columns(_how_many(and_(due >= now, due < tomorrow)).label("today"))
        .add_columns(_how_many(and_(due >= tomorrow, due < week)).label("this_week"))
        .add_columns(_how_many(tasks.c.put_off_until > now).label("put_off"))
        .outerjoin(people, people.c.id == tasks.c.claimed_by)
        .where(tasks.c.closed_at.is_(None), tasks.c.role.in_(roles), _is_shown_to(shown_to))
        .group_by(held_by)
    )
    found = connection.execute(query)
    return [Load(row.holder, row.every, row.late, row.today, row.this_week, row.put_off) for row in found]


def late_tasks(connection: Connection, roles: Sequence[str], *, now: datetime, limit: int) -> list[TeamTask]:
    """What is overdue of these roles, the longest first."""
    return _found(connection, roles, tasks.c.due_at < now, limit)


def tasks_of(connection: Connection, roles: Sequence[str], person: int, *, limit: int) -> list[TeamTask]:
    """What somebody has of these roles, the most pressing first."""
    return _found(connection, roles, tasks.c.claimed_by == person, limit)


def roles_with_work(connection: Connection, person: int, roles: Iterable[str]) -> list[str]:
    """Of which roles somebody holds open tasks."""
    of_role = select(tasks.c.id).where(HELD, tasks.c.claimed_by == person).limit(1)
    return [role for role in roles if connection.execute(of_role.where(tasks.c.role == role)).first() is not None]


def _is_shown_to(person: int) -> ColumnElement[bool]:
    return tasks.c.case_id.not_in(select(hidden_cases.c.case_id).where(hidden_cases.c.person_id == person))


def _how_many(condition: Any) -> Any:
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), Integer)


def _found(connection: Connection, roles: Sequence[str], condition: Any, limit: int) -> list[TeamTask]:
    due = tasks.c.due_at
    query = (
        select(tasks.c.id, tasks.c.name, tasks.c.title, due, people.c.name.label("holder_name"), held_by)
        .add_columns(cases.c.reference, cases.c.title.label("case_title"), cases.c.digest, cases.c.state)
        .add_columns(tasks.c.put_off_until)
        .join(cases, cases.c.id == tasks.c.case_id)
        .outerjoin(people, people.c.id == tasks.c.claimed_by)
        .where(tasks.c.closed_at.is_(None), tasks.c.role.in_(roles), condition)
        .order_by(due.is_(None), due, tasks.c.id)
        .limit(limit)
    )
    return [
        TeamTask(
            task=row.id,
            name=row.name,
            title=row.title,
            due_at=row.due_at,
            put_off_until=row.put_off_until if row.holder else None,
            holder=row.holder_name if row.holder else None,
            reference=row.reference,
            case_title=row.case_title,
            digest=row.digest,
            state=row.state,
        )
        for row in connection.execute(query)
    ]
