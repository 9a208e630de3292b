"""From one day's attendance to others: past the days on which nobody comes, over the week, to what is not marked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import MONDAY, PAT, StoppedClock
from apflow.web.site import Site
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil, mark, said
from tests.records.council import a_school
from tests.web.attending import reader_of, reference_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def case(door: Handler) -> int:
    """A provider with a pupil who comes on Monday and Thursday mornings."""
    return a_placed_pupil(door, sessions=["monday am", "thursday am"])[0]


def test_the_day_before_is_the_last_on_which_somebody_comes(door: Handler, case: int, client_as: ClientAs) -> None:
    pat, address = client_as(PAT), f"/attendance/providers/{reference_of(door, case)}"
    page = Page(pat.get(address))

    assert page.link("Day before") == f"{address}?day=2026-10-29"
    before = Page(pat.get(page.link("Day before")))
    assert "Thursday 29 October 2026" in before.heading
    assert before.link("Day after") == f"{address}?day=2026-11-02"


def test_the_days_of_the_week_say_what_is_not_marked(
    door: Handler, case: int, client_as: ClientAs, clock: StoppedClock
) -> None:
    clock.at = MONDAY + timedelta(days=3)
    page = Page(client_as(PAT).get(f"/attendance/providers/{reference_of(door, case)}"))

    assert page.link("Mon 2: 1 not marked").endswith("?day=2026-11-02")
    assert "Thu 5: 1 not marked" in page.text
    assert "Tue 3" not in page.text


def test_what_is_not_marked_on_other_days_is_a_click_away(door: Handler, case: int, client_as: ClientAs) -> None:
    address = f"/attendance/providers/{reference_of(door, case)}"
    mark(door, case, said(1, day=MONDAY.date() - timedelta(days=14)))
    page = Page(client_as(PAT).get(address))

    assert "Not marked on other days: 13 sessions" in page.text
    assert page.link("Monday 7 September 2026") == f"{address}?day=2026-09-07"
    assert "And 3 more days" in page.text
    assert "Monday 19 October 2026" not in page.text


def test_whoever_has_several_places_reads_where_something_waits(door: Handler, case: int, client_as: ClientAs) -> None:
    mark(door, case, said(1, "absent"))
    a_school(door, name="Dale School", urn="999907", email=SCHOOL_MAIL)

    page = Page(client_as(reader_of(door, SCHOOL_MAIL)).get("/attendance"))

    assert "Say why: 1 absence without a reason of 2 Nov 2026" in page.below("Do now")
    assert page.link("Say why") == "/attendance/schools/1#unexplained"
