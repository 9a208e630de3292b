"""Marks through the API: by the rules of the page, each by itself, and refused by entry, pupil and session."""

from datetime import timedelta
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import DAN, MONDAY, OLIVE, PAT, PETRA, StoppedClock
from apflow.web.site import Site
from tests.colleagues import TOM, end, let_act
from tests.records.attendance import ALL_WEEK, SCHOOL_MAIL, a_plan, kept, letters
from tests.records.council import WREN, a_placement, a_provider, a_pupil
from tests.web.api.client import ApiAs
from tests.web.attending import BASE, a_mark, a_providers_register, became, reference_of, send


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def register(door: Handler) -> str:
    return a_providers_register(door)


# What is taken


def test_several_pupils_are_marked_in_one_request(api_as: ApiAs, door: Handler, register: str) -> None:
    wren = a_placement(door, a_pupil(door, **WREN))
    a_plan(door, wren)

    answer = send(api_as(PAT), register, a_mark(), a_mark("absent", placement=wren, reason="ill", half="pm"))

    assert answer.json() == {
        "all_stand": True,
        "items": [
            {
                "placement": 1,
                "pupil": 1,
                "day": "2026-11-02",
                "half": "am",
                "became": "kept",
                "number": 1,
                "stands": "present",
                "message": "",
            },
            {
                "placement": wren,
                "pupil": 2,
                "day": "2026-11-02",
                "half": "pm",
                "became": "kept",
                "number": 1,
                "stands": "absent",
                "message": "",
            },
        ],
    }
    assert [(row[0], *row[2:]) for row in kept(door)] == [
        (1, "am", 1, "present", None),
        (wren, "pm", 1, "absent", "ill"),
    ]


def test_an_absence_without_a_reason_is_written_to_the_home_school_as_from_the_page(
    api_as: ApiAs, door: Handler, register: str
) -> None:
    send(api_as(PAT), register, a_mark("absent"))

    assert [letter.to_email for letter in letters(door, "unexplained_absence")] == [SCHOOL_MAIL]


def test_what_cannot_be_taken_stops_none_of_the_others(api_as: ApiAs, door: Handler, register: str) -> None:
    answer = send(api_as(PAT), register, a_mark(), a_mark(placement=77), a_mark(day="2026-11-03"))

    assert became(answer) == ["kept", "refused", "refused"]
    assert answer.json()["all_stand"] is False
    assert [(one["pupil"], one["message"]) for one in answer.json()["items"][1:]] == [
        (None, "There is no such session here."),
        (1, "This session is still to come."),
    ]
    assert len(kept(door)) == 1


def test_an_officer_marks_for_a_provider_as_on_the_page(api_as: ApiAs, door: Handler, register: str) -> None:
    assert became(send(api_as(OLIVE), register, a_mark())) == ["kept"]


def test_a_provider_gives_its_program_a_person_of_its_own_and_takes_that_back(
    api_as: ApiAs, door: Handler, register: str
) -> None:
    number, program = let_act(door, PAT, TOM, "Our MIS")
    api = api_as(program)

    marked = send(api, register, a_mark())
    by = api_as(PAT).get(register).json()["sessions"][0]["mark"]["by"]
    end(door, PAT, number)

    assert (became(marked), by) == (["kept"], "Our MIS")
    assert send(api, register, a_mark(half="pm")).status_code in (401, 404)
    assert len(kept(door)) == 1


# What is refused


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        (a_mark(day="2026-11-03"), "Record 1, the morning of 3 Nov 2026: This session is still to come."),
        (a_mark(day="2026-10-31"), "Record 1, the morning of 31 Oct 2026: No session is planned here then."),
        (a_mark(half="pm"), "Record 1, the afternoon of 2 Nov 2026: No session is planned here then."),
        (a_mark(day="2026-09-04"), "Record 1, the morning of 4 Sep 2026: There is no such session here."),
        (a_mark(placement=77), "Placement 77, the morning of 2 Nov 2026: There is no such session here."),
        (
            a_mark("absent", reason="holiday"),
            "Record 1, the morning of 2 Nov 2026: Choose a reason from the list: ill, appointment, no_transport, "
            "no_travel, public_health.",
        ),
        (a_mark(reason="ill"), "Record 1, the morning of 2 Nov 2026: Only an absence has a reason."),
    ],
    ids=["to come", "a Saturday", "not planned", "before it began", "unknown", "a school's reason", "came"],
)
def test_a_list_of_which_nothing_can_be_taken_is_refused_by_entry_pupil_and_session(
    api_as: ApiAs, door: Handler, mark: dict[str, Any], message: str
) -> None:
    register = a_providers_register(door, sessions=[name for name in ALL_WEEK if name.endswith("am")])

    answer = send(api_as(PAT), register, mark, key="one")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"] == {"marks.0": message}
    assert kept(door) == []


def test_a_session_of_long_ago_is_for_the_council(
    api_as: ApiAs, door: Handler, register: str, clock: StoppedClock
) -> None:
    clock.at = MONDAY + timedelta(days=70)

    answer = send(api_as(PAT), register, a_mark())

    assert "too long ago" in answer.json()["errors"]["marks.0"]


@pytest.mark.parametrize(
    ("marks", "name"),
    [
        ([a_mark("ill")], "marks.0.mark"),
        ([a_mark(), a_mark(half="noon")], "marks.1.half"),
        ([a_mark(day="soon")], "marks.0.day"),
        ([a_mark(code="I")], "marks.0.code"),
        ([a_mark(marked_at="2026-11-02T09:00:00")], "marks.0.marked_at"),
        ([], "marks"),
    ],
)
def test_what_is_no_list_of_marks_is_refused_by_name(
    api_as: ApiAs, door: Handler, register: str, marks: list[Any], name: str
) -> None:
    answer = send(api_as(PAT), register, *marks)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert list(answer.json()["errors"]) == [name]
    assert kept(door) == []


def test_two_marks_of_one_session_are_refused_as_one_of_them_is_a_slip(
    api_as: ApiAs, door: Handler, register: str
) -> None:
    answer = send(api_as(PAT), register, a_mark(half="pm"), a_mark(), a_mark("late"))

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"marks.2": "marks.1 is about the same session: send one of them."}
    assert kept(door) == []


@pytest.mark.parametrize("person", [DAN, PETRA], ids=["another provider", "a panel member"])
def test_to_others_it_looks_as_if_there_were_no_such_provider(
    api_as: ApiAs, door: Handler, register: str, person: Actor
) -> None:
    api = api_as(person)

    theirs, none = send(api, register, a_mark()), send(api, f"{BASE}/providers/AP-NONE-SUCH", a_mark())

    assert (theirs.status_code, theirs.json()) == (404, none.json())
    assert kept(door) == []


def test_another_providers_pupil_is_as_unknown_as_one_that_there_is_not(
    api_as: ApiAs, door: Handler, register: str
) -> None:
    case = a_provider(door, organisation="Elsewhere Barn", contact_email="dan@elsewhere.example")
    barn = f"{BASE}/providers/{reference_of(door, case)}"

    theirs, none = (send(api_as(DAN), barn, a_mark(placement=number)) for number in (1, 2))

    assert theirs.status_code == none.status_code == 422
    assert theirs.text == none.text.replace("Placement 2", "Placement 1")
    assert kept(door) == []
