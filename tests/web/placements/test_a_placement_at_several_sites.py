"""A placement at several sites of its provider: named in the plan, told to everybody, and counted once."""

from collections.abc import Callable
from typing import Any

import pytest

from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.core.people.permission import role_reads_on_pages
from apflow.records.door import By, add, change
from apflow.records.placements.places import PLACEMENT
from apflow.records.providers.lights import lights
from apflow.records.providers.sites import SITE
from apflow.store.records.commissioned import commissioned
from apflow.store.records.placements import kept_by, placement, running_at, running_on
from apflow.store.records.provided import ran_between
from apflow.store.records.sites import sites_of
from apflow.testing import MONDAY, OLIVE, PAT, TODAY
from apflow.web.case.made import document_named, said_in
from apflow.web.case.opened import open_case
from apflow.web.site import Site
from tests.placing import Between, a_listed_site, a_pupil_of, a_school_with_an_account, plan, prepare, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
GARDEN = {
    "name": "The garden room",
    "proprietor": "Made Up Farm Ltd",
    "address": "2 Made Up Lane, Bath",
    "postcode": "BA1 1AA",
}
DAYS = "Thursdays at the garden room"


class Farm:
    """PAT's provider with a main site, a garden room, and a barn that somebody else runs; Hill School refers there."""

    def __init__(self, site: Site) -> None:
        self.site, handler = site, site.handler
        provider, self.main = a_listed_site(handler)
        with site.store.reading() as connection:
            case = connection.exec_driver_sql(f"SELECT case_id FROM sites WHERE id = {self.main}").scalar_one()
        self.case, by = case, By(OLIVE, MONDAY, handler.library)
        self.provider, self.nowhere = provider, 4711
        self.garden = add(handler.store, SITE, GARDEN, by, {"case_id": case})
        self.barn = add(handler.store, SITE, {"name": "The barn", "proprietor": "Barn CIC"}, by, {"case_id": case})
        self.school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")

    def placed(self, **planned: Any) -> Between:
        handler = self.site.handler
        pupil = a_pupil_of(handler, "Hill School", "Pip", true_of=["ehcp"])
        reference = refer(handler, self.school, pupil, self.main)
        prepare(handler, reference, self.school, **planned)
        return Between(self.site, reference, self.school, pupil)

    def at_both(self, **planned: Any) -> Between:
        return self.placed(other_sites=[self.garden], site_days=DAYS, **planned)

    def record(self, placed: Between) -> Any:
        with self.site.store.reading() as connection:
            kept = kept_by(connection, placed.case().id or 0)
            assert kept is not None
            return placement(connection, kept.id)


@pytest.fixture
def farm(site: Site) -> Farm:
    return Farm(site)


def test_the_plan_names_the_sites_with_their_addresses_and_so_does_the_agreement(farm: Farm) -> None:
    """Source: guidance, Key checks and Responsibilities; domain.md: site address(es) of a placement."""
    placed = farm.at_both()

    fields = placed.case().fields
    assert fields["other_site_addresses"] == "The garden room, 2 Made Up Lane, Bath, BA1 1AA"
    for who in (PAT, farm.school, OLIVE):
        opened = open_case(farm.site, who, placed.reference)
        said = str(said_in(opened, document_named(opened, "agreement")))
        assert "The garden room, 2 Made Up Lane, Bath, BA1 1AA" in said, who.name
        assert DAYS in said, who.name
    for who in (farm.school, OLIVE):
        opened = open_case(farm.site, who, placed.reference)
        assert "2 Made Up Lane" in str(said_in(opened, document_named(opened, "record"))), who.name


def test_parents_and_carers_read_it_too(farm: Farm) -> None:
    workflow, council = farm.site.library.current("placement").workflow, farm.site.council
    shown = {name for section in workflow.documents["for_parents"].sections for name in section.shows}

    for name in ("other_site_addresses", "site_days", "which_sessions", "sessions_from"):
        assert name in shown
        assert role_reads_on_pages(council, "parent", workflow.fields[name]), name


