"""Searching by a child's name: found again by going back, by whoever searched alone, and for no longer than a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.store.people.searches import forget_searches
from apflow.store.tables.lists import searches
from apflow.testing import OLIVE, OSCAR
from apflow.web.site import Site
from tests.records.council import WREN, a_pupil, a_school
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
THISTLE, SPARROW = "Thistle", "Sparrow"
GONE = "What was searched for here is kept for a day"


@pytest.fixture
def olive(site: Site, client_as: ClientAs) -> Client:
    a_school(site.handler)
    a_pupil(site.handler)
    a_pupil(site.handler, **WREN)
    return client_as(OLIVE)


def search(client: Client, text: str, path: str = "/pupils") -> str:
    """The address that a search leads to."""
    return str(client.post(path, data={"q": text}).headers["location"])


def test_what_was_searched_for_stands_in_no_address_and_is_shown_whenever_one_comes_back(olive: Client) -> None:
    address = search(olive, THISTLE)

    assert THISTLE.lower() not in address.lower()
    for _ in range(2):
        shown = Page(olive.get(address))
        assert "1 pupil found" in shown.text
        assert shown.form("Search").value("q") == THISTLE
        assert SPARROW not in shown.text


def test_an_empty_search_leads_to_the_whole_list(olive: Client) -> None:
    assert search(olive, "  ") == "/pupils"


def test_what_one_searched_for_is_not_for_a_colleague_who_is_sent_the_address(
    olive: Client, client_as: ClientAs
) -> None:
    address = search(olive, THISTLE)

    shown = Page(client_as(OSCAR).get(address))
    assert GONE in shown.text
    assert "2 pupils" in shown.text
    assert shown.form("Search").value("q") == ""


def test_a_search_of_one_list_is_none_of_another(olive: Client) -> None:
    token = search(olive, THISTLE).partition("?")[2]

    assert GONE in Page(olive.get(f"/emails?{token}")).text


@pytest.mark.parametrize("token", ["gone", "%00", "%ED%A0%80", "é", "a" * 5000])
def test_an_address_that_nobody_was_given_shows_the_whole_list_and_why(olive: Client, token: str) -> None:
    shown = olive.get(f"/pupils?search={token}")

    assert shown.status_code == 200
    assert GONE in Page(shown).text


def test_after_a_day_nobody_knows_what_was_searched_for(site: Site, olive: Client) -> None:
    address, later = search(olive, THISTLE), machine_now() + timedelta(days=1, seconds=1)
    forget_searches(site.store, machine_now())
    assert kept(site) == [THISTLE]

    forget_searches(site.store, later)

    assert kept(site) == []
    assert GONE in Page(olive.get(address)).text


def test_the_next_search_takes_with_it_what_was_searched_for_yesterday(site: Site, olive: Client) -> None:
    search(olive, THISTLE)
    with site.store.writing() as connection:
        connection.execute(update(searches).values(at=machine_now() - timedelta(days=1)))

    search(olive, SPARROW)

    assert kept(site) == [SPARROW]


def test_a_search_that_is_gone_on_with_in_a_file_has_the_same_rows(olive: Client) -> None:
    shown = Page(olive.get(search(olive, THISTLE)))

    file = olive.post("/pupils.csv", data={"q": shown.form("CSV").value("q")})
    assert THISTLE in file.text
    assert SPARROW not in file.text


def kept(site: Site) -> list[str]:
    with site.store.reading() as connection:
        return list(connection.execute(select(searches.c.text)).scalars())
