"""Deadlines claimed and recorded as fired, with nothing done about their cases: what the claims alone cost."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import bindparam, update

from apflow.clock import machine_now
from apflow.store.driver.engine import Store
from apflow.store.driver.hot import Compiled
from apflow.store.tables.work import timers
from apflow.store.timers import claim_all_due

_RECORD = Compiled(
    update(timers)
    .where(timers.c.id == bindparam("timer_id"), timers.c.token == bindparam("held_token"))
    .values(stopped_at=bindparam("at"), claimed_until=None)
)


def claiming(store: Store, now: datetime) -> Iterator[int]:
    """Claim every deadline due at `now` as the scheduler does, record each under its token, and yield its id."""
    while claims := claim_all_due(store, now, machine_now()):
        rows = [{"timer_id": claimed.id, "held_token": claimed.token, "at": now} for claimed in claims]
        with store.writing() as connection:
            if _RECORD.run(connection, *rows) != len(rows):
                raise AssertionError("a deadline was claimed by somebody else")
        yield from (claimed.id for claimed in claims)
