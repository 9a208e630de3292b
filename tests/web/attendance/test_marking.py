"""The provider's page: a day marked by a form or from a queue, and nothing of it for anybody else."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.tables.cases import cases
from apflow.store.tables.records import record_reads
from apflow.testing import DAN, MONDAY, OLIVE, PAT, PETRA, StoppedClock
from apflow.web.site import Site
from tests.records.attendance import a_placed_pupil, a_plan, kept, letters, own_dates, paused
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
KEY = "abcdefgh12345678"


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def address(door: Handler) -> str:
    """The marking page of a provider with one pupil, whose placement has the number 1."""
    case, _ = a_placed_pupil(door)
    with door.store.reading() as connection:
        reference = connection.execute(select(cases.c.reference).where(cases.c.id == case)).scalar_one()
        assert load_case(connection, reference)
    return f"/attendance/providers/{reference}"


def a_mark(**more: Any) -> dict[str, Any]:
    return {"placement": 1, "day": "2026-11-02", "half": "am", "mark": "present", "key": KEY, "seen": 0} | more


def test_a_day_is_marked_by_a_form_without_a_script(client_as: ClientAs, door: Handler, address: str) -> None:
    pat = client_as(PAT)
    page = Page(pat.get(address))
    assert "Pip Sparrow" in page.text
    assert "1 of 1 not marked" in page.text

    answer = pat.post(address, data={"key": KEY * 2, "mark-1-am": "absent", "reason-1-am": "ill", "mark-1-pm": "late"})

    assert answer.headers["location"] == f"{address}?day=2026-11-02&saved=2"
    assert [row[2:] for row in kept(door)] == [("am", 1, "absent", "ill"), ("pm", 1, "late", None)]
    page = Page(pat.get(answer.headers["location"]))
    assert "Absent, marked by Pat Provider at 10am" in page.text
    assert "Morning All marked" in page.text


def test_a_form_that_is_sent_twice_marks_once(client_as: ClientAs, door: Handler, address: str) -> None:
    pat = client_as(PAT)
    for _ in range(2):
        assert pat.post(address, data={"key": KEY * 2, "mark-1-am": "absent"}).status_code == 303

    assert len(kept(door)) == 1
    assert len(letters(door, "unexplained_absence")) == 1


def test_one_button_marks_whoever_is_left_as_present(client_as: ClientAs, door: Handler, address: str) -> None:
    wren = a_placement(door, a_pupil(door, **WREN))
    a_plan(door, wren)
    pat = client_as(PAT)

    pat.post(address, data={"key": KEY * 2, "mark-1-am": "absent", "reason-1-am": "ill", "all_present": "am"})

    assert [(row[0], *row[2:]) for row in kept(door)] == [
        (1, "am", 1, "absent", "ill"),
        (wren, "am", 1, "present", None),
    ]


def test_whose_school_is_closed_is_not_asked_for_and_can_be_marked(
    client_as: ClientAs, door: Handler, address: str
) -> None:
    a_school(door, **VALE)
    wren = a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy"))
    a_plan(door, wren)
    own_dates(door, inset="2/11/2026")
    pat = client_as(PAT)

    page = Page(pat.get(address))
    assert "1 of 1 not marked" in page.text
    assert "Not asked for, as their school is closed: 1 pupil" in page.text
    assert "INSET day" in page.text
    pat.post(address, data={"key": KEY * 2, "all_present": "am"})
    assert [row[0] for row in kept(door)] == [wren]

    pat.post(address, data={"key": KEY * 3, "mark-1-am": "late"})
    assert [(row[0], row[4]) for row in kept(door)] == [(wren, "present"), (1, "late")]
    assert "Late, marked by Pat Provider" in Page(pat.get(address)).text
    assert "1 not marked" in Page(client_as(OLIVE).get("/attendance")).text


def test_where_every_school_is_closed_the_page_says_so(client_as: ClientAs, door: Handler, address: str) -> None:
    own_dates(door, inset="2/11/2026")
    assert "No session is planned: the pupils’ schools are closed." in Page(client_as(PAT).get(address)).text
    assert "No session is planned: School holiday." in Page(client_as(PAT).get(f"{address}?day=2026-10-28")).text


def test_what_somebody_else_marked_meanwhile_is_told_and_stands(
    client_as: ClientAs, door: Handler, address: str
) -> None:
    client_as(OLIVE).post(address, data={"key": KEY * 2, "mark-1-am": "absent", "reason-1-am": "ill", "seen-1-am": "0"})

    answer = client_as(PAT).post(address, data={"key": KEY * 3, "mark-1-am": "present", "seen-1-am": "0"})

    assert answer.status_code == 409
    assert "Olive Officer marked the morning of 2 Nov 2026 as absent meanwhile." in Page(answer).text
    assert len(kept(door)) == 1


def test_a_queue_is_sent_with_what_became_of_each(client_as: ClientAs, door: Handler, address: str) -> None:
    marks = [a_mark(marked_at="2026-11-02T09:05:00Z"), a_mark(key=KEY + "2", placement=77)]

    answers = [client_as(PAT).post(f"{address}/marks", json={"marks": marks}).json()["taken"] for _ in range(2)]

    assert [[one["became"] for one in taken] for taken in answers] == [["kept", "refused"], ["known", "refused"]]
    assert answers[0][0] == {"key": KEY, "became": "kept", "number": 1, "stands": "present", "message": ""}
    assert len(kept(door)) == 1


WRONG: list[dict[str, Any]] = [
    {"placement": True},
    {"placement": 99_999_999_999},
    {"day": "soon"},
    {"half": []},
    {"mark": "ill"},
    {"key": 7},
    {"reason": 7},
    {"marked_at": "2026-11-02"},
]
LISTS: list[Any] = [1, [1], [{}], [None], *([a_mark(**wrong)] for wrong in WRONG)]
BODIES = [b"", b"[]", b"{", b"\xff", *(json.dumps({"marks": marks}).encode() for marks in LISTS)]


@pytest.mark.parametrize("body", BODIES)
def test_what_is_no_list_of_marks_is_refused(client_as: ClientAs, door: Handler, address: str, body: bytes) -> None:
    answer = client_as(PAT).post(f"{address}/marks", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 422
    assert kept(door) == []


def test_a_far_away_day_is_answered_and_not_a_fault(client_as: ClientAs, door: Handler, address: str) -> None:
    sent = {"marks": [a_mark(day="0001-01-01"), a_mark(day="9999-12-31", key=KEY + "2")]}

    answer = client_as(PAT).post(f"{address}/marks", json=sent)

    assert [one["became"] for one in answer.json()["taken"]] == ["refused", "refused"]


def test_whoever_is_signed_out_is_asked_to_sign_in_and_nothing_is_lost(client: Client, address: str) -> None:
    assert client.post(f"{address}/marks", json={"marks": []}).status_code == 401
    assert client.post(address, data={"mark-1-am": "absent"}).status_code == 401
    assert client.get(address).status_code == 303


@pytest.mark.parametrize("person", [DAN, PETRA], ids=["another provider", "a panel member"])
def test_to_others_it_looks_as_if_there_were_no_such_provider(
    client_as: ClientAs, door: Handler, address: str, person: Actor
) -> None:
    browser = client_as(person)
    theirs = [browser.get(address), browser.post(address, data={"mark-1-am": "absent"})]
    theirs.append(browser.post(f"{address}/marks", json={"marks": [a_mark()]}))
    missing = address[:-4] + "ZZZZ"
    none = [browser.get(missing), browser.post(missing, data={}), browser.post(f"{missing}/marks", json={"marks": []})]

    assert [answer.status_code for answer in (*theirs, *none)] == [404] * 6
    assert theirs[0].text.replace(address, missing) == none[0].text
    assert theirs[2].json() == none[2].json()
    assert kept(door) == []


def test_every_look_at_a_pupil_is_noted(client_as: ClientAs, door: Handler, address: str) -> None:
    client_as(PAT).get(address)

    with door.store.reading() as connection:
        noted = connection.execute(select(record_reads.c.person_id, record_reads.c.page)).all()
    assert [tuple(row) for row in noted] == [(PAT.id, "Attendance at Made Up Farm")]


@pytest.mark.parametrize("day", ["2026-10-28", "2026-10-31"])
def test_a_day_without_sessions_says_why(client_as: ClientAs, address: str, day: str) -> None:
    assert "No session is planned" in Page(client_as(PAT).get(f"{address}?day={day}")).text


def test_what_was_long_ago_is_shown_and_not_asked_and_the_council_corrects_it(
    client_as: ClientAs, door: Handler, address: str, clock: StoppedClock
) -> None:
    client_as(PAT).post(address, data={"key": KEY * 2, "mark-1-am": "absent", "reason-1-am": "ill"})
    clock.at = MONDAY + timedelta(days=61)
    that_day = f"{address}?day=2026-11-02"

    page = Page(client_as(PAT).get(that_day))
    assert "Pip Sparrow: absent (ill), marked by Pat Provider" in page.text
    assert "Pip Sparrow: not marked" in page.text
    assert "the council can correct it" in page.text
    assert "All present" not in page.text

    olive = client_as(OLIVE)
    seen = {"day": "2026-11-02", "seen-1-am": "1"}
    olive.post(address, data={"key": KEY * 2, "mark-1-am": "present", **seen})
    assert [row[2:] for row in kept(door)] == [("am", 1, "absent", "ill"), ("am", 2, "present", None)]
    assert "Present, marked by Olive Officer" in Page(olive.get(that_day)).text


def test_a_day_to_come_is_shown_as_today(client_as: ClientAs, address: str) -> None:
    assert "today, Monday 2 November 2026" in Page(client_as(PAT).get(f"{address}?day=2027-01-11")).text


def test_everybody_begins_at_the_same_address(client_as: ClientAs, address: str) -> None:
    assert client_as(PAT).get("/attendance").headers["location"] == address
    assert "You have nobody’s attendance" in Page(client_as(DAN).get("/attendance")).text
    day = Page(client_as(OLIVE).get("/attendance"))
    assert "Made Up Farm" in day.text
    assert "2 not marked" in day.text


def test_the_page_says_since_when_a_placement_is_paused_and_does_not_ask(
    client_as: ClientAs, door: Handler, address: str
) -> None:
    paused(door, 1, date(2026, 10, 22))
    pat = client_as(PAT)

    page = Page(pat.get(address))

    assert "No session is planned: the placements are paused." in page.text
    assert "Pip Sparrow" in page.text
    assert "Paused since 22 October. You are not asked to mark this pupil." in page.text
    assert "Not asked for, as their placement is paused: 1 pupil" in page.text
    assert "not marked" not in page.text
    pat.post(address, data={"key": KEY * 2, "all_present": "am"})
    assert kept(door) == []


def test_who_came_all_the_same_in_a_pause_can_be_marked_and_is_shown(
    client_as: ClientAs, door: Handler, address: str
) -> None:
    paused(door, 1, date(2026, 10, 22))
    pat = client_as(PAT)

    page = Page(pat.get(pat.post(address, data={"key": KEY * 2, "mark-1-am": "present"}).headers["location"]))

    assert "Present, marked by Pat Provider at 10am" in page.text


def test_the_others_are_asked_for_beside_one_that_is_paused(client_as: ClientAs, door: Handler, address: str) -> None:
    wren = a_placement(door, a_pupil(door, **WREN))
    a_plan(door, wren)
    paused(door, 1, date(2026, 11, 2))

    page = Page(client_as(PAT).get(address))

    assert "No session is planned" not in page.text
    assert "Morning 1 of 1 not marked" in page.text
    assert page.text.count("Paused since 2 November. You are not asked") == 1


def test_of_whom_nobody_is_asked_the_page_says_every_reason(client_as: ClientAs, door: Handler, address: str) -> None:
    a_school(door, **VALE)
    a_plan(door, a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy")))
    own_dates(door, 2, inset="2/11/2026")
    paused(door, 1, date(2026, 11, 2))

    page = Page(client_as(PAT).get(address))

    assert "No session is planned: the pupils’ schools are closed or the placements paused." in page.text
    assert "Not asked for, as their school is closed or placement is paused: 2 pupils" in page.text
