"""All that is held about a child is no way around who reads what: not to a case, and not to an answer on it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from apflow.core.people.actor import Actor
from apflow.loader import Library, read_library
from apflow.rounds.signals import hear_all
from apflow.settings import shipped
from apflow.testing import MONDAY, OLIVE
from apflow.web.site import Site
from tests.breaches import a_data_protection_officer
from tests.placing import Between, a_prepared_placement
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
WORRY = {"what_happened": "He was left alone in the barn.", "told_by": "parent", "how_told": "His aunt rang"}
OF_THE_CONCERN = ("left alone in the barn", "His aunt rang", "A parent or carer")
UNREAD = "About the pupil too, and not for you to read"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The policy of a council whose data protection officer sees placements, and no concern."""
    folder = Path(shutil.copytree(shipped("workflows"), tmp_path_factory.mktemp("policy") / "workflows"))
    placement = folder / "placement.yaml"
    seen_by = "seen_by:\n  commissioner: own\n"
    text = placement.read_text(encoding="utf-8")
    assert seen_by in text
    placement.write_text(text.replace(seen_by, f"{seen_by}  data_protection_officer: all\n", 1), encoding="utf-8")
    return read_library(folder)


@pytest.fixture
def placement(site: Site) -> Between:
    """Pip's, on which a concern about the provider was logged."""
    between = a_prepared_placement(site)
    between.fire(OLIVE, "log_concern_here", **WORRY)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    return between


def concern_of(placement: Between) -> str:
    (concern,) = [child.reference for child in placement.case().children if child.kind == "concern"]
    return concern


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer)


def test_a_case_that_is_not_theirs_is_named_and_not_told(site: Site, placement: Between, client_as: ClientAs) -> None:
    dora = client_as(a_data_protection_officer(site.store))
    concern = concern_of(placement)
    assert dora.get(f"/cases/{concern}").status_code == 404

    page = read(dora, f"/pupils/{placement.pupil}/held")

    whom = "for the Alternative Learning Team officer or the Alternative Learning Team manager"
    assert page.below(UNREAD).endswith(f"Concerns: {concern}, {whom}")
    assert "Make a copy to hand over" not in page.text
    assert f"Placements: case {placement.reference}" in page.text
    for told in OF_THE_CONCERN:
        assert told not in page.text, told


def test_nor_is_an_answer_that_is_not_theirs_on_a_case_that_is(
    site: Site, placement: Between, client_as: ClientAs
) -> None:
    dora = client_as(a_data_protection_officer(site.store))

    theirs = read(dora, f"/pupils/{placement.pupil}/held").text

    assert "The risk assessment: what could go wrong, and what is done about it\nFor others to read" in theirs
    assert "Goats kick." not in theirs
    assert "Goats kick." in read(client_as(OLIVE), f"/pupils/{placement.pupil}/held").text


def test_a_copy_by_somebody_who_may_not_read_all_of_it_says_that_it_is_not_whole(
    site: Site, placement: Between, client_as: ClientAs
) -> None:
    address, concern = f"/pupils/{placement.pupil}/copy", concern_of(placement)
    whole, lacking = read(client_as(OLIVE), address), read(client_as(a_data_protection_officer(site.store)), address)

    assert f"It is not whole. Concerns: {concern}." in lacking.text
    assert f"Concerns: case {concern}" not in lacking.text
    assert "It is not whole" not in whole.text
    assert f"Concerns: case {concern}" in whole.text


def test_a_copy_does_not_say_in_the_placement_that_a_concern_was_logged(
    placement: Between, client_as: ClientAs
) -> None:
    olive = client_as(OLIVE)
    there = f"What happened in {placement.reference}"
    assert "Log a concern about the provider" in read(olive, f"/pupils/{placement.pupil}/held").below(there)

    handed_over = read(olive, f"/pupils/{placement.pupil}/copy").below(there)

    assert "Log a concern about the provider" not in handed_over
    assert "Concern" not in handed_over
    assert "Left out here. Somebody decides whether it can be handed over." in handed_over
    assert "Describe needs" in handed_over
