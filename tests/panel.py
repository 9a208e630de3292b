"""Members of the panel beside the three that every test has."""

from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.people import people
from apflow.testing import MONDAY


def a_member(store: Store, name: str, email: str, agency: str) -> Actor:
    """One more, of this agency."""
    with store.writing() as connection:
        number = people.add_person(
            connection, name=name, email=email, roles=["panel_member"], agency=agency, now=MONDAY
        )
    return Actor(number, name, frozenset({"panel_member"}), agency=agency)