def test_everybody_reads_it_on_their_pages(farm: Farm, client_as: ClientAs) -> None:
    placed = farm.at_both(starts_on=TODAY.isoformat())
    placed.fire(farm.school, "start_placement")
    row = farm.record(placed)

    assert row.site == f"Main site; The garden room ({DAYS})"
    for who in (PAT, farm.school, OLIVE):
        assert "The garden room, 2 Made Up Lane, Bath, BA1 1AA" in client_as(who).get(f"/cases/{placed.reference}").text
    sheet = client_as(PAT).get(f"/attendance/providers/{farm.provider}?day={TODAY.isoformat()}").text
    assert f"Main site; The garden room ({DAYS})" in sheet
    assert "where the commissioner changes them" in client_as(OLIVE).get(f"/placements/{row.id}/attendance").text
    for page in (f"/pupils/{placed.pupil}", "/placements", f"/placements/{row.id}/attendance"):
        assert f"Main site; The garden room ({DAYS})" in client_as(OLIVE).get(page).text, page


def test_it_is_one_placement_in_every_count_and_its_first_site_in_returns(farm: Farm) -> None:
    """Source: domain.md, section 4: two sites of one proprietor do sum, and a pupil there is one pupil."""
    placed = farm.at_both(starts_on=TODAY.isoformat(), hours=15)
    placed.fire(farm.school, "start_placement")

    registration = farm.site.library.registration
    assert registration is not None
    with farm.site.store.reading() as connection:
        assert len(running_on(connection, TODAY)) == len(running_at(connection, farm.case, TODAY)) == 1
        assert [row.site for row in ran_between(connection, TODAY, TODAY)] == ["Main site"]
        (lit,) = [one for one in lights(connection, registration, TODAY) if one.proprietor == "Made Up Farm Ltd"]
        (told,) = commissioned(connection, farm.provider, TODAY).placed
    assert told.site == "Main site; The garden room", "nobody's own words go into a letter"
    assert [row.minutes for row in lit.stays] == [15 * 60]
    assert not any("18" in reason for reason in map(str, lit.assessment.reasons)), "not 15 hours at each"


@pytest.mark.parametrize("wrong", ["barn", "main", "nowhere"])
def test_a_site_that_somebody_else_runs_and_the_first_one_are_not_offered(farm: Farm, wrong: str) -> None:
    """Source: Education Act 1996, section 463, which counts by school: another proprietor's hours are its own."""
    placed = farm.placed()
    with pytest.raises(Invalid) as refusal:
        placed.fire(farm.school, "set_plan", **plan(other_sites=[getattr(farm, wrong)], site_days=DAYS))
    assert list(refusal.value.errors) == ["other_sites"]


def test_which_days_are_where_names_no_pupil(farm: Farm) -> None:
    placed = farm.placed()
    with pytest.raises(Invalid, match="take out what looks like a pupil's name"):
        placed.fire(farm.school, "set_plan", **plan(other_sites=[farm.garden], site_days="Pip Sparrow: Thursdays"))


@pytest.mark.parametrize("without", ["other_sites", "site_days"])
def test_which_days_are_where_is_asked_once_there_are_two(farm: Farm, without: str) -> None:
    placed = farm.placed()
    said = plan(other_sites=[farm.garden], site_days=DAYS)
    said.pop(without)

    if without == "site_days":
        with pytest.raises(Invalid) as refusal:
            placed.fire(farm.school, "set_plan", **said)
        assert list(refusal.value.errors) == ["site_days"]
    else:
        placed.fire(farm.school, "set_plan", **said)
        assert "site_days" not in placed.case().fields


