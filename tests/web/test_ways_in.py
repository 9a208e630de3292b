"""The front page and signing in: what is there for whom, and how somebody whom we do not know yet gets in."""

from apflow.handler import Handler
from apflow.records.commissioners import COMMISSIONER
from apflow.records.door import By, add
from apflow.store import outbox
from apflow.testing import MONDAY, OLIVE
from apflow.web.site import Site
from tests.web.browsing import Client
from tests.web.reading import Page

ADDRESS = "office@hill-school.example"


def _record_a_school(handler: Handler, **more: str) -> None:
    school = {"kind": "school", "name": "Hill School", "urn": "999901", "contact_name": "Sally Sorrel", **more}
    add(handler.store, COMMISSIONER, school, By(OLIVE, MONDAY, handler.library))


def _letters_to(site: Site, email: str) -> list[str]:
    with site.store.reading() as connection:
        return [row.to_name for row in outbox.recent_messages(connection, to_email=email, limit=9, offset=0)]


def test_the_front_page_says_what_is_there_for_a_provider_a_school_and_a_parent(client: Client) -> None:
    page = Page(client.get("/"))

    assert page.link("Apply to join the list") == "/start/enquire"
    assert page.link("Sign in for your school") == "/sign-in?next=/home"
    assert page.link("type the code from your letter") == "/for-parents"
    assert page.link("Report a concern about a provider") == "/start/report_concern"
    assert "No account for your school or service yet? Email EOTAS@bathnes.gov.uk" in page.text


def test_a_school_whose_address_an_officer_has_recorded_can_sign_in(
    site: Site, handler: Handler, client: Client
) -> None:
    _record_a_school(handler, email=ADDRESS)

    client.post("/sign-in", data={"email": ADDRESS.title()})

    assert _letters_to(site, ADDRESS) == ["Sally Sorrel"]


def test_a_school_that_is_closed_gets_no_account(site: Site, handler: Handler, client: Client) -> None:
    _record_a_school(handler, email=ADDRESS, ended_on="2026-10-01")

    client.post("/sign-in", data={"email": ADDRESS})

    assert _letters_to(site, ADDRESS) == []


def test_whoever_gets_no_link_reads_how_to_come_by_an_account(client: Client) -> None:
    asked, sent = Page(client.get("/sign-in")), Page(client.post("/sign-in", data={"email": "who@school.example"}))

    assert "No account for your school or service yet?" in asked.text
    assert asked.link("apply to join the list") == "/start/enquire"
    assert asked.link("type the code from your letter") == "/for-parents"
    assert sent.link("how to get an account") == "/#schools"


def test_a_link_that_was_cut_off_is_not_said_to_be_about_an_application(client: Client) -> None:
    page = Page(client.get("/continue/half-a-link"))

    assert "It may also have been cut off or mistyped" in page.text
    assert "application" not in page.text
