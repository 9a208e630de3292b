"""The picture of a workflow where there is little room, no mouse, no scripts, or only paper."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from apflow.testing import EMAILS, OLIVE, bring_to
from tests.journeys.live import Live
from tests.journeys.people import Person

pytestmark = pytest.mark.browser

Arrive = Callable[..., Person]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
# The part of A4 that is left within margins of 8 mm, in pixels of CSS.
PAPER = {"width": 733, "height": 1062}
_SCROLLED = "frame => frame.scrollLeft"


def at_the_diagram(live: Live, person: Person) -> Locator:
    """Signed in and looking at where a case is; the region that holds its picture."""
    reference = bring_to(live.site.handler, "visit", now=live.site.now())
    person.signs_in()
    person.opens(f"/cases/{reference}/diagram")
    return person.page.get_by_role("region", name="Diagram of the way of this case")


def test_on_a_phone_the_picture_opens_where_the_case_is_and_its_words_keep_their_size(
    live: Live, arrive: Arrive
) -> None:
    olive = arrive(OLIVE.name, EMAILS[OLIVE], **PHONE)
    frame = at_the_diagram(live, olive)

    here, seen = frame.locator("[data-state=visit]").bounding_box(), frame.bounding_box()
    assert here is not None
    assert seen is not None
    assert seen["x"] <= here["x"]
    assert here["x"] + here["width"] <= seen["x"] + seen["width"]
    assert here["width"] > 250
    expect(olive.page.get_by_text("or move the picture sideways to see all of it")).to_be_visible()


def test_the_picture_is_moved_by_the_keyboard(live: Live, arrive: Arrive) -> None:
    olive = arrive(OLIVE.name, EMAILS[OLIVE], **PHONE)
    frame = at_the_diagram(live, olive)
    before = frame.evaluate(_SCROLLED)

    frame.focus()
    expect(frame).to_be_focused()
    olive.page.keyboard.press("ArrowRight")

    olive.page.wait_for_function("([frame, before]) => frame.scrollLeft > before", arg=[frame.element_handle(), before])


def test_with_scripts_off_what_leads_where_is_read_in_words(live: Live, arrive: Arrive) -> None:
    olive = arrive(OLIVE.name, EMAILS[OLIVE], java_script_enabled=False, **PHONE)
    at_the_diagram(live, olive)

    olive.follows("Visit before approval")
    state = olive.page.get_by_role("region", name="Visit before approval")
    expect(state).to_contain_text("the case is here")
    expect(state.get_by_role("row", name="Decline after the visit")).to_contain_text("Declined")


def test_on_paper_the_whole_picture_is_on_one_page(live: Live, arrive: Arrive) -> None:
    olive = arrive(OLIVE.name, EMAILS[OLIVE], viewport=PAPER)
    frame = at_the_diagram(live, olive)
    olive.page.emulate_media(media="print")

    picture = frame.get_by_role("img").bounding_box()

    assert picture is not None
    assert picture["width"] <= PAPER["width"]
    assert picture["height"] <= PAPER["height"]
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")


def test_what_is_only_for_a_screen_is_not_on_paper(live: Live, arrive: Arrive) -> None:
    olive = arrive(OLIVE.name, EMAILS[OLIVE])
    at_the_diagram(live, olive)
    olive.page.emulate_media(media="print")

    expect(olive.page.get_by_role("navigation")).to_have_count(0)
    expect(olive.page.get_by_text("Read the same in words")).to_be_hidden()
    expect(olive.page.get_by_role("heading", name="In words")).to_be_visible()
