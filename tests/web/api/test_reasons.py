"""A school's reasons through the API: of its own pupils' absences, and of nothing else."""

from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import PAT
from apflow.web.site import Site
from tests.records.attendance import SCHOOL_MAIL, kept
from tests.records.council import VALE, a_school
from tests.web.api.client import ApiAs
from tests.web.attending import BASE, a_mark, a_providers_register, became, reader_of, send
from tests.web.browsing import Client

SCHOOL = f"{BASE}/schools/1"


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def register(door: Handler) -> str:
    return a_providers_register(door)


@pytest.fixture
def hattie(door: Handler, register: str) -> Actor:
    return reader_of(door, SCHOOL_MAIL)


def explain(api: Client, *reasons: dict[str, Any], school: str = SCHOOL) -> Any:
    return api.post(f"{school}/reasons", json={"reasons": list(reasons)})


def a_reason(reason: str = "holiday", **more: Any) -> dict[str, Any]:
    return {"placement": 1, "day": "2026-11-02", "half": "am", "reason": reason, "seen": 1} | more


def test_a_school_says_why_and_the_code_follows(api_as: ApiAs, door: Handler, register: str, hattie: Actor) -> None:
    send(api_as(PAT), register, a_mark("absent"))
    school = api_as(hattie)

    answer = explain(school, a_reason())

    assert became(answer) == ["kept"]
    assert school.get(SCHOOL).json()["sessions"][0]["code"] == "G"
    assert [row[3:] for row in kept(door)] == [(1, "absent", None), (2, "absent", "holiday")]


def test_a_provider_that_sends_the_day_again_leaves_the_schools_reason(
    api_as: ApiAs, door: Handler, register: str, hattie: Actor
) -> None:
    pat = api_as(PAT)
    send(pat, register, a_mark("absent"))
    explain(api_as(hattie), a_reason())

    answer = send(pat, register, a_mark("absent"))

    assert became(answer) == ["known"]
    assert answer.json()["all_stand"] is True
    assert [row[5] for row in kept(door)] == [None, "holiday"]


@pytest.mark.parametrize(
    ("mark", "reason", "says"),
    [
        ("present", a_reason(), "nothing to explain"),
        ("absent", a_reason("bored"), "Choose a reason from the list: ill, appointment, no_transport, interview"),
    ],
)
def test_a_reason_that_explains_nothing_is_refused(
    api_as: ApiAs, door: Handler, register: str, hattie: Actor, mark: str, reason: dict[str, Any], says: str
) -> None:
    send(api_as(PAT), register, a_mark(mark))

    answer = explain(api_as(hattie), reason)

    assert answer.status_code == 422
    assert says in answer.json()["errors"]["reasons.0"]
    assert len(kept(door)) == 1


def test_a_school_cannot_say_that_a_pupil_came(api_as: ApiAs, register: str, hattie: Actor) -> None:
    send(api_as(PAT), register, a_mark("absent"))

    assert explain(api_as(hattie), a_reason(mark="present")).status_code == 400
    assert send(api_as(hattie), register, a_mark(seen=1)).status_code == 404


def test_a_school_says_nothing_of_another_schools_pupils(api_as: ApiAs, door: Handler, register: str) -> None:
    a_school(door, **VALE)
    vera = api_as(reader_of(door, VALE["email"], "Vera Vale"))
    send(api_as(PAT), register, a_mark("absent"))

    at_theirs, at_hers = explain(vera, a_reason()), explain(vera, a_reason(), school=f"{BASE}/schools/2")

    assert at_theirs.status_code == 404
    assert at_hers.json()["errors"] == {
        "reasons.0": "Placement 1, the morning of 2 Nov 2026: There is no such session here."
    }
    assert len(kept(door)) == 1
