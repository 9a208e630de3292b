"""A text with a pupil's name in it comes back before its writer checks it, not when they think that it is sent."""

from collections.abc import Callable
from typing import Any

import pytest

from apflow.handler import Handler
from apflow.testing import MONDAY, OLIVE
from apflow.web.site import Site
from tests.brought import bring_to
from tests.records.council import WREN, a_pupil, a_school
from tests.web.browsing import Client
from tests.web.reading import Form, Page

ClientAs = Callable[..., Client]
TAKE_OVER = "Take over a provider"
NAMED = "Wren Thistle feeds the goats."
NAMELESS = "Pupils feed the goats."
FORGE = {
    "organisation": "Made Up Forge",
    "contact_name": "Pat Provider",
    "contact_email": "pat@made-up.example",
    "postcode": "BA1 1AA",
    "registration": "not_needed",
    "ages": ["ks4"],
    "places": ["bath"],
    "subjects": ["trades"],
    "needs": ["semh"],
    "days": ["monday"],
    "listed_since__day": "1",
    "listed_since__month": "1",
    "listed_since__year": "2026",
}


@pytest.fixture
def officer(client_as: ClientAs) -> Client:
    return client_as(OLIVE)


def test_of_a_case_that_goes_on(site: Site, officer: Client) -> None:
    form = _declining(site.handler, officer)

    refused = Page(form.send(officer, "Continue", reasons=NAMED, what_next="Come back."))

    _is_told_of_the_name(refused, "reasons")
    again = refused.form("Continue")
    assert again.value("what_next") == "Come back."
    checked = Page(again.send(officer, "Continue", reasons=NAMELESS))
    assert NAMELESS in checked.text


def test_of_a_case_that_begins(site: Site, officer: Client) -> None:
    _wren(site.handler)

    refused = _taking_over(officer, description=NAMED)

    _is_told_of_the_name(refused, "description")
    assert refused.form(TAKE_OVER).value("organisation") == "Made Up Forge"


def test_a_name_that_was_not_known_while_it_was_checked_brings_the_form_back_with_all_of_it(
    site: Site, officer: Client
) -> None:
    checked = _taking_over(officer, description=NAMED)
    _wren(site.handler)

    refused = Page(checked.form("Send").send(officer, "Send"))

    _is_told_of_the_name(refused, "description")
    assert refused.form(TAKE_OVER).value("description") == NAMED


def _wren(handler: Handler) -> None:
    a_school(handler)
    a_pupil(handler, **WREN)


def _declining(handler: Handler, officer: Client) -> Form:
    _wren(handler)
    reference = bring_to(handler, "visit")
    day = MONDAY.date().isoformat()
    meeting = {"visit_on": day, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive"}
    handler.fire(reference, "arrange_visit", meeting, actor=OLIVE, now=MONDAY)
    found = {"visited_on": day, "visit_outcome": "satisfied", "seen": "A calm morning.", "no_surprise": True}
    handler.fire(reference, "record_visit", found, actor=OLIVE, now=MONDAY)
    return Page(officer.get(f"/cases/{reference}/do/decline_after_visit")).form("Continue")


def _taking_over(officer: Client, **typed: Any) -> Page:
    form = Page(officer.get("/start/take_over")).form(TAKE_OVER)
    return Page(form.send(officer, TAKE_OVER, **FORGE, **typed))


def _is_told_of_the_name(page: Page, question: str) -> None:
    assert page.status == 422
    assert "take out what looks like a pupil's name (Wren Thistle)" in page.errors[question]
