"""The same work in a browser whose scripts are off, and by keyboard alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from apflow.testing import EMAILS, OLIVE, bring_to
from tests.journeys.live import Live
from tests.journeys.people import Person
from tests.journeys.steps import (
    enquire,
    in_days,
    invite,
    open_the_case,
    reference_on,
    send_a_paper,
)

pytestmark = pytest.mark.browser

Arrive = Callable[..., Person]
NO_SCRIPTS: dict[str, Any] = {"java_script_enabled": False}
PLACE = "Made Up Orchard"
NORA = ("Nora Newcomer", "nora@made-up-orchard.example")

# The element that has the focus, and whether one can see that it has: its outline or shadow, or its label's.
_FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  const label = at.labels && at.labels[0] ? at.labels[0].innerText : "";
  const group = at.closest("fieldset") ? at.closest("fieldset").querySelector("legend").innerText : "";
  const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const ring = at.labels && at.labels[0] ? getComputedStyle(at.labels[0], "::before").boxShadow : "none";
  return {tag: at.tagName, words: (label || at.innerText || at.value || "").trim(), group: group.trim(),
    visible: outline || style.boxShadow !== "none" || ring !== "none"};
}"""
_FURTHEST = 60


def test_the_main_path_with_scripts_off(arrive: Arrive) -> None:
    nora, olive = arrive(*NORA, **NO_SCRIPTS), arrive(OLIVE.name, EMAILS[OLIVE], **NO_SCRIPTS)
    reference = enquire(nora, PLACE)
    olive.signs_in_page_by_page()
    olive.presses("Take this on")
    olive.sees("You have it")
    invite(olive, reference)

    nora.follows_the_link_in(nora.reads("Your application: send us your documents"))
    nora.presses("Continue")
    for paper in ("Registration status", "Public liability insurance"):
        nora.follows(paper)
        send_a_paper(nora)
    nora.sees("2 of")
    nora.follows("Child protection policy")
    nora.presses("Send this document")
    nora.is_asked_to_mend("Choose a file: the document, as a file")


def test_the_year_s_visits_planned_with_scripts_off(live: Live, arrive: Arrive) -> None:
    bring_to(live.site.handler, "approved", now=live.site.now() - timedelta(days=300))
    olive = arrive(OLIVE.name, EMAILS[OLIVE], **NO_SCRIPTS)
    olive.signs_in_page_by_page()
    olive.follows("Visits")
    olive.page.get_by_role("checkbox").uncheck()
    olive.presses("Plan these visits")
    olive.is_asked_to_mend("Tick at least one provider")
    olive.presses("Plan these visits")
    olive.is_told("1 routine visit is planned")


def test_a_send_back_with_scripts_off(live: Live, arrive: Arrive) -> None:
    reference = bring_to(live.site.handler, "checking_evidence", now=live.site.now())
    olive = arrive(OLIVE.name, EMAILS[OLIVE], **NO_SCRIPTS)
    olive.signs_in_page_by_page()
    open_the_case(olive, reference)
    olive.follows("Child protection policy")

    olive.presses("Send back")
    olive.is_asked_to_mend("Enter")
    olive.types("What is wrong, and what would put it right, in words for the provider", "It is two years old.")
    olive.presses("Send back")

    olive.is_told("Sent back")


def test_an_enquiry_by_keyboard_alone(arrive: Arrive) -> None:
    nora = arrive(*NORA)
    nora.opens("/")
    goes_to(nora, "Apply to join the list")
    nora.page.keyboard.press("Enter")
    nora.is_at("Apply to join")
    for question, words in (
        ("Name of your organisation", PLACE),
        ("Your full name", nora.name),
        ("Email address", nora.email),
        ("Postcode of your main site", "BA1 1AA"),
        ("What do you offer, and to which ages?", "Growing and cooking."),
    ):
        writes(nora, question, words)
    goes_to(nora, "Yes, we are registered")
    nora.page.keyboard.press("ArrowDown")
    goes_to(nora, "Continue")
    nora.page.keyboard.press("Enter")
    nora.is_at("Check your answers")
    nora.sees("No, and we do not need to be")
    goes_to(nora, "Send your enquiry")
    nora.page.keyboard.press("Space")

    nora.is_at("We have received your enquiry")
    assert reference_on(nora)


def test_an_officers_form_by_keyboard_alone(live: Live, arrive: Arrive) -> None:
    reference = bring_to(live.site.handler, "visit", now=live.site.now())
    olive = arrive(OLIVE.name, EMAILS[OLIVE])
    olive.signs_in_page_by_page()
    open_the_case(olive, reference)
    goes_to(olive, "Arrange or change the visit")
    olive.page.keyboard.press("Enter")
    olive.is_at("Arrange or change the visit")
    goes_to(olive, "Arrange or change the visit")
    olive.page.keyboard.press("Enter")
    the_summary_has_the_focus(olive)

    day = in_days(olive, 5)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        writes(olive, part, str(value))
    writes(olive, "Time of the visit", "10:30")
    writes(olive, "Where the visit takes place", "The orchard")
    writes(olive, "Who else is coming (optional)", "Ursula Made-Up")
    goes_to(olive, "Arrange or change the visit")
    olive.page.keyboard.press("Space")

    olive.is_told("The visit is arranged")


def writes(person: Person, question: str, words: str) -> None:
    goes_to(person, question)
    person.page.keyboard.type(words)


def goes_to(person: Person, words: str) -> None:
    """By Tab, as often as it takes; wherever one stops on the way, one can see where one is."""
    person.page.wait_for_load_state()
    for _ in range(_FURTHEST):
        person.page.keyboard.press("Tab")
        focus = person.page.evaluate(_FOCUS)
        assert focus["visible"], f"nothing shows that {focus} has the focus"
        if focus["words"].startswith(words):
            return
    pytest.fail(f"Tab does not lead to {words}")


def the_summary_has_the_focus(person: Person) -> None:
    person.is_asked_to_mend("Enter")
    expect(person.page.locator(".govuk-error-summary")).to_be_focused()
