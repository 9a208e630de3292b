"""The pages of an import: sent, looked at, refused or brought in, and only by whoever sent it."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, OLIVE, PETRA
from tests.records.test_taking_over import HEADINGS, KITE
from tests.web.browsing import Client
from tests.web.reading import Page

BY_HAND: dict[str, Any] = {
    "organisation": "Hand Barn",
    "registration": "not_needed",
    "description": "Baskets.",
    "ages": ["ks3"],
    "places": ["bath"],
    "subjects": ["arts"],
    "needs": ["semh"],
    "days": ["monday"],
    "contact_name": "Hanna Sample",
    "contact_email": "hanna@sample.example",
    "postcode": "BA1 1AA",
    "listed_since__day": "1",
    "listed_since__month": "9",
    "listed_since__year": "2020",
}
ClientAs = Callable[[Actor], Client]
GOOD = b"Name,URN,Colour\nHill School,999901,green\nVale Academy,999902,blue\n"
BAD = b"Name,URN\nHill School,12\n,999902\n"


@pytest.fixture
def olive(client_as: ClientAs) -> Client:
    return client_as(OLIVE)


def send(client: Client, content: bytes, kind: str = "schools") -> Response:
    files = {"file": ("schools.csv", content, "text/csv")}
    return Page(client.get("/import")).form("Look at it").send(client, kind=kind, files=files)


def test_a_file_is_looked_at_and_then_imported(olive: Client) -> None:
    address = send(olive, GOOD).headers["location"]
    shown = Page(olive.get(address))
    assert "2 rows: 2 new, 0 changed, 0 the same." in shown.text
    assert "Columns that are not used: Colour." in shown.text
    assert "There are none yet." in olive.get("/schools").text

    done = shown.form("Import").send(olive)

    assert "2 new" in Page(olive.get(done.headers["location"])).text
    assert "Hill School" in olive.get("/schools").text
    assert "schools.csv" in Page(olive.get("/import")).below("Imported last")


def test_pressing_import_twice_imports_once(olive: Client) -> None:
    address = send(olive, GOOD).headers["location"]

    answers = [olive.post(address).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert "2 new" in olive.get(address).text


def test_the_same_file_again_has_nothing_to_import(olive: Client) -> None:
    olive.post(send(olive, GOOD).headers["location"])

    shown = Page(olive.get(send(olive, GOOD).headers["location"]))

    assert "Everything in the file is here already" in shown.text
    assert not shown.has_button("Import this")


def test_a_bad_file_is_explained_row_by_row_and_cannot_be_imported(olive: Client) -> None:
    address = send(olive, BAD).headers["location"]

    shown = Page(olive.get(address))

    assert "2 of 2 rows are wrong" in shown.text
    assert "Row 2\nURN\nUnique reference number (URN): a URN is a number of 6 digits" in shown.text
    assert "Row 3\nName\nThis cell is empty, and is needed" in shown.text
    assert olive.post(address).status_code == 409
    assert "There are none yet." in olive.get("/schools").text


def test_a_file_without_a_needed_column_is_refused_by_name(olive: Client) -> None:
    answer = olive.get(send(olive, GOOD, "placements").headers["location"])

    assert answer.status_code == 422
    assert "“Surname”" in Page(answer).text


def test_sending_nothing_says_what_is_missing(olive: Client) -> None:
    answer = Page(olive.get("/import")).form("Look at it").send(olive)

    assert answer.status_code == 422
    assert Page(answer).errors == {"kind": "Choose what is in the file", "file": "Choose a file that is not empty"}


def test_a_file_is_nobody_else_s_to_look_at(client_as: ClientAs, olive: Client) -> None:
    address = send(olive, GOOD).headers["location"]

    assert client_as(MAGDA).get(address).status_code == 404
    assert client_as(PETRA).get("/import").status_code == 404
    assert client_as(PETRA).post("/import", files={"file": ("a.csv", GOOD)}).status_code == 404
    assert olive.get("/import/nothing").status_code == 404


def test_the_list_as_it_was_is_imported_and_anybody_can_read_it(olive: Client) -> None:
    done = olive.post(send(olive, (HEADINGS + KITE).encode(), "providers").headers["location"])

    assert "1 new" in Page(olive.get(done.headers["location"])).text
    assert "Kite Barn" in Page(olive.get("/approved-list")).text


def test_a_single_provider_is_taken_over_by_hand(olive: Client) -> None:
    form = Page(olive.get(Page(olive.get("/import")).link("taken over by hand"))).form("Take over a provider")

    checked = Page(form.send(olive, **BY_HAND))
    sent = checked.form("Send").send(olive, "Send")

    assert sent.status_code == 303
    assert "Hand Barn" in Page(olive.get("/approved-list")).text
