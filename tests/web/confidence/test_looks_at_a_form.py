"""A form of a record names a pupil however it is come by: asked for, or sent back with what is wrong with it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import add, change
from apflow.records.people.pupils import PROFESSIONAL, PUPIL
from apflow.store.tables.records import record_reads
from apflow.testing import OLIVE, OSCAR
from apflow.web.site import Site
from tests.records.attendance import a_plan
from tests.records.council import PIP, a_placement, a_provider, a_pupil, a_school, a_site, by
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
NAME = "Pip Sparrow"
FORMS = [
    ("/pupils/1/change", "Change a pupil"),
    ("/pupils/1/placements/new", "Add a placement"),
    ("/pupils/1/professionals/new", "Add a professional"),
    ("/professionals/1/change", "Change a professional"),
    ("/placements/1/change", "Change a placement"),
    ("/placements/1/attendance/new", "Add an attendance plan"),
    ("/attendance-plans/1/change", "Change an attendance plan"),
]


@pytest.fixture
def olive(client_as: ClientAs) -> Client:
    return client_as(OLIVE)


@pytest.fixture
def door(site: Site) -> Handler:
    """A pupil who is placed, and with whom somebody works."""
    door = site.handler
    a_school(door)
    pupil = a_pupil(door)
    a_site(door, a_provider(door))
    a_plan(door, a_placement(door, pupil))
    worker = {"role": "social_worker", "name": "Saffron Worker"}
    add(door.store, PROFESSIONAL, worker, by(door), {"pupil_id": pupil})
    return door


def looks(door: Handler) -> list[tuple[int, int | None, str]]:
    with door.store.reading() as connection:
        query = select(record_reads).order_by(record_reads.c.id)
        return [(row.pupil_id, row.person_id, row.page) for row in connection.execute(query)]


@pytest.mark.parametrize(("address", "where"), FORMS)
def test_a_form_that_is_asked_for_is_a_look(olive: Client, door: Handler, address: str, where: str) -> None:
    assert NAME in Page(olive.get(address)).text
    assert looks(door) == [(1, OLIVE.id, where)]


@pytest.mark.parametrize(("address", "where"), FORMS)
def test_one_that_comes_back_with_what_is_wrong_is_another(
    olive: Client, door: Handler, address: str, where: str
) -> None:
    refused = olive.post(address, data={})

    assert refused.status_code == 422
    assert NAME in Page(refused).text
    assert looks(door) == [(1, OLIVE.id, where)]


def test_so_is_one_that_comes_back_since_it_was_changed_meanwhile(olive: Client, door: Handler) -> None:
    form = Page(olive.get("/pupils/1/change")).form("Save")
    change(door.store, PUPIL, 1, 1, {**PIP, "true_of": ["ehcp"]}, by(door, OSCAR))

    assert form.send(olive, forename="Pippa").status_code == 409
    assert looks(door) == [(1, OLIVE.id, "Change a pupil")] * 2


def test_while_no_look_can_be_written_down_it_comes_back_without_the_name_and_with_what_was_typed(
    olive: Client, door: Handler
) -> None:
    form = Page(olive.get("/pupils/1/professionals/new")).form("Save")
    listen(door.store.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    door.store.close()

    answered = Page(form.send(olive, role="family_support", name="Fern Helper"))

    assert answered.status == 503
    assert answered.form("Save").value("name") == "Fern Helper"
    assert NAME not in answered.text
