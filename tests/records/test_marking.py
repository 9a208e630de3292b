"""Marking sessions: once however often it is sent, corrected with its history, and never over somebody else's word."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apflow.beyond.keys import Key, receipt_of
from apflow.core.errors import Invalid, KeyReused
from apflow.handler import Handler
from apflow.provision.coding import Attendance
from apflow.records.attendance.marking import Became
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Receipt
from apflow.store.records.attendance import Attending, history_of
from apflow.store.records.pupils import list_pupils
from apflow.testing import MONDAY, OLIVE, PAT, TODAY
from tests.brought import bring_to
from tests.records.attendance import ALL_WEEK, SCHOOL_MAIL, a_placed_pupil, a_plan, kept, letters, mark, marking, said
from tests.records.council import WREN, a_placement, a_provider, a_pupil, a_site
from tests.saying import said_in
from tests.store.witness import after_the_same_look, at_once


def test_a_mark_that_is_sent_again_is_kept_once(door: Handler) -> None:
    case, placement = a_placed_pupil(door)

    first = mark(door, case, said(placement))
    again = mark(door, case, said(placement), minutes_on=3)

    assert [one.became for one in (*first, *again)] == [Became.KEPT, Became.KNOWN]
    assert kept(door) == [(placement, TODAY, "am", 1, "present", None)]


def test_two_presses_at_the_same_moment_keep_one_mark_and_write_one_letter(door: Handler) -> None:
    case, placement = a_placed_pupil(door)

    answers = at_once(*[lambda: mark(door, case, said(placement, "absent"))] * 4)

    assert sorted(one.became for (one,) in answers) == [Became.KEPT, *[Became.KNOWN] * 3]
    assert len(kept(door)) == 1
    assert len(letters(door, "unexplained_absence")) == 1


def test_a_correction_keeps_what_was_said_before(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    mark(door, case, said(placement, "absent"))

    (taken,) = mark(door, case, said(placement, "late", seen=1), minutes_on=20)

    assert (taken.became, taken.number) == (Became.KEPT, 2)
    assert [(number, what) for _, _, _, number, what, _ in kept(door)] == [(1, "absent"), (2, "late")]


def test_what_somebody_else_said_meanwhile_stands_and_is_told(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    mark(door, case, said(placement, "absent", reason="ill"), actor=OLIVE)

    (taken,) = mark(door, case, said(placement, "present"), minutes_on=5)

    assert (taken.became, taken.number, taken.stands) == (Became.CHANGED, 1, "absent")
    assert taken.message == "Olive Officer marked the morning of 2 Nov 2026 as absent meanwhile."
    assert len(kept(door)) == 1


def test_an_absence_said_again_without_the_reason_that_somebody_gave_since_is_nothing_new(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    mark(door, case, said(placement, "absent"))
    mark(door, case, said(placement, "absent", reason="ill", seen=1, key="a reason"), actor=OLIVE)

    (unseen,) = mark(door, case, said(placement, "absent", key="again"), minutes_on=5)
    (seen,) = mark(door, case, said(placement, "absent", key="without", seen=2), minutes_on=6)

    assert (unseen.became, unseen.number, seen.became) == (Became.KNOWN, 2, Became.KEPT)
    assert [reason for *_, reason in kept(door)] == [None, "ill", None]


def test_a_list_with_a_key_is_taken_once_and_no_other_under_that_key(door: Handler) -> None:
    case, placement = a_placed_pupil(door)

    def send(receipt: Receipt | None, half: str) -> Became:
        key = f"one-{half}"
        of = Attending(TODAY, TODAY, case_id=case)
        (taken,) = marking(door).mark(of, [said(placement, half=half, key=key)], "provider", receipt)
        return taken.became

    one, other = (receipt_of(PAT, Key("one"), half) for half in ("am", "pm"))
    answers = at_once(*[lambda: send(one, "am")] * 3)

    assert sorted(answers) == [Became.KEPT, Became.KNOWN, Became.KNOWN]
    with pytest.raises(KeyReused):
        send(other, "pm")
    assert len(kept(door)) == 1


def test_of_two_lists_under_one_key_at_the_same_moment_one_is_taken(door: Handler) -> None:
    case, placement = a_placed_pupil(door)

    def send(half: str) -> Any:
        of = Attending(TODAY, TODAY, case_id=case)
        receipt = receipt_of(PAT, Key("one"), half)
        return marking(door).mark(of, [said(placement, half=half, key=f"one-{half}")], "provider", receipt)

    answers = after_the_same_look(door.store, lambda: send("am"), lambda: send("pm"))

    assert sum(isinstance(answer, KeyReused) for answer in answers) == 1
    assert len(kept(door)) == 1


def test_of_ones_own_marks_the_one_made_last_stands_whichever_arrives_first(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    late = said(placement, "late", marked_at=MONDAY + timedelta(minutes=8))
    mark(door, case, late, minutes_on=9)

    (older,) = mark(door, case, said(placement, "absent", marked_at=MONDAY + timedelta(minutes=2)), minutes_on=10)
    (newer,) = mark(door, case, said(placement, "present", marked_at=MONDAY + timedelta(minutes=9)), minutes_on=11)

    assert (older.became, newer.became) == (Became.CHANGED, Became.KEPT)
    assert [what for _, _, _, _, what, _ in kept(door)] == ["late", "present"]


def test_what_was_marked_is_told_by_when_it_was_and_not_by_when_it_came(door: Handler) -> None:
    """A browser without a connection keeps the marks, and may send the morning's after the afternoon's."""
    case, placement = a_placed_pupil(door)
    mark(door, case, said(placement, half="pm", key="afternoon"), minutes_on=240)
    mark(door, case, said(placement, key="morning-1", marked_at=MONDAY), minutes_on=300)

    with door.store.reading() as connection:
        told = [row.half for row in history_of(connection, placement, limit=9)]

    assert told == ["pm", "am"]


def test_a_clock_that_is_ahead_marks_nothing_in_the_future(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    mark(door, case, said(placement, "present", marked_at=MONDAY + timedelta(days=400)))

    (taken,) = mark(door, case, said(placement, "late"), minutes_on=5)

    assert taken.became is Became.KEPT


def test_each_mark_of_a_list_is_taken_by_itself(door: Handler) -> None:
    case, placement = a_placed_pupil(door)

    taken = mark(
        door,
        case,
        said(placement, key="a"),
        said(placement, key="b", day=TODAY + timedelta(days=1)),
        said(placement + 99, key="c"),
        said(placement, "late", key="d"),
        said(placement, "absent", key="e", half="pm", reason="ill"),
    )

    assert [one.became.value for one in taken] == ["kept", "refused", "refused", "refused", "kept"]
    assert [half for _, _, half, _, _, _ in kept(door)] == ["am", "pm"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"day": date(2026, 10, 31)}, "No session is planned"),
        ({"day": date(2026, 9, 4)}, "no such session"),
        ({"day": date(2026, 8, 3)}, "no such session"),
        ({"half": "pm"}, "No session is planned"),
        ({"mark": "absent", "reason": "holiday"}, "Choose a reason"),
        ({"mark": "absent", "reason": "nonsense"}, "Choose a reason"),
        ({"reason": "ill"}, "Only an absence"),
    ],
    ids=["a Saturday", "before it began", "in summer", "not planned", "a school's", "unknown", "present"],
)
def test_what_cannot_be_marked_is_refused_with_its_reason(door: Handler, more: dict[str, Any], message: str) -> None:
    case, placement = a_placed_pupil(door, sessions=[name for name in ALL_WEEK if name.endswith("am")])

    (taken,) = mark(door, case, said(placement, **more))

    assert taken.became is Became.REFUSED
    assert message in taken.message
    assert kept(door) == []


A_DAY = 24 * 60


def test_what_was_long_ago_is_for_the_councils_staff_alone(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    mark(door, case, said(placement))

    (last,) = mark(door, case, said(placement, "late", key="last", seen=1), minutes_on=60 * A_DAY)
    (late,) = mark(door, case, said(placement, "absent", key="late", seen=2), minutes_on=61 * A_DAY)
    (staff,) = mark(door, case, said(placement, "absent", key="staff", seen=2), actor=OLIVE, minutes_on=61 * A_DAY)

    assert [one.became for one in (last, late, staff)] == [Became.KEPT, Became.REFUSED, Became.KEPT]
    assert "too long ago" in late.message
    assert [row[4] for row in kept(door)] == ["present", "late", "absent"]


def test_the_school_is_not_asked_why_about_what_was_long_ago(door: Handler) -> None:
    """It could not say so any more."""
    case, placement = a_placed_pupil(door)

    mark(door, case, said(placement, "absent"), actor=OLIVE, minutes_on=61 * A_DAY)

    assert letters(door, "unexplained_absence") == []


def test_how_long_ago_is_too_long_the_council_says(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    unlimited = replace(marking(door, minutes_on=61 * A_DAY), attendance=without_a_limit(door))

    (taken,) = unlimited.mark(Attending(TODAY, TODAY, case_id=case), [said(placement)], "provider")

    assert taken.became is Became.KEPT


def without_a_limit(door: Handler) -> Attendance:
    assert door.library.attendance
    return door.library.attendance.model_copy(update={"late_marks": None})


def test_a_provider_cannot_mark_at_another_provider(door: Handler) -> None:
    _, placement = a_placed_pupil(door)
    other = a_provider(door, organisation="Elsewhere Barn", contact_email="dan@elsewhere.example")

    (taken,) = mark(door, other, said(placement))

    assert (taken.became, taken.message) == (Became.REFUSED, "There is no such session here.")


def test_an_unexplained_absence_is_written_to_the_home_school_in_the_same_commit_without_a_name(door: Handler) -> None:
    case, placement = a_placed_pupil(door)
    wren = a_placement(door, a_pupil(door, **WREN, home_school="Hill School"))
    a_plan(door, wren)

    mark(door, case, said(placement, "absent"), said(wren, "absent"))

    (letter,) = letters(door, "unexplained_absence")
    assert (letter.to_email, letter.case_id) == (SCHOOL_MAIL, case), "an officer hears there if it does not arrive"
    assert letter.subject == "Attendance: 2 absences without a reason on the morning of 2 Nov 2026"
    assert "https://apflow.example/attendance/schools/1?day=2026-11-02" in letter.text
    for private in ("Sparrow", "Pip", "Thistle", "Wren", "2012", "2011"):
        assert private not in said_in(letter.subject, letter.text, letter.html)


@pytest.mark.parametrize(
    ("plan", "more"),
    [({}, {"reason": "ill"}), ({"setting": "dual_registered"}, {})],
    ids=["a reason is known", "the other school records it"],
)
def test_nobody_is_written_to_where_there_is_nothing_to_ask(
    door: Handler, plan: dict[str, Any], more: dict[str, Any]
) -> None:
    case, placement = a_placed_pupil(door, **plan)

    mark(door, case, said(placement, "absent", **more))

    assert letters(door, "unexplained_absence") == []


def test_without_an_address_of_the_school_the_team_is_written_to(door: Handler) -> None:
    case, _ = a_placed_pupil(door)
    nobody = a_placement(door, a_pupil(door, **WREN, home_school=""))
    a_plan(door, nobody)

    mark(door, case, said(nobody, "absent"))

    (letter,) = letters(door, "unexplained_absence")
    assert letter.to_email == door.library.council.mailbox


@pytest.mark.parametrize(
    ("more", "question"),
    [
        ({"part_time_from": "2026-09-07"}, "part_time_until"),
        (
            {"part_time_agreed": "Paz Parent", "part_time_from": "2026-10-01", "part_time_until": "2026-09-01"},
            "part_time_until",
        ),
        ({}, "from_on"),
        ({"sessions": []}, "sessions"),
    ],
)
def test_a_plan_that_does_not_hold_together_is_refused(door: Handler, more: dict[str, Any], question: str) -> None:
    _, placement = a_placed_pupil(door)

    with pytest.raises(Invalid) as refused:
        a_plan(door, placement, **more)

    assert question in refused.value.errors


@pytest.mark.parametrize(("sessions", "fits"), [(["monday pm"], True), (["tuesday am", "friday am"], False)])
def test_a_pupil_with_two_providers_is_at_one_of_them_at_a_time(door: Handler, sessions: list[str], fits: bool) -> None:
    a_placed_pupil(door, sessions=["monday am", "tuesday am"])
    barn = bring_to(door, "approved", organisation="Elsewhere Barn")
    with door.store.reading() as connection:
        case, pupil = load_case(connection, barn), next(iter(list_pupils(connection, "sparrow", limit=1)))
    assert case
    a_site(door, case.id or 0, name="The barn")
    second = a_placement(door, pupil.id, provider="Elsewhere Barn")

    if fits:
        assert a_plan(door, second, sessions=sessions)
        return
    with pytest.raises(Invalid) as refused:
        a_plan(door, second, sessions=sessions)
    assert refused.value.errors["sessions"] == "Made Up Farm has Tuesday morning for this pupil already"
