"""What becomes of the accounts of people outside the council once what named them has been erased."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.council import Council
from apflow.core.definition.labels import STAFF
from apflow.records.door import By
from apflow.store.records import accounts as kept
from apflow.store.records.colleagues import hold_people


def forget_whom_nothing_names(connection: Connection, who: Iterable[int], by: By) -> int:
    """Take from these people each role in which they stand for nobody any more, and let those who acted for them in it
    act no longer; erase the accounts that nothing names, and say how many. Nobody of the staff is touched.

    They are held, so that nobody puts them on another case meanwhile.
    """
    everybody = sorted(kept.with_colleagues(connection, who))
    hold_people(connection, everybody)
    outside = [row for row in kept.accounts(connection, everybody) if not _is_staff(by.council, row)]
    while sum(_let_go_of_roles(connection, row, by) for row in outside):
        pass  # Whoever acted for somebody may have had colleagues in turn.
    gone = [row for row in outside if not kept.is_named(connection, row.id)]
    for row in gone:
        kept.erase_account(connection, row)
    return len(gone)


def _let_go_of_roles(connection: Connection, row: Row[Any], by: By) -> bool:
    """Whether somebody acts for them no longer."""
    stands = [role for role in row.roles if kept.stands_in(connection, row.id, role)]
    over = [role for role in row.roles if role not in stands]
    ended = [kept.end_colleagues_of(connection, row.id, role, by.actor.id, by.now) for role in over]
    kept.keep_roles(connection, row.id, stands)
    return any(ended)


def _is_staff(council: Council, row: Row[Any]) -> bool:
    """Whether they hold a role of the staff, or one that the policy does not know any more."""
    roles: Sequence[str] = row.roles
    return any(role not in council.roles or council.roles[role].audience == STAFF for role in roles)
