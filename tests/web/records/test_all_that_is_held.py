"""A subject access request: all that is held about one child, and a copy without what is about others."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.records.door import add, change
from apflow.records.people.pupils import PROFESSIONAL, PUPIL
from apflow.rounds.signals import hear_all
from apflow.store.tables.cases import cases
from apflow.store.tables.records import record_reads
from apflow.testing import MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.placing import Between, a_prepared_placement
from tests.records.council import by
from tests.web.browsing import Client
from tests.web.case.test_typed_words_in_a_browser import CONCERN
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
LEFT_OUT = "Left out here. Somebody decides whether it can be handed over."


@pytest.fixture
def placement(site: Site) -> Between:
    """Pip's, with a social worker, and a surname that was wrong at first."""
    between = a_prepared_placement(site)
    who = {"role": "social_worker", "name": "Saffron Worker", "email": "saffron@sample.example"}
    add(site.store, PROFESSIONAL, who, by(site.handler), {"pupil_id": between.pupil})
    said = {"surname": "Sparrowe", "forename": "Pip", "born": "2012-05-04", "home_school": "Hill School"}
    change(site.store, PUPIL, between.pupil, 1, said, by(site.handler))
    return between


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer)


def test_one_page_has_all_that_is_held_and_by_whom_it_was_read(placement: Between, client_as: ClientAs) -> None:
    client_as(PAT).get(f"/cases/{placement.reference}/pupil")
    olive = client_as(OLIVE)

    page = read(olive, read(olive, f"/pupils/{placement.pupil}").link("All that is held about Pip"))

    assert page.heading == "All that is held about Pip Sparrowe"
    assert "Saffron Worker, saffron@sample.example" in page.below("Who works with the child")
    assert "Made Up Farm" in page.below("Placements")
    case = page.below(f"Placements: case {placement.reference}")
    assert "Goats kick." in case
    assert "To read for an hour a day." in case
    assert "by Sally at Hill School" in page.below(f"What happened in {placement.reference}")
    assert "sally@hill-school.example" in page.below(f"Emails of {placement.reference}")
    assert "Surname: Sparrow → Sparrowe" in page.below("What has changed in the record")
    assert PAT.name in page.below("Who has looked at the record")


def test_the_copy_leaves_out_what_is_about_others_and_says_so_each_time(
    placement: Between, client_as: ClientAs
) -> None:
    olive = client_as(OLIVE)
    page = read(olive, read(olive, f"/pupils/{placement.pupil}/held").link("Make a copy to hand over"))

    assert "To read for an hour a day." in page.text
    assert "Saffron Worker" in page.text
    for somebody_else_s in ("Goats kick.", "Sally at Hill School", "saffron@", "sally@", PAT.name):
        assert somebody_else_s not in page.text, somebody_else_s
    assert LEFT_OUT in page.text
    assert "answers are left out" in page.text


def test_cases_in_whose_words_the_name_stands_are_named_to_be_read(
    site: Site, placement: Between, client_as: ClientAs
) -> None:
    worry = {**CONCERN, "what_happened": "Pip Sparrowe told me that the van had no belts."}
    reference = site.handler.open_case("concern", "log_concern", worry, actor=OLIVE, now=MONDAY).reference

    page = read(client_as(OLIVE), f"/pupils/{placement.pupil}/held")

    assert reference in page.below("Other cases that speak of the name, or of one of these cases")


def test_each_look_at_it_is_noted(site: Site, placement: Between, client_as: ClientAs) -> None:
    for address in ("held", "copy"):
        read(client_as(OLIVE), f"/pupils/{placement.pupil}/{address}")
    with site.store.reading() as connection:
        pages = connection.execute(select(record_reads.c.page).order_by(record_reads.c.id)).scalars().all()
    assert pages == ["All that is held", "Copy of all that is held"]


@pytest.mark.parametrize("actor", [PETRA, PAT])
def test_to_anybody_else_there_are_no_such_pages(placement: Between, client_as: ClientAs, actor: Actor) -> None:
    for address in ("held", "copy"):
        assert client_as(actor).get(f"/pupils/{placement.pupil}/{address}").status_code == 404


def test_a_concern_that_was_told_on_a_placement_is_there_once_it_is_with_the_provider_s_case_too(
    site: Site, placement: Between, client_as: ClientAs
) -> None:
    told = {"what_happened": "He was left alone.", "told_by": "school", "how_told": "By telephone"}
    placement.fire(OLIVE, "log_concern_here", **told)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    (concern,) = [child.reference for child in placement.case().children if child.kind == "concern"]
    olive = client_as(OLIVE)
    assert f"Concerns: case {concern}" in read(olive, f"/pupils/{placement.pupil}/held").text

    with site.store.reading() as connection:
        provider = connection.execute(select(cases.c.id).where(cases.c.workflow == "provider")).scalar_one()
    site.handler.fire(concern, "choose_provider", {"provider": provider}, actor=OLIVE, now=MONDAY)
    assert [child.reference for child in placement.case().children if child.kind == "concern"] == []

    page = read(olive, f"/pupils/{placement.pupil}/held")
    assert "He was left alone." in page.below(f"Concerns: case {concern}")
    assert "Other cases that speak of the name" not in page.text


def test_whoever_hands_a_copy_over_is_told_of_cases_that_nobody_outside_knows_of(
    site: Site, placement: Between, client_as: ClientAs
) -> None:
    warning = "It tells of cases that nobody outside the council knows of"
    address = f"/pupils/{placement.pupil}/copy"
    assert warning not in read(client_as(OLIVE), address).text
    placement.fire(OLIVE, "log_concern_here", what_happened="He was left alone.", told_by="school", how_told="So")
    hear_all(site.handler, machine_now=lambda: MONDAY)

    page = read(client_as(OLIVE), address)
    (concern,) = [child.reference for child in placement.case().children if child.kind == "concern"]
    assert f"{warning}: {concern}." in page.text
    assert "He was left alone." not in page.text


def test_it_is_said_in_the_words_of_the_pages_and_not_in_names_of_ours(
    site: Site, placement: Between, client_as: ClientAs
) -> None:
    school, olive = client_as(placement.school), client_as(OLIVE)
    school.get("/start/refer_a_pupil")
    school.get(f"/cases/{placement.reference}/do/start_placement")

    looks = read(olive, f"/pupils/{placement.pupil}/looks").text
    held = read(olive, f"/pupils/{placement.pupil}/held")

    for said in (looks, held.below("Who has looked at the record")):
        assert "Form “Begin a referral”" in said
        assert f"Placement {placement.reference}: form “Start the placement”" in said
        assert "refer_a_pupil" not in said
    assert "Who are they?: nothing → Social worker" in held.below("What has changed in the record")
    assert "School year\nYear 10" in held.below("The record")
