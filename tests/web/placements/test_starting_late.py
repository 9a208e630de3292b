"""Whoever starts a placement after the first day that was agreed is asked when it began, with that day filled in."""

from collections.abc import Callable
from datetime import timedelta

from apflow.core.people.actor import Actor
from apflow.testing import MONDAY, StoppedClock
from apflow.web.site import Site
from tests.placing import a_prepared_placement, plan
from tests.web.browsing import Client
from tests.web.reading import Page

ASKED = "On which day did the pupil begin, or will they?"
FIRST_DAY = plan()["starts_on"]


def test_it_is_asked_only_once_that_day_has_passed(
    site: Site, client_as: Callable[[Actor], Client], clock: StoppedClock
) -> None:
    placed = a_prepared_placement(site)
    address = f"/cases/{placed.reference}/do/start_placement"
    assert ASKED not in client_as(placed.school).get(address).text

    clock.at = MONDAY + timedelta(weeks=2)
    school = client_as(placed.school)
    page = Page(school.get(address))

    assert ASKED in page.text
    year, month, day = FIRST_DAY.split("-")
    form = page.form("Start the placement")
    assert [form.value(f"starts_on-{part}") for part in ("day", "month", "year")] == [
        str(int(day)),
        str(int(month)),
        year,
    ]
    form.send(school, "Start the placement")
    assert placed.case().state == "induction"
    assert placed.case().fields["starts_on"] == FIRST_DAY
