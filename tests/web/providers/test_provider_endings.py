"""The visit and every way an application ends, in words for the provider."""

from collections.abc import Callable

import pytest

from apflow.core.definition.calendars import Applications
from apflow.core.people.actor import THE_CLOCK
from apflow.handler import Handler
from apflow.testing import OLIVE, PAT, PAVEL, PETRA, POPPY, TODAY, enquire, leave
from apflow.web.site import Site
from tests.brought import bring_to
from tests.removal import REASONS, remove
from tests.web.browsing import Client, a_browser_on
from tests.web.conftest import a_site_with
from tests.web.provider import fire, journey, the_page

ClientAs = Callable[..., Client]


@pytest.fixture
def pat(client_as: ClientAs) -> Client:
    return client_as(PAT)


# The visit


def test_a_visit_is_shown_with_its_day_time_and_place(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "visit")
    fire(
        handler,
        reference,
        OLIVE,
        "arrange_visit",
        visit_on="2026-11-12",
        visit_time="14:15",
        visit_place="The lower barn",
        visitors="Olive Officer",
        what_to_prepare="The sign-in book.",
    )

    visit = the_page(pat, reference).below("Our visit to you")

    assert "Thursday 12 November 2026 at 2:15pm" in visit
    assert "Where\nThe lower barn" in visit
    assert "Who is coming\nOlive Officer" in visit
    assert "What to have ready\nThe sign-in book." in visit


def test_the_note_of_the_visit_is_hers_to_read_and_the_visit_is_over(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "visit")
    day = TODAY.isoformat()
    visit = {"visit_on": day, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive Officer"}
    fire(handler, reference, OLIVE, "arrange_visit", **visit)
    found = {"visited_on": day, "seen": "Goats.", "agreed": "A gate by May.", "visit_outcome": "actions"}
    fire(handler, reference, OLIVE, "record_visit", **found, no_surprise=True)

    page = the_page(pat, reference)

    note = page.below("Our note of the visit")
    assert "Goats." in note
    assert "A gate by May." in note
    assert "Actions are needed, then another visit" in note
    assert "Do what was agreed at the visit" in page.below("Do now")
    assert "Our visit to you" not in page.text


# How it ends


def test_an_approved_provider_sees_what_it_must_keep_to(handler: Handler, pat: Client) -> None:
    page = the_page(pat, bring_to(handler, "approved"))

    assert page.heading == "You are on the approved list"
    assert "Made Up Farm, since Monday 2 November 2026" in page.text
    assert "Keep your insurance" in page.below("Do now")
    assert "Annual self-assessment: your next one opens on Tuesday 2 November 2027" in page.below(
        "Waiting for the council"
    )


def declined_by_the_panel(handler: Handler) -> str:
    reference = bring_to(handler, "panel")
    for member in (PETRA, PAVEL, POPPY):
        fire(handler, reference, member, "give_view", view="decline", comments="Not yet.")
    answers = {"panel_on": TODAY.isoformat(), "chaired_by": "Magda Manager", "reasons": "Nobody watches the gate."}
    fire(handler, reference, OLIVE, "panel_decline", **answers, what_next="Put somebody at the gate.")
    return reference


def test_a_decline_gives_the_reasons_what_to_do_next_and_how_to_challenge_it(handler: Handler, pat: Client) -> None:
    page = the_page(pat, declined_by_the_panel(handler))

    assert page.heading == "We could not take your application forward"
    assert "The panel's reasons\nNobody watches the gate." in page.text
    assert "What you could do next\nPut somebody at the gate." in page.text
    assert "within 28 calendar days" in page.below("If you disagree with the decision")
    assert page.link("Apply again") == "/start/enquire"
    assert "The panel It ended here" in journey(page)


def test_a_closed_enquiry_gives_the_officers_reasons(handler: Handler, pat: Client) -> None:
    reference = enquire(handler)
    fire(handler, reference, OLIVE, "close_enquiry", reasons="The list is for children.")

    page = the_page(pat, reference)

    assert "Our reasons\nThe list is for children." in page.text
    assert "Your documents" not in [text for level, text in page.headings if level == "h2"]


def test_a_withdrawn_application_is_over_and_nobody_is_to_be_challenged(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")
    fire(handler, reference, PAT, "withdraw", sure=True)

    page = the_page(pat, reference)

    assert page.heading == "You withdrew your application"
    assert "If nobody at your organisation asked for this, tell us at once." in page.text
    assert "If you disagree" not in page.text


def test_a_lapsed_application_says_why(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")
    fire(handler, reference, THE_CLOCK, "lapse")

    page = the_page(pat, reference)

    assert "It lapsed because your documents were not submitted in time." in page.text
    assert "Your documents It ended here" in journey(page)


def test_a_provider_taken_off_the_list_sees_why_and_what_it_means(
    handler: Handler, pat: Client, client_as: ClientAs
) -> None:
    reference = bring_to(handler, "approved")
    remove(handler, reference)

    page = the_page(pat, reference)

    assert f"Our reasons\n{REASONS}" in page.text
    assert "Stop describing your organisation as approved" in page.text
    assert "You can come back to the list only by a new application." in page.text
    assert "you do not need to do anything" not in page.text


def test_nobody_is_offered_to_apply_again_while_applications_are_closed(
    site: Site, handler: Handler, pat: Client
) -> None:
    reference = declined_by_the_panel(handler)
    closed = a_site_with(site, Applications(open=False))
    with a_browser_on(closed) as browser:
        browser.cookies.update(dict(pat.cookies))
        page = the_page(browser, reference)

    assert page.heading == "We could not take your application forward"
    assert not page.has_button("Apply again")


def test_every_state_of_the_journey_has_its_own_words_for_the_provider(handler: Handler, pat: Client) -> None:
    reference = enquire(handler)
    states = handler.library.current("provider").workflow.states
    journey = handler.library.current("provider").workflow.journey

    for state in journey:
        assert the_page(pat, reference).heading == states[state].label.to("provider")
        if state != journey[-1]:
            leave(handler, reference, state)
