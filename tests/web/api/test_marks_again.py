"""Marks through the API that come twice, late, or beside somebody else's: once, and over nobody's word."""

import pytest

from apflow.handler import Handler
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.records.attendance import a_plan, kept, letters
from tests.records.council import WREN, a_placement, a_pupil
from tests.store.witness import at_once
from tests.web.api.client import ApiAs
from tests.web.attending import a_mark, a_providers_register, became, send


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def register(door: Handler) -> str:
    return a_providers_register(door)


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
