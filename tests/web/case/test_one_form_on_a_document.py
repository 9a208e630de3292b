"""What can be done to a document stands in one form: what was typed for one thing is not lost by pressing another."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.brought import bring_to
from tests.files import a_pdf
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
PDF = ("policy.pdf", a_pdf(), "application/pdf")
WRONG = "The certificate is in another name."
NOTE = "Rang the insurer."


@pytest.fixture
def address(handler: Handler) -> str:
    """The page of a document that an officer has to check."""
    return f"/cases/{bring_to(handler, 'checking_evidence')}/evidence/public_liability"


def status(site: Site, address: str) -> str:
    _, _, reference, _, key = address.split("/")
    with site.store.reading() as connection:
        case = load_case(connection, reference)
    item = case.item("evidence", key) if case else None
    return item.status if item else "untouched"


def test_with_nothing_typed_elsewhere_it_is_accepted_at_once(site: Site, client_as: ClientAs, address: str) -> None:
    olive = client_as(OLIVE)

    done = Page(olive.get(address)).form("Accept").send(olive, "Accept", check_note=NOTE)

    assert done.status_code == 303
    assert status(site, address) == "accepted"


def test_a_reason_to_send_it_back_is_asked_about_before_it_is_accepted(
    site: Site, client_as: ClientAs, address: str
) -> None:
    olive = client_as(OLIVE)

    asked = Page(Page(olive.get(address)).form("Accept").send(olive, "Accept", check_note=NOTE, reason=WRONG))

    assert (asked.status, status(site, address)) == (409, "supplied")
    assert asked.errors == {"written-send_back": "You also wrote under “Send back”. Nothing has been done yet"}
    assert WRONG in asked.below("What you wrote under “Send back”")
    assert Page(olive.get(asked.link("go on with “Send back”"))).form("Send back").value("reason") == WRONG
    assert Page(olive.get(address)).form("Send back").value("reason") == WRONG

    asked.form("Accept").send(olive, "Accept")
    assert status(site, address) == "accepted"


@pytest.mark.parametrize("reason", ["", WRONG])
def test_a_note_of_what_was_checked_is_not_lost_where_it_is_sent_back(
    site: Site, client_as: ClientAs, address: str, reason: str
) -> None:
    olive = client_as(OLIVE)

    asked = Page(Page(olive.get(address)).form("Send back").send(olive, "Send back", check_note=NOTE, reason=reason))

    assert (asked.status, status(site, address)) == (409, "supplied")
    assert NOTE in asked.below("What you wrote under “Accept”")
    assert Page(olive.get(address)).form("Accept").value("check_note") == NOTE

    asked.form("Send back").send(olive, "Send back", reason=WRONG)
    assert status(site, address) == "returned"


def test_a_file_is_not_lost_where_the_provider_presses_that_it_does_not_apply(
    site: Site, handler: Handler, client_as: ClientAs
) -> None:
    pat = client_as(PAT)
    address = f"/cases/{bring_to(handler, 'gathering_evidence')}/evidence/medication"
    button = "Tell us this does not apply to you"

    form = Page(pat.get(address)).form(button)
    asked = Page(form.send(pat, button, files={"file": PDF}, why="We give no medicine."))

    assert (asked.status, status(site, address)) == (409, "untouched")
    assert "policy.pdf" in asked.below("What you wrote under “Send this document”")
    assert "policy.pdf" in Page(pat.get(address)).text

    asked.form(button).send(pat, button)
    assert status(site, address) == "claimed"


def test_an_event_that_is_nobodys_there_is_not_asked_about(site: Site, client_as: ClientAs, address: str) -> None:
    page = address.replace("/evidence/", "/do/accept?item=")

    done = client_as(OLIVE).post(f"{page}&beside=unheard_of&beside=refer_to_panel", data={"reason": WRONG})

    assert done.status_code == 303
    assert status(site, address) == "accepted"
