"""What somebody has typed and not sent stands on the page of its case, for them alone, with what stands in its way."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, bring_to, enquire
from apflow.web.site import Site
from tests.placing import DESCRIBED, a_listed_site, a_pupil_of, a_school_with_an_account
from tests.removal import SUSPENDED
from tests.web.browsing import Client
from tests.web.provider import supply
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
BEGUN = "You have begun, and not sent"
LATER = "Save and come back later"
SENT_BACK = {"reason": "The sum insured is missing."}


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


def a_lift_that_was_begun(site: Site, manager: Client) -> str:
    """The reference of a suspended provider, of which a manager has begun to lift the suspension."""
    reference = bring_to(site.handler, "approved")
    site.handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)
    form = Page(manager.get(f"/cases/{reference}/do/lift_suspension")).form(LATER)
    form.send(manager, LATER, what_has_changed="The new insurance has come.")
    return reference


def test_what_cannot_be_sent_any_more_says_so_and_why_before_it_is_opened(site: Site, client_as: ClientAs) -> None:
    manager = client_as(MAGDA)
    reference = a_lift_that_was_begun(site, manager)
    assert "It cannot be done now." not in Page(manager.get(f"/cases/{reference}")).text
    site.handler.fire(reference, "send_back", SENT_BACK, actor=OLIVE, now=MONDAY, item="public_liability")

    page = Page(manager.get(f"/cases/{reference}")).text
    assert "Lift the suspension, kept at 10am on Monday 2 November 2026. It cannot be done now. These" in page
    assert "See what you typed" in page


def test_its_form_says_at_once_why_it_cannot_be_done_and_what_was_typed_is_there_again_afterwards(
    site: Site, client_as: ClientAs
) -> None:
    manager = client_as(MAGDA)
    reference = a_lift_that_was_begun(site, manager)
    site.handler.fire(reference, "send_back", SENT_BACK, actor=OLIVE, now=MONDAY, item="public_liability")

    blocked = manager.get(f"/cases/{reference}/do/lift_suspension")
    assert blocked.status_code == 409
    assert "Lift the suspension: not yet" in Page(blocked).text
    assert "What has changed, in words for the provider\nThe new insurance has come." in Page(blocked).text
    assert "It is kept, and stands in the form again once this can be done." in Page(blocked).text

    supply(site.handler, reference, "public_liability")
    site.handler.fire(reference, "accept", {}, actor=OLIVE, now=MONDAY, item="public_liability")
    again = Page(manager.get(f"/cases/{reference}/do/lift_suspension"))
    assert again.form("Continue").value("what_has_changed") == "The new insurance has come."


def test_once_the_case_has_moved_on_the_form_says_what_happened_and_what_was_typed(
    site: Site, client_as: ClientAs
) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    begin_to_close(officer, reference)
    site.handler.fire(reference, "invite", {}, actor=OSCAR, now=MONDAY)

    page = officer.get(f"/cases/{reference}/do/close_enquiry")
    assert page.status_code == 409
    assert "Half a" in Page(page).text
    assert "What happened meanwhile" in Page(page).text


def test_a_form_in_which_nothing_was_typed_says_only_why(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "approved")
    site.handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)
    site.handler.fire(reference, "send_back", SENT_BACK, actor=OLIVE, now=MONDAY, item="public_liability")

    assert "What you typed" not in Page(client_as(MAGDA).get(f"/cases/{reference}/do/lift_suspension")).text


def test_a_referral_begun_before_a_suspension_that_never_reached_it_says_at_once_why_it_cannot_be_sent(
    site: Site, client_as: ClientAs
) -> None:
    provider, place = a_listed_site(site.handler)
    hill = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    said = {"pupil": a_pupil_of(site.handler, "Hill School", "Pip"), "site": place, "kind": "alongside"}
    reference = site.handler.open_case("placement", "refer_a_pupil", said, actor=hill, now=MONDAY).reference
    site.handler.fire(reference, "describe", DESCRIBED, actor=hill, now=MONDAY)
    site.handler.fire(provider, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)  # And nothing is told of it yet.

    page = Page(client_as(hill).get(f"/cases/{reference}")).text
    assert "The provider does not take placements today." in page
