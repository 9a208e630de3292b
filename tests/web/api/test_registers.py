"""Registers through the API: what waits for a mark, what is marked, in which words, and nothing of anybody else's."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.tables.records import record_reads
from apflow.testing import DAN, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.records.attendance import SCHOOL_MAIL, a_plan, own_dates, paused
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school, upn_of
from tests.web.api.client import ApiAs
from tests.web.attending import BASE, a_mark, a_providers_register, reader_of, send


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def register(door: Handler) -> str:
    return a_providers_register(door)


@pytest.fixture
def hattie(door: Handler, register: str) -> Actor:
    return reader_of(door, SCHOOL_MAIL)


def noted(door: Handler) -> list[tuple[int, int | None, str]]:
    with door.store.reading() as connection:
        rows = connection.execute(select(record_reads).order_by(record_reads.c.id))
        return [(row.pupil_id, row.person_id, row.page) for row in rows]


# Whose


def test_everybody_finds_the_registers_that_are_theirs(
    api_as: ApiAs, door: Handler, register: str, hattie: Actor
) -> None:
    reference = register.rpartition("/")[2]
    farm = {"reference": reference, "name": "Made Up Farm", "href": register}
    hill = {"number": 1, "name": "Hill School", "href": f"{BASE}/schools/1"}

    found = {person.name: api_as(person).get(BASE).json() for person in (PAT, hattie, OLIVE, DAN, PETRA)}

    assert found == {
        PAT.name: {"providers": [farm], "schools": []},
        hattie.name: {"providers": [], "schools": [hill]},
        OLIVE.name: {"providers": [farm], "schools": [hill]},
        DAN.name: {"providers": [], "schools": []},
        PETRA.name: {"providers": [], "schools": []},
    }
    assert noted(door) == []


@pytest.mark.parametrize("person", [DAN, PETRA], ids=["another provider", "a panel member"])
@pytest.mark.parametrize("part", ["", "/placements"])
def test_to_others_it_looks_as_if_there_were_no_such_register(
    api_as: ApiAs, door: Handler, register: str, person: Actor, part: str
) -> None:
    api, missing = api_as(person), f"{BASE}/providers/AP-NONE-SUCH"

    theirs, none = (api.get(f"{address}{part}") for address in (register, missing))
    school, no_school = (api.get(f"{BASE}/schools/{number}{part}") for number in (1, 99))

    assert [one.status_code for one in (theirs, none, school, no_school)] == [404] * 4
    assert theirs.json() == none.json()
    assert school.json() == no_school.json()
    assert noted(door) == []


def test_a_school_does_not_read_the_providers_register_nor_a_provider_the_schools(
    api_as: ApiAs, register: str, hattie: Actor
) -> None:
    assert api_as(hattie).get(register).status_code == 404
    assert api_as(PAT).get(f"{BASE}/schools/1").status_code == 404


# What


def test_a_provider_reads_what_waits_and_what_is_marked_by_number(api_as: ApiAs, door: Handler, register: str) -> None:
    pat = api_as(PAT)
    send(pat, register, a_mark("absent", reason="ill"))

    answer = pat.get(register)

    morning, afternoon = answer.json()["sessions"]
    assert morning["mark"] == {
        "mark": "absent",
        "reason": "ill",
        "number": 1,
        "by": "Pat Provider",
        "marked_at": "2026-11-02T10:00:00Z",
    }
    assert afternoon == {
        "placement": 1,
        "pupil": 1,
        "day": "2026-11-02",
        "half": "pm",
        "waits": True,
        "not_asked_for": None,
        "mark": None,
    }
    assert pat.get(f"{register}?waiting=true").json()["sessions"] == [afternoon]
    assert "Sparrow" not in answer.text
    assert noted(door) == [(1, PAT.id, "Attendance at Made Up Farm, by a program")] * 2


def test_a_week_is_read_as_far_as_it_has_come(api_as: ApiAs, register: str) -> None:
    found = api_as(PAT).get(f"{register}?day=2026-10-19&until=2026-11-06").json()

    days = [one["day"] for one in found["sessions"] if one["half"] == "am" and one["waits"]]
    assert days == [f"2026-10-{day}" for day in (19, 20, 21, 22, 23)] + ["2026-11-02"]
    assert (found["day"], found["until"]) == ("2026-10-19", "2026-11-02")
    closed = {one["day"]: one["because"] for one in found["closed"]}
    assert [closed[f"2026-10-{day}"] for day in (25, 26)] == ["Sunday", "School holiday"]
    assert not closed.keys() & set(days)


def test_who_is_not_asked_for_is_there_with_why(api_as: ApiAs, door: Handler, register: str) -> None:
    a_school(door, **VALE)
    wren = a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy"))
    a_plan(door, wren)
    own_dates(door, inset="2/11/2026")
    paused(door, wren, date(2026, 10, 22))

    found = api_as(PAT).get(register).json()["sessions"]

    assert [(one["placement"], one["waits"], one["not_asked_for"]) for one in found[:2]] == [
        (1, False, "INSET day"),
        (wren, False, "Paused since 22 October"),
    ]


def test_a_school_reads_the_code_of_each_session_and_why(api_as: ApiAs, register: str, hattie: Actor) -> None:
    send(api_as(PAT), register, a_mark(), a_mark("absent", half="pm"))

    found = api_as(hattie).get(f"{BASE}/schools/1").json()["sessions"]

    assert [(one["half"], one["provider"], one["code"], one["is_unexplained"]) for one in found] == [
        ("am", "Made Up Farm", "B", False),
        ("pm", "Made Up Farm", "N", True),
    ]
    assert found[0]["because"].startswith("The school arranged or agreed this")
    assert found[0]["mark"]["by"] is None  # Its page does not say who it was either.


@pytest.mark.parametrize(
    ("query", "name", "says"),
    [
        ("day=2026-11-03", "day", "still to come"),
        ("day=soon", "day", "Write a day as 2026-11-30."),
        ("day=2026-10-20&until=2026-10-19", "until", "before the first"),
        ("day=2026-09-01&until=2026-11-02", "until", "at most 31 days"),
        ("date=2026-11-02", "date", "not asked for here"),
    ],
)
def test_days_that_make_no_sense_are_refused_by_name(
    api_as: ApiAs, register: str, query: str, name: str, says: str
) -> None:
    answer = api_as(PAT).get(f"{register}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert says in answer.json()["errors"][name]


# In which words


def test_the_words_of_a_day_are_those_of_the_table_in_force(api_as: ApiAs, site: Site, register: str) -> None:
    found: dict[str, Any] = api_as(PAT).get(f"{BASE}/codes?day=2026-11-02").json()

    assert [one["name"] for one in found["marks"]] == ["present", "late", "absent"]
    both = ["provider", "school"]
    ill = {"name": "ill", "says": "Ill", "code": "I", "told_by": both, "read_by": both, "to_record": None}
    assert ill in found["reasons"]
    assert {"code": "D", "says": "Dual registered and due at the other school", "counts": "not counted"} in found[
        "codes"
    ]
    assert found["no_reason"] == {"code": "N", "becomes": "O", "after": "5 school days"}
    assert found["since"] == "2024-08-19"
    assert site.library.attendance
    table = site.library.attendance.in_force(date(2026, 11, 2))
    assert table
    assert [one["code"] for one in found["codes"]] == list(table.codes)


def test_of_a_day_before_any_law_there_are_none(api_as: ApiAs) -> None:
    answer = api_as(PAT).get(f"{BASE}/codes?day=2020-01-06")

    assert answer.status_code == 404
    assert answer.json()["detail"] == "No codes are in force on 2020-01-06."


# Of whom


def test_the_placements_say_who_is_who_and_that_is_noted(
    api_as: ApiAs, door: Handler, register: str, hattie: Actor
) -> None:
    paused(door, 1, date(2026, 10, 22))

    theirs, schools = api_as(PAT).get(f"{register}/placements"), api_as(hattie).get(f"{BASE}/schools/1/placements")

    (line,) = theirs.json()["items"]
    assert line == {
        "placement": 1,
        "pupil": 1,
        "name": "Pip Sparrow",
        "upn": None,
        "provider": register.rpartition("/")[2],
        "provider_name": "Made Up Farm",
        "site": "Main site",
        "first_day": "2026-09-07",
        "last_day": None,
        "minutes_a_week": 900,
        "sessions": line["sessions"],
        "paused": "Paused since 22 October",
    }
    assert len(line["sessions"]) == 10
    assert schools.json()["items"] == [line | {"provider": None}]
    assert noted(door) == [
        (1, PAT.id, "Placements of Made Up Farm, by a program"),
        (1, hattie.id, "Placements of Hill School, by a program"),
    ]


def test_the_pupils_own_number_is_told_to_its_school_and_to_staff_alone(api_as: ApiAs, door: Handler) -> None:
    register = a_providers_register(door)
    a_placement(door, a_pupil(door, **{**WREN, "upn": upn_of(1)}, home_school="Hill School"))
    hattie = reader_of(door, SCHOOL_MAIL)

    upns = [
        [one["upn"] for one in api_as(person).get(f"{address}/placements").json()["items"]]
        for person, address in ((PAT, register), (OLIVE, register), (hattie, f"{BASE}/schools/1"))
    ]

    assert [any(found) for found in upns] == [False, True, True]


def test_whoever_is_placed_elsewhere_or_no_longer_is_not_among_them(
    api_as: ApiAs, door: Handler, register: str
) -> None:
    a_placement(door, a_pupil(door, **WREN), ends_on="2026-10-02")

    now, then = (api_as(PAT).get(f"{register}/placements{day}").json()["items"] for day in ("", "?day=2026-10-02"))

    assert [len(now), len(then)] == [1, 2]
