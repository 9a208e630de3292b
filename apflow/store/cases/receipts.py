"""Looking up whether a command with this idempotency key has been done already."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from apflow.store.cases.unit import Receipt
from apflow.store.driver.hot import Compiled
from apflow.store.tables.history import command_results

_BY_KEY = Compiled(
    select(command_results).where(
        command_results.c.actor == bindparam("actor"), command_results.c.key == bindparam("key")
    )
)


def find_receipt(connection: Connection, receipt: Receipt) -> Row[Any] | None:
    """What the actor's command of this key did, whatever its body was; None when it is new."""
    return _BY_KEY.first(connection, {"actor": receipt.actor, "key": receipt.key})
