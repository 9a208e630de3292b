"""Values as people read them."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from apflow.core.days.duration import Unit
from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.labels import Label
from apflow.loader import Library

FRUIT = {"apple": "An apple", "pear": "A pear"}


def test_a_day_is_written_in_full_without_a_leading_nought() -> None:
    assert words.day(date(2026, 11, 2)) == "Monday 2 November 2026"
    assert words.short_day(date(2026, 11, 2)) == "2 Nov 2026"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(17), "5pm"),
        (time(10, 30), "10:30am"),
        (time(23, 59), "11:59pm"),
        (time(0), "midnight"),
        (time(12), "midday"),
        (time(0, 5), "12:05am"),
        (time(12, 5), "12:05pm"),
    ],
)
def test_a_time_is_written_as_people_say_it(at: time, said: str) -> None:
    assert words.clock(at) == said


def test_a_moment_is_told_in_london_time() -> None:
    assert words.moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026 at 12:30am"


@pytest.mark.parametrize(
    ("due", "now", "said"),
    [
        ("2026-11-06T23:59", "2026-11-02T10:00", "4 working days"),
        ("2026-11-03T23:59", "2026-11-02T10:00", "1 working day"),
        ("2026-11-02T23:59", "2026-11-02T10:00", "today"),
        ("2026-11-08T23:59", "2026-11-07T10:00", "1 day"),  # a Sunday, seen from the Saturday
        ("2026-11-02T23:59", "2026-11-03T00:00", "overdue by 1 working day"),
        ("2026-11-02T10:00", "2026-11-02T10:01", "overdue"),
        ("2026-11-06T23:59", "2026-11-07T10:00", "overdue"),
        ("2027-11-03T23:59", "2026-11-02T10:00", "254 working days"),
        ("2030-06-28T23:59", "2026-11-02T10:00", "about 44 months"),
    ],
)
def test_what_is_left_is_counted_in_working_days(library: Library, due: str, now: str, said: str) -> None:
    due_at, at = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (due, now))

    assert words.left(due_at, at, library.calendar) == said


@pytest.mark.parametrize(
    ("due", "now", "said"),
    [
        ("2027-11-02T23:59", "2026-11-02T10:00", "about 12 months"),
        ("2027-02-02T23:59", "2026-11-02T10:00", "about 3 months"),
        ("2026-12-31T23:59", "2026-11-02T10:00", "41 working days"),
        ("2026-11-02T23:59", "2026-11-03T00:00", "overdue by 1 working day"),
    ],
)
def test_what_is_left_of_months_is_counted_in_months_until_it_is_near(
    library: Library, due: str, now: str, said: str
) -> None:
    due_at, at = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (due, now))

    assert words.left(due_at, at, library.calendar, Unit.MONTH) == said


@pytest.mark.parametrize(
    ("due", "now", "said"),
    [
        ("2026-11-06T23:59", "2026-11-02T10:00", "4 school days"),
        ("2026-11-02T10:00", "2026-10-22T10:00", "2 school days"),  # over the half-term holiday
        ("2026-10-28T10:00", "2026-10-26T10:00", "2 days"),  # within it
        ("2026-11-02T23:59", "2026-11-04T00:00", "overdue by 2 school days"),
    ],
)
def test_what_is_left_of_school_time_is_counted_in_school_days(library: Library, due: str, now: str, said: str) -> None:
    due_at, at = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (due, now))

    assert words.left(due_at, at, library.calendar, Unit.SCHOOL_DAY) == said


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("date", "2026-11-02", "Monday 2 November 2026"),
        ("time", "14:15", "2:15pm"),
        ("choice", "pear", "A pear"),
        ("choice", "dropped since", "dropped since"),
        ("many", ["apple", "pear"], "An apple, A pear"),
        ("yes/no", False, "No"),
        ("confirm", True, "Yes"),
        ("number", 0, "0"),
        ("text", "Bath", "Bath"),
        ("text", None, None),
    ],
)
def test_a_stored_answer_is_told_in_words(kind: str, value: Any, said: str | None) -> None:
    spec = FieldSpec.model_validate({"type": kind, "label": "Asked", "options": FRUIT})

    assert words.in_words(spec, value) == said


def test_an_audience_without_words_of_its_own_reads_the_staffs() -> None:
    both, one = Label(staff="Checking", provider="We are checking"), Label(staff="Checking")

    assert [both.to("staff"), both.to("provider")] == ["Checking", "We are checking"]
    assert [one.to("staff"), one.to("provider")] == ["Checking", "Checking"]


def test_every_state_and_button_a_provider_can_meet_has_words_for_providers(definition: Definition) -> None:
    states = definition.workflow.states
    wordless = {name for name, state in states.items() if state.label.provider is None}
    buttons = {
        (state, name)
        for state, events in definition.events.items()
        for name, event in events.items()
        if {"provider", "public"} & set(event.by) and event.label.provider is None
    }

    assert (wordless, buttons) == (set(), set())
