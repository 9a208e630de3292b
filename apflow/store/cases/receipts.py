"""What remains of commands with an idempotency key: looking up whether one has been done already, and keeping it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from apflow.core.errors import KeyReused
from apflow.store.cases.unit import Receipt
from apflow.store.driver.hot import Compiled
from apflow.store.driver.inserts import insert_new
from apflow.store.tables.history import command_results

_BY_KEY = Compiled(
    select(command_results).where(
        command_results.c.actor == bindparam("actor"), command_results.c.key == bindparam("key")
    )
)


def find_receipt(connection: Connection, receipt: Receipt) -> Row[Any] | None:
    """What the actor's command of this key did, whatever its body was; None when it is new."""
    return _BY_KEY.first(connection, {"actor": receipt.actor, "key": receipt.key})


def done_before(connection: Connection, receipt: Receipt | None) -> Row[Any] | None:
    """What this very command did; None when it is new or has no key. KeyReused when its key was another's."""
    done = find_receipt(connection, receipt) if receipt else None
    if receipt and done is not None and done.body_hash != receipt.body_hash:
        raise KeyReused
    return done


def keep_receipt(connection: Connection, receipt: Receipt, reference: str, version: int, at: datetime) -> bool:
    """Remember what the command did; False when something has been done under its key meanwhile."""
    kept = {
        "actor": receipt.actor,
        "key": receipt.key,
        "body_hash": receipt.body_hash,
        "reference": reference,
        "version": version,
        "at": at,
    }
    return insert_new(connection, command_results, kept, unique=["actor", "key"]) is not None
