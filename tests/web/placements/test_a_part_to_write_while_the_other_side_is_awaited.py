"""A provider that has offered a place writes the programme, though the case waits for the school."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import PAT
from apflow.web.site import Site
from tests.placing import PROGRAMME, Between, a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
WRITE = "Set out the programme"


@pytest.fixture
def offered(site: Site) -> Between:
    """A placement of which nothing but the offer is there."""
    _, place = a_listed_site(site.handler)
    hill = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    case = Between(site, refer(site.handler, hill, pupil, place), hill, pupil)
    case.fire(PAT, "offer", can_meet=True, offered_from=site.now().date().isoformat())
    return case


def test_its_page_and_home_say_so_until_it_is_written(offered: Between, client_as: ClientAs) -> None:
    provider, address = client_as(PAT), f"/cases/{offered.reference}"
    assert WRITE in Page(provider.get(address)).below("Do now")
    listed = Page(provider.get("/home")).text
    assert listed.index("Do now") < listed.index(offered.reference)
    assert f"Next: {WRITE}" in listed

    offered.fire(PAT, "set_programme", **PROGRAMME)

    assert "Waiting for Hill School" in Page(provider.get(address)).text
    assert f"Next: {WRITE}" not in Page(provider.get("/home")).text


def test_the_school_is_not_told_that_the_provider_s_part_is_theirs(offered: Between, client_as: ClientAs) -> None:
    assert WRITE not in Page(client_as(offered.school).get(f"/cases/{offered.reference}")).below("Do now")
