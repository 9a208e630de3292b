"""Colleagues on the pages: a school's attendance officer is added, signs in, acts and is ended; and the pages of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.letters.notices import Notices
from apflow.store.people import people
from apflow.store.reading.history import history_of
from apflow.store.records.reads import reads_of
from apflow.store.tables.messages import messages
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, PAT, PETRA, StoppedClock, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.colleagues import CLARA, TOM, end, let_act
from tests.placing import (
    ANOTHER_PROGRAMME,
    REFERRAL,
    Between,
    a_listed_site,
    a_prepared_placement,
    a_pupil_of,
    a_school_with_an_account,
)
from tests.web.browsing import Client, a_browser_on
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
A_PARENT: dict[str, Any] = {
    "parent_name": "Bea Sparrow",
    "relation": "Mother",
    "responsible": True,
    "is_safe": True,
    "parent_address": "1 Made Up Lane\nBath\nBA1 1AA",
}
A_WEEK_ON = MONDAY + timedelta(days=7)
SCHOOL = "/schools/1/colleagues"


@pytest.fixture
def between(site: Site, clock: StoppedClock) -> Between:
    """Pip's placement, which has begun."""
    prepared = a_prepared_placement(site)
    clock.at = A_WEEK_ON
    prepared.fire(prepared.school, "start_placement")
    return prepared


@pytest.fixture
def hill(site: Site) -> Actor:
    return a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")


def letters(site: Site, notice: str) -> list[Row[Any]]:
    with site.store.reading() as connection:
        query = select(messages).where(messages.c.notice == f"colleagues/{notice}").order_by(messages.c.id)
        return list(connection.execute(query))


def add(client: Client, address: str, **typed: str) -> Page:
    """Add somebody as people do: from the list, by the form, back to the list; or the form again."""
    client.get(address)
    answer = Page(client.get(Page(client.get(address)).link("Add a person"))).form("Save").send(client, **typed)
    return Page(client.get(answer.headers["location"]) if answer.status_code == 303 else answer)


def test_a_school_s_attendance_officer_is_added_signs_in_acts_and_sees_nothing_when_it_has_ended(
    site: Site, between: Between, client_as: ClientAs, client: Client
) -> None:
    head, case = client_as(between.school), f"/cases/{between.reference}"
    assert head.get("/colleagues").headers["location"] == SCHOOL
    page = Page(head.get(SCHOOL))
    assert page.heading == "People who can act for Hill School"
    assert "Nobody but you can act for Hill School yet." in page.text
    page = add(head, SCHOOL, name="Clara Clock", email=CLARA)
    assert "Added. We have told both by email" in page.text
    assert "Clara Clock" in page.text

    (letter,) = letters(site, "added")
    assert "Sally at Hill School has added you" in letter.text
    (told,) = letters(site, "one_more")
    assert (letter.to_email, told.to_email) == (CLARA, "sally@hill-school.example")
    (link,) = re.findall(r"/continue/\S+", letter.text)
    signed_in = Page(client.get(link)).form("Continue").send(client)
    assert signed_in.headers["location"] == "/home"

    assert Page(client.get(case)).heading == Page(head.get(case)).heading
    assert "Pip Sparrow" in Page(client.get(f"{case}/pupil")).text
    assert "Sparrow, Pip" in client.get("/my-pupils").text
    assert "Hill School" in Page(client.get("/schools/1/term-dates")).text
    attendance = client.get("/attendance").headers["location"]
    assert attendance == "/attendance/schools/1"
    _is_away(client_as(PAT))
    answer = Page(client.get(attendance)).form("Save").send(client, reason="ill")
    assert answer.status_code == 303
    assert "I absent" in Page(client.get(attendance)).text
    with site.store.reading() as connection:
        looks = {row.name for row in reads_of(connection, between.pupil, limit=50)}
    assert "Clara Clock" in looks

    address = Page(head.get(SCHOOL)).link("End")
    ended = Page(head.get(address)).form("End it").send(head)
    assert "Ended. We have told both by email" in Page(head.get(ended.headers["location"])).text
    assert [one.to_email for one in (*letters(site, "ended"), *letters(site, "one_less"))] == [CLARA, told.to_email]
    for gone in (case, f"{case}/pupil", attendance, "/schools/1/term-dates"):
        assert client.get(gone).status_code == 404, gone
    assert "Sparrow" not in client.get("/my-pupils").text
    assert between.reference not in client.get("/home").text
    assert "There is no school or provider" in client.get("/colleagues").text
    listed = Page(head.get(SCHOOL)).text
    assert "Who could act before (1)" in listed
    assert "added by Sally at Hill School" in listed


def _is_away(pat: Client) -> None:
    address = pat.get("/attendance").headers["location"]
    page = Page(pat.get(address))
    (name,) = {held for held, _ in page.form("Save").values if re.fullmatch(r"mark-\d+-am", held)} or {"mark-1-am"}
    assert pat.post(address, data={name: "absent", name.replace("mark", "seen"): "0"}).status_code == 303


