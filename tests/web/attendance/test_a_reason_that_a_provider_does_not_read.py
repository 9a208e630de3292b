"""A reason for an absence that is not for the provider: it reads that there is one, and takes it from nobody."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.tables.cases import cases
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil, kept, mark, said
from tests.web.api.client import ApiAs
from tests.web.attending import BASE, reader_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
KEY = "abcdefgh12345678" * 2
IN_WORDS, BY_NAME = "criminal justice detention", "detained"


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def reference(door: Handler, client_as: ClientAs) -> str:
    """A provider whose one pupil was absent on Monday morning, and is in detention, as the school has said."""
    case, _ = a_placed_pupil(door)
    mark(door, case, said(1, "absent"))
    answer = {"placement": "1", "day": "2026-11-02", "half": "am", "seen": "1", "key": KEY, "reason": BY_NAME}
    assert client_as(reader_of(door, SCHOOL_MAIL)).post("/attendance/schools/1", data=answer).status_code == 303
    with door.store.reading() as connection:
        return str(connection.execute(select(cases.c.reference).where(cases.c.id == case)).scalar_one())


def test_the_provider_reads_that_there_is_a_reason_and_not_which(client_as: ClientAs, reference: str) -> None:
    shown = client_as(PAT).get(f"/attendance/providers/{reference}").text

    assert "The school has given a reason" in shown
    assert IN_WORDS not in shown
    assert BY_NAME not in shown


def test_a_program_of_the_providers_reads_none(api_as: ApiAs, reference: str) -> None:
    (session, *_) = api_as(PAT).get(f"{BASE}/providers/{reference}").json()["sessions"]

    assert (session["mark"]["mark"], session["mark"]["reason"]) == ("absent", None)


def test_the_school_and_the_councils_staff_read_it(
    client_as: ClientAs, door: Handler, api_as: ApiAs, reference: str
) -> None:
    assert IN_WORDS in client_as(OLIVE).get(f"/attendance/providers/{reference}").text
    school = Page(client_as(reader_of(door, SCHOOL_MAIL)).get("/attendance/schools/1")).text
    assert "Y5 absent" in school
    assert f"in {IN_WORDS}" in school.lower()


def test_a_provider_that_saves_the_day_again_leaves_it(client_as: ClientAs, door: Handler, reference: str) -> None:
    pat, address = client_as(PAT), f"/attendance/providers/{reference}"
    pat.post(
        address, data={"key": KEY, "mark-1-am": "absent", "reason-1-am": "", "seen-1-am": "2", "mark-1-pm": "late"}
    )

    assert [row[2:] for row in kept(door)] == [
        ("am", 1, "absent", None),
        ("am", 2, "absent", BY_NAME),
        ("pm", 1, "late", None),
    ]


def test_a_provider_can_still_say_that_the_pupil_came(client_as: ClientAs, door: Handler, reference: str) -> None:
    address = f"/attendance/providers/{reference}"
    client_as(PAT).post(address, data={"key": KEY, "mark-1-am": "present", "seen-1-am": "2"})

    assert kept(door)[-1][2:] == ("am", 3, "present", None)


def test_the_everyday_reasons_stand_before_a_group_of_others(client_as: ClientAs, reference: str) -> None:
    shown = client_as(PAT).get(f"/attendance/providers/{reference}").text
    before, _, others = shown.partition('<optgroup label="Other reasons">')

    assert 'value="ill"' in before
    assert 'value="no_travel"' not in before
    assert 'value="no_travel"' in others.partition("</optgroup>")[0]
