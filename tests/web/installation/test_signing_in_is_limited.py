"""How often one may ask to sign in or type a code: strangers cannot guess, nor use up what an address's owner has."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from litestar import Request
from sqlalchemy import select

from apflow.clock import machine_now
from apflow.settings import Settings
from apflow.store import outbox
from apflow.store.people import sign_in
from apflow.store.tables.people import sessions, sign_in_links
from apflow.testing import MONDAY, OLIVE
from apflow.web.senders import sender_of, wait_to_ask
from apflow.web.site import Site
from tests.web.browsing import Client, a_browser_on
from tests.web.reading import Page

OLIVES, PETRAS, UNKNOWN = "olive@council.example", "petra@council.example", "nobody@nowhere.example"


@pytest.fixture
def stranger(site: Site) -> Iterator[Client]:
    with a_browser_on(site) as opened:
        yield opened


def ask(client: Client, email: str = OLIVES) -> Any:
    return client.post("/sign-in", data={"email": email})


def type_code(client: Client, code: str, email: str = OLIVES) -> Any:
    return client.post("/sign-in/code", data={"email": email, "code": code})


def newest_code(site: Site, email: str = OLIVES) -> str:
    with site.store.reading() as connection:
        (newest,) = outbox.recent_messages(connection, to_email=email, limit=1)
        row = outbox.message(connection, newest.id)
    found = re.search(r"^[0-9]{6}$", row.text if row else "", re.MULTILINE)
    assert found is not None
    return found[0]


def how_many_links(site: Site) -> int:
    with site.store.reading() as connection:
        return len(connection.execute(select(sign_in_links)).all())


def holding_back(site: Site, most: int) -> Site:
    return replace(site, settings=Settings(base_url=site.settings.base_url, sign_ins_per_sender=most))


def test_a_code_signs_in_where_it_was_asked_for_and_nowhere_else(site: Site, client: Client, stranger: Client) -> None:
    ask(client)
    code = newest_code(site)

    assert type_code(stranger, code).status_code == 422
    ask(stranger)
    assert type_code(stranger, code).status_code == 422
    assert type_code(client, f"{code[:3]} {code[3:]}").status_code == 303


def test_the_code_of_an_earlier_email_is_good_in_the_same_browser(site: Site, client: Client) -> None:
    ask(client)
    earlier = newest_code(site)
    ask(client)

    assert type_code(client, earlier).status_code == 303


def test_guesses_by_whoever_did_not_ask_spoil_no_code_and_end_soon(site: Site, client: Client) -> None:
    with a_browser_on(holding_back(site, 20)) as sprays:
        for email in (OLIVES, PETRAS):
            ask(client, email)
        statuses = [type_code(sprays, f"{n:06}", (OLIVES, PETRAS, UNKNOWN)[n % 3]).status_code for n in range(30)]

    assert statuses == [422] * 20 + [429] * 10
    with site.store.reading() as connection:
        assert set(connection.scalars(select(sign_in_links.c.wrong_codes))) == {0}
        assert connection.execute(select(sessions)).all() == []


def test_whoever_typed_too_many_codes_is_told_and_signs_in_by_the_link_all_the_same(site: Site) -> None:
    with a_browser_on(holding_back(site, 6)) as client:
        ask(client)
        for _ in range(6):
            type_code(client, "not a code")
        told = type_code(client, newest_code(site))
        assert told.status_code == 429
        assert "Too many codes were typed from your network in the last hour" in Page(told).text
        with site.store.writing() as connection:
            issued = sign_in.issue_link(connection, OLIVE.id or 0, machine_now())
        assert client.post(f"/continue/{issued.token}").status_code == 303


@pytest.mark.parametrize("email", [OLIVES, UNKNOWN, "a\x00b@nowhere.example"])
def test_the_seventh_request_for_one_address_is_told_so_whether_or_not_we_know_it(
    site: Site, client: Client, email: str
) -> None:
    answers = [ask(client, email) for _ in range(7)]

    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    told = Page(answers[-1]).text
    assert "Too many links were asked for with this address, or from your network, in the last hour" in told
    assert "or wait 60 minutes" in told
    assert how_many_links(site) == (6 if email == OLIVES else 0)
    assert ask(client, PETRAS).status_code == 200


def test_a_network_asks_often_but_not_for_ever(site: Site) -> None:
    with a_browser_on(holding_back(site, 10)) as school:
        statuses = [ask(school, f"teacher{number}@hill-school.example").status_code for number in range(12)]

    assert statuses == [200] * 10 + [429] * 2


def test_a_stranger_cannot_use_up_what_the_owner_of_an_address_has(site: Site) -> None:
    def wait(sender: str, email: str = OLIVES) -> timedelta | None:
        with site.store.writing() as connection:
            return wait_to_ask(connection, site, sender, email, MONDAY)

    assert [wait("192.0.2.1") for _ in range(20)] == [None] * 6 + [timedelta(hours=1)] * 14
    assert wait("198.51.100.7") is None
    assert wait("198.51.100.7", OLIVES.upper()) is None

    from_everywhere = [wait(f"203.0.113.{number}") for number in range(80)]
    assert from_everywhere.count(None) == 52, "one address gets sixty an hour in all"


def test_a_spent_link_sends_no_more_than_can_be_asked_for(site: Site, client: Client) -> None:
    with site.store.writing() as connection:
        issued = sign_in.issue_link(connection, OLIVE.id or 0, machine_now())
        sign_in.spend_link(connection, issued.token, machine_now())

    statuses = [client.post(f"/continue/{issued.token}/again").status_code for _ in range(7)]

    assert statuses == [200] * 6 + [429]
    assert OLIVES not in client.post(f"/continue/{issued.token}/again").text


def test_the_browser_that_asks_keeps_what_no_script_and_no_other_page_reads(site: Site, client: Client) -> None:
    for email in (OLIVES, UNKNOWN):
        kept = ask(client, email).headers["set-cookie"]
        assert kept.startswith("apflow_asked=")
        assert "HttpOnly" in kept
        assert "Path=/sign-in" in kept
        assert "SameSite=lax" in kept


@pytest.mark.parametrize(
    ("told", "sender"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        (None, "unknown"),
    ],
)
def test_a_sender_is_its_address_or_the_whole_network_that_one_household_is_given(
    told: str | None, sender: str
) -> None:
    scope = {"type": "http", "client": (told, 50000) if told else None}
    assert sender_of(Request(cast(Any, scope))) == sender
