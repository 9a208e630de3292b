"""The team at a glance: who has how much, what is late whatever it is on, and what somebody has who is away."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, StoppedClock, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ADDRESS = "/team"


@pytest.fixture
def manager(site: Site, client_as: ClientAs, clock: StoppedClock) -> Client:
    """A manager two weeks after an enquiry came that nobody has taken on, and papers that Olive should have checked."""
    enquire(site.handler, organisation="Late Barn")
    bring_to(site.handler, "checking_evidence", organisation="Mine Barn")
    clock.at = MONDAY + timedelta(days=18)
    return client_as(MAGDA)


def test_a_manager_sees_who_has_how_much_and_what_of_it_is_late(manager: Client) -> None:
    page = Page(manager.get(ADDRESS))
    said = " ".join(page.text.split())

    assert page.heading == "The team"
    assert f"{OLIVE.name} Overdue: 1 Due today: 0 In the 7 days after: 0 Put off: 0 All they have: 1" in said
    assert f"{OSCAR.name} Overdue: 0 Due today: 0 In the 7 days after: 0 Put off: 0 All they have: 0" in said
    assert "Nobody yet Overdue: 1" in said


def test_whatever_is_late_is_listed_with_whoever_has_it(manager: Client) -> None:
    rows = Page(manager.get(ADDRESS)).below("What is overdue")

    assert rows.index("Late Barn") < rows.index("Mine Barn"), "the longest overdue stands first"
    assert "Who has it: Nobody" in rows
    assert f"Who has it: {OLIVE.name}" in rows
    assert "Overdue by 4 working days" in rows


def test_what_somebody_has_who_is_away_is_listed_by_itself(manager: Client) -> None:
    page = Page(manager.get(Page(manager.get(ADDRESS)).link(OLIVE.name)))

    rows = page.below(f"What {OLIVE.name} has")
    assert "Mine Barn" in rows
    assert "Late Barn" not in rows


def test_the_list_is_downloaded_as_it_stands(manager: Client) -> None:
    answer = manager.get(f"{ADDRESS}.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["Case"], row["Who has it"]) for row in rows] == [("Late Barn", ""), ("Mine Barn", OLIVE.name)]
    assert 'filename="team-2026-11-20.csv"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("who", [OLIVE, PETRA, PAT, DAN])
def test_to_anybody_who_leads_no_team_there_is_no_such_page(client_as: ClientAs, who: Actor) -> None:
    assert client_as(who).get(ADDRESS).status_code == 404
    assert client_as(who).get(f"{ADDRESS}.csv").status_code == 404
