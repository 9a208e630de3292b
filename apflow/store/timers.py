"""Claiming due deadlines: each by one process at a time, under a fencing token."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, exists, func, or_, select, update

from apflow.store.driver.among import among
from apflow.store.driver.engine import Store
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.driver.hot import Compiled
from apflow.store.driver.leases import LEASE, claims_at, is_free
from apflow.store.tables.cases import cases
from apflow.store.tables.work import timers

# So many are fired in one commit, in a small part of a lease.
MOST_CLAIMED = 100

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
_IS_FREE = is_free(timers.c.claimed_until)
_parent = cases.alias("parent")
_DUE = Compiled(
    select(
        timers.c.id,
        timers.c.name,
        timers.c.next_at,
        timers.c.case_id,
        cases.c.reference,
        cases.c.parent_id,
        _parent.c.parent_id.label("grandparent_id"),
    )
    .join(cases, cases.c.id == timers.c.case_id)
    .outerjoin(_parent, _parent.c.id == cases.c.parent_id)
    .where(
        timers.c.stopped_at.is_(None),
        timers.c.next_at <= bindparam("now"),
        _IS_FREE,
        ~_AN_EARLIER_ONE_IS_BEING_FIRED,
    )
    .order_by(timers.c.next_at, timers.c.id)
    .limit(bindparam("most", type_=Integer()))
)
_WANTED = (among(timers.c.id, "timer_ids"), timers.c.stopped_at.is_(None), _IS_FREE)
# Locked in one order, so that two who claim at once wait for each other and for nothing else.
_LOCK = Compiled(select(timers.c.id).where(*_WANTED).order_by(timers.c.id).with_for_update(key_share=True))
_CLAIM = Compiled(
    update(timers)
    .where(*_WANTED)
    .values(token=timers.c.token + 1, claimed_until=bindparam("until"))
    .returning(timers.c.id, timers.c.token)
)
_RELEASE = Compiled(
    update(timers)
    .where(timers.c.id == bindparam("timer_id"), timers.c.token == bindparam("seen_token"))
    .values(claimed_until=None)
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
    return next(iter(claim_all_due(store, now, machine_now, most=1)), None)


def claim_all_due(store: Store, now: datetime, machine_now: datetime, *, most: int = MOST_CLAIMED) -> list[Claimed]:
    """Claim those that have been due longest at `now`, longest first; none when none is due and free.

    No two are of one case or of cases related to each other: what comes of one may be the end of the other.
    """
    times = {"now": now, "lease_ends": machine_now + LEASE, **claims_at(machine_now)}
    while True:
        with store.writing() as connection:
            due = _unrelated(_DUE.all(connection, {**times, "most": most}))
            if not due:
                return []
            wanted = {"timer_ids": [row.id for row in due], "until": machine_now + LEASE, **claims_at(machine_now)}
            if not store.is_sqlite:  # Where there is one writer at a time.
                _LOCK.all(connection, wanted)
            tokens = {row.id: row.token for row in _CLAIM.all(connection, wanted)}
            if tokens:
                return [
                    Claimed(row.id, row.reference, row.name, tokens[row.id], row.next_at)
                    for row in due
                    if row.id in tokens
                ]


def _unrelated(due: Iterable[Any]) -> list[Any]:
    """The first due of each family; whoever is related to one that must wait must wait as well."""
    seen: set[int] = set()
    chosen = []
    for row in due:
        family = {row.case_id, row.parent_id, row.grandparent_id} - {None}
        if seen.isdisjoint(family):
            chosen.append(row)
        seen |= family
    return chosen


def release(store: Store, claimed: Sequence[Claimed]) -> None:
    """Give back deadlines that were claimed and not fired; those that have been fired or lost stay as they are."""
    if not claimed:
        return
    with suppress(StoreUnavailable), store.writing() as connection:  # Then they come free by themselves.
        _RELEASE.run(connection, *({"timer_id": one.id, "seen_token": one.token} for one in claimed))


def postpone(store: Store, claimed: Claimed, until: datetime) -> None:
    """Leave a deadline that could not be fired alone until machine time `until`, so that it blocks no other."""
    with store.writing() as connection:
        connection.execute(_POSTPONE, {"timer_id": claimed.id, "seen_token": claimed.token, "until": until})


def next_due(connection: Connection) -> datetime | None:
    """When the next deadline is due, or None when none runs."""
    due_at: datetime | None = connection.execute(_NEXT).scalar_one()
    return due_at
