"""Colleagues of whom the council writes to at a school or a provider: adding and ending them, and who is told of it.

No letter about them says anything of a pupil, nor which cases there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row

from apflow.clock import machine_now
from apflow.core.definition.council import Council
from apflow.core.errors import Invalid
from apflow.records.asking import question
from apflow.records.door import By, Kind, Place, added, changed, may_keep, whole
from apflow.records.letters import To, Writing
from apflow.store.cases.save_party import person_in_role
from apflow.store.cases.unit import PartyDetails
from apflow.store.driver.engine import Store
from apflow.store.people import people
from apflow.store.people.sign_in import lasting_link, queue_letter
from apflow.store.records.attendance import provider_case
from apflow.store.records.carried import carried_on, carried_through, take_role_of
from apflow.store.records.colleagues import (
    ORGANISATIONS,
    SCHOOL_ROLE,
    colleague,
    commissions_as,
    hold_people,
    is_colleague,
    is_on_the_other_side,
    join_cases,
    leave_cases,
    named_on,
    provides_as,
)
from apflow.store.records.records import record
from apflow.store.tables.people import colleagues
from apflow.store.tables.people import people as accounts
from apflow.store.tables.places import commissioners

ADDED, ENDED, ONE_MORE, ONE_LESS = (f"colleagues/{name}" for name in ("added", "ended", "one_more", "one_less"))
LIST = "/colleagues"
FORM = {
    "name": question("text", "Full name", max_length=100),
    "email": question(
        "email", "Email address", hint="Their own at work, which nobody else reads. They sign in with it"
    ),
}


@dataclass(frozen=True, slots=True)
class Organisation:
    """For whom somebody can act: one role of whoever the council writes to there, and what they are called.

    All schools that have one address are one, and so are all providers. `person` is None while there is no account.
    """

    role: str
    called: str
    name: str
    email: str
    person: int | None


def values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns of a new one, who has an account with the role from now on; never somebody of the council's staff."""
    person, role, email = place.within["person_id"], place.within["role"], said["email"].lower()
    if email in place.by.council.mailboxes:
        raise Invalid({"email": "Several people at the council read this address. Give one that only they read"})
    known = people.person_by_email(connection, email)
    if known is not None and (problem := _problem(connection, place.by.council, known, person, role)):
        raise Invalid({"email": problem})
    found = person_in_role(connection, PartyDetails(role, said["name"], email), place.by.now, place.by.council)
    return {
        "colleague_id": found,
        "added_by": place.by.actor.id,
        "added_at": place.by.now,
        "ended_by": None,
        "ended_at": None,
    }


def _problem(connection: Connection, council: Council, known: Row[Any], person: int, role: str) -> str:
    if known.id == person:
        return "This is the address that we write to already"
    if council.is_staff(known.roles):
        return "This is the address of somebody at the council, who cannot act for you"
    if not known.is_active:
        return f"The account with this address has been closed. Email {council.mailbox}"
    if is_colleague(connection, person, known.id, role):
        return f"{known.name} can act for you already"
    if is_on_the_other_side(connection, person, known.id, role):
        return "This is the address of somebody who acts for the other side of a case of yours. Name somebody else"
    return ""


