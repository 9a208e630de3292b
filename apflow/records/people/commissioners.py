"""Schools and other commissioners as records: what is asked, and what makes two of them the same."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.errors import Invalid
from apflow.records.asking import day, question
from apflow.records.door import Differing, Kind, Place
from apflow.records.letters import Writing
from apflow.records.people.colleagues import Organisation
from apflow.records.people.handing_over import hand_over_cases
from apflow.records.people.inherited import tell_who_comes
from apflow.records.people.let_in import let_in
from apflow.store.cases.save_party import person_in_role
from apflow.store.cases.unit import PartyDetails
from apflow.store.people.people import person_by_email
from apflow.store.records.carried import carry_over
from apflow.store.records.colleagues import ORGANISATIONS, SCHOOL_ROLE, colleagues_of, hold_people
from apflow.store.records.commissioners import of_name
from apflow.store.records.records import sought
from apflow.store.redirecting import readdress
from apflow.store.tables.places import commissioners

KINDS = {
    "school": "A school or other education setting",
    "service": "A service of the council",
    "parent": "A parent with a personal budget",
    "learner": "A learner with a personal budget",
}
IN_SHORT = {
    "school": "School",
    "service": "Council service",
    "parent": "Parent (personal budget)",
    "learner": "Learner (personal budget)",
}
FORM = {
    "kind": question("choice", "What are they?", options=KINDS),
    "name": question("text", "Name", max_length=200),
    "urn": question(
        "urn",
        "Unique reference number (URN)",
        hint="The 6-digit number in the national register of schools",
        optional=True,
        asked_if={"fact": "answer.kind", "is": "school"},
    ),
    "contact_name": question("text", "Who to ask for", optional=True, max_length=120),
    "email": question("email", "Email address", hint="Whoever reads it can sign in for them", optional=True),
    "phone": question("phone", "Phone number", optional=True),
    "postcode": question("postcode", "Postcode", optional=True),
    "ended_on": question("date", "Closed, or no longer a commissioner, since", optional=True),
}


def values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns; two of a kind with one name need a URN each to be told apart."""
    same = [row for row in of_name(connection, said["kind"], said["name"]) if row.id != place.id]
    if any(not said.get("urn") or not row.urn or row.urn == said["urn"] for row in same):
        raise Invalid({"name": f"We have {said['name']} already. If this is another one, give the URN of both"})
    _know(connection, said, place)
    asked = ("kind", "name", "urn", "contact_name", "email", "phone", "postcode")
    return {
        **{name: said.get(name) for name in asked},
        "sought": sought(said["name"]),
        "ended_on": day(said, "ended_on"),
    }


def _after(connection: Connection, values: Mapping[str, Any], place: Place) -> Differing:
    """What goes with another address: who acts for the school beside it, and the cases that named whoever it was."""
    email, before = (values["email"] or "").lower(), (place.within.get("email") or "").lower()
    if email == before:
        return {}
    if before and place.id is not None:
        readdress(connection, "attendance", f"/attendance/schools/{place.id}", before, email)
    was = person_by_email(connection, before) if before else None
    comes = _comes(connection, values, email) if email else None
    if was is not None and comes is not None:
        _carry_colleagues(connection, values, place, was.id, comes)
    handed = hand_over_cases(connection, place, values["name"], was, before, comes)
    return {"handed_over": (None, ", ".join(handed))} if handed else {}


def _comes(connection: Connection, values: Mapping[str, Any], email: str) -> PartyDetails:
    """Whoever is written to from now on, by the name that is on record, or else that of their account."""
    known = person_by_email(connection, email)
    name = values["contact_name"] or (known.name if known is not None else values["name"])
    return PartyDetails(SCHOOL_ROLE, name[:120], email)


def _carry_colleagues(
    connection: Connection, values: Mapping[str, Any], place: Place, was: int, comes: PartyDetails
) -> None:
    """Let those who act for a school go on doing so when it is written to at another address, and say there who."""
    if not colleagues_of(connection, was, SCHOOL_ROLE):
        return
    actor = place.by.actor
    known = person_by_email(connection, comes.email)
    hold_people(connection, [was, known.id] if known is not None else [was])
    number = person_in_role(connection, comes, place.by.now, place.by.council)
    who = carry_over(connection, was, number, SCHOOL_ROLE, (actor.id, actor.name), place.by.now, record=place.id)
    if place.by.letters is not None:
        writing = Writing(place.by.letters, place.by.council, place.by.now)
        told = Organisation(SCHOOL_ROLE, values["name"], comes.name, comes.email, number)
        tell_who_comes(connection, writing, told, who)


def _know(connection: Connection, said: Mapping[str, Any], place: Place) -> None:
    """Have an account that there is already at the address be the school's from now on; a new one comes at sign-in."""
    email = (said.get("email") or "").lower()
    if said["kind"] in ORGANISATIONS and not said.get("ended_on") and person_by_email(connection, email) is not None:
        name, contact = said["name"], said.get("contact_name")
        let_in(connection, place.by.council, email, place.by.now, name=name, contact=contact)


def answers_of(row: Row[Any]) -> dict[str, Any]:
    """The record as its form shows it."""
    kept = {name: getattr(row, name) for name in FORM}
    return {**kept, "ended_on": row.ended_on.isoformat() if row.ended_on else None}


COMMISSIONER = Kind(
    "commissioner",
    "School or other commissioner",
    commissioners,
    FORM,
    values,
    {name: spec.label for name, spec in FORM.items()} | {"handed_over": "Cases that name the new contact since"},
    unique="urn",
    after=_after,
)
