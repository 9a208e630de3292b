"""A council in which a provider is about to be removed: commissioners, some of them with pupils placed there."""

from typing import Any

from sqlalchemy import Row, insert, select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.people import people
from apflow.store.tables.messages import messages
from apflow.store.tables.places import commissioners
from apflow.testing import MAGDA, MONDAY
from tests.brought import bring_to
from tests.records.council import a_placement, a_pupil, a_site, upn_of

REASONS = "The action plan was not followed, and children were not safe."
SUSPENDED: dict[str, Any] = {"reasons": "We look into it.", "suspension_review_on": "2026-11-27"}
CONFIRMED: dict[str, Any] = {"why_confirmed": "I have read the plan and the visits.", "sure": True}
ALL_TOLD = "provider/removed_to_commissioners"


def a_second_manager(handler: Handler, name: str = "Morgan Manager") -> Actor:
    """Somebody beside MAGDA who may confirm what she proposes."""
    email = f"{name.split(maxsplit=1)[0].lower()}@council.example"
    with handler.store.writing() as connection:
        number = people.add_person(connection, name=name, email=email, roles=["manager"], agency=None, now=MONDAY)
    return Actor(number, name, frozenset({"manager"}))


def a_register(handler: Handler, how_many: int) -> None:
    """So many schools, each with an address of its own; the first of them is called Hill School."""
    names = ["Hill School", *(f"Invented School {number:03}" for number in range(2, how_many + 1))]
    rows = [
        {
            "kind": "school",
            "name": name,
            "sought": name.lower(),
            "email": f"office{number}@schools.example",
            "phone": f"01632 960{number:03}",
            "version": 1,
            "changed_at": MONDAY,
        }
        for number, name in enumerate(names, start=1)
    ]
    with handler.store.writing() as connection:
        connection.execute(insert(commissioners), rows)


def a_provider_with_pupils(handler: Handler, *placed_by: str, case: str = "") -> str:
    """An approved provider with a pupil of each of these schools placed there; its reference."""
    reference = case or bring_to(handler, "approved")
    with handler.store.reading() as connection:
        snapshot = load_case(connection, reference)
    assert snapshot is not None
    assert snapshot.id is not None
    a_site(handler, snapshot.id)
    for number, school in enumerate(placed_by, start=1):
        pupil = a_pupil(handler, forename=f"Pip {number}", upn=upn_of(number), home_school=school)
        a_placement(handler, pupil, commissioner=school)
    return reference


def propose(handler: Handler, reference: str, actor: Actor = MAGDA) -> None:
    handler.fire(reference, "propose_removal", {"removal_reasons": REASONS}, actor=actor, now=MONDAY)


def remove(handler: Handler, reference: str) -> None:
    """Two managers take the provider off the list."""
    propose(handler, reference)
    morgan = a_second_manager(handler)
    handler.fire(reference, "confirm_removal", CONFIRMED, actor=morgan, now=MONDAY)


def all_told(handler: Handler, notice: str = ALL_TOLD) -> list[Row[Any]]:
    """The messages to everybody on the register, in the order in which they are sent."""
    with handler.store.reading() as connection:
        query = select(messages).where(messages.c.notice == notice).order_by(messages.c.next_at, messages.c.id)
        return list(connection.execute(query))
