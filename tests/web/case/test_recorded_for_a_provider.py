"""What a provider without an email address says by telephone: an officer records it, and history names that officer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.store.reading.history import history_of
from apflow.testing import MONDAY, OLIVE, PAT, TODAY
from apflow.web.site import Site
from tests.placing import Between, a_prepared_placement, a_school_with_an_account
from tests.registered import TOLD, a_register, offered_there
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
OBJECTIVE: dict[str, Any] = {
    "objective": "To read for an hour",
    "by_when": "2027-01-15",
    "baseline": "Ten minutes.",
    "assessed": "Log.",
}
REPORT: dict[str, Any] = {"standing": "behind", "shown_by": "She read twice."}
CHANGE: dict[str, Any] = {"what_changed": "Another bus", "says": "It leaves at eight."}


@pytest.fixture
def running(site: Site) -> Between:
    """A placement that runs at a provider without an address."""
    handler = site.handler
    a_register(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = offered_there(handler, hill)
    placement = Between(site, reference, hill, 0)
    placement.fire(OLIVE, "record_signature", signed_as="Ona Oaks", is_held=True)
    placement.fire(hill, "sign", signed_as="Sally", agrees=True)
    placement.fire(hill, "start_placement")
    gave: dict[str, Any] = {
        "inducted_on": TODAY.isoformat(),
        "given_by": "Ona",
        "health_and_safety": True,
        "who_to_tell": True,
    }
    placement.fire(OLIVE, "record_their_induction", **TOLD, **gave)
    return placement


def last_of(placement: Between) -> tuple[str, str]:
    """What was done last, and by whom."""
    with placement.site.store.reading() as connection:
        entry = history_of(connection, placement.reference)[-1]
    return entry.name, entry.actor_name


def test_an_officer_records_how_each_objective_stands(running: Between, client_as: ClientAs) -> None:
    for _ in range(2):
        running.fire(running.school, "add_objective", **OBJECTIVE)

    page = Page(client_as(OLIVE).get(f"/cases/{running.reference}"))
    assert any("/do/record_their_report_on_it?item=1" in href for _, href in page.links)
    running.fire(OLIVE, "record_their_report_on_it", "1", **TOLD, **REPORT)
    assert last_of(running) == ("record_their_report_on_it", "Olive Officer")
    running.fire(OLIVE, "record_that_it_is_met", "2", **TOLD, shown_by="She reads.")

    objectives = running.case().items["objectives"]
    assert [objectives[key].status for key in ("1", "2")] == ["reported", "met"]
    shown = Page(client_as(running.school).get(f"/cases/{running.reference}")).text
    assert "She read twice." in shown
    assert "Ona Oaks, by phone on 2 November" in shown


def test_the_report_that_an_officer_records_is_not_chased(running: Between) -> None:
    running.fire(running.school, "add_objective", **OBJECTIVE)
    before = running.case().deadlines["objective_due_weekly"].due_at
    handler = running.site.handler
    later = MONDAY + timedelta(days=3)
    answers: dict[str, Any] = {**TOLD, **REPORT}
    handler.fire(running.reference, "record_their_report_on_it", answers, actor=OLIVE, now=later, item="1")

    assert running.case().deadlines["objective_due_weekly"].due_at > before


def test_an_officer_records_changes_both_ways(running: Between) -> None:
    running.fire(OLIVE, "record_their_change", **TOLD, **CHANGE)
    assert last_of(running) == ("record_their_change", "Olive Officer")
    running.fire(running.school, "have_read", "1")
    running.fire(running.school, "tell_provider_of_change", **CHANGE)
    running.fire(OLIVE, "record_that_they_know", "2", **TOLD)

    assert [item.status for item in running.case().items["changes"].values()] == ["read", "read"]


def test_an_officer_records_what_they_say_for_a_review(running: Between, client_as: ClientAs) -> None:
    running.fire(running.school, "call_review_now")
    running.fire(OLIVE, "record_their_view", **TOLD, who_says="Ona Oaks, head", view="It goes well.")

    assert last_of(running) == ("record_their_view", "Olive Officer")
    assert "It goes well." in Page(client_as(running.school).get(f"/cases/{running.reference}")).text


def test_a_provider_who_has_an_address_says_it_themselves(site: Site) -> None:
    placement = a_prepared_placement(site)
    placement.fire(placement.school, "start_placement")
    placement.fire(placement.school, "add_objective", **OBJECTIVE)
    said: list[tuple[str, str | None, dict[str, Any]]] = [
        ("record_their_report_on_it", "1", {**TOLD, **REPORT}),
        ("record_that_it_is_met", "1", {**TOLD, "shown_by": "She reads."}),
        ("record_their_change", None, {**TOLD, **CHANGE}),
    ]
    for event, item, answers in said:
        with pytest.raises(Blocked, match="The provider has an email address, so it does this itself"):
            placement.fire(OLIVE, event, item, **answers)
    placement.fire(PAT, "report_on_objective", "1", **REPORT)
