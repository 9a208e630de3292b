"""What cases say to their relatives: written with the commit that says it, then heard once, under a fencing token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, insert, select, update

from apflow.core.errors import ApflowError
from apflow.core.outcome import Purpose, Signal
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE, claims_at, is_free
from apflow.store.tables.cases import cases
from apflow.store.tables.work import signals

_sender, _receiver, _earlier = cases.alias("sender"), cases.alias("receiver"), signals.alias("earlier")
# A case's words are heard in the order it said them: a child cannot be told what to do before it has begun.
_SAID_BEFORE = exists().where(
    and_(_earlier.c.from_case == signals.c.from_case, _earlier.c.done_at.is_(None), _earlier.c.id < signals.c.id)
)
_WAITING = (
    select(signals, _sender.c.reference.label("sender"), _receiver.c.reference.label("receiver"))
    .join(_sender, _sender.c.id == signals.c.from_case)
    .outerjoin(_receiver, _receiver.c.id == signals.c.to_case)
    .where(
        signals.c.done_at.is_(None),
        is_free(signals.c.claimed_until),
        ~_SAID_BEFORE,
    )
    .order_by(signals.c.id)
    .limit(1)
)
_ANY = select(signals.c.id).where(signals.c.done_at.is_(None)).limit(1)
_CLAIM = (
    update(signals)
    .where(signals.c.id == bindparam("signal_id"), signals.c.token == bindparam("seen_token"))
    .values(token=bindparam("new_token"), claimed_until=bindparam("until"))
)
_POSTPONE = (
    update(signals)
    .where(signals.c.id == bindparam("signal_id"), signals.c.token == bindparam("seen_token"))
    .values(claimed_until=bindparam("until"))
)
_DONE = (
    update(signals)
    .where(
        signals.c.id == bindparam("signal_id"), signals.c.token == bindparam("seen_token"), signals.c.done_at.is_(None)
    )
    .values(done_at=bindparam("at"), result=bindparam("what"), claimed_until=None)
)
_below = select(cases.c.id, cases.c.kind, cases.c.is_open).where(cases.c.parent_id == bindparam("of_case"))
_below_cte = _below.cte("below", recursive=True)
_BELOW = _below_cte.union_all(
    select(cases.c.id, cases.c.kind, cases.c.is_open).where(cases.c.parent_id == _below_cte.c.id)
)
_OPEN_BELOW = select(_BELOW.c.id).where(_BELOW.c.kind == bindparam("of_kind"), _BELOW.c.is_open).order_by(_BELOW.c.id)
_BY_REFERENCE = select(cases.c.id).where(cases.c.reference == bindparam("reference"))
_ASKED_FOR = update(cases).where(cases.c.id == bindparam("case_id")).values(has_children=True)


class Taken(ApflowError):
    """Another process has taken this signal up."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A signal this process may let be heard until its lease runs out. `receiver` is the case it is for, if one is."""

    id: int
    token: int
    purpose: Purpose
    sender: str
    receiver: str | None
    kind: str
    event: str
    workflow: str | None
    answers: Mapping[str, Any]
    sent_at: datetime


def write_signals(
    connection: Connection, said: tuple[Signal, ...], *, case_id: int, parent_id: int | None, at: datetime
) -> None:
    """Keep what the case says; called before the commit that makes it so."""
    rows = [
        {
            "from_case": case_id,
            "to_case": _receiver_of(connection, signal, parent_id),
            "purpose": signal.purpose,
            "kind": signal.kind,
            "workflow": signal.workflow,
            "event": signal.event,
            "answers": dict(signal.answers),
            "sent_at": at,
        }
        for signal in said
    ]
    if rows:
        connection.execute(insert(signals), rows)
    if any(signal.purpose == "begin" for signal in said):
        connection.execute(_ASKED_FOR, {"case_id": case_id})


def _receiver_of(connection: Connection, signal: Signal, parent_id: int | None) -> int | None:
    if signal.to:
        return int(connection.execute(_BY_REFERENCE, {"reference": signal.to}).scalar_one())
    return parent_id if signal.purpose == "ended" else None


def claim_next(store: Store, machine_now: datetime) -> Claimed | None:
    """Claim the signal that has waited longest; None when none waits and is free."""
    with store.reading() as connection:
        if connection.execute(_ANY).first() is None:
            return None  # Nearly always; and looking takes no turn from whoever writes.
    while True:
        with store.writing() as connection:
            row = connection.execute(_WAITING, claims_at(machine_now)).first()
            if row is None:
                return None
            keys = {"signal_id": row.id, "seen_token": row.token, "new_token": row.token + 1}
            if connection.execute(_CLAIM, {**keys, "until": machine_now + LEASE}).rowcount == 1:
                return _claimed(row)


def _claimed(row: Any) -> Claimed:
    return Claimed(
        id=row.id,
        token=row.token + 1,
        purpose=row.purpose,
        sender=row.sender,
        receiver=row.receiver,
        kind=row.kind,
        event=row.event,
        workflow=row.workflow,
        answers=row.answers,
        sent_at=row.sent_at,
    )


def postpone(store: Store, claimed: Claimed, until: datetime) -> None:
    """Leave a signal that could not be heard alone until machine time `until`, so that it blocks no other case's."""
    with store.writing() as connection:
        connection.execute(_POSTPONE, {"signal_id": claimed.id, "seen_token": claimed.token, "until": until})


def finish(connection: Connection, claimed: Claimed, what: str, at: datetime) -> None:
    """Mark it as heard, in the transaction that holds what came of it; Taken when the claim has been lost."""
    done = {"signal_id": claimed.id, "seen_token": claimed.token, "at": at, "what": what[:2000]}
    if connection.execute(_DONE, done).rowcount != 1:
        raise Taken


def tell_each(store: Store, claimed: Claimed, at: datetime) -> int:
    """Put one signal for each open case of the kind below it in the place of one for them all; how many there are.

    Below it are its children and what those began in their turn, over or not: a plan that a filed visit led to goes on.
    """
    with store.writing() as connection:
        sent = connection.execute(select(signals).where(signals.c.id == claimed.id)).one()
        children = connection.execute(_OPEN_BELOW, {"of_case": sent.from_case, "of_kind": sent.kind}).scalars().all()
        finish(connection, claimed, f"told {len(children)}", at)
        same = {name: getattr(sent, name) for name in ("from_case", "purpose", "kind", "event", "answers", "sent_at")}
        if children:
            connection.execute(insert(signals), [{**same, "to_case": child} for child in children])
    return len(children)
