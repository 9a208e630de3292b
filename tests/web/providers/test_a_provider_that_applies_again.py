"""Whoever reads the application of a provider learns that there was one before, above all one that was removed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.rounds.signals import hear_all
from apflow.testing import MONDAY, OLIVE, PAT, StoppedClock, enquire, leave
from apflow.web.site import Site
from tests.brought import bring_to
from tests.removal import remove
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def removed(site: Site, clock: StoppedClock) -> str:
    """Made Up Farm, which was removed from the list a week ago."""
    reference = bring_to(site.handler, "approved")
    remove(site.handler, reference)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    clock.at = MONDAY + timedelta(weeks=1)
    return reference


def test_an_officer_reads_at_once_that_it_was_removed(site: Site, removed: str, client_as: ClientAs) -> None:
    again = enquire(site.handler, now=site.now())

    page = Page(client_as(OLIVE).get(f"/cases/{again}"))

    assert f"{removed} may be the same provider" in page.text
    assert "removed from the list since Monday 2 November 2026" in page.text
    assert page.link(removed) == f"/cases/{removed}"


def test_another_name_hides_nothing_while_the_address_is_the_same(
    site: Site, removed: str, client_as: ClientAs
) -> None:
    again = enquire(
        site.handler, now=site.now(), organisation="Quite Another Farm", contact_email="PAT@made-up-farm.example"
    )

    assert f"{removed} may be the same provider, as its email address" in client_as(OLIVE).get(f"/cases/{again}").text


def test_a_neighbour_with_the_same_postcode_and_telephone_number_is_somebody_else(
    site: Site, removed: str, client_as: ClientAs
) -> None:
    neighbour = {"organisation": "Next Door", "contact_email": "nell@next-door.example"}
    other = enquire(site.handler, now=site.now(), **neighbour)

    page = client_as(OLIVE).get(f"/cases/{other}").text

    assert "same provider" not in page
    assert removed not in page


def test_the_provider_reads_nothing_of_that(site: Site, removed: str, client_as: ClientAs) -> None:
    again = enquire(site.handler, now=site.now())
    leave(site.handler, again, "enquiry", now=site.now())

    assert "may be the same provider" not in client_as(PAT).get(f"/cases/{again}").text
