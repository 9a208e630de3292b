"""A case and its children lead to each other, for whoever may see both."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apflow.core.people.actor import Actor
from apflow.loader import Library
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, library_from
from apflow.web.site import Site
from tests.loader.family import a_family_folder
from tests.web.browsing import Client
from tests.web.reading import Page

FARM = {"organisation": "Made Up Farm", "contact_name": "Pat Provider", "contact_email": "pat@made-up-farm.example"}
UNSEEN = (
    "seen_by: {officer: all, manager: all, provider: own}",
    "seen_by: {officer: all, manager: {states: held}, provider: own}",
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A policy whose action plans managers see only while they are on hold."""
    return library_from(a_family_folder(tmp_path, UNSEEN, file="plan.yaml"))


@pytest.fixture
def linked(site: Site) -> tuple[str, str]:
    """A provider on an action plan, and the plan."""
    handler = site.handler
    parent = handler.open_case("provider", "add", FARM, actor=OLIVE, now=MONDAY).reference
    handler.fire(parent, "plan", {"concern": "No first aider."}, actor=OLIVE, now=MONDAY)
    hear_all(handler, machine_now=lambda: MONDAY)
    with site.store.reading() as connection:
        case = load_case(connection, parent)
    assert case is not None
    return parent, case.children[0].reference


def test_staff_go_from_a_case_to_its_children_and_back(
    client_as: Callable[[Actor], Client], linked: tuple[str, str]
) -> None:
    parent, plan = linked
    browser = client_as(OLIVE)
    assert f'href="/cases/{plan}"' in browser.get(f"/cases/{parent}").text
    page = browser.get(f"/cases/{plan}").text
    assert f'href="/cases/{parent}"' in page
    assert "Action plan: begun" in browser.get(f"/cases/{parent}").text


def test_of_many_linked_cases_those_that_go_on_and_the_newest_are_shown_until_all_are_asked_for(
    site: Site, client_as: Callable[[Actor], Client], linked: tuple[str, str]
) -> None:
    parent, first = linked
    site.handler.fire(first, "meet", {}, actor=OLIVE, now=MONDAY)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    for number in range(11):
        site.handler.fire(parent, "plan", {"concern": f"Concern {number}."}, actor=OLIVE, now=MONDAY)
        hear_all(site.handler, machine_now=lambda: MONDAY)
        site.handler.fire(parent, "lift", {}, actor=OLIVE, now=MONDAY)
    officer = client_as(OLIVE)
    page, everything = (Page(officer.get(f"/cases/{parent}{more}")) for more in ("", "?linked=all"))
    assert (page.text.count("Action plan AC-"), everything.text.count("Action plan AC-")) == (10, 12)
    assert first not in page.text
    assert first in everything.text
    assert page.link("All linked cases") == f"/cases/{parent}?linked=all#linked"
    assert "All linked cases" not in everything.text


def test_nobody_is_shown_a_linked_case_they_may_not_see(
    client_as: Callable[[Actor], Client], linked: tuple[str, str]
) -> None:
    parent, plan = linked
    page = client_as(MAGDA).get(f"/cases/{parent}")
    assert page.status_code == 200
    assert f'href="/cases/{plan}"' not in page.text


def test_the_interface_tells_what_is_linked(api_as: Callable[[Actor], Client], linked: tuple[str, str]) -> None:
    parent, plan = linked
    told = api_as(PAT).get(f"/api/v1/cases/{parent}").json()
    assert [(child["kind"], child["reference"], child["state"]) for child in told["children"]] == [
        ("action_plan", plan, "open")
    ]
    assert told["parent"] is None
    assert api_as(OLIVE).get(f"/api/v1/cases/{plan}").json()["parent"]["reference"] == parent
    assert api_as(MAGDA).get(f"/api/v1/cases/{parent}").json()["children"] == []
