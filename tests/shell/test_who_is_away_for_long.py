"""A pupil who is away so long that the law wants education arranged otherwise is told of once, and without a name."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from apflow.handler import Handler
from apflow.loader import Library
from apflow.records.door import By, add
from apflow.records.people.pupils import PROFESSIONAL
from apflow.rounds.chasing import chasing
from apflow.store.driver.engine import Store
from apflow.store.records.attendance import Attending
from apflow.store.records.pupils import pupil
from apflow.store.records.retention import erase_record
from apflow.store.tables.attendance import long_absences_told
from apflow.store.tables.work import tasks
from apflow.testing import MONDAY, OLIVE, a_handler, add_people
from tests.records.attendance import (
    ALL_WEEK,
    SCHOOL_MAIL,
    a_placed_pupil,
    a_plan,
    letters,
    mark,
    marking,
    own_dates,
    paused,
    said,
)
from tests.records.council import WREN, a_placement, a_pupil

HEALTH, EXCLUDED = "away_for_health", "away_as_excluded"
FIRST = date(2026, 11, 2)


@pytest.fixture
def door(either_store: Store, library: Library) -> Handler:
    add_people(either_store)
    return a_handler(either_store, library)


def school_days(count: int, first: date = FIRST) -> list[date]:
    days = (first + timedelta(days=n) for n in range(3 * count))
    return [day for day in days if day.weekday() < 5][:count]


def is_marked(door: Handler, case: int, placement: int, day: date, reason: str | None, *, half: str = "am") -> None:
    """What the provider marked of one session in the afternoon of its day, and the school said after that."""
    how, minutes_on = "absent" if reason else "present", int((afternoon(day) - MONDAY).total_seconds() // 60) - 30
    key, only_school = f"{placement}-{day}-{half}-{how}", reason == "excluded"
    one = said(placement, how, day=day, half=half, reason=None if only_school else reason, key=key)
    taken = mark(door, case, one, minutes_on=minutes_on)
    if only_school:
        told_by_school = said(
            placement, how, day=day, half=half, reason=reason, key=f"{key}-{reason}", seen=taken[0].number
        )
        of = Attending(day, day, case_id=case)
        taken += marking(door, OLIVE, minutes_on=minutes_on + 1).mark(of, [told_by_school], "school")
    assert [each.message for each in taken if each.became != "kept"] == []


def afternoon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 15, tzinfo=UTC)


def told(door: Handler, name: str, day: date) -> Sequence[str]:
    """The notes of the tasks of this name, once all has been chased that is due in the afternoon of a day."""
    for _ in chasing(door, afternoon(day)):
        pass
    with door.store.reading() as connection:
        return connection.execute(select(tasks.c.note).where(tasks.c.name == name)).scalars().all()


def test_on_the_fifteenth_day_missed_for_health_the_council_and_the_school_are_told_once(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")
    days = school_days(17)
    for day in days[:14]:
        is_marked(door, case, placement, day, "ill")
    assert told(door, HEALTH, days[13]) == []
    is_marked(door, case, placement, days[14], "ill")
    (note,) = told(door, HEALTH, days[14])
    assert note == (
        "A pupil placed here has been away for 15 school days of this school year: Ill."
        f" See /placements/{placement}/attendance"
    )
    (letter,) = letters(door, "long_absence")
    assert letter.to_email == SCHOOL_MAIL
    assert "15 school days of this school year" in letter.text
    assert not any(word in letter.subject + letter.text + letter.html for word in ("Sparrow", "Robin", "Ill."))
    for day in days[15:]:
        is_marked(door, case, placement, day, "ill")
        assert len(told(door, HEALTH, day)) == 1
    assert len(letters(door, "long_absence")) == 1


def test_days_count_in_a_row_or_not_and_only_where_nothing_else_was_marked_of_them(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")
    days = school_days(30)
    for number, day in enumerate(days):
        is_marked(door, case, placement, day, "ill" if number % 2 == 0 else None)
    is_marked(door, case, placement, days[0], None, half="pm")
    assert told(door, HEALTH, days[-1]) == [], "the pupil came on one of the fifteen days"
    is_marked(door, case, placement, days[1], "ill", half="pm")
    assert told(door, HEALTH, days[-1]) == [], "and on this one in the morning"
    is_marked(door, case, placement, school_days(31)[-1], "ill")
    assert len(told(door, HEALTH, school_days(31)[-1])) == 1


def test_appointments_and_absences_nobody_explains_are_no_days_missed_for_health(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")
    days = school_days(16)
    for day in days:
        is_marked(door, case, placement, day, "appointment")
    assert told(door, HEALTH, days[-1]) == []


def test_days_at_two_placements_of_one_pupil_add_up_and_those_of_two_pupils_do_not(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=["monday am", "tuesday am", "wednesday am"], from_on="2026-11-02")
    other = a_placement(door, 1, starts_on="2026-10-05")
    a_plan(door, other, sessions=["thursday am", "friday am"], from_on="2026-11-02")
    wren = a_placement(door, a_pupil(door, **WREN))
    a_plan(door, wren, from_on="2026-11-02")
    days = school_days(15)
    for day in days[:8]:
        is_marked(door, case, wren, day, "ill")
    for day in days:
        is_marked(door, case, placement if day.weekday() < 3 else other, day, "ill")
    assert len(told(door, HEALTH, days[-1])) == 1


def test_days_on_which_the_school_is_closed_or_the_placement_paused_do_not_count(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")
    days = school_days(16)
    for day in days:
        is_marked(door, case, placement, day, "ill")
    own_dates(door, inset="3/11/2026")
    paused(door, placement, days[4], days[5])
    assert told(door, HEALTH, days[-1]) == []


def test_days_of_another_school_year_do_not_count(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")
    for day in school_days(14):
        is_marked(door, case, placement, day, "ill")
    next_year = date(2027, 9, 7)
    is_marked(door, case, placement, next_year, "ill")
    assert told(door, HEALTH, next_year) == []


def test_from_the_sixth_school_day_of_a_suspension_the_council_looks_today(door: Handler) -> None:
    mornings = ["tuesday am", "wednesday am"]
    case, placement = a_placed_pupil(door, sessions=mornings, from_on="2026-11-02")
    tuesdays = [date(2026, 11, 3), date(2026, 11, 10)]
    for day in (tuesdays[0], date(2026, 11, 4)):
        is_marked(door, case, placement, day, "excluded")
    assert told(door, EXCLUDED, date(2026, 11, 9)) == [], "nobody knows yet that it lasts"
    is_marked(door, case, placement, tuesdays[1], "excluded")
    (note,) = told(door, EXCLUDED, tuesdays[1])
    assert "for 6 school days running: Suspended or excluded" in note
    with door.store.reading() as connection:
        task = connection.execute(select(tasks).where(tasks.c.name == EXCLUDED)).one()
    assert task.due_at.date() == tuesdays[1]
    (letter,) = letters(door, "long_absence")
    assert "6 school days running" in letter.text


def test_whoever_comes_in_between_is_suspended_anew_and_told_of_anew(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")
    days = school_days(13)
    for number, day in enumerate(days):
        is_marked(door, case, placement, day, None if number == 6 else "excluded")
        told(door, EXCLUDED, day)
    assert len(told(door, EXCLUDED, days[-1])) == 2


def test_a_pupil_in_care_who_is_excluded_is_told_of_on_the_first_day_to_those_who_work_with_them_too(
    door: Handler,
) -> None:
    case, _ = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")
    number = a_pupil(door, **{**WREN, "true_of": ["looked_after"]})
    wren = a_placement(door, number)
    a_plan(door, wren, from_on="2026-11-02")
    worker = {"role": "social_worker", "name": "Saffron Worker", "email": "saffron@council.example"}
    by = By(OLIVE, MONDAY, door.library)
    add(door.store, PROFESSIONAL, {**worker, "email_checked_on": "2026-11-02"}, by, {"pupil_id": number})
    is_marked(door, case, wren, FIRST, "excluded")

    (note,) = told(door, EXCLUDED, FIRST)
    assert "for 1 school day running" in note
    assert "Social worker of the pupil: told by email." in note
    heard = {letter.to_email: letter.text for letter in letters(door, "long_absence_around")}
    assert set(heard) == {"saffron@council.example", "virtual_school@council.example"}
    assert "Wren" not in heard["saffron@council.example"]


def test_nothing_of_it_is_left_of_a_pupil_whose_record_is_erased(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=ALL_WEEK, from_on="2026-11-02")
    days = school_days(6)
    for day in days:
        is_marked(door, case, placement, day, "excluded")
    told(door, EXCLUDED, days[-1])
    with door.store.writing() as connection:
        assert connection.execute(select(func.count()).select_from(long_absences_told)).scalar_one() == 1
        row = pupil(connection, 1)
        assert row is not None
        erase_record(connection, row, MONDAY)
        assert connection.execute(select(func.count()).select_from(long_absences_told)).scalar_one() == 0
