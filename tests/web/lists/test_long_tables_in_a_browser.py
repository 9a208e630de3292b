"""Pages that were long on a phone: tables and the way about are opened when they are wanted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.store.people import sign_in
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT
from apflow.web.identity import SESSION_COOKIE
from tests.brought import bring_to
from tests.browser import axe, follow
from tests.journeys.live import Live, a_new_council
from tests.records.attendance import a_placed_pupil
from tests.smtp import Inbox

pytestmark = pytest.mark.browser


@pytest.fixture
def live(tmp_path: Path, inbox: Inbox) -> Iterator[Live]:
    with a_new_council(tmp_path, inbox) as council:
        a_placed_pupil(council.site.handler)
        yield council


def test_a_table_of_the_report_is_folded_on_a_phone_alone(live: Live, page: Page) -> None:
    assert OLIVE.id is not None
    with live.site.store.writing() as connection:
        token = sign_in.start_session(connection, OLIVE.id, machine_now())
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
    page.goto(f"{live.address}/reports?first=2026-09-01&last=2027-08-31")
    provider = page.get_by_role("rowheader", name="Made Up Farm")

    page.set_viewport_size({"width": 1200, "height": 800})
    expect(provider).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 700})
    expect(provider).not_to_be_visible()
    page.get_by_text("By provider").first.click()
    expect(provider).to_be_visible()
    assert axe(page) == []
    page.get_by_text("By provider").first.click()
    page.emulate_media(media="print")
    expect(provider).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_is_one_line_of_a_phone_until_it_is_opened_by_keys(
    live: Live, chromium: Browser, scripts: bool
) -> None:
    assert OLIVE.id is not None
    with live.site.store.writing() as connection:
        token = sign_in.start_session(connection, OLIVE.id, machine_now())
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=scripts)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
    page = context.new_page()
    page.goto(f"{live.address}/cases")
    menu = page.get_by_role("navigation", name="Main")
    search = page.get_by_label("Name, reference or contact")

    assert height(menu) < 60
    expect(menu.get_by_role("link")).to_have_count(0)
    expect(search).to_be_in_viewport()
    page.keyboard.press("Tab")
    for _ in range(3):  # After the way to the main part: the council, signing out, the menu.
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Log a concern")).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="My work")).to_be_focused()
    expect(menu.get_by_role("link", name="Cases")).to_have_attribute("aria-current", "page")
    if scripts:
        assert axe(page) == []
    page.get_by_text("Kind of case: The approved provider list").click()
    page.get_by_role("link", name="Placement reviews").click()
    expect(page).to_have_url(f"{live.address}/cases?kind=placement_review")
    page.set_viewport_size({"width": 1200, "height": 800})
    expect(menu.get_by_role("link", name="Cases")).to_be_visible()
    expect(page.get_by_text("Menu", exact=True)).not_to_be_visible()
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("who", [OLIVE, MAGDA])
def test_the_menu_of_the_office_is_one_row_of_a_wide_screen_until_what_they_begin_is_opened_by_keys(
    live: Live, chromium: Browser, who: Actor, scripts: bool
) -> None:
    assert who.id is not None
    with live.site.store.writing() as connection:
        token = sign_in.start_session(connection, who.id, machine_now())
    context = chromium.new_context(viewport={"width": 1200, "height": 800}, java_script_enabled=scripts)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
    page = context.new_page()
    page.goto(f"{live.address}/cases")
    menu = page.get_by_role("navigation", name="Main")
    concern = menu.get_by_role("link", name="Log a concern")

    assert height(menu) < 60
    expect(concern).not_to_be_visible()
    menu.get_by_role("link", name="Records").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Log an enquiry")).to_be_focused()
    if scripts:
        assert axe(page) == []
    follow(concern)
    expect(concern).to_have_attribute("aria-current", "page")
    expect(concern).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 360, 400])
def test_on_a_phone_the_kinds_of_records_leave_the_screen_to_the_page(live: Live, page: Page, width: int) -> None:
    assert OLIVE.id is not None
    with live.site.store.writing() as connection:
        token = sign_in.start_session(connection, OLIVE.id, machine_now())
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{live.address}/placements")
    kinds = page.get_by_role("navigation", name="Records")

    assert height(kinds) < 70
    kinds.get_by_text("Records: Placements").click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for link in kinds.get_by_role("link").all():
        expect(link).to_be_in_viewport()
        assert height(link) >= 24, "large enough to touch"
    kinds.get_by_role("link", name="Placements").focus()
    page.keyboard.press("Tab")
    expect(kinds.get_by_role("link", name="Schools and commissioners")).to_be_focused()
    assert axe(page) == []


def height(one: Locator) -> float:
    box = one.bounding_box()
    assert box is not None
    return box["height"]


def test_the_longest_status_of_a_document_fits_a_phone(live: Live, page: Page) -> None:
    handler = live.site.handler
    reference = bring_to(handler, "gathering_evidence", organisation="Made Up Barn")
    handler.fire(reference, "say_not_applicable", {"why": "We give none."}, actor=PAT, now=MONDAY, item="medication")
    assert PAT.id is not None
    with live.site.store.writing() as connection:
        token = sign_in.start_session(connection, PAT.id, machine_now())
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
    page.set_viewport_size({"width": 320, "height": 700})

    page.goto(f"{live.address}/cases/{reference}")

    longest = page.get_by_text("You said this does not apply")
    expect(longest).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    short = page.locator(".govuk-task-list__status", has_text="To do").locator(".govuk-tag")
    assert {height(one) for one in short.all()} == {height(short.first)}
    assert height(longest) > height(short.first), "it is on several lines, the others on one"


def test_with_text_at_twice_its_size_nothing_of_a_mark_is_cut_and_no_page_scrolls_sideways(
    live: Live, page: Page
) -> None:
    assert PAT.id is not None
    with live.site.store.writing() as connection:
        token = sign_in.start_session(connection, PAT.id, machine_now())
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live.address}/attendance")
    expect(page.get_by_text("Present", exact=True).first).to_be_visible()

    page.evaluate("document.documentElement.style.fontSize = '200%'")

    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    assert page.locator(".app-mark__choice").evaluate_all(cut) == []
    footer = page.locator(".govuk-footer__link").evaluate_all("all => Math.max(...all.map(one => one.offsetWidth))")
    assert footer <= 330
