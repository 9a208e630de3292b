"""Lines of a national register, and a registered provider found in it that is not on the approved list."""

from datetime import date
from typing import Any

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.people.people import person_by_email
from apflow.store.records.establishments import save_establishments
from apflow.store.records.sites import sites_of
from apflow.testing import MONDAY, OLIVE
from tests.placing import PROGRAMME, a_pupil_of, plan, refer

OPEN, CLOSED, CLOSING = "999801", "999802", "999803"
OAKS = {"establishment": OPEN, "contact_name": "Ona Oaks"}
ADDRESS = "office@oaks.example"
TOLD: dict[str, Any] = {"told_by": "Ona Oaks, by phone on 2 November"}


def a_line(urn: str, name: str, **more: Any) -> dict[str, Any]:
    line = {"urn": urn, "name": name, "kind": "Other independent school", "status": "Open", "is_open": True}
    beside = {"council": "Made Up Council", "ukprn": None, "postcode": "BA1 1AA", "opened_on": None, "closed_on": None}
    return {**line, **beside, **more}


def a_register(handler: Handler) -> None:
    """One that is open, one that is closed, and one that closes on the Wednesday of the tests' first week."""
    closed = a_line(CLOSED, "Old Mill School", status="Closed", is_open=False, closed_on=date(2024, 8, 31))
    closing = a_line(CLOSING, "Last Term School", status="Open, but proposed to close", closed_on=date(2026, 11, 4))
    with handler.store.writing() as connection:
        save_establishments(connection, [a_line(OPEN, "Three Oaks School"), closed, closing], [], [])


def found_by(handler: Handler, actor: Actor, **more: Any) -> str:
    """Its reference, once an officer or a school has found it; whoever the school says is asked for has no mail yet."""
    by_school = "commissioner" in actor.roles
    event = "find_registered_provider" if by_school else "record_registered_provider"
    address = {"said_email": ADDRESS} if by_school else {"contact_email": ADDRESS, "is_theirs": True}
    return handler.open_case(
        "registered_provider", event, {**OAKS, **address, **more}, actor=actor, now=MONDAY
    ).reference


def reached(handler: Handler, reference: str) -> str:
    """The same, once an officer has looked the address up."""
    said = {"contact_name": "Ona Oaks", "contact_email": ADDRESS, "is_theirs": True}
    handler.fire(reference, "contact_changes", said, actor=OLIVE, now=MONDAY)
    return reference


def asked_for_there(handler: Handler, email: str = ADDRESS) -> Actor:
    """Who reads the mail that is sent there."""
    with handler.store.reading() as connection:
        row = person_by_email(connection, email)
    assert row is not None
    return Actor(row.id, row.name, frozenset(row.roles))


def place_at(handler: Handler, reference: str) -> int:
    """The number of its one site."""
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
        (site,) = sites_of(connection, case.id or 0 if case else 0)
    return int(site.id)


def offered_there(handler: Handler, school: Actor, pupil: str = "Robin") -> str:
    """A placement there of a pupil of Hill School, up to its plan; an officer recorded what the provider says."""
    place = place_at(handler, found_by(handler, school))
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", pupil), place)
    offer = {**TOLD, "can_meet": True, "offered_from": MONDAY.date().isoformat()}
    handler.fire(reference, "record_offer", offer, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "record_programme", {**TOLD, **PROGRAMME}, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "set_plan", plan(MONDAY), actor=school, now=MONDAY)
    return reference
