"""A school finds a registered provider by its URN, refers a pupil there, and the provider does its part by its mail."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Row, select

from apflow.core.people.actor import Actor
from apflow.store.cases.loading import load_case
from apflow.store.records.sites import sites_of
from apflow.store.tables.messages import messages
from apflow.testing import DAN, MAGDA, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.brought import bring_to
from tests.placing import a_pupil_of, a_school_with_an_account, prepare, refer
from tests.registered import CLOSED, OPEN, a_register, asked_for_there, found_by, reached
from tests.saying import said_in
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
START, OFFICERS = "/start/find_registered_provider", "/start/record_registered_provider"
WHO = {"contact_name": "Ona Oaks", "said_email": "office@oaks.example"}


@pytest.fixture
def hill(site: Site) -> Actor:
    a_register(site.handler)
    return a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")


def letters(site: Site, to: str) -> list[Row[Any]]:
    with site.store.reading() as connection:
        query = select(messages).where(messages.c.to_email == to)
        return list(connection.execute(query.order_by(messages.c.id)))


def place_of(site: Site, reference: str) -> int:
    with site.store.reading() as connection:
        case = load_case(connection, reference)
        assert case is not None
        (place,) = sites_of(connection, case.id or 0)
    return int(place.id)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Enter the number"),
        ("1234", "a URN is a number of 6 digits"),
        ("999899", "has no establishment with the number 999899"),
        (CLOSED, "closed on 31 Aug 2024"),
    ],
)
def test_a_number_that_leads_nowhere_is_told_beside_it_and_what_was_typed_stays(
    site: Site, hill: Actor, client_as: ClientAs, typed: str, why: str
) -> None:
    client = client_as(hill)
    form = Page(client.get(START)).form("Continue")

    answer = form.send(client, establishment=typed, **WHO)

    assert answer.status_code == 422
    page = Page(answer)
    assert any(why in error for error in page.errors.values())
    assert page.form("Continue").value("establishment") == typed
    assert page.form("Continue").value("contact_name") == "Ona Oaks"


def test_a_school_finds_it_checks_what_the_register_says_and_can_then_choose_it(
    site: Site, hill: Actor, client_as: ClientAs
) -> None:
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    client = client_as(hill)
    assert START in client.get("/home").text
    assert Page(client.get(START)).form("Continue").value("contact_name") == ""
    check = Page(Page(client.get(START)).form("Continue").send(client, establishment=OPEN, **WHO))
    assert f"Three Oaks School (URN {OPEN})" in check.text

    sent = check.form("Send").send(client, "Send")

    assert sent.status_code == 303
    done = Page(client.get(sent.headers["location"]))
    assert "can be chosen for a placement now" in done.text
    assert "Refer one of your pupils" in done.text
    form = client.get(f"/start/refer_a_pupil?pupil={pupil}").text
    assert "Three Oaks School: Main site (registered, not on the approved list)" in form
    assert letters(site, "office@oaks.example") == []
    (staff,) = letters(site, site.council.mailbox)
    assert "office@oaks.example. Nothing is sent there yet" in staff.text
    assert "approved list" in staff.text


def test_an_officer_looks_the_address_up_and_the_provider_is_told(site: Site, hill: Actor, client_as: ClientAs) -> None:
    reference = found_by(site.handler, hill)
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/contact_changes")).form("Say who is asked for there")
    refused = form.send(officer, contact_email="office@oaks.example")
    assert "I found the address" in Page(refused).text
    assert letters(site, "office@oaks.example") == []

    form.send(officer, contact_email="office@oaks.example", is_theirs="yes")

    (letter,) = letters(site, "office@oaks.example")
    assert letter.subject.startswith("Schools can refer pupils to Three Oaks School")
    assert f"registered with the Department for Education (URN {OPEN})" in letter.text


def test_the_provider_answers_by_its_mail_and_marks_its_sessions(site: Site, hill: Actor, client_as: ClientAs) -> None:
    found = reached(site.handler, found_by(site.handler, hill))
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    reference = refer(site.handler, hill, pupil, place_of(site, found))
    oaks = asked_for_there(site.handler)
    page = Page(client_as(oaks).get(f"/cases/{reference}"))
    assert "Offer a place" in page.text
    assert "Registered, not on the approved list" in page.text
    prepare(site.handler, reference, hill, provider=oaks, starts_on="2026-11-02")
    site.handler.fire(reference, "start_placement", {}, actor=hill, now=site.now())
    sheet = client_as(oaks).get(f"/attendance/providers/{found}?day=2026-11-02")
    assert "Sparrow" in sheet.text
    for other in (DAN, PAT, PETRA):
        assert client_as(other).get(f"/attendance/providers/{found}").status_code == 404
    told = letters(site, "office@oaks.example")
    assert [letter.notice for letter in told] == [
        "registered_provider/recorded",
        "placement/referral_to_consider",
        "placement/other_side_has_written",
        "placement/starts_with_you",
    ]
    assert not any(name in said_in(letter.subject, letter.text) for letter in told for name in ("Sparrow", "Pip"))
    referred = [letter for letter in letters(site, site.council.mailbox) if letter.notice == "placement/referral_made"]
    assert f"Registered, not on the approved list: URN {OPEN}." in referred[0].text


def test_staff_see_what_the_register_says_and_its_place(site: Site, hill: Actor, client_as: ClientAs) -> None:
    reference = found_by(site.handler, hill)
    client = client_as(OLIVE)

    page = Page(client.get(f"/cases/{reference}"))
    assert "Other independent school" in page.text
    assert "See that the email address is the establishment" in page.text
    assert "Main site" in client.get(f"/cases/{reference}/registration").text
    assert OFFICERS in client.get("/registration").text
    for other in (hill, PAT, PETRA):
        assert client_as(other).get(f"/cases/{reference}").status_code == 404


def test_its_page_says_that_nobody_there_is_written_to_and_leads_nowhere_in_vain(
    site: Site, hill: Actor, client_as: ClientAs
) -> None:
    reference = found_by(site.handler, hill)
    client = client_as(OLIVE)

    page = Page(client.get(f"/cases/{reference}"))
    assert "so nothing is sent there. The council rings" in page.text
    assert "Their email address, as a school gave it\noffice@oaks.example" in page.text
    colleagues = Page(client.get(page.link("Who can act for it")))
    assert "Nobody can be added yet: we have no email address for Three Oaks School." in colleagues.text
    assert client_as(PAT).get(f"/cases/{reference}/colleagues").status_code == 404


@pytest.mark.parametrize("email", ["", "office@oaks.example"])
def test_saying_who_is_asked_for_there_does_the_task_with_an_address_or_without(
    site: Site, hill: Actor, client_as: ClientAs, email: str
) -> None:
    reference = found_by(site.handler, hill)
    client = client_as(OLIVE)
    form = Page(client.get(f"/cases/{reference}/do/contact_changes")).form("Say who is asked for there")

    said = {"contact_email": email, "is_theirs": "yes"} if email else {}
    assert form.send(client, contact_name="Ona Oaks", **said).status_code == 303

    page = Page(client.get(f"/cases/{reference}"))
    assert "See that the email address is the establishment" not in page.below("What to do next")
    assert ("so nothing is sent there" in page.text) is (email == "")


def test_a_manager_is_offered_to_set_aside_only_what_stands_in_the_way(
    site: Site, hill: Actor, client_as: ClientAs
) -> None:
    reference = found_by(site.handler, hill)
    client, address = client_as(MAGDA), f"/cases/{reference}/set-aside/was_never_listed"
    assert address not in client.get(f"/cases/{reference}").text

    bring_to(site.handler, "approved", organisation="Three Oaks School", registration="registered", urn=OPEN)

    assert address in client.get(f"/cases/{reference}").text
    assert client.get(address).status_code == 200
    assert address not in client_as(OLIVE).get(f"/cases/{reference}").text


@pytest.mark.parametrize("somebody", [PAT, PETRA])
def test_nobody_else_has_the_form(client_as: ClientAs, hill: Actor, somebody: Actor) -> None:
    assert client_as(somebody).get(START).status_code in (403, 404)
