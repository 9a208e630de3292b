"""Claiming due deadlines: each by one process at a time, under a fencing token."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, update

from apflow.store.engine import Store
from apflow.store.leases import LEASE
from apflow.store.tables.cases import cases
from apflow.store.tables.work import timers

_earlier = timers.alias("earlier")
# A case's deadlines fire one after the other: a later one must not move it before an earlier one has spoken.
# One that was postponed holds nothing back: its claim reaches further than a lease.
_AN_EARLIER_ONE_IS_BEING_FIRED = exists().where(
    _earlier.c.case_id == timers.c.case_id,
    _earlier.c.stopped_at.is_(None),
    or_(
        _earlier.c.next_at < timers.c.next_at,
        and_(_earlier.c.next_at == timers.c.next_at, _earlier.c.id < timers.c.id),
    ),
    _earlier.c.claimed_until.between(bindparam("machine_now"), bindparam("lease_ends")),
)
_DUE = (
    select(timers.c.id, timers.c.name, timers.c.token, timers.c.next_at, cases.c.reference)
    .join(cases, cases.c.id == timers.c.case_id)
    .where(
        timers.c.stopped_at.is_(None),
        timers.c.next_at <= bindparam("now"),
        or_(timers.c.claimed_until.is_(None), timers.c.claimed_until < bindparam("machine_now")),
        ~_AN_EARLIER_ONE_IS_BEING_FIRED,
    )
    .order_by(timers.c.next_at, timers.c.id)
    .limit(1)
)
_CLAIM = (
    update(timers)
    .where(timers.c.id == bindparam("timer_id"), timers.c.token == bindparam("seen_token"))
    .values(token=bindparam("new_token"), claimed_until=bindparam("until"))
)
_POSTPONE = (
    update(timers)
    .where(timers.c.id == bindparam("timer_id"), timers.c.token == bindparam("seen_token"))
    .values(claimed_until=bindparam("until"))
)
_NEXT = select(func.min(timers.c.next_at)).where(timers.c.stopped_at.is_(None))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A due deadline this process may fire until its lease runs out."""

    id: int
    reference: str
    deadline: str
    token: int
    due_at: datetime


def claim_due(store: Store, now: datetime, machine_now: datetime) -> Claimed | None:
    """Claim the deadline that has been due longest at `now`; None when none is due and free."""
    lease_ends = machine_now + LEASE
    while True:
        with store.writing() as connection:
            row = connection.execute(_DUE, {"now": now, "machine_now": machine_now, "lease_ends": lease_ends}).first()
            if row is None:
                return None
            keys = {"timer_id": row.id, "seen_token": row.token, "new_token": row.token + 1}
            claimed = connection.execute(_CLAIM, {**keys, "until": lease_ends}).rowcount
            if claimed == 1:
                return Claimed(row.id, row.reference, row.name, row.token + 1, row.next_at)


def postpone(store: Store, claimed: Claimed, until: datetime) -> None:
    """Leave a deadline that could not be fired alone until machine time `until`, so that it blocks no other."""
    with store.writing() as connection:
        connection.execute(_POSTPONE, {"timer_id": claimed.id, "seen_token": claimed.token, "until": until})


def next_due(connection: Connection) -> datetime | None:
    """When the next deadline is due, or None when none runs."""
    due_at: datetime | None = connection.execute(_NEXT).scalar_one()
    return due_at
