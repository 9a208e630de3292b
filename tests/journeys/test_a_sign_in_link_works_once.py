"""The link in an e-mail signs its owner in, once: neither a mail scanner nor a second try uses it up or gets in."""

from collections.abc import Callable

import pytest

from apflow.testing import EMAILS, OLIVE
from tests.journeys.live import Live
from tests.journeys.people import Person, link_in

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]


@pytest.fixture
def olive(arrive: Arrive) -> Person:
    """She has asked for a link."""
    person = arrive(OLIVE.name, EMAILS[OLIVE])
    person.opens("/work")
    person.types("Email address", person.email)
    person.presses("Send me a link")
    person.is_at("Check your email")
    return person


def test_a_mail_scanner_that_follows_the_link_first_leaves_it_good(olive: Person, arrive: Arrive) -> None:
    scanner = arrive("A scanner", "scanner@elsewhere.example")
    link = link_in(olive.reads("Your link to sign in"))
    for method in ("HEAD", "GET", "GET", "HEAD"):
        scans(scanner, link, method)

    olive.page.goto(link)
    olive.presses("Continue")

    olive.is_at("My work")


def test_a_link_that_has_been_used_is_good_for_nobody_else(olive: Person, arrive: Arrive) -> None:
    link = link_in(olive.reads("Your link to sign in"))
    olive.page.goto(link)
    olive.presses("Continue")
    olive.is_at("My work")

    stranger = arrive("Dan Stranger", "dan@elsewhere.example")
    stranger.page.goto(link)
    stranger.is_at("This link no longer works")
    stranger.opens("/work")
    stranger.is_at("Sign in")


def test_whoever_presses_continue_on_a_page_left_open_is_told_and_can_have_a_new_link(
    olive: Person, arrive: Arrive, live: Live
) -> None:
    link = link_in(olive.reads("Your link to sign in"))
    at_home = arrive(OLIVE.name, EMAILS[OLIVE])
    at_home.page.goto(link)
    olive.page.goto(link)
    olive.presses("Continue")
    olive.is_at("My work")

    at_home.presses("Continue")
    at_home.is_at("This link no longer works")
    at_home.presses("Send me a new link")
    at_home.is_at("Check your email")
    at_home.follows_the_link_in(at_home.reads("Your link to sign in"))
    at_home.presses("Continue")

    at_home.is_at("My work")


def test_her_own_used_link_leads_her_on_while_she_is_signed_in(olive: Person) -> None:
    link = link_in(olive.reads("Your link to sign in"))
    olive.page.goto(link)
    olive.presses("Continue")
    olive.is_at("My work")

    olive.page.goto(link)

    olive.is_at("My work")


def scans(scanner: Person, link: str, method: str) -> None:
    """As a mail scanner does: it follows the link and presses nothing."""
    assert scanner.page.request.fetch(link, method=method).status in (200, 405)
