"""While it is the council's move: what a provider is still asked to do stands in Do now, and where it is answered."""

from collections.abc import Callable
from typing import Any

import pytest

from apflow.core.errors import Blocked
from apflow.handler import Handler
from apflow.store import outbox
from apflow.testing import ENTRY as FARM
from apflow.testing import MONDAY, OLIVE, PAT
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.provider import a_case_sent_back, fire, supply, the_page
from tests.web.reading import Page

ClientAs = Callable[..., Client]
ENTRY = "Say what people should read about you on the list"
READ = "Say that you have read our note of the visit"
NOTE: dict[str, Any] = {
    "visited_on": MONDAY.date().isoformat(),
    "seen": "Goats.",
    "visit_outcome": "satisfied",
    "no_surprise": True,
}
VISIT: dict[str, Any] = {
    "visit_on": MONDAY.date().isoformat(),
    "visit_time": "10:30",
    "visit_place": "The farm",
    "visitors": "Olive",
}


@pytest.fixture
def pat(client_as: ClientAs) -> Client:
    return client_as(PAT)


def _visited(handler: Handler) -> str:
    reference = bring_to(handler, "visit")
    fire(handler, reference, OLIVE, "arrange_visit", **VISIT)
    fire(handler, reference, OLIVE, "record_visit", **NOTE)
    return reference


def _last_letter(site: Site, notice: str) -> str:
    with site.store.reading() as connection:
        rows = outbox.recent_messages(connection, to_email="pat@made-up-farm.example", limit=50, offset=0)
    return str(next(row.text for row in rows if row.notice == notice))


def test_a_note_of_a_visit_is_to_be_read_until_the_provider_says_that_it_is(handler: Handler, pat: Client) -> None:
    reference = _visited(handler)

    unread = the_page(pat, reference)
    fire(handler, reference, PAT, "answer_note")
    read = the_page(pat, reference)

    assert unread.link(READ) == f"/cases/{reference}/do/answer_note"
    assert "We have visited you, and decide what comes next." in unread.below("Waiting for the council")
    assert READ not in read.below("Do now")


def test_an_empty_entry_is_asked_for_from_the_visit_on(site: Site, handler: Handler, pat: Client) -> None:
    reference = _visited(handler)

    asked = the_page(pat, reference)
    fire(handler, reference, PAT, "describe_entry", **FARM)
    written = the_page(pat, reference)

    assert ENTRY in asked.below("Do now")
    assert ENTRY not in written.below("Do now")
    assert "Say on the page what people should read about you" in _last_letter(site, "provider/panel_agreed")


def test_nobody_is_approved_with_an_empty_entry_and_the_officer_reads_how_to_mend_it(
    handler: Handler, client_as: ClientAs
) -> None:
    reference, olive = _visited(handler), client_as(OLIVE)
    why = "Its entry on the approved list is empty. Ask the provider to write it, on its own page, or write it here"

    with pytest.raises(Blocked, match=why):
        fire(handler, reference, OLIVE, "approve", ready=True)
    assert why in Page(olive.get(f"/cases/{reference}")).below("Not possible yet")
    fire(handler, reference, OLIVE, "describe_entry", **FARM)
    fire(handler, reference, OLIVE, "approve", ready=True)

    entry = the_page(client_as(PAT), reference).link("See your entry as anybody reads it")
    assert "Goats." in client_as(PAT).get(entry).text


def test_an_officer_sees_to_the_sites_of_whoever_is_approved(handler: Handler, client_as: ClientAs) -> None:
    reference = bring_to(handler, "approved")

    page = Page(client_as(OLIVE).get(f"/cases/{reference}"))

    assert "Record where its pupils go, and read its entry on the list through" in page.text
    assert page.has_button("Mark as done"), "she ticks it off herself, though a removal ends it too"


def test_what_the_council_asked_stands_where_it_is_answered(handler: Handler, pat: Client) -> None:
    reference = a_case_sent_back(handler, asked=True)
    supply(handler, reference, "attendance")

    form = Page(pat.get(f"/cases/{reference}/do/submit"))

    assert "Say who rings the family, and when." in form.text
    assert "Your answer to what we asked" in form.text
    assert "There is room for your answer where you choose Submit for checking." in the_page(pat, reference).text


def test_whoever_submits_for_the_first_time_is_not_asked_to_answer_what_nobody_asked(
    handler: Handler, pat: Client
) -> None:
    reference = bring_to(handler, "gathering_evidence")
    supply(
        handler,
        reference,
        *[key for key, item in handler.library.catalogues["evidence"].items.items() if item.required],
    )

    assert "Your answer to" not in Page(pat.get(f"/cases/{reference}/do/submit")).text
