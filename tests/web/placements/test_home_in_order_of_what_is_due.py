"""Home has what is due first at the top, says how late it is, and leaves out only what is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.store.reading.queues import CaseFilter, those_that_go_on_first
from apflow.testing import MONDAY, PAT, StoppedClock
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
DAY = timedelta(days=1)


@pytest.fixture
def school(site: Site) -> Actor:
    return a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")


@pytest.fixture
def two(site: Site, school: Actor) -> list[str]:
    """Two referrals, the first a week before the second, and then changed last."""
    handler = site.handler
    _, place = a_listed_site(handler)
    pupils = [a_pupil_of(handler, "Hill School", name) for name in ("Pip", "Robin")]
    first = refer(handler, school, pupils[0], place)
    second = refer(handler, school, pupils[1], place, now=MONDAY + 7 * DAY)
    return [first, second]


def in_order(text: str, references: list[str]) -> list[str]:
    return sorted(references, key=text.index)


def test_what_is_due_first_stands_first_though_it_was_changed_last(
    site: Site, two: list[str], client_as: ClientAs
) -> None:
    page = Page(client_as(PAT).get("/home"))

    assert in_order(page.below("Do now"), two) == two
    assert "Overdue" not in page.text


def test_what_is_late_says_by_how_much(site: Site, two: list[str], client_as: ClientAs, clock: StoppedClock) -> None:
    clock.at = MONDAY + 11 * DAY

    text = Page(client_as(PAT).get("/home")).below("Do now")

    assert text.count("Overdue by") == 1


def test_a_school_reads_by_when_the_provider_it_waits_for_is_asked_to_answer(
    site: Site, two: list[str], school: Actor, client_as: ClientAs, clock: StoppedClock
) -> None:
    clock.at = MONDAY + 11 * DAY

    text = Page(client_as(school).get("/home")).below("Waiting for others")

    assert "The referral should be answered by 11:59pm on Monday 9 November 2026\nOverdue by 4 school days" in text
    assert text.count("Overdue by") == 1
    assert in_order(text, two) == two


def test_those_that_are_over_are_left_out_before_those_that_go_on(site: Site, two: list[str], school: Actor) -> None:
    first, second = two
    why = {"standing_because": "Moved away.", "meanwhile": "At school."}
    site.handler.fire(second, "withdraw", why, actor=school, now=MONDAY + 8 * DAY)

    with site.store.reading() as connection:
        (row,) = those_that_go_on_first(connection, CaseFilter(party=school.id), limit=1)

    assert row.reference == first
