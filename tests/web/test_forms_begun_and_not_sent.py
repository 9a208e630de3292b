"""What somebody has typed and not sent stands on the page of its case, for them alone and while it can be sent."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.testing import MONDAY, OLIVE, OSCAR, PAT, bring_to, enquire
from apflow.web.site import Site
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
BEGUN = "You have begun, and not sent"
LATER = "Save and come back later"


def begin_to_close(officer: Client, reference: str) -> None:
    Page(officer.get(f"/cases/{reference}/do/close_enquiry")).form(LATER).send(officer, LATER, reasons="Half a")


def test_an_officer_finds_it_again_days_later(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    begin_to_close(officer, reference)

    page = Page(officer.get(f"/cases/{reference}"))

    assert BEGUN in page.text
    assert "Close the enquiry, kept at 10am on Monday 2 November 2026" in page.text
    assert BEGUN not in Page(client_as(OSCAR).get(f"/cases/{reference}")).text
    assert BEGUN not in Page(client_as(PAT).get(f"/cases/{reference}")).text


def test_it_is_gone_once_it_is_sent(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    provider = client_as(PAT)
    address = f"/cases/{reference}/do/correct_details"
    Page(provider.get(address)).form(LATER).send(provider, LATER, contact_phone="01225 123456")
    assert BEGUN in Page(provider.get(f"/cases/{reference}")).text

    sent = Page(provider.get(address)).form("Change your details").send(provider, "Change your details")
    assert sent.status_code == 303

    assert BEGUN not in Page(provider.get(f"/cases/{reference}")).text


def test_a_form_in_which_nothing_was_typed_is_not_begun(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    provider = client_as(PAT)
    Page(provider.get(f"/cases/{reference}/do/correct_details")).form(LATER).send(provider, LATER)

    assert BEGUN not in Page(provider.get(f"/cases/{reference}")).text


def test_what_can_no_longer_be_sent_is_not_offered(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    begin_to_close(officer, reference)
    site.handler.fire(reference, "invite", {}, actor=OSCAR, now=MONDAY)

    assert BEGUN not in Page(officer.get(f"/cases/{reference}")).text
