"""Marks and reasons through the API: by the rules of the page, each by itself, once, and over nobody else's word."""

from datetime import timedelta
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import DAN, MONDAY, OLIVE, PAT, PETRA, StoppedClock
from apflow.web.site import Site
from tests.colleagues import TOM, end, let_act
from tests.records.attendance import ALL_WEEK, SCHOOL_MAIL, a_plan, kept, letters
from tests.records.council import VALE, WREN, a_placement, a_provider, a_pupil, a_school
from tests.store.witness import at_once
from tests.web.api import ApiAs
from tests.web.attending import BASE, a_mark, a_providers_register, became, reader_of, reference_of, send
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
            "Record 1, the morning of 2 Nov 2026: Choose a reason from the list: ill, appointment, no_transport.",
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


# Corrections, and two who write


def test_a_mark_is_corrected_by_whoever_saw_it(api_as: ApiAs, door: Handler, register: str) -> None:
    send(api_as(OLIVE), register, a_mark("absent", reason="ill"))
    pat = api_as(PAT)
    seen = pat.get(register).json()["sessions"][0]["mark"]["number"]

    answer = send(pat, register, a_mark("late", seen=seen))

    assert became(answer) == ["kept"]
    assert [row[3:] for row in kept(door)] == [(1, "absent", "ill"), (2, "late", None)]


def test_what_somebody_else_marked_meanwhile_stands_and_is_told(api_as: ApiAs, door: Handler, register: str) -> None:
    send(api_as(OLIVE), register, a_mark("absent", reason="ill"))
    pat = api_as(PAT)

    alone = send(pat, register, a_mark())
    beside = send(pat, register, a_mark(), a_mark(half="pm"))

    assert (alone.status_code, alone.json()["code"]) == (412, "stale")
    says = "Olive Officer marked the morning of 2 Nov 2026 as absent meanwhile."
    assert alone.json()["changes"] == [f"Record 1: {says}"]
    assert became(beside) == ["changed", "kept"]
    assert [beside.json()["items"][0][name] for name in ("number", "stands", "message")] == [1, "absent", says]
    assert [row[2:5] for row in kept(door)] == [("am", 1, "absent"), ("pm", 1, "present")]


def test_of_a_programs_own_marks_the_one_made_last_stands(api_as: ApiAs, door: Handler, register: str) -> None:
    pat = api_as(PAT)
    send(pat, register, a_mark("late", marked_at="2026-11-02T09:30:00Z"))

    older = send(pat, register, a_mark("absent", marked_at="2026-11-02T09:00:00+00:00"))
    newer = send(pat, register, a_mark("present", marked_at="2026-11-02T09:40:00Z"))

    assert (older.status_code, became(newer)) == (412, ["kept"])
    assert [row[4] for row in kept(door)] == ["late", "present"]


def test_two_who_write_at_once_leave_one_mark(api_as: ApiAs, door: Handler, register: str) -> None:
    pat, olive = api_as(PAT), api_as(OLIVE)

    answers = at_once(lambda: send(pat, register, a_mark()), lambda: send(olive, register, a_mark("late")))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert len(kept(door)) == 1


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_clock_that_is_far_out_is_no_fault(api_as: ApiAs, door: Handler, register: str, at: str) -> None:
    assert send(api_as(PAT), register, a_mark(marked_at=at)).status_code < 500


# The same request again


def test_a_request_that_is_sent_again_marks_once_and_writes_one_letter(
    api_as: ApiAs, door: Handler, register: str
) -> None:
    pat = api_as(PAT)

    answers = [send(pat, register, a_mark("absent"), key="one") for _ in range(2)]

    assert [became(answer) for answer in answers] == [["kept"], ["known"]]
    assert answers[1].json()["all_stand"] is True
    assert len(kept(door)) == 1
    assert len(letters(door, "unexplained_absence")) == 1


def test_a_request_that_comes_late_again_undoes_no_correction(api_as: ApiAs, door: Handler, register: str) -> None:
    pat = api_as(PAT)
    send(pat, register, a_mark("absent"), key="one")
    send(pat, register, a_mark("late", seen=1), key="two")

    again = send(pat, register, a_mark("absent"), key="one")

    assert became(again) == ["known"]
    assert (again.json()["items"][0]["stands"], again.json()["all_stand"]) == ("late", False)
    assert [row[4] for row in kept(door)] == ["absent", "late"]


def test_what_was_refused_is_tried_again_with_the_same_request(api_as: ApiAs, door: Handler, register: str) -> None:
    pat = api_as(PAT)
    wren = a_placement(door, a_pupil(door, **WREN))
    sent = (a_mark(), a_mark(placement=wren))
    first = became(send(pat, register, *sent, key="one"))
    a_plan(door, wren)

    assert (first, became(send(pat, register, *sent, key="one"))) == (["kept", "refused"], ["known", "kept"])


def test_a_key_with_other_marks_is_refused(api_as: ApiAs, door: Handler, register: str) -> None:
    pat = api_as(PAT)
    send(pat, register, a_mark(), key="one")

    answer = send(pat, register, a_mark(half="pm"), key="one")

    assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")
    assert len(kept(door)) == 1


def test_a_key_with_other_marks_is_refused_even_if_they_say_nothing_new(
    api_as: ApiAs, door: Handler, register: str
) -> None:
    pat = api_as(PAT)
    send(pat, register, a_mark(), key="one")
    send(pat, register, a_mark(half="pm"), key="two")

    assert send(pat, register, a_mark(half="pm"), key="one").json()["code"] == "key-reused"


def test_two_people_may_use_the_same_key(api_as: ApiAs, door: Handler, register: str) -> None:
    answers = [send(api_as(who), register, a_mark(half=half), key="one") for who, half in ((PAT, "am"), (OLIVE, "pm"))]

    assert [became(answer) for answer in answers] == [["kept"], ["kept"]]


# A school's reasons


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
