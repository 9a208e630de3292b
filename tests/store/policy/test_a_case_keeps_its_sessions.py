"""The sessions of a placement that a case keeps: planned with it, and changed from a day on with all marks kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from apflow.core.errors import Blocked, Invalid
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.attendance.coding import Coding
from apflow.records.attendance.marking import Became
from apflow.records.door import By, add, change
from apflow.records.people.commissioners import COMMISSIONER
from apflow.records.placements.attendance_plans import ATTENDANCE_PLAN, answers_of_plan
from apflow.rounds.chasing import chasing
from apflow.store.cases.loading import load_case
from apflow.store.people import people
from apflow.store.records.attendance import Attending, plans_of
from apflow.store.records.placements import kept_by
from apflow.store.tables.attendance import attendance_plans
from apflow.store.tables.cases import cases
from apflow.testing import MONDAY, OLIVE, PAT, TODAY
from tests.brought import again
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, changed, plan, prepare, refer
from tests.records.attendance import a_plan, kept, letters, mark, said
from tests.records.council import a_placement

FIRST = TODAY + timedelta(days=7)
LATER = FIRST + timedelta(days=14)
MORNINGS = ["monday am", "tuesday am", "wednesday am", "thursday am"]
TWO = ["tuesday pm", "friday am"]
PART_TIME: dict[str, Any] = {
    "is_full_time": False,
    "why_part_time": "Mornings first.",
    "part_time_agreed": "The mother, and the head",
    "part_time_until": (FIRST + timedelta(weeks=8)).isoformat(),
}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def started(handler: Handler, school: Actor, **planned: Any) -> str:
    return again(handler, _started, school, **planned)


def _started(handler: Handler, school: Actor, **planned: Any) -> str:
    _, site = a_listed_site(handler)
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, school, **planned)
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    return reference


def inducted(handler: Handler, reference: str) -> None:
    said = {"inducted_on": TODAY.isoformat(), "given_by": "Pat", "health_and_safety": True, "who_to_tell": True}
    handler.fire(reference, "record_induction", said, actor=PAT, now=MONDAY)


def of(handler: Handler, reference: str) -> tuple[Any, list[Any]]:
    """The record of the placement, and its plans from the first on."""
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
        assert case is not None
        row = kept_by(connection, case.id or 0)
        assert row is not None
        return row, plans_of(connection, [row.id]).get(row.id, [])[::-1]


def planned(handler: Handler, reference: str) -> list[tuple[date, list[str]]]:
    return [(one.from_on, one.sessions) for one in of(handler, reference)[1]]


def expected(handler: Handler, day: date) -> list[str]:
    """The halves of the day in which somebody is expected."""
    assert handler.library.attendance is not None
    with handler.store.reading() as connection:
        sessions = Coding(handler.library.attendance, handler.library, day).sessions(connection, Attending(day, day))
    return [one.half for one in sessions if one.is_planned]


def test_the_sessions_are_planned_from_the_first_day_by_the_commit_that_starts_it(
    handler: Handler, hill: Actor
) -> None:
    """Source: guidance: a clear plan around reporting and oversight of daily attendance."""
    reference = started(handler, hill)

    row, (only,) = of(handler, reference)
    assert (row.sessions, only.from_on, only.sessions) == (4, row.starts_on, MORNINGS)
    assert (only.setting, only.arranged_by, only.is_supervised) == ("provider", "school", True)
    assert (only.authorised, only.reporter, only.part_time_from) == ("Pat Provider, tutor", "Pat Provider", None)
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    assert [task.name for task in case.tasks if task.role == "officer"] == []


def test_the_provider_marks_on_the_first_day_without_anybody_having_typed_anything_more(
    handler: Handler, hill: Actor
) -> None:
    row, _ = of(handler, started(handler, hill, starts_on=TODAY.isoformat()))

    assert expected(handler, TODAY) == ["am"]
    with handler.store.reading() as connection:
        case = connection.exec_driver_sql("SELECT case_id FROM sites").scalar_one()
    (taken,) = mark(handler, case, said(row.id))
    assert taken.became is Became.KEPT


def test_what_is_not_marked_on_the_first_day_is_chased(handler: Handler, hill: Actor) -> None:
    started(handler, hill, starts_on=TODAY.isoformat())

    assert [*chasing(handler, MONDAY.replace(hour=11))] == [True]
    (letter,) = letters(handler, "not_marked")
    assert letter.subject == "Attendance to mark: 1 session on the morning of 2 Nov 2026"


def test_it_cannot_be_started_without_sessions_nor_planned_without(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, hill)
    without = {name: value for name, value in plan().items() if name != "which_sessions"}

    with pytest.raises(Invalid) as refusal:
        handler.fire(reference, "set_plan", without, actor=hill, now=MONDAY)
    assert list(refusal.value.errors) == ["which_sessions"]
    with pytest.raises(Invalid) as refusal:
        handler.fire(reference, "set_plan", plan(sessions=3), actor=hill, now=MONDAY)
    assert refusal.value.errors == {"sessions": 'This form does not ask for "sessions".'}


def test_what_changes_holds_from_its_day_and_what_was_marked_stays(handler: Handler, hill: Actor) -> None:
    reference = started(handler, hill, starts_on=TODAY.isoformat())
    row, _ = of(handler, reference)
    with handler.store.reading() as connection:
        case = connection.exec_driver_sql("SELECT case_id FROM sites").scalar_one()
    mark(handler, case, said(row.id, "absent", reason="ill"))
    inducted(handler, reference)

    answers = changed(sessions_from=LATER.isoformat(), which_sessions=TWO, hours=6)
    handler.fire(reference, "change_hours", answers, actor=hill, now=MONDAY)

    assert planned(handler, reference) == [(TODAY, MORNINGS), (LATER, TWO)]
    assert of(handler, reference)[0].sessions == 2
    assert [one[1:] for one in kept(handler)] == [(TODAY, "am", 1, "absent", "ill")]
    assert [expected(handler, day) for day in (FIRST, LATER, LATER + timedelta(days=1))] == [["am"], [], ["pm"]]


def test_a_change_takes_the_place_of_what_was_said_for_later(handler: Handler, hill: Actor) -> None:
    reference = started(handler, hill)
    much_later = LATER + timedelta(weeks=20)
    handler.fire(reference, "change_hours", changed(sessions_from=much_later.isoformat()), actor=hill, now=MONDAY)

    answers = changed(sessions_from=LATER.isoformat(), which_sessions=TWO)
    handler.fire(reference, "change_hours", answers, actor=hill, now=MONDAY)

    assert planned(handler, reference) == [(FIRST, MORNINGS), (LATER, TWO), (much_later, TWO)]


def test_a_day_before_the_first_is_the_first(handler: Handler, hill: Actor) -> None:
    reference = started(handler, hill)

    answers = changed(sessions_from=TODAY.isoformat(), which_sessions=TWO)
    handler.fire(reference, "change_hours", answers, actor=hill, now=MONDAY)

    assert planned(handler, reference) == [(FIRST, TWO)]


def test_a_part_time_timetable_has_its_dates_and_ends_when_the_pupil_is_full_time_again(
    handler: Handler, hill: Actor
) -> None:
    """Source: SI 2024/208, regulation 11(6): agreed with a parent, with its times and dates."""
    reference = started(handler, hill, **PART_TIME)
    inducted(handler, reference)
    handler.fire(reference, "change_hours", changed(sessions_from=LATER.isoformat()), actor=hill, now=MONDAY)

    _, (first, second) = of(handler, reference)
    assert (first.part_time_agreed, first.part_time_from) == ("The mother, and the head", FIRST)
    assert first.part_time_until == FIRST + timedelta(weeks=8)
    assert (second.part_time_agreed, second.part_time_from, second.part_time_until) == (None, None, None)


def test_nobody_sets_out_a_part_time_timetable_that_ends_before_it_begins(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)

    with pytest.raises(Invalid, match="the same as or after Monday 9 November 2026, your answer to “First day”"):
        prepare(handler, reference, hill, **{**PART_TIME, "part_time_until": (FIRST - timedelta(days=1)).isoformat()})


def test_who_supervises_changes_without_the_sessions(handler: Handler, hill: Actor) -> None:
    reference = started(handler, hill, is_supervised=False, authorised=None)
    assert of(handler, reference)[1][0].authorised is None
    answers = {"sessions_from": LATER.isoformat(), "setting": "provider"}

    handler.fire(
        reference, "change_supervision", {**answers, "is_supervised": True, "authorised": "Una"}, actor=hill, now=MONDAY
    )

    _, (first, second) = of(handler, reference)
    assert (first.is_supervised, second.is_supervised, second.authorised) == (False, True, "Una")
    assert second.sessions == MORNINGS


def test_what_an_officer_corrected_stays_until_somebody_says_otherwise(handler: Handler, hill: Actor) -> None:
    reference = started(handler, hill)
    inducted(handler, reference)
    _, (only,) = of(handler, reference)
    corrected = {**answers_of_plan(only), "sessions": TWO, "reporter": "Una"}
    change(handler.store, ATTENDANCE_PLAN, only.id, only.version, corrected, By(OLIVE, MONDAY, handler.library))

    handler.fire(
        reference,
        "break_off",
        {
            "ends_on": LATER.isoformat(),
            "standing_because": "It did not suit.",
            "reflections": "I liked the goats.",
            "kept_for": "six_years",
            "meanwhile": "The school.",
        },
        actor=hill,
        now=MONDAY + timedelta(days=21),
    )

    _, (still,) = of(handler, reference)
    assert (still.sessions, still.reporter) == (TWO, "Una")


def test_a_session_that_another_placement_has_is_told_before_anybody_signs(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    by_hand = a_placement(handler, pupil, provider="Made Up Farm", commissioner="Hill School")
    a_plan(handler, by_hand, sessions=["thursday am", "friday pm"])
    reference = refer(handler, hill, pupil, site)

    with pytest.raises(Blocked, match="Another placement of this pupil has one of these sessions"):
        prepare(handler, reference, hill)

    handler.fire(reference, "set_plan", plan(which_sessions=MORNINGS[:3]), actor=hill, now=MONDAY)
    for who in (PAT, hill):
        handler.fire(reference, "sign", {"signed_as": who.name, "agrees": True}, actor=who, now=MONDAY)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    with pytest.raises(Blocked, match="Another placement has Thursday morning for this pupil already"):
        handler.fire(reference, "change_hours", changed(), actor=hill, now=MONDAY)


def test_what_a_service_of_the_council_commissions_the_council_has_arranged(handler: Handler, hill: Actor) -> None:
    """Source: SI 2024/208: code K is for what a local authority arranged."""
    _, site = a_listed_site(handler)
    who = {"kind": "service", "name": "Inclusion", "email": "ines@council.example"}
    add(handler.store, COMMISSIONER, who, By(OLIVE, MONDAY, handler.library))
    with handler.store.writing() as connection:
        number = people.add_person(
            connection, name="Ines", email="ines@council.example", roles=["commissioner"], agency=None, now=MONDAY
        )
    ines = Actor(number, "Ines", frozenset({"commissioner"}))
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    a_placement(handler, pupil, provider="Made Up Farm", commissioner="Inclusion", ends_on="2026-10-02")
    reference = refer(handler, ines, pupil, site)
    prepare(handler, reference, ines)
    handler.fire(reference, "start_placement", {}, actor=ines, now=MONDAY)

    _, (only,) = of(handler, reference)
    assert only.arranged_by == "council"


def test_a_case_from_before_says_its_sessions_when_they_change_and_the_officer_need_not(
    handler: Handler, hill: Actor
) -> None:
    """As one that was moved to this text of the workflow: nothing of its sessions was ever asked."""
    reference = started(handler, hill)
    row, _ = of(handler, reference)
    with handler.store.writing() as connection:
        connection.execute(delete(attendance_plans))
        fields = connection.execute(select(cases.c.fields).where(cases.c.reference == reference)).scalar_one()
        asked = {"which_sessions", "setting", "is_supervised", "authorised"}
        before = {name: value for name, value in fields.items() if name not in asked}
        connection.execute(update(cases).where(cases.c.reference == reference).values(fields=before))
    handler.alert(reference, "sessions_to_enter", "", now=MONDAY)

    handler.fire(reference, "change_hours", changed(sessions_from=LATER.isoformat()), actor=hill, now=MONDAY)

    row, (only,) = of(handler, reference)
    assert (only.from_on, only.sessions, row.sessions) == (LATER, MORNINGS, 4)
    assert (only.setting, only.arranged_by, only.is_supervised) == ("provider", "school", False)
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    assert [task.name for task in case.tasks if task.role == "officer"] == []
