"""Taking work on without leaving the page: what only a real browser can show."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.store.people import sign_in
from apflow.testing import OLIVE, OSCAR, enquire
from apflow.web.identity import SESSION_COOKIE
from tests.browser import axe
from tests.journeys.live import Live, a_new_council
from tests.smtp import Inbox

pytestmark = pytest.mark.browser


@pytest.fixture
def live(tmp_path: Path, inbox: Inbox) -> Iterator[Live]:
    with a_new_council(tmp_path, inbox) as council:
        enquire(council.site.handler)
        yield council


@pytest.fixture
def work_of(live: Live, chromium: Browser) -> Iterator[Callable[[Actor], Page]]:
    """A person's work in a browser of their own."""
    with ExitStack() as browsers:

        def open_work(person: Actor) -> Page:
            assert person.id is not None
            with live.site.store.writing() as connection:
                token = sign_in.start_session(connection, person.id, machine_now())
            context = chromium.new_context(locale="en-GB", timezone_id="Europe/London")
            browsers.callback(context.close)
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
            page = context.new_page()
            page.goto(f"{live.address}/work")
            return page

        yield open_work


def test_a_task_is_taken_on_in_place_and_the_focus_stays(live: Live, work_of: Callable[[Actor], Page]) -> None:
    page = work_of(OLIVE)
    page.get_by_role("button", name="Take this on").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You have taken this on: Answer the enquiry, Made Up Farm")
    expect(page.get_by_role("button", name="Put back")).to_be_focused()
    expect(page).to_have_url(f"{live.address}/work")
    assert axe(page) == []


def test_whoever_was_too_late_is_told_where_they_are_looking(work_of: Callable[[Actor], Page]) -> None:
    mine, theirs = work_of(OLIVE), work_of(OSCAR)
    theirs.get_by_role("button", name="Take this on").click()
    expect(theirs.get_by_role("button", name="Put back")).to_be_visible()
    mine.get_by_role("button", name="Take this on").click()
    said = mine.get_by_role("alert")
    expect(said).to_contain_text("Oscar Officer was quicker and has this now: Answer the enquiry, Made Up Farm")
    expect(said).to_be_focused()


def test_a_list_on_paper_has_no_addresses_and_nothing_to_fill_in(live: Live, work_of: Callable[[Actor], Page]) -> None:
    page = work_of(OLIVE)
    page.goto(f"{live.address}/cases")
    page.emulate_media(media="print")

    case = page.get_by_role("link", name="Made Up Farm")
    assert case.evaluate("link => getComputedStyle(link, '::after').content") == "none"
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("link", name="The approved provider list")).to_be_visible()
    expect(page.get_by_role("link", name="Concerns")).to_be_hidden()
