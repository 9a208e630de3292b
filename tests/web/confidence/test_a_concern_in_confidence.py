"""A concern that is reported without a name: who is told who sent it, and that the form says so before."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.reading.history import broken_chains
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.limits import tries
from apflow.testing import MAGDA, OLIVE, PAT
from tests.web.api.client import ApiAs
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
TOLD: dict[str, Any] = {"organisation": "Made Up Farm", "what_happened": "The head shouts at children."}
UNNAMED = "Somebody who gave no name"


def report(client: Client, store: Store, **said: str) -> str:
    """Send the form with these answers, and those left empty that are not given; the reference."""
    form = Page(client.get("/start/report_concern")).forms[-1]
    check = form.send(client, **{**TOLD, "reporter_name": "", "reporter_email": "", **said})
    sent = Page(check).forms[-1].send(client, "Send")
    assert sent.status_code == 303, sent.text
    with store.reading() as connection:
        found = connection.execute(select(cases.c.reference).where(cases.c.workflow == "concern")).scalars().all()
    return str(found[-1])


def read_by(who: Actor, reference: str, client_as: ClientAs, api_as: ApiAs) -> list[str]:
    pages = [client_as(who).get(f"/cases/{reference}{end}").text for end in ("", "/timeline")]
    return pages + [api_as(who).get(f"/api/v1/cases/{reference}{end}").text for end in ("", "/history")]


def test_who_leaves_their_name_empty_is_named_to_nobody_who_looks_into_it_and_is_kept(
    store: Store, client_as: ClientAs, api_as: ApiAs
) -> None:
    reference = report(client_as(PAT), store)
    for where in read_by(OLIVE, reference, client_as, api_as):
        assert "Pat" not in where
    assert UNNAMED in client_as(OLIVE).get(f"/cases/{reference}/timeline").text
    for where in read_by(MAGDA, reference, client_as, api_as)[1::2]:
        assert "Pat Provider" in where, "a manager may have to know"
    with store.reading() as connection:
        names = connection.execute(select(history.c.actor_name).where(history.c.version == 1)).scalars().all()
        assert "Pat Provider" in names
        assert list(broken_chains(connection)) == []


def test_who_gives_a_name_is_named(store: Store, client_as: ClientAs, api_as: ApiAs) -> None:
    reference = report(client_as(PAT), store, reporter_name="Pat P.")
    page, timeline, _, told = read_by(OLIVE, reference, client_as, api_as)
    assert "Pat P." in page
    assert ("Pat Provider" in timeline, "Pat Provider" in told) == (True, True)


def test_the_form_says_to_whoever_is_signed_in_who_can_see_that_it_was_they(client_as: ClientAs) -> None:
    form = Page(client_as(PAT).get("/start/report_concern")).text
    assert "You are signed in as Pat Provider." in form
    assert "the Alternative Learning Team managers can see that" in form
    assert "this form works without signing in" in form
    assert "You are signed in as" not in Page(client_as(PAT).get("/start/enquire")).text


def test_it_is_reported_without_signing_in_too_and_then_nobody_knows_who_it_was(
    store: Store, client: Client, client_as: ClientAs
) -> None:
    form = Page(client.get("/start/report_concern")).text
    assert "We are not told who you are, unless you say so here." in form
    assert "999" in form
    reference = report(client, store)
    for who in (OLIVE, MAGDA):
        assert "The head shouts at children." in client_as(who).get(f"/cases/{reference}").text
    assert UNNAMED in client_as(OLIVE).get(f"/cases/{reference}/timeline").text, "as of somebody with an account"
    assert "A member of the public" in client_as(MAGDA).get(f"/cases/{reference}/timeline").text
    assert client_as(PAT).get(f"/cases/{reference}").status_code == 404


def test_those_who_give_no_address_do_not_wait_for_each_other(store: Store, client: Client) -> None:
    report(client, store)
    report(client, store, reporter_email="ann@home.example")
    with store.reading() as connection:
        senders = connection.execute(select(tries.c.sender)).scalars().all()
    assert len(senders) == 2, "where it came from, and the one address that was given"
