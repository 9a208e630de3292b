"""The pages on which a school's record gets another address: what goes with it is shown first, then done and said."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.tables.messages import messages
from apflow.testing import OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.placing import Between, a_running_placement
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
SALLY, NORA = "sally@hill-school.example", "nora@hill-school.example"
CHANGE = "/schools/1/change"


@pytest.fixture
def olive(client_as: ClientAs) -> Client:
    return client_as(OLIVE)


@pytest.fixture
def between(site: Site) -> Between:
    return a_running_placement(site)


def newest_link(site: Site, email: str) -> str:
    query = select(messages.c.text).where(messages.c.to_email == email).order_by(messages.c.id.desc())
    with site.store.reading() as connection:
        found = re.search(r"(/continue/\S+)", connection.execute(query).scalars().first() or "")
    assert found is not None
    return found[1]


def ask(olive: Client, **said: str) -> Page:
    return Page(Page(olive.get(CHANGE)).form("Save").send(olive, **said))


def test_what_goes_with_another_address_is_shown_before_anything_is_changed(olive: Client, between: Between) -> None:
    page = ask(olive, email=NORA, contact_name="Nora New")

    assert page.heading == "Hill School Check what goes with this"
    assert f"would be written to at {NORA} (Nora New), in place of {SALLY}" in page.text
    assert f"{between.reference}: placements, Made Up Farm" in page.text
    assert f"Whoever reads {SALLY} sees none of it any longer" in page.text
    assert "Sparrow" not in page.text
    assert between.case().fields["your_email"] == SALLY
    with between.site.store.reading() as connection:
        assert not connection.execute(select(messages).where(messages.c.to_email == NORA)).all()


def test_once_it_is_checked_it_is_done_and_the_record_says_which_cases(olive: Client, between: Between) -> None:
    sent = ask(olive, email=NORA, contact_name="Nora New").form("Save and hand over").send(olive)

    assert sent.headers["location"] == "/schools/1?done=handed"
    page = Page(olive.get(sent.headers["location"]))
    assert "Saved, and handed over" in page.text
    assert between.reference in page.below("What has changed")
    assert between.case().fields["your_email"] == NORA
    history = Page(olive.get(f"/cases/{between.reference}"))
    assert "Whom we write to at Hill School has changed." in history.text


def test_the_one_before_opens_neither_the_case_nor_the_pupil_with_a_session_or_a_link_of_before(
    olive: Client, client_as: ClientAs, between: Between
) -> None:
    sally = client_as(between.school)
    addresses = [f"/cases/{between.reference}", f"/cases/{between.reference}/pupil"]
    link = newest_link(between.site, SALLY)
    assert [sally.get(address).status_code for address in addresses] == [200, 200]
    ask(olive, email=NORA, contact_name="Nora New").form("Save and hand over").send(olive)

    assert [sally.get(address).status_code for address in addresses] == [404, 404]
    assert between.reference not in Page(sally.get("/home")).text
    elsewhere = client_as(PETRA)
    led_to = elsewhere.post(link).headers["location"]
    assert (led_to, elsewhere.get(led_to).status_code) == (addresses[0], 404)
    assert client_as(PAT).get(addresses[0]).status_code == 200


def test_a_school_without_an_address_is_to_be_rung(olive: Client, between: Between) -> None:
    page = ask(olive, email="")

    assert f"Hill School would have no address, in place of {SALLY}" in page.text
    assert "Nobody of the school sees it, and nobody there is written to, until it has an address again." in page.text
    page.form("Save and hand over").send(olive)
    assert "your_email" not in between.case().fields


def test_what_changes_no_address_is_saved_at_once(olive: Client, between: Between) -> None:
    sent = Page(olive.get(CHANGE)).form("Save").send(olive, phone="01225 000000")

    assert sent.headers["location"] == "/schools/1?done=changed"


def test_whoever_checked_what_somebody_has_changed_since_is_told(olive: Client, between: Between) -> None:
    page = ask(olive, email=NORA, contact_name="Nora New")
    Page(olive.get(CHANGE)).form("Save").send(olive, phone="01225 000000")
    sent = page.form("Save and hand over").send(olive)

    assert sent.status_code == 409
    assert between.case().fields["your_email"] == SALLY


def test_a_file_of_schools_says_what_goes_with_its_addresses_and_hands_it_over(olive: Client, between: Between) -> None:
    rows = f"Name,URN,Contact,Email\nHill School,999901,Nora New,{NORA}\nVale School,999902,Val,val@vale.example\n"
    form = Page(olive.get("/import")).form("Look at it")
    look = form.send(olive, files={"file": ("schools.csv", rows.encode(), "text/csv")}, kind="schools")
    page = Page(olive.get(look.headers["location"]))

    assert "What goes with it" in page.text
    assert f"Hill School Until now {SALLY} From now on Nora New, {NORA} Cases 1" in " ".join(page.text.split())
    assert between.case().fields["your_email"] == SALLY
    page.form("Import").send(olive)
    assert between.case().fields["your_email"] == NORA
