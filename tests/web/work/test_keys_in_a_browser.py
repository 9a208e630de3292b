"""The keys for whoever works through lists, as only a browser shows them; and lists that are kept without scripts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.store.people import sign_in
from apflow.testing import OLIVE, PAT, enquire
from apflow.web.identity import SESSION_COOKIE
from tests.browser import axe, follow
from tests.journeys.live import Live, a_new_council
from tests.records.council import a_pupil, a_school
from tests.smtp import Inbox

pytestmark = pytest.mark.browser
Sit = Callable[..., Page]


@pytest.fixture
def live(tmp_path: Path, inbox: Inbox) -> Iterator[Live]:
    with a_new_council(tmp_path, inbox) as council:
        for name in ("First Barn", "Second Barn"):
            enquire(council.site.handler, organisation=name)
        yield council


@pytest.fixture
def at(live: Live, chromium: Browser) -> Iterator[Sit]:
    """Somebody's browser at an address."""
    with ExitStack() as browsers:

        def sit_down(path: str, person: Actor = OLIVE, **options: Any) -> Page:
            assert person.id is not None
            with live.site.store.writing() as connection:
                token = sign_in.start_session(connection, person.id, machine_now())
            context = chromium.new_context(locale="en-GB", timezone_id="Europe/London", **options)
            browsers.callback(context.close)
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
            page = context.new_page()
            page.goto(f"{live.address}{path}")
            return page

        yield sit_down


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_rows_of_a_list_are_gone_through_and_opened_by_keys(live: Live, at: Sit) -> None:
    page = at("/cases")
    rows = [page.get_by_role("link", name=name) for name in ("Second Barn", "First Barn")]

    page.keyboard.press("j")
    expect(rows[0]).to_be_focused()
    assert rows[0].evaluate("link => getComputedStyle(link).backgroundColor") == "rgb(255, 221, 0)", "it is seen"
    page.keyboard.press("j")
    expect(rows[1]).to_be_focused()
    page.keyboard.press("j")
    expect(rows[1]).to_be_focused()
    page.keyboard.press("k")
    expect(rows[0]).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Second Barn")


def test_the_rows_of_ones_work_are_gone_through_also_after_one_was_taken_on(at: Sit) -> None:
    page = at("/work")

    page.keyboard.press("j")
    assert focused(page).startswith("Answer the enquiry: First Barn")
    page.get_by_role("button", name="Take this on").last.click()
    expect(page.get_by_role("alert")).to_contain_text("You have taken this on")
    page.keyboard.press("k")
    assert focused(page).startswith("Answer the enquiry")


def test_the_search_of_the_page_is_one_key_away_and_else_that_of_cases(live: Live, at: Sit) -> None:
    page = at("/schools")
    page.keyboard.press("/")
    expect(page.get_by_label("Name or URN")).to_be_focused()

    page.goto(f"{live.address}/work")
    page.keyboard.press("/")
    expect(page).to_have_url(f"{live.address}/cases#q")
    expect(page.get_by_label("Name, reference or contact")).to_be_focused()


def test_what_is_typed_is_typed_and_modifiers_are_left_to_the_browser(at: Sit) -> None:
    page = at("/cases")
    field = page.get_by_label("Name, reference or contact")
    field.focus()
    page.keyboard.type("j/k?")
    expect(field).to_have_value("j/k?")
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.get_by_role("heading", level=1).click()
    for pressed in ("Control+j", "Alt+j", "Meta+j", "Control+/"):
        page.keyboard.press(pressed)
        assert not focused(page).endswith("Barn")
        expect(field).not_to_be_focused()
    page.locator("summary", has_text="Filters").click()
    page.get_by_label("Who has it").focus()
    page.keyboard.press("j")
    expect(page.get_by_label("Who has it")).to_be_focused()


@pytest.mark.parametrize("width", [320, 1200])
def test_the_keys_are_shown_in_a_dialog_that_gives_the_focus_back(at: Sit, width: int) -> None:
    page = at("/cases", viewport={"width": width, "height": 700})
    page.keyboard.press("j")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")

    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Go to the next row of a list or of your work")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert axe(page) == []
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('dialog') !== null"), "the page behind is left alone"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page) == "Second Barn"


def test_the_keys_are_turned_off_in_this_browser_and_on_again(live: Live, at: Sit) -> None:
    page = at("/cases")
    opener = page.get_by_role("button", name="Keyboard shortcuts")
    opener.click()
    page.get_by_role("button", name="Turn them off").click()
    expect(page.get_by_role("status").last).to_have_text("They are turned off in this browser.")
    page.get_by_role("button", name="Close").click()
    expect(opener).to_be_focused()

    page.goto(f"{live.address}/schools")
    for pressed in ("j", "/", "?"):
        page.keyboard.press(pressed)
    expect(page.get_by_label("Name or URN")).not_to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("button", name="Turn them on").click()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Name or URN")).to_be_focused()


def test_nobody_outside_the_council_has_such_keys(at: Sit) -> None:
    page = at("/approved-list", PAT)
    page.keyboard.press("/")
    expect(page.get_by_label("Provider, subject or place")).not_to_be_focused()
    expect(page.get_by_text("Keyboard shortcuts")).to_have_count(0)


def test_a_list_is_kept_without_scripts_and_back_leads_to_its_filter(live: Live, at: Sit) -> None:
    page = at("/cases?assigned=nobody", java_script_enabled=False)
    page.get_by_text("Save this filter as one of my lists").click()
    page.get_by_label("What do you call this list?").fill("With nobody")
    follow(page.get_by_role("button", name="Save the list"))
    expect(page).to_have_url(f"{live.address}/cases?assigned=nobody#my-lists")
    expect(page.get_by_text("Keyboard shortcuts")).to_be_hidden()

    follow(page.get_by_role("link", name="First Barn"))
    page.go_back()
    expect(page.get_by_role("link", name="With nobody")).to_have_attribute("aria-current", "page")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel (XLSX)").click()
    assert download.value.suggested_filename == "cases-2026-11-02.xlsx"


@pytest.mark.parametrize("width", [320, 1200])
def test_what_stands_around_a_list_is_accessible(live: Live, at: Sit, width: int) -> None:
    page = at("/cases?assigned=nobody", viewport={"width": width, "height": 800})
    page.get_by_text("Save this filter as one of my lists").click()
    assert axe(page) == []
    follow(page.get_by_role("button", name="Save the list"))
    expect(page.get_by_role("heading", level=1)).to_have_text("My lists")
    assert axe(page) == []
    page.get_by_label("What do you call this list?").fill("With nobody")
    follow(page.get_by_role("button", name="Save", exact=True))
    assert axe(page) == []
    page.goto(f"{live.address}/lists")
    page.get_by_text("Rename").first.click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_one_goes_back_from_a_pupil_to_what_was_searched_for(live: Live, at: Sit) -> None:
    a_school(live.site.handler)
    a_pupil(live.site.handler)
    page = at("/pupils")
    page.get_by_label("Name or UPN").fill("sparrow")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Sparrow, Pip").click()

    page.go_back()

    expect(page.get_by_role("heading", name="1 pupil found")).to_be_visible()
    expect(page.get_by_label("Name or UPN")).to_have_value("sparrow")
