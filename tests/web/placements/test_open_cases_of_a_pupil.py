"""On a pupil's page, what is being arranged for them or looked into, as far as whoever reads it may see it."""

from collections.abc import Callable

from sqlalchemy import insert

from apflow.core.people.actor import Actor
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import hidden_cases
from apflow.testing import MAGDA, MONDAY, OLIVE
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_running_placement, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ENDED = {"standing_because": "It is not wanted.", "meanwhile": "We do."}
OPEN = "Open referrals and cases"


def a_referral(site: Site) -> tuple[str, int, Actor]:
    """One of a pupil of Hill School: its reference, the pupil, and who sent it."""
    _, place = a_listed_site(site.handler)
    hill = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil, other = a_pupil_of(site.handler, "Hill School", "Pip"), a_pupil_of(site.handler, "Hill School", "Wren")
    refer(site.handler, hill, other, place)
    return refer(site.handler, hill, pupil, place), pupil, hill


def under_way(client: Client, pupil: int) -> str:
    shown = Page(client.get(f"/pupils/{pupil}"))
    assert shown.status == 200
    return shown.below(OPEN) if OPEN in shown.text else ""


def test_a_referral_is_named_until_it_is_withdrawn(site: Site, client_as: ClientAs) -> None:
    reference, pupil, hill = a_referral(site)
    officer = client_as(OLIVE)

    said = under_way(officer, pupil)
    assert "Placements: Made Up Farm, with the provider to consider" in said
    assert said.count("PL-") == 1, "the other pupil's is not here"
    assert Page(officer.get(f"/pupils/{pupil}")).link("Made Up Farm") == f"/cases/{reference}"

    site.handler.fire(reference, "withdraw", ENDED, actor=hill, now=MONDAY)
    assert under_way(officer, pupil) == ""


def test_a_placement_that_runs_is_under_placements_alone_and_a_concern_about_it_is_open(
    site: Site, client_as: ClientAs
) -> None:
    placed = a_running_placement(site)
    reference, pupil = placed.reference, 1
    officer = client_as(OLIVE)
    assert under_way(officer, pupil) == ""

    told = {"what_happened": "He was left alone.", "told_by": "school", "how_told": "By telephone"}
    site.handler.fire(reference, "log_concern_here", told, actor=OLIVE, now=MONDAY)
    hear_all(site.handler, machine_now=lambda: MONDAY)

    said = under_way(officer, pupil)
    assert "Concerns: Made Up Farm" in said
    assert reference not in said


def test_what_is_hidden_from_somebody_is_not_there_for_them(site: Site, store: Store, client_as: ClientAs) -> None:
    reference, pupil, _ = a_referral(site)
    with store.writing() as connection:
        case = load_case(connection, reference)
        assert case is not None
        connection.execute(insert(hidden_cases).values(case_id=case.id, person_id=OLIVE.id))

    assert under_way(client_as(OLIVE), pupil) == ""
    assert reference in under_way(client_as(MAGDA), pupil)
