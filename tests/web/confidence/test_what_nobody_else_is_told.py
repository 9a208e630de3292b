"""A concern is for officers and managers alone, and a visit is the provider's to see once it is arranged."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.rounds.signals import hear_all
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
TODAY = MONDAY.date().isoformat()


@pytest.fixture
def provider(site: Site) -> str:
    """One on the list, with a concern logged on its case and a visit that is planned."""
    reference = bring_to(site.handler, "approved")
    said = {"what_happened": "No register was taken.", "told_by": "school", "how_told": "By telephone"}
    site.handler.fire(reference, "log_concern_here", said, actor=OLIVE, now=MONDAY)
    site.handler.fire(reference, "plan_visit", {"kind": "routine", "visit_by": TODAY}, actor=OLIVE, now=MONDAY)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    return reference


@pytest.mark.parametrize("person", [OLIVE, MAGDA], ids=["an officer", "a manager"])
def test_those_who_need_it_read_that_there_is_a_concern(client_as: ClientAs, provider: str, person: Actor) -> None:
    page = Page(client_as(person).get(f"/cases/{provider}"))
    assert "Log a concern about this provider" in page.text
    assert "No register was taken." in page.text
    assert "Concern CO-" in page.text


def test_a_member_of_the_panel_sees_the_provider_and_nothing_of_the_concern(
    client_as: ClientAs, api_as: ClientAs, provider: str
) -> None:
    panel = client_as(PETRA)
    for address in (f"/cases/{provider}", f"/cases/{provider}/timeline", "/cases", "/cases?kind=concern&closed=yes"):
        page = Page(panel.get(address))
        assert page.status == 200
        assert "oncern" not in page.text
        assert "CO-" not in page.text
    history = api_as(PETRA).get(f"/api/v1/cases/{provider}/history?limit=100").text
    assert "oncern" not in history
    assert api_as(PETRA).get("/api/v1/cases?workflow=concern").json()["items"] == []


def test_the_provider_sees_neither_the_concern_nor_the_visit_before_it_is_arranged(
    site: Site, client_as: ClientAs, api_as: ClientAs, provider: str
) -> None:
    pat, program = client_as(PAT), api_as(PAT)
    history = program.get(f"/api/v1/cases/{provider}/history?limit=100").text
    assert "oncern" not in history
    assert pat.get("/home").headers["location"] == f"/cases/{provider}", "there is nothing else to choose from"
    assert program.get("/api/v1/cases?workflow=visit").json()["items"] == []
    (visit,) = [row["reference"] for row in api_as(OLIVE).get("/api/v1/cases?workflow=visit").json()["items"]]
    assert pat.get(f"/cases/{visit}").status_code == 404
    meeting = {"visit_on": TODAY, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive"}
    site.handler.fire(visit, "arrange_visit", meeting, actor=OLIVE, now=MONDAY)
    assert "We are coming to visit you" in Page(pat.get("/home")).text
    assert [row["reference"] for row in program.get("/api/v1/cases?workflow=visit").json()["items"]] == [visit]


def test_a_form_for_a_concern_begins_with_whom_to_ring(client_as: ClientAs, provider: str) -> None:
    officer = client_as(OLIVE)
    for address in ("/start/log_concern", f"/cases/{provider}/do/log_concern_here"):
        text = Page(officer.get(address)).text
        assert "ring 999" in text.partition("What happened, or what worries")[0]
    assert "ring 999" not in Page(officer.get(f"/cases/{provider}/do/plan_visit")).text


def test_cases_are_listed_by_kind(client_as: ClientAs, provider: str) -> None:
    officer = client_as(OLIVE)
    listed, concerns = Page(officer.get("/cases")), Page(officer.get("/cases?kind=concern"))
    assert listed.link("Concerns") == "/cases?kind=concern"
    assert provider in listed.text
    assert provider not in concerns.text
    assert "New concern" in concerns.text
    assert officer.get("/cases.csv?kind=concern").text.count("CO-") == 1
