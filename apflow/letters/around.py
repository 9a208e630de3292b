"""Those who work with the child of a case: who of them is written to, and of whom an officer must see to it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.compiled import Definition
from apflow.core.definition.roles import Role, WorksWith
from apflow.core.people.barred import KeptFrom
from apflow.core.snapshot import Snapshot
from apflow.letters.barred import kept_from_pupil
from apflow.letters.contexts import Recipient
from apflow.store.records.pupils import is_any_true, pupil, working_on

_NOBODY = "Nobody is on the pupil's record. Find out who it is, tell them, and put them on record"
_NO_ADDRESS = "No email address is on the pupil's record. Ring them{phone}"
_UNCHECKED = "Nobody has checked the address on the pupil's record. Ring them{phone}, and check it with them"
_KEPT_FROM = "Somebody of this name or address must not be contacted about this pupil. See who should be told instead"


def around_the_child(
    connection: Connection, definition: Definition, after: Snapshot, role: str, today: date
) -> Iterator[Recipient]:
    """Those of the role for the child of the case, but for its own parties, who know."""
    keeps = definition.workflow.keeps
    number = after.fields.get(keeps.as_.get("pupil", "")) if keeps else None
    if number is None:
        return
    parties = {str(after.fields.get(party.email) or "").casefold() for party in definition.workflow.parties}
    barred = kept_from_pupil(connection, definition, number)
    for one in working_with(connection, definition.council.roles[role], number, today, barred):
        if not one.email or one.email.casefold() not in parties:
            yield one


def working_with(connection: Connection, role: Role, number: int, today: date, barred: KeptFrom) -> Iterator[Recipient]:
    """Those of the role for a pupil on the day: written to at a checked address, or with why they are not.

    Where nobody of them is, it is the role's mailbox, if it has one; but not where somebody must not be contacted.
    """
    child, those = pupil(connection, number), role.works_with
    if child is None or those is None or not is_for(child, those):
        return
    rows = working_on(connection, number, those.who, today)
    found = [_one(row, role, barred) for row in rows]
    reached = {one.email.casefold(): one for one in found if one.email}
    if reached or any(one.unreached == _KEPT_FROM for one in found) or not role.mailbox:
        yield from reached.values()
        yield from (one for one in found if not one.email)
    if not found and not role.mailbox and _is_expected(child, those):
        yield Recipient(None, role.title, "", role.audience, unreached=_NOBODY)
    if not reached and role.mailbox and not any(one.unreached == _KEPT_FROM for one in found):
        yield Recipient(None, role.title, role.mailbox, role.audience)


def is_for(child: Row[Any], those: WorksWith) -> bool:
    """Whether those who work so with this child hear of it at all."""
    return child.erased_at is None and (not those.only_of or is_any_true(child, those.only_of))


def _is_expected(child: Row[Any], those: WorksWith) -> bool:
    return is_any_true(child, (*those.only_of, *those.expected_of))


def _one(row: Row[Any], role: Role, barred: KeptFrom) -> Recipient:
    email, phone = row.email or "", f" on {row.phone}" if row.phone else ""
    why = ""
    if barred.has(row.name, email):
        why = _KEPT_FROM
    elif not email:
        why = _NO_ADDRESS.format(phone=phone)
    elif row.email_checked_on is None:
        why = _UNCHECKED.format(phone=phone)
    return Recipient(None, row.name, "" if why else email.lower(), role.audience, unreached=why)
