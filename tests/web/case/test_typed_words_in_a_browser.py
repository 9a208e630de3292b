"""What is typed into a form outlives a page that is lost and a connection that is gone, as a browser shows."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.store.people import sign_in
from apflow.store.reading.history import history_of
from apflow.testing import MONDAY, OLIVE
from apflow.web.identity import SESSION_COOKIE
from tests.browser import axe, follow
from tests.journeys.live import Live, a_new_council
from tests.smtp import Inbox

pytestmark = pytest.mark.browser
SEEN = "A door to the yard stood open."
CONCERN = {"organisation": "The farm", "what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}
BACK = "What you typed here and did not send is back"


@pytest.fixture
def live(tmp_path: Path, inbox: Inbox) -> Iterator[Live]:
    with a_new_council(tmp_path, inbox) as council:
        yield council


@pytest.fixture
def concern(live: Live) -> str:
    """One that is looked into, so that notes are added to it."""
    handler = live.site.handler
    reference = handler.open_case("concern", "log_concern", CONCERN, actor=OLIVE, now=MONDAY).reference
    triaged = {"category": "quality", "organisation": "The farm", "in_care": False}
    handler.fire(reference, "triage_other", triaged, actor=OLIVE, now=MONDAY)
    return reference


@pytest.fixture
def phone(live: Live, chromium: Browser, concern: str) -> Iterator[Page]:
    """The form to add a note, on the officer's phone."""
    with ExitStack() as phones:
        yield _phone_of(OLIVE, live, chromium, phones, f"/cases/{concern}/do/add_note")


def _phone_of(person: Actor, live: Live, chromium: Browser, phones: ExitStack, path: str) -> Page:
    assert person.id is not None
    with live.site.store.writing() as connection:
        token = sign_in.start_session(connection, person.id, machine_now())
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/London", viewport={"width": 360, "height": 740})
    phones.callback(context.close)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live.address}])
    page = context.new_page()
    page.goto(f"{live.address}{path}")
    return page


def note(page: Page) -> Locator:
    return page.get_by_label("What was found or done")


def send(page: Page) -> Locator:
    return page.get_by_role("button", name="Add a note")


def notes_of(live: Live, concern: str) -> list[str]:
    with live.site.store.reading() as connection:
        return [
            entry.payload["answers"]["note"] for entry in history_of(connection, concern) if entry.name == "add_note"
        ]


def test_what_was_typed_is_back_after_the_page_was_loaded_again(phone: Page) -> None:
    note(phone).fill(SEEN)
    phone.reload()

    expect(note(phone)).to_have_value(SEEN)
    expect(phone.get_by_text(BACK)).to_be_visible()
    assert axe(phone) == []

    phone.get_by_role("button", name="Start again").click()
    expect(phone.get_by_text(BACK)).to_be_hidden()
    expect(note(phone)).to_have_value("")


def test_without_a_connection_the_form_stays_and_says_so_until_it_can_be_sent(
    live: Live, concern: str, phone: Page
) -> None:
    note(phone).fill(SEEN)
    expect(phone.get_by_text("There is no connection")).to_be_hidden()
    phone.context.set_offline(True)
    send(phone).click()

    expect(phone.get_by_role("alert")).to_contain_text("There is no connection. Nothing was sent")
    expect(phone.get_by_text("There is no connection")).to_be_visible()
    expect(note(phone)).to_have_value(SEEN)

    phone.context.set_offline(False)
    phone.evaluate("document.querySelector('[data-typed]').requestSubmit()")  # Their button minds a quick second press.
    expect(phone.locator(".govuk-notification-banner")).to_contain_text("The note is added")
    assert notes_of(live, concern) == [SEEN]


def test_what_was_sent_is_not_back_when_the_form_is_opened_for_another(phone: Page, live: Live, concern: str) -> None:
    note(phone).fill(SEEN)
    follow(send(phone))
    expect(phone.locator(".govuk-notification-banner")).to_contain_text("The note is added")

    phone.goto(f"{live.address}/cases/{concern}/do/add_note")

    expect(note(phone)).to_have_value("")
    expect(phone.get_by_text(BACK)).to_be_hidden()


def test_a_form_whose_answer_never_came_is_not_sent_twice(phone: Page, live: Live, concern: str) -> None:
    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    note(phone).fill(SEEN)
    phone.route("**/do/add_note", lose)
    send(phone).click()
    phone.wait_for_url("chrome-error://**")
    phone.unroute("**/do/add_note")
    assert notes_of(live, concern) == [SEEN]

    phone.goto(f"{live.address}/cases/{concern}/do/add_note")
    expect(note(phone)).to_have_value(SEEN)
    follow(send(phone))

    assert notes_of(live, concern) == [SEEN]


def test_nothing_is_left_on_the_device_once_they_have_signed_out(phone: Page) -> None:
    note(phone).fill(SEEN)
    assert SEEN in phone.evaluate("JSON.stringify(sessionStorage)")

    follow(phone.get_by_role("button", name="Sign out"))

    assert SEEN not in phone.evaluate("JSON.stringify(sessionStorage)")
