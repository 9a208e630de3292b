"""The list of e-mails is no way around who sees which cases: it has those of a reader's own sight alone."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.testing import MAGDA, OLIVE, OSCAR
from apflow.web.site import Site
from tests.breaches import a_data_protection_officer, report
from tests.placing import Between, a_prepared_placement
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def dora(site: Site) -> Actor:
    return a_data_protection_officer(site.store)


def emails_of(site: Site, reference: str) -> list[int]:
    with site.store.reading() as connection:
        query = (
            select(messages.c.id).join(cases, cases.c.id == messages.c.case_id).where(cases.c.reference == reference)
        )
        return list(connection.execute(query).scalars())


def finds(client: Client, reference: str) -> bool:
    """Whether the list has any e-mail of the case, and so has its file."""
    shown = Page(client.post("/emails", data={"q": reference}, follow_redirects=True))
    file = client.post("/emails.csv", data={"q": reference})
    assert (shown.status, file.status_code) == (200, 200)
    assert (reference in file.text) == (reference in shown.text)
    return reference in shown.text


def test_an_officer_does_not_learn_from_an_email_who_reported_a_breach(
    site: Site, client_as: ClientAs, dora: Actor
) -> None:
    breach = report(site.handler, OLIVE)
    oscar, number = client_as(OSCAR), emails_of(site, breach)[0]
    assert oscar.get(f"/cases/{breach}").status_code == 404

    assert not finds(oscar, breach)
    assert oscar.get(f"/emails/{number}").status_code == 404
    assert oscar.post(f"/emails/{number}/stop", data={"because": "Mine"}).status_code == 404
    for person in (dora, MAGDA):
        assert finds(client_as(person), breach)
        assert client_as(person).get(f"/emails/{number}").status_code == 200


def test_whoever_reported_it_reads_their_own_in_their_mailbox_and_none_here(site: Site, client_as: ClientAs) -> None:
    breach = report(site.handler, OLIVE)

    assert not finds(client_as(OLIVE), breach)
    assert client_as(OLIVE).get(f"/emails/{emails_of(site, breach)[0]}").status_code == 404


def test_the_data_protection_officer_finds_none_of_a_placement(site: Site, client_as: ClientAs, dora: Actor) -> None:
    placement: Between = a_prepared_placement(site)
    number = emails_of(site, placement.reference)[0]

    assert not finds(client_as(dora), placement.reference)
    assert client_as(dora).get(f"/emails/{number}").status_code == 404
    assert finds(client_as(OLIVE), placement.reference)
