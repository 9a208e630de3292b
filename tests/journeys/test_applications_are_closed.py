"""The council has closed applications: the public is told why and when, at the door and on arrival."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from apflow.core.definition.calendars import Applications, ClosedPeriod
from apflow.loader import Library
from apflow.testing import taking
from tests.journeys.live import Live, a_new_council
from tests.journeys.people import Person, at_a_browser
from tests.journeys.steps import fill_in_the_enquiry
from tests.smtp import Inbox

pytestmark = pytest.mark.browser

CLOSED = ClosedPeriod(start=date(2026, 11, 4), until=date(2026, 11, 10), because="We are reviewing the list.")


@pytest.fixture
def live(tmp_path: Path, inbox: Inbox, library: Library) -> Iterator[Live]:
    """A council that will not take applications from Wednesday to Tuesday."""
    with a_new_council(tmp_path, inbox, taking(library, Applications(closed_periods=(CLOSED,)))) as served:
        yield served


@pytest.fixture
def nora(live: Live, chromium: Browser) -> Iterator[Person]:
    with at_a_browser(live, chromium, "Nora Newcomer", "nora@made-up-orchard.example") as person:
        yield person


def test_the_front_page_says_why_and_offers_no_form(live: Live, nora: Person) -> None:
    live.pass_to(live.site.now() + timedelta(days=3))

    nora.opens("/")
    nora.sees("Applications are closed", "We are reviewing the list.")
    assert not nora.can("Apply to join the list")

    nora.opens("/start/enquire")
    nora.sees("We are reviewing the list.", "11 November 2026")
    assert nora.page.get_by_role("textbox").count() == 0


def test_one_who_was_typing_when_it_closed_keeps_her_words_and_no_case_begins(live: Live, nora: Person) -> None:
    nora.opens("/start/enquire")
    fill_in_the_enquiry(nora, "Made Up Orchard")
    live.pass_to(live.site.now() + timedelta(days=3))

    nora.presses("Continue")

    nora.sees("We are reviewing the list.", "Growing and cooking, for ages 11 to 16, three days a week.")
    live.settle()
    assert live.inbox.messages == []


def test_the_door_opens_again_by_itself(live: Live, nora: Person) -> None:
    live.pass_to(live.site.now() + timedelta(days=9))

    nora.opens("/")

    assert nora.can("Apply to join the list")
