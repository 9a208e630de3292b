"""A breach about a manager, on the pages; what one has reported oneself; and a later e-mail of the same incident."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.store import outbox
from apflow.testing import EMAILS, MAGDA, OLIVE, OSCAR, PAT, PETRA, enquire
from apflow.web.site import Site
from tests.breaches import HAPPENED, a_data_protection_officer, report
from tests.removal import a_second_manager
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
EVERY = "/cases?kind=data_breach&closed=yes"


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer)


def test_whoever_reports_one_says_which_manager_it_is_about_and_she_finds_nothing_of_it(
    site: Site, client_as: ClientAs
) -> None:
    morgan, olive, magda = client_as(a_second_manager(site.handler)), client_as(OLIVE), client_as(MAGDA)
    form = read(olive, "/start/report_breach").form("Report a data breach")

    sent = form.send(
        olive,
        kind="wrong_person",
        what_happened=HAPPENED,
        **{"aware_on-day": "2", "aware_on-month": "11", "aware_on-year": "2026"},
        aware_at="8:15am",
        what_data="names",
        whose="pupils",
        contained="not_yet",
        about_managers=str(MAGDA.id),
    )

    address = sent.headers["location"].partition("?")[0]
    assert magda.get(address).status_code == 404
    assert "Sent to the wrong person" not in read(magda, EVERY).text
    assert magda.get("/api/v1/cases?workflow=data_breach").json()["items"] == []
    assert "Sent to the wrong person" in read(morgan, EVERY).text
    assert MAGDA.name in read(morgan, address).text


def test_an_email_of_it_is_not_hers_to_read_among_the_records(site: Site, client_as: ClientAs) -> None:
    morgan = a_second_manager(site.handler)
    report(site.handler, about_managers=[MAGDA.id])
    with site.store.reading() as connection:
        number = outbox.recent_messages(connection, limit=1)[0].id

    assert client_as(MAGDA).get(f"/emails/{number}").status_code == 404
    assert client_as(morgan).get(f"/emails/{number}").status_code == 200


def test_what_one_has_reported_oneself_is_found_from_the_list_of_cases(site: Site, client_as: ClientAs) -> None:
    a_data_protection_officer(site.store)
    reference = report(site.handler)
    olive = client_as(OLIVE)

    page = read(olive, read(olive, "/cases").link("What you reported yourself (1)"))

    assert "We have what you told us" in page.text
    assert HAPPENED in read(olive, page.link("Sent to the wrong person")).text
    assert reference in page.text


def test_it_says_nothing_of_what_comes_of_it(site: Site, client_as: ClientAs) -> None:
    dora = a_data_protection_officer(site.store)
    reference = report(site.handler)
    site.handler.fire(reference, "take_on", {}, actor=dora, now=site.now())

    page = read(client_as(OLIVE), "/reported")

    assert "We are looking into it" in page.text
    assert "Contain it and weigh the risk" not in page.text


def test_what_others_reported_is_not_among_it(site: Site, client_as: ClientAs) -> None:
    reference = report(site.handler)

    assert reference not in read(client_as(OSCAR), "/reported").text
    assert "What you reported yourself" not in read(client_as(PETRA), "/cases").text


def test_a_later_email_of_the_same_incident_is_added_to_the_breach_and_leads_to_it(
    site: Site, client_as: ClientAs
) -> None:
    dora = a_data_protection_officer(site.store)
    breach, magda = report(site.handler), client_as(MAGDA)
    enquire(site.handler)
    with site.store.reading() as connection:
        number = outbox.recent_messages(connection, to_email=EMAILS[PAT], limit=1)[0].id
    page = read(magda, f"/emails/{number}")
    assert f"Add its number, {number}, there" in page.text

    form = read(magda, page.link(f"Sent to the wrong person {breach}")).form("Add another email of the same incident")
    form.send(magda, email_number=str(number))

    assert str(number) in read(client_as(dora), f"/cases/{breach}").text
    linked = read(magda, f"/emails/{number}")
    assert "It belongs to a data breach" in linked.text
    assert "Add its number" not in linked.text


def test_whoever_does_not_deal_with_breaches_reads_of_none_beside_an_email(site: Site, client_as: ClientAs) -> None:
    breach = report(site.handler)
    enquire(site.handler)
    with site.store.reading() as connection:
        number = outbox.recent_messages(connection, to_email=EMAILS[PAT], limit=1)[0].id

    assert breach not in read(client_as(OLIVE), f"/emails/{number}").text
