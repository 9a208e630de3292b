"""While applications are closed: the public is told why and until when, staff go on, and nothing typed is lost."""

from datetime import date

from apflow.core.definition.calendars import Applications, ClosedPeriod
from apflow.testing import ENQUIRY
from apflow.web.site import Site
from tests.web.browsing import Client, a_browser_on
from tests.web.conftest import a_site_with
from tests.web.enquiring import checked, how_many
from tests.web.reading import Page


def test_while_applications_are_closed_the_page_says_why(site: Site) -> None:
    closed = a_site_with(site, Applications(open=False, because="We are reviewing the list."))
    with a_browser_on(closed) as browser:
        page = Page(browser.get("/start/enquire"))

    assert page.heading == "Applications are closed"
    assert "We are reviewing the list." in page.text
    assert "We do not know yet when they open again." in page.text
    assert not page.has_button("Continue")


def test_while_a_planned_closure_lasts_the_page_says_when_to_come_back(site: Site) -> None:
    # The second begins the day after the first ends.
    periods = (
        ClosedPeriod(start=date(2026, 11, 9), until=date(2026, 11, 13), because="Moving offices."),
        ClosedPeriod(start=date(2026, 11, 1), until=date(2026, 11, 8), because="Reviewing the list."),
    )
    with a_browser_on(a_site_with(site, Applications(closed_periods=periods))) as browser:
        page = Page(browser.get("/start/enquire"))

    assert "Reviewing the list." in page.text
    assert "You can apply from Saturday 14 November 2026." in page.text


def test_what_was_typed_when_applications_closed_is_shown_again_and_not_sent(site: Site, client: Client) -> None:
    form = checked(client).form("Send your enquiry")
    with a_browser_on(a_site_with(site, Applications(open=False))) as browser:
        page = Page(form.send(browser, "Send your enquiry"))

    assert (page.status, page.heading) == (409, "Applications are closed")
    assert ENQUIRY["what_is_offered"] in page.text
    assert how_many(site) == 0
