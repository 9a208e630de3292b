"""On the pages: whoever must not be contacted about a pupil reads nothing of another until an officer has decided."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.placing import Between, a_listed_site, a_pupil_of, a_running_placement, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

FRED: dict[str, Any] = {"parent_name": "Fred Sparrow", "relation": "Father", "responsible": True}
BY_EMAIL: dict[str, Any] = {**FRED, "parent_email": "fred@home.example", "is_safe": True}
BY_POST: dict[str, Any] = {**FRED, "parent_address": "1 Made Up Lane\nBath\nBA1 1AA", "is_safe": True}
ORDER: dict[str, Any] = {"known_emails": "fred@home.example", "not_because": "A court order"}
WAITS = "The council has to look first at whether this person is written to about this pupil"
_LINK = re.compile(r"https?://[^/]+(/for-parents/\S+)")


def newest_link(store: Store) -> str:
    query = select(messages.c.text).where(messages.c.to_email == "fred@home.example").order_by(messages.c.id.desc())
    with store.reading() as connection:
        found = _LINK.search(connection.execute(query).scalars().first() or "")
    assert found is not None
    return found[1]


def a_sibling(site: Site) -> Between:
    """A referral of another school for another pupil, at another provider."""
    handler = site.handler
    _, place = a_listed_site(handler, proprietor="Boat Yard Ltd", organisation="Boat Yard")
    vale = a_school_with_an_account(handler, "Vale School", "999902", "val@vale-school.example")
    pupil = a_pupil_of(handler, "Vale School", "Bea")
    return Between(site, refer(handler, vale, pupil, place), vale, pupil)


def test_a_link_rests_until_an_officer_has_decided_and_each_page_says_why(
    site: Site, store: Store, client: Client, client_as: Callable[[Actor], Client]
) -> None:
    placed, sibling = a_running_placement(site), a_sibling(site)
    placed.fire(placed.school, "write_by_email", **BY_EMAIL)
    link = newest_link(store)
    sibling.fire(sibling.school, "do_not_contact", **FRED, **ORDER)
    assert "Made Up Farm" not in client.get(link).text
    client.post(link)
    assert "Made Up Farm" not in client.get("/for-parents/page").text

    school = client_as(placed.school).get(f"/cases/{placed.reference}").text
    assert WAITS in school
    for secret in (sibling.reference, "Vale School", "court order", "another pupil"):
        assert secret not in school
    assert WAITS not in client_as(PAT).get(f"/cases/{placed.reference}").text
    officer = Page(client_as(OLIVE).get(f"/cases/{placed.reference}"))
    assert "must not be contacted about another pupil: decide today" in officer.text
    assert f"By {sibling.reference} somebody of this name or address" in officer.text

    placed.fire(OLIVE, "allowed_by_email", item="1", allowed_because="It is somebody else of the same name.")
    client.post(newest_link(store))
    assert "Made Up Farm" in client.get("/for-parents/page").text
    school = client_as(placed.school).get(f"/cases/{placed.reference}").text
    assert WAITS not in school
    assert "somebody else of the same name" not in school
    assert "They may be written to about this pupil" not in school


def test_no_letter_is_printed_for_them_meanwhile(site: Site, client_as: Callable[[Actor], Client]) -> None:
    placed, sibling = a_running_placement(site), a_sibling(site)
    sibling.fire(sibling.school, "do_not_contact", **FRED, **ORDER)
    placed.fire(placed.school, "write_by_post", **BY_POST)
    olive, letter = client_as(OLIVE), f"/cases/{placed.reference}/letters/1"
    assert olive.post(letter).status_code == 404

    placed.fire(OLIVE, "allowed_by_post", item="1", allowed_because="It is somebody else of the same name.")
    assert olive.post(letter).status_code == 201
