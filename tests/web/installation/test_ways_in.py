"""The front page and signing in: what is there for whom, and how somebody whom we do not know yet gets in."""

import re

from apflow.handler import Handler
from apflow.records.door import By, add
from apflow.records.people.commissioners import COMMISSIONER
from apflow.store import outbox
from apflow.store.people import people, sign_in
from apflow.testing import MONDAY, OLIVE, enquire
from apflow.web.site import Site
from tests.web.browsing import Client
from tests.web.reading import Page

ADDRESS = "office@hill-school.example"


def _record_a_school(handler: Handler, **more: str) -> None:
    school = {"kind": "school", "name": "Hill School", "urn": "999901", "contact_name": "Sally Sorrel", **more}
    add(handler.store, COMMISSIONER, school, By(OLIVE, MONDAY, handler.library))


def _letters_to(site: Site, email: str) -> list[str]:
    with site.store.reading() as connection:
        return [row.to_name for row in outbox.recent_messages(connection, to_email=email, limit=9, offset=0)]


def test_the_front_page_says_what_is_there_for_a_provider_a_school_and_a_parent(client: Client) -> None:
    page = Page(client.get("/"))

    assert page.link("Apply to join the list") == "/start/enquire"
    assert page.link("Sign in for your school") == "/sign-in?next=/home"
    assert page.link("type the code from your letter") == "/for-parents"
    assert page.link("Report a concern about a provider") == "/start/report_concern"
    assert "No account for your school or service yet? Email EOTAS@bathnes.gov.uk" in page.text


def test_a_school_whose_address_an_officer_has_recorded_can_sign_in(
    site: Site, handler: Handler, client: Client
) -> None:
    _record_a_school(handler, email=ADDRESS)

    client.post("/sign-in", data={"email": ADDRESS.title()})

    assert _letters_to(site, ADDRESS) == ["Sally Sorrel"]


def _account(site: Site) -> tuple[str, list[str]] | None:
    with site.store.reading() as connection:
        row = people.person_by_email(connection, ADDRESS)
    return (row.name, sorted(row.roles)) if row else None


def _newest_link(site: Site) -> str:
    with site.store.reading() as connection:
        (newest,) = outbox.recent_messages(connection, to_email=ADDRESS, limit=1, offset=0)
        row = outbox.message(connection, newest.id)
    found = re.search(r"/continue/\S+", row.text if row else "")
    assert found is not None
    return found[0]


def _is_let_in_as_a_school(site: Site, client: Client) -> None:
    assert client.post(_newest_link(site)).status_code == 303
    assert _account(site) == ("Sally Sorrel", ["commissioner", "provider"])
    for address in ("/my-pupils", "/start/refer_a_pupil"):
        assert client.get(address).status_code == 200, address


def test_a_school_is_let_in_as_what_it_is_whatever_a_stranger_wrote_in_a_form_before(
    site: Site, handler: Handler, client: Client
) -> None:
    _record_a_school(handler, email=ADDRESS)
    enquire(handler, contact_email=ADDRESS, contact_name="Squatter")
    assert _account(site) == ("Squatter", ["provider"])

    client.post("/sign-in", data={"email": ADDRESS})

    assert _letters_to(site, ADDRESS)[0] == "Sally Sorrel"
    _is_let_in_as_a_school(site, client)


def test_a_school_is_let_in_as_what_it_is_by_the_letter_about_the_enquiry_too(
    site: Site, handler: Handler, client: Client
) -> None:
    _record_a_school(handler, email=ADDRESS)
    enquire(handler, contact_email=ADDRESS, contact_name="Squatter")

    _is_let_in_as_a_school(site, client)


def test_an_account_that_is_there_already_is_the_school_s_as_soon_as_it_is_recorded(
    site: Site, handler: Handler
) -> None:
    enquire(handler, contact_email=ADDRESS, contact_name="Squatter")

    _record_a_school(handler, email=ADDRESS.title(), contact_name="")

    assert _account(site) == ("Hill School", ["commissioner", "provider"])


def test_recording_a_school_makes_no_account_and_lets_no_staff_and_nobody_back_in(
    site: Site, handler: Handler, client: Client
) -> None:
    enquire(handler, contact_email=ADDRESS)
    with site.store.writing() as connection:
        account = people.person_by_email(connection, ADDRESS)
        assert account is not None
        sign_in.end_access(connection, account.id, MONDAY)
    for number, email in enumerate((ADDRESS, "olive@council.example", "new@hill-school.example")):
        _record_a_school(handler, email=email, urn=f"99990{number}", name=f"School {number}")
    for email in (ADDRESS, "olive@council.example"):
        client.post("/sign-in", data={"email": email})
    with site.store.reading() as connection:
        olive, gone = (people.person_by_email(connection, one) for one in ("olive@council.example", ADDRESS))
        assert people.person_by_email(connection, "new@hill-school.example") is None
    assert olive is not None
    assert (olive.name, olive.roles) == ("Olive Officer", ["officer"])
    assert gone is not None
    assert (gone.is_active, gone.roles) == (False, ["provider"])


def test_a_school_that_is_closed_gets_no_account(site: Site, handler: Handler, client: Client) -> None:
    _record_a_school(handler, email=ADDRESS, ended_on="2026-10-01")

    client.post("/sign-in", data={"email": ADDRESS})

    assert _letters_to(site, ADDRESS) == []


def test_whoever_gets_no_link_reads_how_to_come_by_an_account(client: Client) -> None:
    asked, sent = Page(client.get("/sign-in")), Page(client.post("/sign-in", data={"email": "who@school.example"}))

    assert "No account for your school or service yet?" in asked.text
    assert asked.link("apply to join the list") == "/start/enquire"
    assert asked.link("type the code from your letter") == "/for-parents"
    assert sent.link("how to get an account") == "/#schools"


def test_a_link_that_was_cut_off_is_not_said_to_be_about_an_application(client: Client) -> None:
    page = Page(client.get("/continue/half-a-link"))

    assert "It may also have been cut off or mistyped" in page.text
    assert "application" not in page.text