def test_a_tutor_marks_and_the_case_names_them_in_its_history(
    site: Site, between: Between, client_as: ClientAs
) -> None:
    _, tom = let_act(site.handler, PAT, TOM, "Tom Tutor")
    client = client_as(tom)
    _is_away(client)
    said = {"risk_assessment": "Goats kick. Wear boots."}
    between.fire(tom, "update_risk", **said)

    with site.store.reading() as connection:
        entries = history_of(connection, between.reference)
    assert entries[-1].actor_name == "Tom Tutor"
    assert "Goats kick" in client.get(f"/cases/{between.reference}").text


def test_what_a_colleague_has_signed_is_said_to_be_theirs(site: Site, client_as: ClientAs) -> None:
    prepared = a_prepared_placement(site)
    address = f"/cases/{prepared.reference}"
    assert "Sally at Hill School (you)" in Page(client_as(prepared.school).get(address)).text
    _, clara = let_act(site.handler, prepared.school, CLARA)
    prepared.fire(PAT, "set_programme", **ANOTHER_PROGRAMME)  # What was signed has changed.
    prepared.fire(clara, "sign", signed_as="Clara Colleague", agrees=True)

    page = Page(client_as(prepared.school).get(address)).text
    assert "Clara Colleague" in page
    assert "(you)" not in page


def test_what_cannot_be_added_is_said_beside_what_was_typed(site: Site, hill: Actor, client_as: ClientAs) -> None:
    page = add(client_as(hill), SCHOOL, name="Olive", email="olive@council.example")
    assert page.errors == {"email": "This is the address of somebody at the council, who cannot act for you"}
    assert page.form("Save").value("name") == "Olive"
    assert set(add(client_as(hill), SCHOOL, name="", email="nobody").errors) == {"name", "email"}
    assert letters(site, "added") == []