def _end(_connection: Connection, _said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns of one that ends; of one that has ended, nothing."""
    return {} if place.within["ended_at"] else {"ended_at": place.by.now, "ended_by": place.by.actor.id}


COLLEAGUE = Kind(
    "colleague",
    "Colleague",
    colleagues,
    FORM,
    values,
    {"ended_at": "Ended"},
    others=dict.fromkeys(("person_id", "colleague_id", "added_by", "ended_by"), (accounts, "name")),
    own_of="person_id",
)
_ENDING = replace(COLLEAGUE, form={}, values=_end)


def add_colleague(
    store: Store, writing: Writing, organisation: Organisation, answers: Mapping[str, Any], by: By
) -> None:
    """Let somebody else act for them from now on, and tell both; Invalid with every mistake in the answers."""
    if not organisation.email:
        raise Invalid({"email": f"First give the address at which we write to {organisation.called}"})

    def work(connection: Connection) -> None:
        named = PartyDetails(organisation.role, organisation.name, organisation.email)
        person = person_in_role(connection, named, by.now, by.council)  # Held, so that no case comes or goes meanwhile.
        within = {"person_id": person, "role": organisation.role}
        number = added(connection, COLLEAGUE, answers, by, within)
        row = _needed(colleague(connection, number))
        join_cases(connection, person, row.colleague_id, row.role)
        lasts = writing.council.ways_in.link
        token = lasting_link(connection, row.colleague_id, machine_now(), next_path="/home", lasts=lasts)
        _tell(connection, writing, row, organisation, by, ADDED, ONE_MORE, f"/continue/{token}")

    whole(store, work)


def end_colleague(store: Store, writing: Writing, row: Row[Any], organisation: Organisation, by: By) -> None:
    """Let them act for them no longer, and tell both; where that has been done already, nothing.

    What they were for whoever was written to there before ends too, and when staff end it what they are for whoever
    came after; and with the last of it the role itself.
    """

    def work(connection: Connection) -> None:
        later = carried_on(connection, row.id) if may_keep(by.council, by.actor) else ()
        others = [*carried_through(connection, row.id), *later]
        hold_people(connection, [row.person_id, row.colleague_id, *(same.person_id for same in others)])
        if not changed(connection, _ENDING, row.id, {}, by):
            return
        leave_cases(connection, row.person_id, row.colleague_id, row.role)
        for same in others:
            whose = replace(by, own={"person_id": same.person_id})  # Whoever may end the one may end the other.
            if changed(connection, _ENDING, same.id, {}, whose):
                leave_cases(connection, same.person_id, row.colleague_id, row.role)
        take_role_of(connection, row.colleague_id, row.role)
        _tell(connection, writing, row, organisation, by, ENDED, ONE_LESS, "/home")

    whole(store, work)


def _tell(
    connection: Connection,
    writing: Writing,
    row: Row[Any],
    organisation: Organisation,
    by: By,
    to_them: str,
    to_named: str,
    leads_to: str,
) -> None:
    said = {"organisation": organisation.called, "named": organisation.name, "who": row.name, "by": by.actor.name}
    said["lasts"] = writing.council.ways_in.link_in_words
    them = To(row.name, row.email, row.colleague_id)
    named = To(organisation.name, organisation.email, row.person_id)
    queue_letter(connection, dict(writing.write(to_them, them, leads_to, **said)))
    queue_letter(connection, dict(writing.write(to_named, named, LIST, **said)))


def of_school(connection: Connection, number: int) -> Organisation | None:
    """The school or service of this number; None where there is none, or none that can have colleagues."""
    found = record(connection, commissioners, number)
    if found is None or found.kind not in ORGANISATIONS:
        return None
    email = (found.email or "").lower()
    known = people.person_by_email(connection, email) if email else None
    called = _together([row.name for row in commissions_as(connection, email)] if email else [found.name])
    name = known.name if known is not None else found.contact_name or found.name
    return Organisation(SCHOOL_ROLE, called, name, email, known.id if known is not None else None)


def of_provider(connection: Connection, reference: str, role: str) -> Organisation | None:
    """The provider whose case this is; None where there is none."""
    case = provider_case(connection, reference)
    if case is None:
        return None
    named = named_on(connection, case.id, role)
    if named is None:
        return Organisation(role, case.title, case.title, "", None)
    called = _together([row.title for row in provides_as(connection, named.id, role)])
    return Organisation(role, called, named.name, named.email, named.id)


def of_person(connection: Connection, person: int, role: str) -> Organisation | None:
    """Those for whom a person is written to in the role; by their own name where that is nobody any more."""
    row = people.person(connection, person)
    if row is None:
        return None
    kept = commissions_as(connection, row.email) if role == SCHOOL_ROLE else ()
    names = [one.name for one in kept] or [one.title for one in provides_as(connection, person, role)]
    return Organisation(role, _together(names or [row.name]), row.name, row.email, row.id)


def _together(names: Sequence[str]) -> str:
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last


def _needed(row: Row[Any] | None) -> Row[Any]:
    assert row is not None
    return row
