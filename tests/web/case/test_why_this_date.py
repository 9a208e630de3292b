"""“Why this date?” of dates that somebody gave, and what then happens: in words that are so."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.brought import bring_to
from tests.placing import a_running_placement
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


def test_a_date_that_was_asked_for_is_the_day_given_and_a_review_that_is_called_is_no_end(
    site: Site, client_as: ClientAs
) -> None:
    placed = a_running_placement(site)

    page = Page(client_as(OLIVE).get(f"/cases/{placed.reference}"))

    assert "By the end of Monday 30 November 2026, the day given for “When is the next report on progress due?”." in (
        page.text
    )
    assert "Then it happens by itself: call a review." in page.text
    assert "the case ends by itself" not in page.text
    assert "the when " not in page.text


def test_what_ends_the_case_by_itself_says_so(site: Site, client_as: ClientAs) -> None:
    page = Page(client_as(OLIVE).get(f"/cases/{bring_to(site.handler, 'gathering_evidence')}"))

    assert "Then the case ends by itself: " in page.text


def test_the_day_that_a_review_gives_is_the_day_by_which_the_report_is_due(site: Site, client_as: ClientAs) -> None:
    placed = a_running_placement(site)
    placed.fire(placed.school, "call_review_now")
    said = {"found": "Well.", "pupil_says": "Well.", "parents_say": "Well.", "next_report_on": "2026-12-18"}
    placed.fire(
        placed.school, "continue_it", reviewed_on=site.now().date().isoformat(), first_review_on="2027-01-15", **said
    )

    officer = Page(client_as(OLIVE).get(f"/cases/{placed.reference}"))
    provider = Page(client_as(PAT).get(f"/cases/{placed.reference}"))

    assert "By the end of Friday 18 December 2026, the day given for" in officer.text
    assert "Friday 18 December" in provider.text
    assert "30 November" not in officer.below("Deadlines")
