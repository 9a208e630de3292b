"""Unmarked sessions are asked for and then flagged, absences that are a pattern are raised: each once, and no name."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from apflow.handler import Handler
from apflow.loader import Library
from apflow.loader.reading import library_of
from apflow.rounds.chasing import chasing
from apflow.settings import shipped
from apflow.store.driver.engine import Store
from apflow.store.records.attendance import patterns
from apflow.store.tables.work import tasks
from apflow.testing import MONDAY, TODAY, a_handler, add_people
from tests.records.attendance import (
    ALL_WEEK,
    SCHOOL_MAIL,
    a_placed_pupil,
    a_plan,
    kept,
    letters,
    mark,
    own_dates,
    paused,
    said,
)
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.store.witness import at_once

MORNINGS = [name for name in ALL_WEEK if name.endswith("am")]


@pytest.fixture
def door(either_store: Store, library: Library) -> Handler:
    add_people(either_store)
    return a_handler(either_store, library)


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def chase(door: Handler, *moments: datetime) -> int:
    return sum(sum(chasing(door, moment)) for moment in moments)


def raised(door: Handler, name: str) -> Sequence[str]:
    with door.store.reading() as connection:
        return connection.execute(select(tasks.c.note).where(tasks.c.name == name)).scalars().all()


def test_a_provider_is_reminded_once_and_the_council_told_once(door: Handler) -> None:
    a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")

    assert [chase(door, moment) for moment in (at(10, 29), at(10, 30), at(11), at(12), at(13))] == [0, 1, 0, 1, 0]

    (letter,) = letters(door, "not_marked")
    assert (letter.to_email, letter.to_name) == ("pat@made-up-farm.example", "Pat Provider")
    assert letter.subject == "Attendance to mark: 1 session on the morning of 2 Nov 2026"
    assert "If it is not marked by midday, the council is told" in letter.text
    assert "Sparrow" not in letter.text + letter.html
    (note,) = raised(door, "attendance_not_marked")
    assert note.startswith("1 session not marked on the morning of 2 Nov 2026. ")
    assert " See /attendance/providers/AP-" in note


def test_what_is_marked_is_not_chased(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")
    mark(door, case, said(placement))

    assert chase(door, at(10, 45), at(12, 30)) == 0


def test_the_clock_is_that_of_london_in_summer_too(door: Handler) -> None:
    a_placed_pupil(door, sessions=MORNINGS, from_on="2026-10-19")

    assert chase(door, datetime(2026, 10, 19, 9, 29, tzinfo=UTC)) == 0
    assert chase(door, datetime(2026, 10, 19, 9, 30, tzinfo=UTC)) == 1


def test_on_days_without_school_nobody_is_chased(door: Handler) -> None:
    a_placed_pupil(door, from_on="2026-11-02")

    assert chase(door, datetime(2026, 10, 28, 13, tzinfo=UTC)) == 0


def test_after_a_day_without_power_only_the_council_is_told(door: Handler) -> None:
    a_placed_pupil(door, sessions=["monday am"], from_on="2026-11-02")

    assert chase(door, at(9, day=3), at(9, 5, day=3)) == 1
    assert letters(door, "not_marked") == []
    assert len(raised(door, "attendance_not_marked")) == 1


def test_on_an_inset_day_of_the_home_school_nothing_is_chased_and_on_both_sides_of_it_all_is(door: Handler) -> None:
    a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")
    own_dates(door, inset="3/11/2026")

    assert [chase(door, at(10, 45, day=day), at(12, 30, day=day)) for day in (2, 3, 4)] == [2, 0, 3]
    assert len(letters(door, "not_marked_school")) == 1
    assert [letter.subject[-10:] for letter in letters(door, "not_marked")] == ["2 Nov 2026", "4 Nov 2026"]


def test_whose_school_is_open_is_chased_although_another_is_closed(door: Handler) -> None:
    a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")
    a_school(door, **VALE)
    wren = a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy"))
    a_plan(door, wren, sessions=MORNINGS, from_on="2026-11-02")
    own_dates(door, inset="3/11/2026")

    chase(door, at(10, 45), at(10, 45, day=3))

    assert [letter.subject[:32] for letter in letters(door, "not_marked")] == [
        "Attendance to mark: 2 sessions o",
        "Attendance to mark: 1 session on",
    ]


def test_after_days_without_power_the_last_day_of_each_school_is_told(door: Handler) -> None:
    a_placed_pupil(door, sessions=["monday am"], from_on="2026-11-02")
    own_dates(door, inset="3/11/2026")

    assert chase(door, at(9, day=4), at(9, 5, day=4)) == 1
    (note,) = raised(door, "attendance_not_marked")
    assert note.startswith("1 session not marked on the morning of 2 Nov 2026.")


def test_several_processes_at_once_remind_once(door: Handler) -> None:
    a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")

    assert sum(at_once(*[lambda: chase(door, at(10, 30))] * 4)) == 1
    assert len(letters(door, "not_marked")) == 1


def test_a_pattern_is_raised_once_until_it_has_gone(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK)
    wren = a_placement(door, a_pupil(door, **WREN))
    a_plan(door, wren)
    days = [TODAY - timedelta(days=n) for n in (13, 12, 11, 10)]
    for day in days[:2]:
        mark(door, case, said(placement, "absent", day=day, reason="ill", key=f"absent-{day}"))
    assert raised(door, "absence_pattern") == []

    mark(door, case, said(placement, "absent", day=days[2], reason="ill", key="absent-again"))
    for moment in (MONDAY, MONDAY + timedelta(minutes=1)):
        chase(door, moment)

    (note,) = raised(door, "absence_pattern")
    assert note == (
        f"A pupil placed here was absent 3 times or more in 10 sessions. See /placements/{placement}/attendance"
    )
    (letter,) = letters(door, "pattern")
    assert letter.to_email == SCHOOL_MAIL
    assert "Sparrow" not in letter.text + letter.html
    assert len(kept(door)) == 3


def test_a_pattern_that_goes_on_is_raised_anew_after_as_many_sessions_again(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")

    def absent_on(days_on: int) -> None:
        for half in ("am", "pm"):
            key = f"{days_on}-{half}"
            one = said(placement, "absent", day=TODAY + timedelta(days=days_on), half=half, reason="ill", key=key)
            mark(door, case, one, minutes_on=days_on * 24 * 60 + 8 * 60)
        for minute in (0, 1):
            chase(door, at(18, minute) + timedelta(days=days_on))

    for days_on in (0, 1, 2, 3, 4, 7):  # Told on the second day, and eight sessions since.
        absent_on(days_on)
    assert len(raised(door, "absence_pattern")) == 1

    absent_on(8)

    first, again = raised(door, "absence_pattern")
    assert "It goes on" not in first
    assert "It goes on: this was told on 3 Nov 2026 already." in again
    assert len(letters(door, "pattern")) == 2


def test_an_absence_on_a_day_that_becomes_an_inset_day_is_in_no_pattern(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK)
    days = [TODAY - timedelta(days=n) for n in (12, 11, 10)]
    for day in days:
        mark(door, case, said(placement, "absent", day=day, reason="ill", key=f"absent-{day}"))
    own_dates(door, inset="23/10/2026")

    chase(door, MONDAY)

    assert raised(door, "absence_pattern") == []
    mark(door, case, said(placement, "absent", day=days[0], half="pm", reason="ill", key="once more"))
    chase(door, MONDAY + timedelta(minutes=1))
    assert len(raised(door, "absence_pattern")) == 1


def test_marks_of_closed_days_push_no_absence_out_of_the_pattern(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK)
    away = [TODAY - timedelta(days=n) for n in (21, 20, 12)]
    for day in away:
        mark(door, case, said(placement, "absent", day=day, reason="ill", key=f"absent-{day}"))
    inset = [TODAY - timedelta(days=n) for n in (19, 18, 17, 14, 13, 11)]
    for day in inset:
        for half in ("am", "pm"):
            mark(door, case, said(placement, day=day, half=half, key=f"{day}-{half}"))
    own_dates(door, inset=", ".join(f"{day.day}/{day.month}/{day.year}" for day in inset))

    chase(door, MONDAY)

    assert len(raised(door, "absence_pattern")) == 1


def with_policy(store: Store, file: str, was: str, now: str) -> Handler:
    """The door of a council whose policy has one line otherwise than ours."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in shipped("workflows").glob("*.yaml")}
    assert was in texts[file]
    return a_handler(store, library_of({**texts, file: texts[file].replace(was, now)}))


