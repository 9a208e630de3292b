"""Whoever considers a referral reads which school year the pupil is in, and no name."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.tables.messages import messages
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def referred(site: Site) -> tuple[Actor, str]:
    """A school refers Pip, who was born in May 2012, to a provider that works with pupils of 11 to 14."""
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    _, place = a_listed_site(site.handler)
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    return school, refer(site.handler, school, pupil, place)


def test_the_year_is_on_the_providers_page_and_in_no_email(
    site: Site, client_as: ClientAs, referred: tuple[Actor, str]
) -> None:
    _, reference = referred
    read = Page(client_as(PAT).get(f"/cases/{reference}")).text
    assert "School year of the pupil\nYear 10" in read
    assert "Sparrow" not in read
    with site.store.reading() as connection:
        sent = connection.execute(select(messages.c.text, messages.c.html, messages.c.subject)).all()
    assert not [row for row in sent if "Year 10" in f"{row.text}{row.html}{row.subject}"]


def test_both_sides_read_the_ages_that_the_provider_works_with_beside_it(
    site: Site, client_as: ClientAs, referred: tuple[Actor, str]
) -> None:
    school, reference = referred
    for who in (school, PAT, OLIVE):
        read = Page(client_as(who).get(f"/cases/{reference}")).text
        assert "School year of the pupil\nYear 10" in read
        assert "works with\n11 to 14 (key stage 3)" in read
