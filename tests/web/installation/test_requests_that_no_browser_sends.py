"""What nobody's browser sends of itself is refused in words, like anything else: it is never a fault of ours."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.tables.cases import cases
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.records.attendance import a_placed_pupil
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
UNKNOWN_ENCODING = (
    "--line\r\n"
    'Content-Disposition: form-data; name="email"\r\n'
    "Content-Type: text/plain; charset=utf-99\r\n\r\n"
    "somebody@made-up.example\r\n"
    "--line--\r\n"
)
NESTED = "[" * 100_000


@pytest.fixture
def provider(site: Site) -> str:
    """A provider with one pupil, as its pages of attendance know it."""
    case, _ = a_placed_pupil(site.handler)
    with site.store.reading() as connection:
        return str(connection.execute(select(cases.c.reference).where(cases.c.id == case)).scalar_one())


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_a_day_that_nobody_marked_is_taken_for_today(client_as: ClientAs, provider: str, day: str) -> None:
    olive = client_as(OLIVE)

    for address in (f"/attendance/providers/{provider}", "/attendance/schools/1", "/placements/1/attendance"):
        assert Page(olive.get(f"{address}?day={day}")).text == Page(olive.get(address)).text


@pytest.mark.parametrize("address", ["/sign-in", "/import"])
def test_a_form_in_an_unknown_encoding_is_refused_in_words(client_as: ClientAs, address: str) -> None:
    sent = {"content-type": "multipart/form-data; boundary=line"}

    answer = client_as(OLIVE).post(address, content=UNKNOWN_ENCODING, headers=sent)

    assert answer.status_code == 400
    assert "Send it as UTF-8" in answer.text


@pytest.mark.parametrize("origin", ["http://[bad", "null", "http://[::1", ""])
def test_an_origin_that_is_no_address_is_another_site(client: Client, origin: str) -> None:
    assert client.post("/sign-in", data={}, headers={"origin": origin}).status_code == 403


def test_marks_nested_without_end_are_no_marks(client_as: ClientAs, provider: str) -> None:
    sent = {"content-type": "application/json"}

    answer = client_as(PAT).post(f"/attendance/providers/{provider}/marks", content=NESTED, headers=sent)

    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["%00", "a%00.css", "a" * 300, "a/" * 3000])
def test_a_file_that_no_disk_could_have_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
