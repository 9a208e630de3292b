"""Whoever of the staff causes an e-mail to somebody outside sees whom it goes to, and can take it back for a minute."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.core.snapshot import OpenTask
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport
from apflow.store.cases.loading import load_case
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, OSCAR, PAT, PETRA, a_message, enquire
from apflow.web.site import Site
from tests.shell.looking import queue
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
A_MINUTE = timedelta(seconds=60)


@pytest.fixture
def invited(site: Site) -> str:
    """A provider that OLIVE has just invited to apply."""
    reference = enquire(site.handler)
    send_due(site.store, MailboxTransport(), site.handler, site.now, site.now)
    site.handler.fire(reference, "invite", {}, actor=OLIVE, now=site.now())
    return reference


def to_pat(site: Site, reference: str) -> tuple[int, str, str]:
    """The last e-mail of the case: its number, how far it got, and why no further."""
    with site.store.reading() as connection:
        case = load_case(connection, reference)
        query = select(messages).where(messages.c.case_id == (case.id if case else 0)).order_by(messages.c.id.desc())
        row = connection.execute(query).first()
    assert row is not None
    return row.id, row.status, row.error or ""


def drain(site: Site, later: timedelta = timedelta(0)) -> int:
    return send_due(site.store, MailboxTransport(), site.handler, lambda: site.now() + later, site.now)


def test_it_waits_a_minute_and_then_goes(site: Site, invited: str) -> None:
    assert drain(site, timedelta(seconds=59)) == 0
    assert to_pat(site, invited)[1] == "queued"
    assert drain(site, A_MINUTE) == 1
    assert to_pat(site, invited)[1] == "sent"


def test_whoever_caused_it_sees_to_whom_it_goes_and_takes_it_back(
    site: Site, client_as: ClientAs, invited: str
) -> None:
    olive = client_as(OLIVE)
    page = Page(olive.get(f"/cases/{invited}"))
    assert "An email goes in 60 seconds" in page.text
    assert "to Pat Provider, pat@made-up-farm.example" in page.text
    assert "That stops the email alone: what you did stands." in page.text

    back = page.form("Do not send").send(olive)

    assert to_pat(site, invited)[1:] == ("failed", "Stopped by Olive Officer, who had caused it")
    shown = Page(olive.get(back.headers["location"])).text
    assert "The email does not go" in shown
    assert "An email goes in" not in shown


def alerts(site: Site, reference: str) -> list[OpenTask]:
    with site.store.reading() as connection:
        case = load_case(connection, reference)
    return [task for task in (case.tasks if case else ()) if task.is_alert]


def test_the_page_says_at_once_what_stands_who_reads_it_and_what_is_to_do(
    site: Site, client_as: ClientAs, invited: str
) -> None:
    olive = client_as(OLIVE)
    back = Page(olive.get(f"/cases/{invited}")).form("Do not send").send(olive)

    answer = olive.get(back.headers["location"])
    page = Page(answer)

    (task,) = alerts(site, invited)
    assert task.name == "mail_stopped"
    assert "What you did stands: the case is “Gathering evidence”" in page.text
    assert "Pat Provider can read on their own page of it “Send us your documents”" in page.text
    assert page.link("An email was stopped, and what it tells of stands: tell them otherwise") == f"#task-{task.id}"
    assert f'id="task-{task.id}"' in answer.text
    assert "(provider/invited_to_apply)" not in page.text
    assert "Since you last looked" not in page.text

    drain(site, A_MINUTE)
    assert [one.id for one in alerts(site, invited)] == [task.id]


def test_whom_it_was_kept_back_from_does_not_read_that_they_were_told(
    site: Site, client_as: ClientAs, invited: str
) -> None:
    olive = client_as(OLIVE)
    Page(olive.get(f"/cases/{invited}")).form("Do not send").send(olive)

    done = Page(client_as(PAT).get(f"/cases/{invited}")).below("Done")

    assert "Your enquiry: we have received it" in done
    assert "Your application: send us your documents" not in done


def test_an_address_that_says_what_did_not_happen_is_not_believed(
    site: Site, client_as: ClientAs, invited: str
) -> None:
    assert "does not go" not in client_as(OLIVE).get(f"/cases/{invited}?taken_back=1&of=1").text


def test_it_can_be_taken_back_from_the_next_case_that_opened_by_itself(site: Site, client_as: ClientAs) -> None:
    first, olive = enquire(site.handler), client_as(OLIVE)
    second = enquire(site.handler, organisation="Second Barn")
    Page(olive.get("/work")).form("Open it by itself").send(olive, "Open it by itself")
    form = Page(olive.get(f"/cases/{first}/do/invite")).form("Invite the provider")
    done = form.send(olive, "Invite the provider").headers["location"]
    following = olive.get(done).headers["location"]
    assert following.startswith(f"/cases/{second}?")

    back = Page(olive.get(following)).form("Do not send").send(olive)

    assert back.headers["location"] == f"/cases/{first}?taken_back=1&of=1"
    assert to_pat(site, first)[1] == "failed"


def test_of_several_each_can_be_taken_back_by_itself(site: Site, client_as: ClientAs, invited: str) -> None:
    with site.store.reading() as connection:
        first = connection.execute(select(messages).where(messages.c.id == to_pat(site, invited)[0])).one()
    more = {"case_id": first.case_id, "queued_at": first.queued_at, "next_at": first.next_at}
    queue(site.store, a_message(**more, to_name="Wrong Person", to_email="wrong@sample.example"))
    olive = client_as(OLIVE)
    page = Page(olive.get(f"/cases/{invited}"))
    assert "2 emails go in 60 seconds" in page.text

    none_chosen = page.form("Do not send").send(olive)
    assert "No email was chosen, so those that wait go" in Page(olive.get(none_chosen.headers["location"])).text
    back = page.form("Do not send").send(olive, email=str(to_pat(site, invited)[0]))

    assert "The email does not go" in Page(olive.get(back.headers["location"])).text
    assert drain(site, A_MINUTE) == 1


def test_one_that_has_gone_meanwhile_is_said_to_have(site: Site, client_as: ClientAs, invited: str) -> None:
    olive = client_as(OLIVE)
    form = Page(olive.get(f"/cases/{invited}")).form("Do not send")
    drain(site, A_MINUTE)

    late = form.send(olive)

    assert to_pat(site, invited)[1] == "sent"
    assert "The email had gone already" in Page(olive.get(late.headers["location"])).text


@pytest.mark.parametrize("actor", [OSCAR, PETRA])
def test_nobody_else_takes_it_back(site: Site, client_as: ClientAs, invited: str, actor: Actor) -> None:
    other = client_as(actor)

    other.post(f"/cases/{invited}/take-back", data={"email": str(to_pat(site, invited)[0])})

    assert "An email goes" not in other.get(f"/cases/{invited}").text
    assert to_pat(site, invited)[1] == "queued"


def test_an_outsider_has_no_such_page(site: Site, client_as: ClientAs, invited: str) -> None:
    refused = client_as(PAT).post(f"/cases/{invited}/take-back", data={"email": str(to_pat(site, invited)[0])})

    assert refused.status_code == 404
    assert to_pat(site, invited)[1] == "queued"


@pytest.mark.parametrize("given", ["", "x", "99999999999999999999", "-1", "²"])
def test_what_is_no_email_of_the_case_stops_nothing(site: Site, client_as: ClientAs, invited: str, given: str) -> None:
    answer = client_as(OLIVE).post(f"/cases/{invited}/take-back", data={"email": given})

    assert answer.status_code == 303
    assert to_pat(site, invited)[1] == "queued"


def test_what_a_provider_or_the_clock_causes_goes_at_once(site: Site) -> None:
    reference = enquire(site.handler)
    with site.store.reading() as connection:
        rows = connection.execute(select(messages.c.next_at, messages.c.queued_at)).all()

    assert rows
    assert all(row.next_at == row.queued_at for row in rows)
    assert reference
    assert site.now() >= MONDAY