def test_what_is_no_longer_named_is_gone_everywhere(farm: Farm) -> None:
    placed = farm.at_both()
    placed.fire(farm.school, "start_placement")
    said = {"sessions_from": plan()["starts_on"], "setting": "provider", "is_supervised": True, "authorised": "Una"}

    placed.fire(farm.school, "change_supervision", **said)

    assert not {"other_sites", "other_site_addresses", "site_days"} & placed.case().fields.keys()
    assert (farm.record(placed).also_at, farm.record(placed).site) == (None, "Main site")
    placed.fire(farm.school, "change_supervision", **said, other_sites=[farm.garden], site_days=DAYS)
    assert farm.record(placed).also_at == [farm.garden]


def test_a_site_that_is_given_up_keeps_nobody_from_ending_the_placement(farm: Farm) -> None:
    placed = farm.at_both(starts_on=TODAY.isoformat())
    placed.fire(farm.school, "start_placement")
    by = By(OLIVE, MONDAY, farm.site.library)
    change(farm.site.store, SITE, farm.garden, 1, {**GARDEN, "ended_on": TODAY.isoformat()}, by)

    ended = {"standing_because": "It did not suit.", "reflections": "Goats.", "kept_for": "six_years"}
    placed.fire(farm.school, "break_off", **ended, ends_on=TODAY.isoformat(), meanwhile="The school")

    assert (farm.record(placed).ends_on, farm.record(placed).also_at) == (TODAY, [farm.garden])


def test_the_plan_asks_only_where_the_provider_has_another_site(farm: Farm, site: Site, client_as: ClientAs) -> None:
    placed = farm.placed()
    asked = Page(client_as(farm.school).get(f"/cases/{placed.reference}/do/set_plan"))
    assert "The garden room, 2 Made Up Lane, Bath, BA1 1AA" in asked.text
    assert {"other_sites", "site_days"} <= set(asked.ids)
    assert "The barn" not in asked.text

    with site.store.reading() as connection:
        (garden,) = [row for row in sites_of(connection, farm.case) if row.id == farm.garden]
    gone = {**GARDEN, "ended_on": TODAY.isoformat()}
    client_as(OLIVE).post(f"/sites/{garden.id}/change", data={"seen": "1", **typed(gone)})
    asked = Page(client_as(farm.school).get(f"/cases/{placed.reference}/do/set_plan"))
    assert "which_sessions" in asked.ids
    assert not {"other_sites", "site_days"} & set(asked.ids)


def typed(said: dict[str, str]) -> dict[str, str]:
    year, month, day = said["ended_on"].split("-")
    rest = {name: value for name, value in said.items() if name != "ended_on"}
    return {**rest, "ended_on-year": year, "ended_on-month": month, "ended_on-day": day}


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("The garden room", ""),
        ("the GARDEN room;", ""),
        ("The barn", "Other sites: The barn is run by Barn CIC: record a placement of its own there"),
        ("Main site", "Other sites: Main site is the site that it is at first: name only the others"),
        ("The moon", "Other sites: Made Up Farm has no other site called “The moon”. It has: The garden room"),
    ],
)
def test_one_kept_by_hand_names_them_too(farm: Farm, named: str, why: str) -> None:
    pupil = a_pupil_of(farm.site.handler, "Hill School", "Pip")
    said = {
        "provider": "Made Up Farm",
        "site": "Main site",
        "commissioner": "Hill School",
        "hours": "6",
        "has_breaks": True,
        "starts_on": TODAY.isoformat(),
        "other_sites": named,
        "site_days": DAYS,
    }
    by = By(OLIVE, MONDAY, farm.site.library)
    if why:
        with pytest.raises(Invalid) as refusal:
            add(farm.site.store, PLACEMENT, said, by, {"pupil_id": pupil, "case_id": None})
        assert refusal.value.errors == {"other_sites": why}
        return
    number = add(farm.site.store, PLACEMENT, said, by, {"pupil_id": pupil, "case_id": None})
    with farm.site.store.reading() as connection:
        row = placement(connection, number)
    assert row is not None
    assert (row.site, row.also_at) == (f"Main site; The garden room ({DAYS})", [farm.garden])
