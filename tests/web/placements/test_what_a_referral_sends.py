"""Before a referral is sent its writer reads whom it is about, what goes to whom, and what of it is done already."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.store.records.reads import reads_of
from apflow.testing import MONDAY, PAT
from apflow.web.site import Site
from tests.placing import (
    CHECKED,
    DESCRIBED,
    REFERRAL,
    Between,
    a_listed_site,
    a_pupil_of,
    a_running_placement,
    a_school_with_an_account,
)
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def begun(site: Site) -> Between:
    """A referral that is begun, and neither described nor checked."""
    _, place = a_listed_site(site.handler)
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    answers = {**REFERRAL, "pupil": pupil, "site": place}
    reference = site.handler.open_case("placement", "refer_a_pupil", answers, actor=school, now=MONDAY).reference
    return Between(site, reference, school, pupil)


def page_of(placed: Between, client: Client, rest: str = "") -> Page:
    return Page(client.get(f"/cases/{placed.reference}{rest}"))


def looks_of(placed: Between) -> int:
    with placed.site.store.reading() as connection:
        looks = [(row.name, row.page) for row in reads_of(connection, placed.pupil, limit=9)]
    return looks.count((placed.school.name, f"Placement {placed.reference}: form “Send the referral”"))


def test_what_is_done_of_it_is_said_and_can_be_changed(begun: Between, client_as: ClientAs) -> None:
    client = client_as(begun.school)
    assert "Done: " not in page_of(begun, client).text

    begun.fire(begun.school, "describe", **DESCRIBED)
    page = page_of(begun, client)
    assert "Done: describe needs." in page.text
    assert page.link("Change it").endswith("/do/describe")
    assert "Done: confirm" not in page.text
    assert "Send the referral: this cannot be done yet." in page.text

    begun.fire(begun.school, "confirm_checks", **CHECKED)
    page = page_of(begun, client)
    assert "Done: confirm the key checks." in page.text
    assert not page.has_button("Describe needs")
    assert page.has_button("Send the referral")


def test_whoever_sends_it_reads_whom_it_is_about_what_goes_and_to_whom(begun: Between, client_as: ClientAs) -> None:
    begun.fire(begun.school, "describe", **DESCRIBED)
    begun.fire(begun.school, "confirm_checks", **CHECKED)

    page = page_of(begun, client_as(begun.school), "/do/refer")

    assert "It is about Pip Sparrow." in page.text
    read = page.below("What Made Up Farm reads then")
    assert "To be with animals." in read
    assert "It has goats." in read
    assert "An email says so to Made Up Farm, the council and whoever else has to know." in page.text
    assert looks_of(begun) == 1


def test_a_button_that_comes_back_is_another_look(begun: Between, client_as: ClientAs) -> None:
    client = client_as(begun.school)
    begun.fire(begun.school, "describe", **DESCRIBED)
    begun.fire(begun.school, "confirm_checks", **CHECKED)
    address = f"/cases/{begun.reference}/do/refer"
    client.get(address)

    page = Page(client.post(address, data={"step": "change"}))

    assert "It is about Pip Sparrow." in page.text
    assert looks_of(begun) == 2


def test_what_the_other_side_does_not_read_is_not_said_to_go(begun: Between, client_as: ClientAs) -> None:
    begun.fire(begun.school, "describe", **DESCRIBED, considered_by="Wanda Witness")
    begun.fire(begun.school, "confirm_checks", **CHECKED)
    client = client_as(begun.school)

    assert "Wanda Witness" in page_of(begun, client).text
    assert "Wanda Witness" not in page_of(begun, client, "/do/refer").below("What Made Up Farm reads then")


def test_a_step_that_lets_nobody_in_anew_says_who_hears_of_it_and_not_who_works_with_the_pupil(
    site: Site, client_as: ClientAs
) -> None:
    placed = a_running_placement(site)

    page = page_of(placed, client_as(PAT), "/do/call_review_now")

    assert "An email says so to Hill School, you and whoever else has to know." in page.text
    assert "reads then" not in page.text
    assert "social worker" not in page.text


def test_while_it_waits_the_school_reads_by_when_it_should_be_answered(begun: Between, client_as: ClientAs) -> None:
    begun.fire(begun.school, "describe", **DESCRIBED)
    begun.fire(begun.school, "confirm_checks", **CHECKED)
    begun.fire(begun.school, "refer")

    page = page_of(begun, client_as(begun.school))

    assert "The referral should be answered by 11:59pm on Monday 9 November 2026" in page.below("Waiting for Made Up")
