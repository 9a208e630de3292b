"""Attendance that stays unmarked: the pupils' school hears of it, and an officer has one task of it at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from apflow.handler import Handler
from apflow.loader import Library
from apflow.loader.reading import library_of
from apflow.rounds.chasing import chasing
from apflow.settings import shipped
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.work import tasks
from apflow.testing import OLIVE, TODAY, a_handler, add_people
from tests.records.attendance import ALL_WEEK, SCHOOL_MAIL, a_placed_pupil, a_plan, letters, mark, own_dates, said
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.store.witness import at_once

MORNINGS = [name for name in ALL_WEEK if name.endswith("am")]
THE_DAYS = [TODAY + timedelta(days=n) for n in range(28)]


@pytest.fixture
def door(either_store: Store, library: Library) -> Handler:
    add_people(either_store)
    return a_handler(either_store, library)


def at(day: int, hour: int, minute: int = 5) -> datetime:
    """An hour of so many days after the first Monday."""
    return datetime(2026, 11, 2, hour, minute, tzinfo=UTC) + timedelta(days=day)


def pass_days(door: Handler, *days: int) -> None:
    for day in days:
        for hour in (11, 12, 15):
            assert sum(chasing(door, at(day, hour, 35))) >= 0


def open_tasks(door: Handler) -> Sequence[Row[Any, Any, Any]]:
    with door.store.reading() as connection:
        query = select(tasks.c.id, tasks.c.note, cases.c.reference).join(cases, cases.c.id == tasks.c.case_id)
        query = query.where(tasks.c.name == "attendance_not_marked", tasks.c.closed_at.is_(None))
        return connection.execute(query.order_by(tasks.c.id)).all()


def finish(door: Handler, now: datetime) -> None:
    (task,) = open_tasks(door)
    door.complete(task.reference, task.id, "They had no connection.", actor=OLIVE, now=now)


def test_a_school_hears_on_the_second_day_and_each_week_while_it_lasts(door: Handler) -> None:
    a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")

    pass_days(door, 0)
    assert letters(door, "not_marked_school") == []
    pass_days(door, 1)

    (letter,) = letters(door, "not_marked_school")
    assert letter.to_email == SCHOOL_MAIL
    assert letter.subject == "Attendance of your pupils is not marked at Made Up Farm"
    assert (
        "2 sessions of pupils of yours at Made Up Farm, on 2 days since Monday 2 November 2026, are not" in letter.text
    )
    assert "Sparrow" not in letter.text + letter.html
    pass_days(door, 2, 3, 4, 7)
    assert len(letters(door, "not_marked_school")) == 1
    pass_days(door, 8, 9, 10, 11, 14, 15)
    assert len(letters(door, "not_marked_school")) == 3


def test_a_school_whose_pupils_are_marked_hears_nothing(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")
    a_school(door, **{**VALE, "email": "office@vale.example"})
    a_plan(door, a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy")), sessions=MORNINGS)
    mark(door, case, said(placement))

    pass_days(door, 0, 1)

    assert [letter.to_email for letter in letters(door, "not_marked_school")] == ["office@vale.example"]


def test_a_day_on_which_the_school_is_closed_is_no_day_that_was_not_marked(door: Handler) -> None:
    a_placed_pupil(door, sessions=["monday am", "tuesday am"], from_on="2026-11-02")
    own_dates(door, inset="3/11/2026")

    pass_days(door, 0, 1, 2)

    assert letters(door, "not_marked_school") == []


def test_several_processes_at_once_tell_a_school_once(door: Handler) -> None:
    a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")
    pass_days(door, 0)

    at_once(*[lambda: pass_days(door, 1)] * 4)

    assert len(letters(door, "not_marked_school")) == 1


def test_while_a_task_is_open_what_else_is_not_marked_makes_no_second_one(door: Handler) -> None:
    a_placed_pupil(door, from_on="2026-11-02")

    pass_days(door, 0, 1, 2, 3)

    (task,) = open_tasks(door)
    assert task.note.startswith("1 session not marked on the morning of 2 Nov 2026. What else is not marked while")


def test_once_it_is_done_all_that_came_meanwhile_and_is_not_marked_is_one_task(door: Handler) -> None:
    a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")
    pass_days(door, 0, 1, 2, 3)
    finish(door, at(3, 16))

    pass_days(door, 3)

    (task,) = open_tasks(door)
    assert task.note.startswith(
        "3 sessions not marked on the morning of 3 Nov 2026, the morning of 4 Nov 2026, the morning of 5 Nov 2026."
    )
    assert f"?day={THE_DAYS[1].isoformat()}" in task.note
    finish(door, at(3, 17))
    pass_days(door, 3)
    assert open_tasks(door) == [], "each is said once"


def test_what_was_marked_before_the_task_was_done_is_not_asked_for_again(door: Handler) -> None:
    a_placed_pupil(door, sessions=["monday am"], from_on="2026-11-02")
    pass_days(door, 0)
    finish(door, at(0, 16))
    pass_days(door, 1, 2)
    assert open_tasks(door) == []


def test_a_long_time_is_said_by_how_many_and_from_when_to_when(door: Handler) -> None:
    a_placed_pupil(door, from_on="2026-11-02")
    pass_days(door, 0, 1, 2, 3, 4)
    finish(door, at(4, 16))

    pass_days(door, 4)

    (task,) = open_tasks(door)
    assert "on 9 mornings and afternoons from the afternoon of 2 Nov 2026 to the afternoon of 6 Nov 2026." in task.note


@pytest.mark.parametrize(("after", "tasks_then"), [("60 calendar days", 1), ("1 week", 0)])
def test_what_was_left_for_later_is_flagged_while_its_provider_can_mark_it(
    either_store: Store, after: str, tasks_then: int
) -> None:
    add_people(either_store)
    texts = {path.name: path.read_text(encoding="utf-8") for path in shipped("workflows").glob("*.yaml")}
    ours = texts["attendance.yaml"]
    assert "after: 60 calendar days" in ours
    texts["attendance.yaml"] = ours.replace("after: 60 calendar days", f"after: {after}")
    door = a_handler(either_store, library_of(texts))
    a_placed_pupil(door, sessions=["monday am", "tuesday am"], from_on="2026-11-02")
    pass_days(door, 0, 1)
    finish(door, at(1, 16))

    assert sum(chasing(door, at(12, 7))) == tasks_then

    assert len(open_tasks(door)) == tasks_then
