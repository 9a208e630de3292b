"""A placement kept by hand is to be decided on at once: whoever commissioned it reads on its page which child it is."""

from collections.abc import Callable

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.rounds.signals import hear_all
from apflow.store.records.reads import reads_of
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY
from apflow.web.site import Site
from tests.placing import REFERRAL, a_listed_site, a_pupil_of, a_school_with_an_account
from tests.removal import a_provider_with_pupils, remove
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


def a_review(site: Site) -> tuple[str, Actor]:
    """The review of the one placement at a provider that is removed from the list, and its school."""
    hill = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    remove(site.handler, a_provider_with_pupils(site.handler, "Hill School"))
    hear_all(site.handler, machine_now=lambda: MONDAY)
    with site.store.reading() as connection:
        found = select(cases.c.reference).where(cases.c.workflow == "placement_review")
        return str(connection.execute(found).scalar_one()), hill


def test_its_commissioner_reads_the_child_s_name_and_the_look_is_noted(site: Site, client_as: ClientAs) -> None:
    reference, hill = a_review(site)
    client = client_as(hill)
    case = Page(client.get(f"/cases/{reference}"))

    named = Page(client.get(case.link("Which pupil this is")))

    assert "Pip 1 Sparrow" in named.text
    assert "ring us" not in case.text, "there is no number to ring"
    with site.store.reading() as connection:
        looks = [(row.name, row.page) for row in reads_of(connection, 1, limit=9)]
    assert (hill.name, f"Placement {reference}") in looks


def test_home_says_the_child_s_name_beside_the_reference(site: Site, client_as: ClientAs) -> None:
    reference, hill = a_review(site)
    _, place = a_listed_site(site.handler, organisation="Second Farm")
    other = a_pupil_of(site.handler, "Hill School", "Robin")
    draft = {**REFERRAL, "pupil": other, "site": place}
    site.handler.open_case("placement", "refer_a_pupil", draft, actor=hill, now=site.now())

    assert f"Pip 1 Sparrow, reference {reference}" in Page(client_as(hill).get("/home")).text


def test_no_other_school_and_no_email_says_which_child_it_is(site: Site, client_as: ClientAs) -> None:
    reference, _ = a_review(site)
    vale = a_school_with_an_account(site.handler, "Vale Academy", "999902", "val@vale.example")

    assert client_as(vale).get(f"/cases/{reference}/pupil").status_code == 404
    with site.store.reading() as connection:
        sent = connection.execute(select(messages).where(messages.c.notice == "placement_review/review_wanted")).one()
    assert "Sparrow" not in f"{sent.subject}{sent.text}{sent.html}"
    assert "once you are signed in" in sent.text
