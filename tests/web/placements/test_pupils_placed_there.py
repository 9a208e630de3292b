"""Who is placed at a provider, for whoever looks into a concern or goes on a visit there."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import add
from apflow.records.people.pupils import PROFESSIONAL
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.tables.records import record_reads
from apflow.testing import MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.brought import bring_to
from tests.records.council import WREN, a_placement, a_pupil, a_school, a_site, by
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def provider(door: Handler) -> str:
    """A provider on the list, with a site; its reference."""
    reference = bring_to(door, "approved")
    with door.store.reading() as connection:
        case = load_case(connection, reference)
    assert case
    assert case.id
    a_school(door)
    a_site(door, case.id)
    return reference


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer)


def test_where_nobody_is_placed_the_page_says_so(client_as: ClientAs, provider: str) -> None:
    page = read(client_as(OLIVE), f"/cases/{provider}/placed")

    assert "None on record today." in page.text
    assert "No placement runs there today." in page.text


def test_children_in_care_come_first_with_those_who_work_with_them(
    client_as: ClientAs, door: Handler, provider: str
) -> None:
    pip, wren = a_pupil(door), a_pupil(door, **{**WREN, "true_of": ["looked_after"]})
    for pupil in (pip, wren):
        a_placement(door, pupil)
    page = read(client_as(OLIVE), f"/cases/{provider}/placed")
    assert page.text.index("Thistle, Wren") < page.text.index("Sparrow, Pip")
    assert "Nobody who works with this pupil is on record." in page.text

    who = {"role": "social_worker", "name": "Saffron Worker", "email": "saffron@sample.example"}
    add(door.store, PROFESSIONAL, who, by(door), {"pupil_id": wren})
    add(door.store, PROFESSIONAL, {**who, "name": "Gone Away", "ended_on": "2026-10-01"}, by(door), {"pupil_id": wren})
    page = read(client_as(OLIVE), f"/cases/{provider}/placed")

    assert "Social worker: Saffron Worker, saffron@sample.example" in page.text
    assert "Gone Away" not in page.text
    with door.store.reading() as connection:
        noted = connection.execute(select(record_reads.c.pupil_id).where(record_reads.c.page.like("Placed at%")))
        assert sorted(noted.scalars()) == sorted([pip, wren] * 2)


def test_a_case_begun_from_the_providers_leads_there_too(client_as: ClientAs, door: Handler, provider: str) -> None:
    a_placement(door, a_pupil(door))
    a_placement(door, a_pupil(door, **WREN), starts_on="2027-01-04")
    asked = {"kind": "routine", "visit_by": MONDAY.date().isoformat()}
    door.fire(provider, "plan_visit", asked, actor=OLIVE, now=MONDAY)
    hear_all(door, machine_now=lambda: MONDAY)
    with door.store.reading() as connection:
        case = load_case(connection, provider)
    assert case
    visit = next(child.reference for child in case.children if child.kind == "visit")
    olive = client_as(OLIVE)

    address = read(olive, f"/cases/{visit}").link("Pupils placed there")
    page = read(olive, address)

    assert "Sparrow, Pip" in page.text
    assert "Thistle, Wren" not in page.text, "her placement has not begun"


@pytest.mark.parametrize("who", [PETRA, PAT])
def test_nobody_else_has_the_page(client_as: ClientAs, provider: str, who: Actor) -> None:
    client = client_as(who)

    assert client.get(f"/cases/{provider}/placed").status_code == 404
    assert "Pupils placed there" not in client.get(f"/cases/{provider}").text
