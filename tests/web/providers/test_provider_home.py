"""Where a provider begins: her one application, her list of them, or how to find hers."""

import re
from collections.abc import Callable

import pytest

from apflow.handler import Handler
from apflow.store import outbox
from apflow.testing import DAN, OLIVE, PAT, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.provider import fire, required, supply, the_page
from tests.web.reading import Page

ClientAs = Callable[..., Client]


@pytest.fixture
def pat(client_as: ClientAs) -> Client:
    return client_as(PAT)


# Home


def test_a_provider_with_one_application_goes_straight_to_it(handler: Handler, pat: Client) -> None:
    reference = enquire(handler)

    assert pat.get("/home").headers["location"] == f"/cases/{reference}"


def test_a_provider_with_several_sees_what_to_do_now_first(handler: Handler, site: Site, pat: Client) -> None:
    bring_to(handler, "gathering_evidence", organisation="Farm One")
    enquire(handler, organisation="Farm Two")
    closed = enquire(handler, organisation="Farm Three")
    fire(handler, closed, OLIVE, "close_enquiry", reasons="Adults only.")

    page = Page(pat.get("/home"))

    assert [text for level, text in page.headings if level == "h2"] == ["Do now", "Waiting for the council", "Done"]
    assert "Farm One" in page.below("Do now")
    assert "Send us your documents, by 11:59pm on Monday 14 December 2026" in page.below("Do now")
    assert "Farm Two" in page.below("Waiting for the council")
    assert "Farm Three" in page.below("Done")


def test_what_cannot_be_done_yet_does_not_come_next(handler: Handler, site: Site, pat: Client) -> None:
    enquire(handler, organisation="Farm One")
    reference = bring_to(handler, "gathering_evidence", organisation="Farm Two")
    assert "Next: Submit for checking" not in Page(pat.get("/home")).below("Do now")

    supply(handler, reference, *required(handler))

    assert "Next: Submit for checking" in Page(pat.get("/home")).below("Do now")


def test_a_provider_without_an_application_is_told_how_to_find_or_begin_one(client_as: ClientAs, site: Site) -> None:
    page = Page(client_as(DAN).get("/home"))

    assert "There is no application under your email address, dan@elsewhere.example." in page.text
    assert page.link("Apply to join") == "/start/enquire"


def test_home_is_for_providers_who_are_signed_in(client: Client, client_as: ClientAs) -> None:
    assert client.get("/home").headers["location"] == "/sign-in?next=/home"
    assert client_as(OLIVE).get("/home").headers["location"] == "/work"


def test_an_email_leads_over_one_button_to_the_application(handler: Handler, site: Site, client: Client) -> None:
    reference = enquire(handler)
    with site.store.reading() as connection:
        (letter,) = (row for row in outbox.messages_of(connection, reference) if row.to_email.startswith("pat@"))
    link = re.search(r"/continue/\S+", letter.text)
    assert link

    page = Page(client.get(link.group()))
    signed_in = page.form("Continue").send(client, "Continue")

    assert signed_in.headers["location"] == f"/cases/{reference}"
    assert the_page(client, reference).heading == "We have your enquiry"
