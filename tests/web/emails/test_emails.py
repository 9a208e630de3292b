"""Whoever keeps the records finds who was written what, and stops an e-mail that would go to the wrong person."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from apflow.core.people.actor import Actor
from apflow.scheduler import fire_due
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport
from apflow.store.cases.loading import load_case
from apflow.store.tables.messages import messages
from apflow.testing import OLIVE, PAT, PETRA, enquire
from apflow.web.site import Site
from tests.placing import Between, a_prepared_placement
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def placement(site: Site) -> Between:
    return a_prepared_placement(site)


@pytest.fixture
def olive(client_as: ClientAs, placement: Between) -> Client:
    return client_as(OLIVE)


def one_to(site: Site, name: str) -> int:
    """The number of an e-mail to somebody that waits."""
    with site.store.reading() as connection:
        query = select(messages.c.id).where(messages.c.to_name == name, messages.c.status == "queued")
        return int(connection.execute(query.order_by(messages.c.id)).scalars().first() or 0)


def status(site: Site, number: int) -> tuple[str, str]:
    with site.store.reading() as connection:
        row = connection.execute(select(messages).where(messages.c.id == number)).one()
    return row.status, row.error or ""


def test_who_got_what_is_found_by_name_address_or_case(olive: Client, placement: Between) -> None:
    for text in ("sally@hill-school.example", "sally at hill", placement.reference):
        found = Page(olive.post("/emails", data={"q": text}, follow_redirects=True))
        assert "Sally at Hill School sally@hill-school.example" in found.text
        assert placement.reference in found.text
    assert (
        "No email matches."
        in Page(olive.post("/emails", data={"q": "nobody@sample.example"}, follow_redirects=True)).text
    )


def test_an_email_is_read_without_the_ways_in_that_are_its_readers(site: Site, olive: Client) -> None:
    number = one_to(site, "Sally at Hill School")
    shown = olive.get(f"/emails/{number}")

    assert "What it says" in shown.text
    assert "http://testserver.local/" not in shown.text
    assert "[a link, which is its reader&#39;s alone]" in shown.text


def test_the_words_of_a_sign_in_email_are_shown_to_nobody(site: Site, olive: Client, client: Client) -> None:
    client.post("/sign-in", data={"email": "sally@hill-school.example"})
    with site.store.reading() as connection:
        row = connection.execute(select(messages).where(messages.c.case_id.is_(None))).one()

    ways_in = re.findall(r"/sign-in/\S+|\b[0-9]{6}\b", row.text)

    shown = olive.get(f"/emails/{row.id}").text

    assert "It holds a way to sign in" in shown
    assert ways_in
    assert not any(one in shown for one in ways_in)


def test_one_that_waits_is_stopped_with_a_reason_and_an_officer_is_told(
    site: Site, olive: Client, placement: Between
) -> None:
    number = one_to(site, "Sally at Hill School")
    form = Page(olive.get(f"/emails/{number}")).form("Stop this email")
    refused = form.send(olive)
    assert refused.status_code == 422
    assert status(site, number)[0] == "queued"

    sent = form.send(olive, because="The school has another head now.")

    assert sent.headers["location"] == f"/emails/{number}?done=stop"
    assert status(site, number) == ("failed", "Stopped by Olive Officer: The school has another head now.")
    for _ in range(2):  # At once, and the mailer adds none.
        with site.store.reading() as connection:
            case = load_case(connection, placement.reference)
        notes = [task.note or "" for task in (case.tasks if case else ()) if task.name == "mail_stopped"]
        assert [
            note.endswith("did not go. Stopped by Olive Officer: The school has another head now.") for note in notes
        ] == [True]
        send_due(site.store, MailboxTransport(), site.handler, site.now, site.now)
        assert status(site, number)[0] == "failed"
    shown = Page(olive.get(sent.headers["location"])).text
    assert "It is stopped, and does not go" in shown
    assert "Stop this email" not in shown


def test_one_that_has_gone_meanwhile_says_so(site: Site, olive: Client) -> None:
    number = one_to(site, "Sally at Hill School")
    form = Page(olive.get(f"/emails/{number}")).form("Stop this email")
    with site.store.writing() as connection:
        connection.execute(update(messages).where(messages.c.id == number).values(status="sent", sent_at=site.now()))

    late = form.send(olive, because="It would go to the wrong person.")

    assert late.status_code == 409
    assert "It no longer waits, so it could not be stopped." in Page(late).text
    assert status(site, number)[0] == "sent"


def gone(site: Site, name: str) -> int:
    """The number of an e-mail to somebody that has gone."""
    number = one_to(site, name)
    send_due(site.store, MailboxTransport(), site.handler, site.now, site.now)
    assert status(site, number)[0] == "sent"
    return number


def test_one_that_came_back_is_said_to_have_and_an_officer_is_told(
    site: Site, olive: Client, placement: Between
) -> None:
    number = gone(site, "Sally at Hill School")
    form = Page(olive.get(f"/emails/{number}")).form("It came back")
    refused = form.send(olive)
    assert refused.status_code == 422
    assert status(site, number)[0] == "sent"

    said = form.send(olive, because="There is no such address.")
    send_due(site.store, MailboxTransport(), site.handler, site.now, site.now)

    assert status(site, number) == ("failed", "It came back: There is no such address. (Olive Officer)")
    with site.store.reading() as connection:
        case = load_case(connection, placement.reference)
    notes = [task.note or "" for task in (case.tasks if case else ()) if task.name == "mail_failed"]
    assert [note.partition("example ")[2] for note in notes] == [
        "did not arrive. It came back: There is no such address. (Olive Officer)"
    ]
    shown = Page(olive.get(said.headers["location"])).text
    assert "It is marked as come back. An officer gets a task on its case" in shown
    assert "Came back It came back: There is no such address." in shown
    assert "Did it come back?" not in shown


def test_two_who_say_that_it_came_back_have_one_task_opened(site: Site, olive: Client, placement: Between) -> None:
    number = gone(site, "Sally at Hill School")
    form = Page(olive.get(f"/emails/{number}")).form("It came back")
    form.send(olive, because="There is no such address.")

    late = form.send(olive, because="The mailbox is full.")

    assert late.status_code == 409
    assert "It no longer stands as sent, so nothing was changed." in Page(late).text
    assert status(site, number)[1] == "It came back: There is no such address. (Olive Officer)"


@pytest.mark.parametrize("actor", [PETRA, PAT])
def test_to_anybody_else_there_are_no_such_pages(
    site: Site, placement: Between, client_as: ClientAs, actor: Actor
) -> None:
    number, client = one_to(site, "Sally at Hill School"), client_as(actor)

    for address in ("/emails", f"/emails/{number}"):
        assert client.get(address).status_code == 404
    assert client.post("/emails", data={"q": "sally"}).status_code == 404
    for ending in ("stop", "bounced"):
        assert client.post(f"/emails/{number}/{ending}", data={"because": "Mine"}).status_code == 404
    assert status(site, number)[0] == "queued"


def test_a_reminder_that_went_with_others_says_so(site: Site, client_as: ClientAs) -> None:
    for name in ("ann", "ben"):
        enquire(site.handler, contact_email=f"{name}@made-up.example")
    send_due(site.store, MailboxTransport(), site.handler, site.now, site.now)
    morning = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
    fire_due(site.handler, morning, machine_now=lambda: morning)
    officer = client_as(OLIVE)
    waits = one_to(site, "Alternative Learning Team")
    before = Page(officer.get(f"/emails/{waits}")).text
    send_due(site.store, MailboxTransport(), site.handler, lambda: morning, lambda: morning)

    shown = Page(officer.get(f"/emails/{waits}")).text

    assert "It waits for the other reminders of the morning." in before
    assert "It went as one line, with its subject, of an email that lists it and 1 other reminder to them." in shown
    assert "What it would say by itself" in shown
    assert "2 reminders of your work" not in Page(officer.get("/emails")).text
