"""Whoever considers a referral reads which school year the pupil is in, and no name."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.tables.messages import messages
from apflow.testing import PAT
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def referred(site: Site) -> tuple[int, str]:
    """Pip, who was born in May 2012, and the reference of the referral."""
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    _, place = a_listed_site(site.handler)
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    return pupil, refer(site.handler, school, pupil, place)


def test_the_year_is_on_the_providers_page_and_in_no_email(
    site: Site, client_as: ClientAs, referred: tuple[int, str]
) -> None:
    _, reference = referred
    read = Page(client_as(PAT).get(f"/cases/{reference}")).text
    assert "School year of the pupil\nYear 10" in read
    assert "Sparrow" not in read
    with site.store.reading() as connection:
        sent = connection.execute(select(messages.c.text, messages.c.html, messages.c.subject)).all()
    assert not [row for row in sent if "Year 10" in f"{row.text}{row.html}{row.subject}"]
