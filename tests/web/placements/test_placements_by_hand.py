"""Placements that are kept by hand: why they were commissioned, and their pauses."""

from collections.abc import Callable
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.records.figures.returned import facts_between
from apflow.records.placements.form import REASONS
from apflow.store.records.pauses import pauses_of
from apflow.testing import MONDAY, OLIVE
from apflow.web.site import Site
from tests.records.council import WREN, a_placement, a_pupil, a_school, a_site, an_approved_provider
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
FIELDS = {"reason": True, "destination": True, "never_began": True, "has_breaks": False}


@pytest.fixture
def council(site: Site) -> Site:
    """Two pupils of one school, placed by hand."""
    a_school(site.handler)
    a_site(site.handler, an_approved_provider(site.handler))
    for said in ({}, WREN):
        a_placement(site.handler, a_pupil(site.handler, **said))
    return site


def test_of_a_placement_kept_by_hand_it_is_recorded_why_it_was_commissioned(council: Site, client_as: ClientAs) -> None:
    client = client_as(OLIVE)
    form = Page(client.get("/placements/2/change")).form("Save")
    assert form.send(client, reason="suspended").status_code == 303

    assert "Why it was commissioned: nothing → During a suspension" in Page(client.get("/pupils/2")).text
    assert "During a suspension" in Page(client.get("/pupils/2")).text
    with council.store.reading() as connection:
        found = facts_between(connection, council.library, MONDAY.date(), MONDAY.date())
    assert {one["pupil.surname"]: one["placement.reason"] for one in found} == {"Sparrow": None, "Thistle": "suspended"}


def test_each_reason_of_a_placement_kept_by_hand_is_one_that_a_census_knows(site: Site) -> None:
    assert site.library.returns is not None
    for name in ("alternative_provision_census", "school_census_placements"):
        (form,) = site.library.returns.kinds[name].forms.values()
        (column,) = [one for one in form.columns if one.fact == "placement.reason"]
        assert set(REASONS) <= set(column.codes), name
    asked = site.library.current("placement").workflow.fields["kind"].options
    assert set(REASONS) == {*asked, "permanently_excluded", "suspended"} - {"excluded"}


def test_a_placement_kept_by_hand_is_paused_goes_on_and_is_paused_again(council: Site, client_as: ClientAs) -> None:
    client = client_as(OLIVE)

    def say(paused: str, resumed: str = "") -> Any:
        form = Page(client.get("/placements/2/change")).form("Save")
        dates = {**parts("paused_on", paused), **parts("resumed_on", resumed)}
        return form.send(client, **dates)

    def pauses() -> list[tuple[str, str | None]]:
        with council.store.reading() as connection:
            found = pauses_of(connection, [2]).get(2, [])
        return [(str(one.paused_on), str(one.resumed_on) if one.resumed_on else None) for one in found]

    assert "the first day of the pause as well" in Page(say("", "2026-10-19")).errors["paused_on-day"]
    assert "not within the placement" in Page(say("2019-10-19")).errors["paused_on-day"]
    assert "not after the first day" in Page(say("2026-10-19", "2026-10-12")).errors["resumed_on-day"]
    assert say("2026-10-05").status_code == 303
    assert "Paused since 5 Oct 2026" in Page(client.get("/pupils/2")).text
    assert say("2026-10-05", "2026-10-12").status_code == 303
    assert pauses() == [("2026-10-05", "2026-10-12")]
    assert say("2026-10-19").status_code == 303
    assert pauses() == [("2026-10-05", "2026-10-12"), ("2026-10-19", None)]
    assert "went on until then" in Page(say("2026-10-07")).errors["paused_on-day"]
    assert say("2026-10-20").status_code == 303, "the last is put right"
    assert pauses() == [("2026-10-05", "2026-10-12"), ("2026-10-20", None)]
    assert say("").status_code == 303
    assert pauses() == [("2026-10-05", "2026-10-12")], "it was no pause at all"
    assert "Paused since: 20 Oct 2026 → 5 Oct 2026" in Page(client.get("/pupils/2")).text


def parts(name: str, day: str) -> dict[str, str]:
    year, month, of_month = day.split("-") if day else ("", "", "")
    return {f"{name}__day": of_month, f"{name}__month": month, f"{name}__year": year}


def test_a_choice_that_need_not_be_made_can_be_taken_back_without_a_script(council: Site, client_as: ClientAs) -> None:
    client, address = client_as(OLIVE), "/placements/2/change"
    radio = 'type="radio" value=""'
    asked = {
        name: part for part in client.get(address).text.split("<fieldset") for name in FIELDS if f'"{name}"' in part
    }
    assert {name: radio in part and "No answer" in part for name, part in asked.items()} == FIELDS

    form = Page(client.get(address)).form("Save")
    ended = {**parts("ends_on", "2026-10-30"), "destination": "school", "reason": "health"}
    assert form.send(client, **ended).status_code == 303
    form = Page(client.get(address)).form("Save")
    assert (form.value("destination"), form.value("reason")) == ("school", "health")
    assert form.send(client, destination="", reason="").status_code == 303

    form = Page(client.get(address)).form("Save")
    assert (form.value("destination"), form.value("reason")) == ("", "")
    page = Page(client.get("/pupils/2")).text
    assert "Where the pupil went: Back to school → nothing" in page


def test_hours_that_change_hold_from_their_day_and_both_are_shown(council: Site, client_as: ClientAs) -> None:
    client = client_as(OLIVE)

    def say(hours: str, since: str) -> Any:
        form = Page(client.get("/placements/2/change")).form("Save")
        return form.send(client, hours=hours, cost="120", **parts("sessions_from", since))

    assert say("6", "2026-12-07").status_code == 303
    of_pupil, listed = Page(client.get("/pupils/2")).text, Page(client.get("/placements")).text
    assert "15 hours (from 7 Dec 2026: 6 hours)" in of_pupil
    assert "15 hours (from 7 Dec 2026: 6 hours)" in listed
    assert "These hours, sessions and cost from: nothing → 7 Dec 2026" in of_pupil
    assert "£120.00" not in of_pupil, "which it costs only from then on"

    assert say("6", "2026-01-07").status_code == 303
    assert "6 hours a week, £120.00 a week" in Page(client.get("/pupils/2")).text