@pytest.mark.parametrize(("within", "told"), [("2 weeks", 1), ("6 calendar days", 0)])
def test_a_school_is_told_of_the_days_within_the_time_that_the_policy_gives(
    either_store: Store, within: str, told: int
) -> None:
    add_people(either_store)
    door = with_policy(either_store, "attendance.yaml", "within: 2 weeks", f"within: {within}")
    a_placed_pupil(door, sessions=["monday am"], from_on="2026-11-02")

    chase(door, at(12), at(12, day=9))

    assert len(letters(door, "not_marked_school")) == told


def test_where_the_workflow_knows_no_such_task_the_team_is_written_to_instead(either_store: Store) -> None:
    add_people(either_store)
    texts = {path.name: path.read_text(encoding="utf-8") for path in shipped("workflows").glob("*.yaml")}
    lines = texts["provider.yaml"].splitlines(keepends=True)
    texts["provider.yaml"] = "".join(line for line in lines if "attendance_not_marked:" not in line)
    older = a_handler(either_store, library_of(texts))
    a_placed_pupil(older, sessions=MORNINGS, from_on="2026-11-02")

    assert chase(older, at(12), at(12, 5)) == 1

    (letter,) = letters(older, "to_look_into")
    assert letter.to_email == older.library.council.mailbox
    assert "1 session not marked on the morning of 2 Nov 2026." in letter.text


def test_while_a_placement_is_paused_nothing_is_chased_and_on_both_sides_of_it_all_is(door: Handler) -> None:
    _, placement = a_placed_pupil(door, sessions=MORNINGS, from_on="2026-11-02")
    paused(door, placement, date(2026, 11, 3), date(2026, 11, 5))

    assert [chase(door, at(10, 45, day=day), at(12, 30, day=day)) for day in (2, 3, 4, 5)] == [2, 0, 0, 3]


def test_marks_of_days_in_a_pause_are_in_no_pattern_and_push_no_absence_out_of_it(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK)
    away = [TODAY - timedelta(days=n) for n in (21, 20, 12)]
    for day in away:
        mark(door, case, said(placement, "absent", day=day, reason="ill", key=f"absent-{day}"))
    for n in (19, 18, 17, 14, 13):
        for half in ("am", "pm"):
            day = TODAY - timedelta(days=n)
            mark(door, case, said(placement, day=day, half=half, key=f"{day}-{half}"))
    chase(door, MONDAY)
    assert raised(door, "absence_pattern") == []

    paused(door, placement, TODAY - timedelta(days=19), TODAY - timedelta(days=12))
    chase(door, MONDAY + timedelta(minutes=1))
    assert len(raised(door, "absence_pattern")) == 1

    paused(door, placement, TODAY - timedelta(days=12), TODAY)
    chase(door, MONDAY + timedelta(minutes=2))
    with door.store.reading() as connection:
        assert patterns(connection) == {}
