"""A school's main errand is in its menu and at the top of Home; how a placement is ended stands where it runs."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, PAT
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_running_placement, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ENTRY = 'href="/my-pupils"'


def test_a_school_has_its_pupils_in_the_menu_and_refers_one_from_home(site: Site, client_as: ClientAs) -> None:
    _, place = a_listed_site(site.handler)
    hill = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    for name in ("Pip", "Robin"):
        refer(site.handler, hill, a_pupil_of(site.handler, "Hill School", name), place)
    client = client_as(hill)
    page = Page(client.get("/home"))

    assert page.text.index("Refer a pupil") < page.text.index("Waiting for others")
    assert Page(client.get(page.link("Refer a pupil"))).heading == "Refer a pupil"
    assert Page(client.get(page.link("Pupils"))).heading == "Your pupils"


def test_whoever_refers_nobody_has_neither(site: Site, client_as: ClientAs) -> None:
    a_listed_site(site.handler)

    for person, path in ((PAT, "/home"), (MAGDA, "/work")):
        text = client_as(person).get(path, follow_redirects=True).text
        assert ENTRY not in text
        assert "/start/refer_a_pupil" not in text


def test_a_school_whose_placement_runs_reads_how_it_is_ended(site: Site, client_as: ClientAs) -> None:
    placed = a_running_placement(site)

    page = Page(client_as(placed.school).get(f"/cases/{placed.reference}"))

    assert "To change or end the placement before, call a review: that is decided there." in page.text
    assert page.has_button("Call a review")
