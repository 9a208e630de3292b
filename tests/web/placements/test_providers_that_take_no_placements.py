"""That a provider is suspended, or off the list, stands beside its name wherever its pupils are listed."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, MONDAY, OLIVE
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, plan, prepare, refer
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil
from tests.records.council import a_placement
from tests.removal import SUSPENDED, propose, remove
from tests.web.attending import reader_of, reference_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
REMOVED = "Removed from the list, 2 Nov 2026"


@pytest.fixture
def hill(site: Site) -> Actor:
    return a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")


@pytest.fixture
def provider(site: Site, hill: Actor) -> str:
    """One on the list that has a pupil, recorded by hand."""
    reference, _ = a_listed_site(site.handler)
    a_placement(site.handler, a_pupil_of(site.handler, "Hill School", "Pip"))
    return reference


def test_to_staff_it_is_said_as_they_call_it_on_every_page_that_lists_the_pupils(
    site: Site, client_as: ClientAs, provider: str
) -> None:
    pages = (
        "/pupils/1",
        "/placements",
        f"/cases/{provider}/placed",
        "/registration",
        f"/cases/{provider}/registration",
    )
    officer = client_as(OLIVE)
    for address in pages:
        assert "no new placements" not in Page(officer.get(address)).text, address

    site.handler.fire(provider, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)
    for address in pages:
        assert "Suspended: no new placements" in Page(officer.get(address)).text, address

    remove(site.handler, provider)
    for address in pages:
        assert REMOVED in Page(officer.get(address)).text, address


def test_a_school_reads_of_it_what_anybody_can(site: Site, client_as: ClientAs, hill: Actor) -> None:
    reference, place = a_listed_site(site.handler)
    placement = refer(site.handler, hill, a_pupil_of(site.handler, "Hill School", "Pip"), place)
    prepare(site.handler, placement, hill, **plan())
    school = client_as(hill)
    assert "Not taking placements" not in Page(school.get("/my-pupils")).text

    propose(site.handler, reference)

    shown = Page(school.get("/my-pupils")).text
    assert "Not taking placements" in shown
    assert "Removal proposed" not in shown, "which is not theirs to know"


def test_a_school_reads_that_a_provider_is_off_the_list(
    site: Site, client_as: ClientAs, hill: Actor, provider: str
) -> None:
    remove(site.handler, provider)

    assert "Not on the approved list" in Page(client_as(hill).get("/my-pupils")).text


def test_it_is_said_in_the_attendance_of_the_day_and_of_a_school(site: Site, client_as: ClientAs) -> None:
    case, _ = a_placed_pupil(site.handler)
    remove(site.handler, reference_of(site.handler, case))

    assert REMOVED in Page(client_as(OLIVE).get("/attendance")).text
    head = reader_of(site.handler, SCHOOL_MAIL)
    week = Page(client_as(head).get("/attendance/schools/1")).text
    assert "Not on the approved list" in week
    assert REMOVED not in week
