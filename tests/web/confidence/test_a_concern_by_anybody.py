"""A concern that somebody reports without signing in: the number to ring back, and what is said and sent then."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, OLIVE
from tests.web.browsing import Client
from tests.web.confidence.test_a_concern_in_confidence import report
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


def sent(store: Store, notice: str) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(messages).where(messages.c.notice == f"concern/{notice}")).all())


def test_their_number_is_for_whoever_looks_into_it_and_in_no_email(
    client: Client, store: Store, client_as: ClientAs
) -> None:
    reference = report(client, store, reporter_phone="01632 960123")

    assert "01632 960123" in Page(client_as(OLIVE).get(f"/cases/{reference}")).text
    with store.reading() as connection:
        written = connection.execute(select(messages)).all()
    assert not any("01632 960123" in f"{one.subject}{one.text}{one.html}" for one in written)


def test_a_manager_is_told_as_of_any_other_that_nobody_has_taken_on(client: Client, store: Store) -> None:
    report(client, store)

    assert [mail.to_email for mail in sent(store, "to_see_read")] == [EMAILS[MAGDA]]


def test_whoever_gives_an_address_and_no_name_is_not_called_by_their_address(client: Client, store: Store) -> None:
    report(client, store, reporter_email="neighbour@family.example")

    (mail,) = sent(store, "received")
    assert mail.text.startswith("Hello\n\nThank you")
    assert "Dear" not in mail.html


def test_the_page_after_sending_says_whom_to_ring_and_leads_nobody_to_a_home_that_they_have_not(
    client: Client, store: Store
) -> None:
    form = Page(client.get("/start/report_concern")).forms[-1]
    told = {"organisation": "Made Up Farm", "what_happened": "A child was alone outside."}
    answer = Page(form.send(client, **told)).forms[-1].send(client, "Send")

    after = Page(client.get(answer.headers["location"]))

    assert "ring 999" in after.text
    assert "Go to your home page" not in after.text
    assert after.link("Back to the start") == "/"
