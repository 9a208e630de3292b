"""After a day on which the mail server was wrong the e-mails that did not go are sent again in one step, each once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from apflow.core.people.actor import Actor
from apflow.sending.mailer import send_due
from apflow.sending.transports import SmtpTransport
from apflow.store.outbox import message
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, OSCAR, PAT, enquire
from apflow.web.site import Site
from tests.smtp import Inbox, smtp_settings
from tests.web.browsing import Client
from tests.web.reading import Page

RECEIVED = "provider/enquiry_received"
NAMES = ("ann", "ben", "cem")


@pytest.fixture
def olive(client_as: Callable[[Actor], Client]) -> Client:
    return client_as(OLIVE)


@pytest.fixture
def failed(site: Site) -> list[Row[Any]]:
    """What three providers were written, and a server that was wrong would not take; all else has gone."""
    for name in NAMES:
        enquire(site.handler, contact_email=f"{name}@made-up.example")
    with site.store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))
        wrong = {"status": "failed", "sent_at": None, "error": "554 No relaying", "alerted_at": MONDAY}
        connection.execute(update(messages).where(messages.c.notice == RECEIVED).values(wrong))
    return of(site)


def of(site: Site) -> list[Row[Any]]:
    with site.store.reading() as connection:
        return list(connection.execute(select(messages).where(messages.c.notice == RECEIVED).order_by(messages.c.id)))


def test_all_of_them_go_in_one_step_once_somebody_has_seen_to_whom(
    site: Site, olive: Client, failed: list[Row[Any]], inbox: Inbox
) -> None:
    assert "3 emails did not go" in Page(olive.get("/emails")).text
    asked = Page(Page(olive.get("/emails/failed")).form("Go on").send(olive))
    sent = asked.form("Send 3 emails again").send(olive)
    later = site.now() + timedelta(minutes=2)
    send_due(site.store, SmtpTransport(smtp_settings(inbox.port)), site.handler, lambda: later, site.now)

    assert all(f"{name}@made-up.example" in asked.text for name in NAMES)
    assert "3 emails are written again" in Page(olive.get(sent.headers["location"])).text
    assert [row.status for row in of(site)] == ["failed"] * 3 + ["sent"] * 3
    assert {row.error for row in of(site)[:3]} == {"Sent again by Olive Officer."}
    assert len(inbox.messages) == 3
    assert "There is none that can be sent again" in Page(olive.get("/emails/failed")).text


def test_the_chosen_go_and_the_others_stay(site: Site, olive: Client, failed: list[Row[Any]]) -> None:
    chosen = Page(olive.get("/emails/failed")).form("Go on").send(olive, email=[str(failed[1].id)])
    Page(chosen).form("Send one email again").send(olive)

    assert [row.to_email for row in of(site)[3:]] == ["ben@made-up.example"]


def test_nothing_goes_twice_however_often_it_is_pressed(site: Site, olive: Client, failed: list[Row[Any]]) -> None:
    form = Page(Page(olive.get("/emails/failed")).form("Go on").send(olive)).form("Send 3 emails again")
    site.handler.send_again(reference(site, failed[0]), failed[0].id, actor=OSCAR, now=MONDAY)
    first, second = form.send(olive), form.send(olive)

    assert first.headers["location"] == "/emails/failed?again=2&left=1"
    assert second.headers["location"] == "/emails/failed?again=0&left=3"
    assert len(of(site)) == 6
    assert "3 were not sent again" in Page(olive.get(second.headers["location"])).text


def test_one_that_cannot_be_sent_again_stands_there_with_the_reason(
    site: Site, olive: Client, failed: list[Row[Any]]
) -> None:
    said = {"contact_name": "Nell New", "contact_email": "nell@made-up.example", "how_known": "We rang them."}
    site.handler.fire(reference(site, failed[0]), "change_contact", said, actor=OLIVE, now=MONDAY)
    shown = Page(olive.get("/emails/failed"))

    assert "would not write to ann@made-up.example now" in shown.below("They cannot be sent again")
    assert [value for name, value in shown.form("Go on").values if name == "email"] == [
        str(row.id) for row in reversed(failed[1:])
    ]


def test_without_a_choice_it_is_asked_for_and_one_that_may_have_arrived_is_not_chosen_beforehand(
    site: Site, olive: Client, failed: list[Row[Any]]
) -> None:
    with site.store.writing() as connection:
        doubted = {"status": "uncertain", "error": None}
        connection.execute(update(messages).where(messages.c.notice == RECEIVED).values(doubted))
    refused = Page(olive.get("/emails/failed")).form("Go on").send(olive)

    assert refused.status_code == 422
    assert "Choose at least one email that can be sent again" in Page(refused).text
    assert len(of(site)) == len(failed)


def test_nobody_else_sees_or_sends_them(
    site: Site, client_as: Callable[[Actor], Client], failed: list[Row[Any]]
) -> None:
    pat, numbers = client_as(PAT), [str(row.id) for row in failed]

    assert pat.get("/emails/failed").status_code == 404
    assert pat.post("/emails/failed/again", data={"email": numbers}).status_code == 404
    assert len(of(site)) == len(failed)


def reference(site: Site, row: Row[Any]) -> str:
    with site.store.reading() as connection:
        found = message(connection, row.id)
    assert found is not None
    return str(found.reference)
