"""Who has taken on tasks of a role and is gone, or has not the role any more."""

from typing import Any

from sqlalchemy import Connection, Select, String, and_, bindparam, cast, func, select

from apflow.store.driver.hot import Compiled
from apflow.store.tables.people import people
from apflow.store.tables.work import HELD, tasks


def _holders() -> Select[Any]:
    """Those who had taken on an open task of the role and are gone, or have not the role any more.

    One holder leads to the next, so that as many rows are read as there are holders, however many tasks each has.
    """
    held = (HELD, tasks.c.role == bindparam("role"))
    first = select(func.min(tasks.c.claimed_by).label("person")).where(*held)
    holders = first.cte("holders", recursive=True)
    after = select(func.min(tasks.c.claimed_by)).where(*held, tasks.c.claimed_by > holders.c.person).scalar_subquery()
    holders = holders.union_all(select(after).where(holders.c.person.is_not(None)))
    has_the_role = cast(people.c.roles, String).like('%"' + bindparam("role", type_=String) + '"%')
    gone = ~and_(people.c.is_active, has_the_role)
    return select(people.c.id).join(holders, holders.c.person == people.c.id).where(gone).order_by(people.c.id)


_GONE = Compiled(_holders())


def holders_gone(connection: Connection, role: str) -> tuple[int, ...]:
    """Their ids: what they had taken on is anybody's again."""
    return tuple(row.id for row in _GONE.all(connection, {"role": role}))
