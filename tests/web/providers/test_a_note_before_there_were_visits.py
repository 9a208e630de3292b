"""What a provider's case shows beside each visit: the note of the one before approval, which can be referred to."""

from collections.abc import Callable
from typing import Any

import pytest

from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import ENTRY, MONDAY, OLIVE, PAT
from apflow.web.site import Site
from tests.brought import bring_to
from tests.quality import a_filed_visit, do, newest
from tests.web.browsing import Client
from tests.web.reading import Page

TODAY = MONDAY.date().isoformat()
MEETING: dict[str, Any] = {
    "visit_on": TODAY,
    "visit_time": "10:30",
    "visit_place": "The farm",
    "visitors": "Olive Officer",
}
CONCERN: dict[str, Any] = {"what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}
NOTE = ("What was seen and said Goats, and a warm barn.", "Ask the fire service about the barn.", "We have sheep.")


@pytest.fixture
def provider(handler: Handler, site: Site) -> str:
    """A provider on the list, whose first visit had its note, and an answer to that."""
    reference = bring_to(handler, "visit")
    do(handler, reference, "arrange_visit", now=MONDAY, **MEETING)
    found: dict[str, Any] = {
        "visited_on": TODAY,
        "seen": "Goats, and a warm barn.",
        "to_raise": "Ask the fire service about the barn.",
        "visit_outcome": "satisfied",
        "no_surprise": True,
    }
    do(handler, reference, "record_visit", now=MONDAY, **found)
    do(handler, reference, "answer_note", PAT, now=MONDAY, note_comment="We have sheep.")
    do(handler, reference, "describe_entry", PAT, now=MONDAY, **ENTRY)
    do(handler, reference, "approve", now=MONDAY, ready=True)
    return reference


def planned(handler: Handler, provider: str) -> str:
    do(handler, provider, "plan_visit", now=MONDAY, kind="routine", visit_by=TODAY)
    return newest(handler, provider, "visit")


def a_spot_check(handler: Handler, provider: str) -> str:
    do(handler, provider, "log_concern_here", now=MONDAY, **CONCERN)
    concern = newest(handler, provider, "concern")
    triaged: dict[str, Any] = {"category": "attendance", "organisation": "Made Up Farm", "in_care": False}
    do(handler, concern, "triage_other", now=MONDAY, **triaged)
    do(handler, concern, "begin_spot_check", now=MONDAY, visit_by=TODAY)
    return newest(handler, concern, "spot_check")


def page_of(client: Client, reference: str) -> str:
    return " ".join(Page(client.get(f"/cases/{reference}")).text.split())


@pytest.mark.parametrize("begun", [planned, a_spot_check], ids=["planned", "spot check"])
def test_the_note_of_the_visit_before_approval_is_shown_at_the_next_one(
    handler: Handler,
    provider: str,
    client_as: Callable[[Actor], Client],
    begun: Callable[[Handler, str], str],
) -> None:
    page = page_of(client_as(OLIVE), begun(handler, provider))

    assert f"Earlier, with the same people The visit before approval {provider}: approved" in page
    assert [told for told in NOTE if told in page] == list(NOTE)


def test_the_note_is_drafted_from_the_checklist_once_the_day_of_the_visit_has_come(
    handler: Handler, site: Site, client_as: Callable[[Actor], Client]
) -> None:
    reference, olive = bring_to(handler, "visit"), client_as(OLIVE)
    assert "Checklist of the visit" not in page_of(olive, reference)
    do(handler, reference, "arrange_visit", now=MONDAY, **MEETING)
    with pytest.raises(Invalid, match="a pupil's number"):
        do(handler, reference, "find_strength", now=MONDAY, item="teaching", found="R201100018042 sang.")
    do(handler, reference, "find_strength", now=MONDAY, item="teaching", found="Two lively lessons.")
    assert "Checklist of the visit" in page_of(olive, reference)
    assert "Checklist of the visit" not in page_of(client_as(PAT), reference)

    form = Page(olive.get(f"/cases/{reference}/do/record_visit")).form("Record what the visit found")
    draft = [value for name, value in form.values if name == "seen"][-1]  # After the version that was seen.
    assert draft == "Teaching seen: a strength. Two lively lessons."
    found: dict[str, Any] = {"visited_on": TODAY, "seen": draft, "visit_outcome": "satisfied"}
    do(handler, reference, "record_visit", now=MONDAY, **found, no_surprise=True)
    do(handler, reference, "describe_entry", now=MONDAY, **ENTRY)
    do(handler, reference, "approve", now=MONDAY, ready=True)
    assert "Checklist of the visit" not in page_of(olive, reference), "what it found is in the note"


def test_it_is_shown_after_the_notes_of_later_visits(
    handler: Handler, provider: str, client_as: Callable[[Actor], Client]
) -> None:
    filed = a_filed_visit(handler, provider, MONDAY)

    page = page_of(client_as(OLIVE), planned(handler, provider))
    assert page.index(f"{filed}: filed") < page.index("The visit before approval")


def test_the_provider_finds_nothing_beside_its_visit_that_is_for_the_team(
    handler: Handler, provider: str, client_as: Callable[[Actor], Client]
) -> None:
    visit = planned(handler, provider)
    do(handler, visit, "arrange_visit", now=MONDAY, **MEETING)

    for reference in (visit, provider):
        assert "Ask the fire service" not in page_of(client_as(PAT), reference)


def test_it_is_beside_visits_alone(handler: Handler, provider: str, client_as: Callable[[Actor], Client]) -> None:
    do(handler, provider, "begin_action_plan", now=MONDAY, why="The barn must be safe.")

    assert "The visit before approval" not in page_of(client_as(OLIVE), newest(handler, provider, "action_plan"))


def test_of_a_provider_that_was_never_visited_nothing_is_shown(
    handler: Handler, site: Site, client_as: Callable[[Actor], Client]
) -> None:
    choices: dict[str, Any] = {
        "ages": ["ks4"],
        "places": ["bath"],
        "subjects": ["trades"],
        "needs": ["semh"],
        "days": ["monday"],
    }
    reached = {"contact_name": "Pat Provider", "contact_email": "pat@made-up.example", "postcode": "BA1 1AA"}
    entry = {"organisation": "Made Up Forge", "description": "Metalwork.", "registration": "not_needed"}
    entry |= {**reached, **choices, "listed_since": "2026-01-01"}
    reference = handler.open_case("provider", "take_over", entry, actor=OLIVE, now=MONDAY).reference

    assert "Earlier, with the same people" not in page_of(client_as(OLIVE), planned(handler, reference))