def test_an_officer_adds_and_ends_for_any_school_or_provider(site: Site, hill: Actor, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    provider = f"/cases/{reference}/colleagues"
    for person, address, email in ((OLIVE, SCHOOL, CLARA), (MAGDA, provider, TOM)):
        client = client_as(person)
        assert address in client.get(address.removesuffix("/colleagues")).text
        page = add(client, address, name="New Person", email=email)
        assert f"Added by {person.name}" in page.text
        Page(client.get(page.link("End"))).form("End it").send(client)
        assert "Who could act before (1)" in client.get(address).text


def test_a_school_without_an_account_gets_one_when_an_officer_adds_somebody(
    site: Site, door: Handler, client_as: ClientAs
) -> None:
    office = "office@vale.example"
    client = client_as(OLIVE)
    Page(client.get("/schools/new")).form("Save").send(client, kind="school", name="Vale Academy", urn="999902")
    page = Page(client.get(SCHOOL))
    assert "we have no email address for Vale Academy" in page.text
    assert "Add a person" not in page.text
    answer = client.post(f"{SCHOOL}/add", data={"name": "Clara", "email": CLARA})
    assert "First give the address" in Page(answer).text

    Page(client.get("/schools/1/change")).form("Save").send(client, email=office)
    add(client, SCHOOL, name="Clara", email=CLARA)
    with door.store.reading() as connection:
        assert people.person_by_email(connection, office) is not None
    assert [one.to_email for one in letters(site, "one_more")] == [office]


def test_a_policy_without_letters_about_it_offers_nobody_a_page_that_is_not_there(
    site: Site, hill: Actor, sign_in_to: Callable[[Site, Actor], Client], tmp_path: Path
) -> None:
    before = replace(site, notices=Notices(tmp_path, {}))
    case = f"/cases/{enquire(site.handler)}"
    for person, at in ((OLIVE, case), (OLIVE, "/schools/1"), (PAT, case), (hill, "/home")):
        client = sign_in_to(before, person)
        page = client.get(at)
        assert page.status_code == 200
        assert "olleagues" not in page.text
        assert client.get("/colleagues").status_code == 404
    assert "olleagues" in sign_in_to(site, hill).get("/home").text


def test_a_parent_has_no_colleagues(client_as: ClientAs) -> None:
    client = client_as(OLIVE)
    said = {"kind": "parent", "name": "Paz Parent", "email": "paz@home.example"}
    Page(client.get("/schools/new")).form("Save").send(client, **said)
    assert client.get("/schools/1").status_code == 200
    assert client.get(SCHOOL).status_code == 404
    assert "Who can act" not in client.get("/schools/1").text


def test_a_colleague_adds_nobody_and_to_others_there_is_no_such_page(
    site: Site, hill: Actor, client_as: ClientAs
) -> None:
    reference = bring_to(site.handler, "approved")
    number, clara = let_act(site.handler, hill, CLARA)
    _, tom = let_act(site.handler, PAT, TOM)
    addresses = [SCHOOL, f"{SCHOOL}/add", f"/cases/{reference}/colleagues", f"/colleagues/{number}/end"]
    for other in (clara, tom, DAN, PETRA):
        client = client_as(other)
        assert [client.get(address).status_code for address in addresses] == [404] * 4
        assert client.post(f"{SCHOOL}/add", data={"name": "N", "email": "n@n.example"}).status_code == 404
        assert client.post(f"/colleagues/{number}/end").status_code == 404
    told = Page(client_as(clara).get("/colleagues")).text
    assert "You can act for Hill School. We write to Sally at Hill School, who can add others and end it." in told


def test_what_has_ended_says_so_and_ending_it_again_does_nothing(site: Site, hill: Actor, client_as: ClientAs) -> None:
    number, _ = let_act(site.handler, hill, CLARA)
    end(site.handler, hill, number)
    client = client_as(hill)
    page = Page(client.get(f"/colleagues/{number}/end"))
    assert "Olive Officer ended it" in page.text
    assert not page.has_button("End it")
    assert client.post(f"/colleagues/{number}/end").status_code == 303
    assert len(letters(site, "ended")) == 1
    for missing in (number + 1, 0, 987_654_321, 99_999_999_999):
        assert client.get(f"/colleagues/{missing}/end").status_code == 404


def test_a_person_of_two_sides_reads_each_case_as_the_side_they_are_on(
    site: Site, between: Between, client_as: ClientAs
) -> None:
    """A tutor who is also written to at another school does not read there what only a school may."""
    vale = a_school_with_an_account(site.handler, "Vale Academy", "999902", "val@vale.example")
    let_act(site.handler, PAT, "val@vale.example")
    both = Actor(vale.id, vale.name, frozenset({"commissioner", "provider"}))
    between.fire(between.school, "write_by_post", **A_PARENT)

    assert "Bea Sparrow" in client_as(between.school).get(f"/cases/{between.reference}").text
    page = client_as(both).get(f"/cases/{between.reference}")
    assert page.status_code == 200
    assert "Bea Sparrow" not in page.text


def test_home_lists_no_case_before_the_side_they_are_on_sees_it(site: Site, hill: Actor, client_as: ClientAs) -> None:
    """A draft is the school's alone; that they are written to at another school shows them nothing of it."""
    _, place = a_listed_site(site.handler)
    vale = a_school_with_an_account(site.handler, "Vale Academy", "999902", "val@vale.example")
    let_act(site.handler, PAT, "val@vale.example")
    both = Actor(vale.id, vale.name, frozenset({"commissioner", "provider"}))
    answers = {**REFERRAL, "pupil": a_pupil_of(site.handler, "Hill School", "Pip"), "site": place}
    draft = site.handler.open_case("placement", "refer_a_pupil", answers, actor=hill, now=MONDAY).reference

    assert draft in client_as(hill).get("/home", follow_redirects=True).text
    assert draft not in client_as(both).get("/home", follow_redirects=True).text
    assert client_as(both).get(f"/cases/{draft}").status_code == 404


def test_whoever_a_school_is_written_to_next_reads_who_acts_for_it_and_ends_it(
    site: Site, hill: Actor, client_as: ClientAs, client: Client
) -> None:
    let_act(site.handler, hill, CLARA, "Clara Clock")
    olive = client_as(OLIVE)
    form = Page(olive.get("/schools/1/change")).form("Save")
    assert form.send(olive, contact_name="Nora New", email="nora@hill-school.example").status_code == 303

    (letter,) = letters(site, "inherited")
    assert letter.to_email == "nora@hill-school.example"
    (link,) = re.findall(r"/continue/\S+", letter.text)
    led = Page(client.get(link)).form("Continue").send(client).headers["location"]
    assert client.get(led).headers["location"] == SCHOOL
    page = Page(client.get(SCHOOL))
    assert "Clara Clock" in page.text
    assert Page(client.get(page.link("End"))).form("End it").send(client).status_code == 303
    assert "Nobody but you can act for Hill School yet." in Page(client.get(SCHOOL)).text


def test_many_colleagues_are_all_listed(site: Site, hill: Actor, client_as: ClientAs) -> None:
    for each in range(30):
        let_act(site.handler, hill, f"person{each}@hill-school.example", f"Person {each}")
    assert client_as(hill).get(SCHOOL).text.count("/end") == 30


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


def test_whoever_is_signed_out_is_asked_to_sign_in(site: Site, hill: Actor) -> None:
    number, _ = let_act(site.handler, hill, CLARA)
    with a_browser_on(site) as nobody:
        for address in ("/colleagues", SCHOOL, f"/colleagues/{number}/end"):
            assert nobody.get(address).headers["location"].startswith("/sign-in")
