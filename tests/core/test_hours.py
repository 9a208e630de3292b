"""Deadlines that are counted in hours of the clock, from the time of a day that somebody gives."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from apflow.core.conditions import Facts
from apflow.core.days.duration import Duration, Unit
from apflow.core.definition import words
from apflow.core.definition.fields import FieldSpec
from apflow.core.errors import Invalid
from apflow.core.firing.answers import read_answers
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import OLIVE, library_from
from tests.core.journey import a_play
from tests.core.test_items_that_are_added import COUNCIL
from tests.loader.folder import rewrite
from tests.loader.test_checks import has, told

FOUND = """\
workflow: found
title: What was found
version: 1
reference: FO
called: name
seen_by: {officer: all, manager: all}
fields:
  name: {type: text, label: Name}
  found_on: {type: date, label: On which day?, date_must_be: today or before}
  found_at: {type: time, label: At which time?, optional: true, of_day: found_on}
start: {begin: {label: Begin, by: officer, to: open, form: {name: , found_on: , found_at: }}}
states:
  open:
    label: Open
    awaiting: officer
    deadlines:
      told_due:
        label: It should be told
        within: 72 hours
        of: found_on
        remind: {at: 24 hours left, who: manager, notice: soon}
        then: {escalate: manager}
        assumed: x
      look: {label: Look at it, every: 1 week, then: {escalate: manager}, assumed: x}
    events:
      correct: {label: Correct it, by: officer, form: {found_on: , found_at: }}
      close: {label: Close, by: officer, to: closed}
  closed: {label: Closed, final: true}
"""
FRIDAY = datetime(2026, 10, 23, 16, tzinfo=UTC)  # Five in the afternoon; the clocks go back on Sunday.


def a_folder(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    (tmp_path / "council.yaml").write_text(COUNCIL, encoding="utf-8")
    (tmp_path / "found.yaml").write_text(FOUND, encoding="utf-8")
    rewrite(tmp_path / "found.yaml", *changes)
    return tmp_path


def found(tmp_path: Path, **answers: str) -> Play:
    play = a_play(library_from(a_folder(tmp_path)).current("found"), now=FRIDAY)
    play.open(OLIVE, "begin", name="A letter", **answers)
    return play


def test_hours_are_those_of_the_clock_over_a_weekend_and_when_it_is_put_back(library: Library) -> None:
    due = library.calendar.due(FRIDAY, Duration.parse("72 hours"))

    assert due.at == datetime(2026, 10, 26, 16, tzinfo=UTC), "four in the afternoon by then"
    assert (due.skipped, due.provisional) == ((), False)


def test_they_run_from_the_time_of_the_day_and_remind_to_the_minute(tmp_path: Path) -> None:
    running = found(tmp_path, found_on="2026-10-23", found_at="10:30").case.deadlines["told_due"]

    assert running.due_at == datetime(2026, 10, 26, 9, 30, tzinfo=UTC)
    assert [rung.at for rung in running.rungs] == [datetime(2026, 10, 25, 9, 30, tzinfo=UTC)]


def test_while_the_time_is_not_known_they_run_from_the_beginning_of_the_day(tmp_path: Path) -> None:
    running = found(tmp_path, found_on="2026-10-22").case.deadlines["told_due"]

    assert running.due_at == datetime(2026, 10, 21, 23, tzinfo=UTC) + timedelta(hours=72)


def test_another_time_of_the_same_day_counts_them_anew(tmp_path: Path) -> None:
    play = found(tmp_path, found_on="2026-10-23", found_at="10:30")

    play.fire(OLIVE, "correct", found_on="2026-10-23", found_at="12:00")

    assert play.case.deadlines["told_due"].due_at == datetime(2026, 10, 26, 11, tzinfo=UTC)


def test_what_has_passed_when_it_is_told_rings_at_once(tmp_path: Path) -> None:
    play = found(tmp_path, found_on="2026-10-19", found_at="9am")

    play.wait_until(FRIDAY)

    assert [task.name for task in play.case.tasks] == ["overdue_told_due"]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            "every: 1 week",
            "every: 12 hours",
            'wrong-value: "12 hours" cannot be counted here; only a deadline is within so many',
        ),
        (
            "of: found_on\n        remind",
            "after_deadline: look\n        remind",
            "wrong-value: hours are counted from one moment",
        ),
        ("of_day: found_on", "of_day: found", 'unknown-field: there is no field called "found"; did you mean'),
        ("of_day: found_on", "of_day: name", 'unknown-field: there is no field called "name"'),
        (
            "{type: text, label: Name}",
            "{type: text, label: Name, of_day: found_on}",
            "wrong-value: of_day: says which day a time is",
        ),
        ("at: 24 hours left", "at: [24 hours left, 24 hours left]", 'reminded-twice: "24 hours left" is there already'),
        (
            "within: 72 hours\n        of: found_on\n        remind: {at: 24 hours",
            "within: 12 hours\n        remind: {at: 12 hours",
            'reminder-too-early: "12 hours left" would come before',
        ),
    ],
)
def test_what_cannot_be_is_found(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert has(told(a_folder(tmp_path, (before, after))), problem)


@pytest.mark.parametrize(
    ("day", "at", "is_refused"),
    [("2026-11-02", "10:01", True), ("2026-11-02", "10:00", False), ("2026-11-01", "23:00", False)],
)
def test_a_time_that_is_still_to_come_today_is_refused(day: str, at: str, is_refused: bool) -> None:
    form = {
        "found_on": FieldSpec.model_validate({"type": "date", "label": "Day", "date_must_be": "today or before"}),
        "found_at": FieldSpec.model_validate({"type": "time", "label": "Time", "of_day": "found_on"}),
    }
    try:
        read_answers(form, {"found_on": day, "found_at": at}, Facts({}, "2026-11-02", time="10:00"), {})
        said = {}
    except Invalid as refusal:
        said = refusal.errors

    told = "Time: this is still to come today. Enter a time that has passed, or check the date"
    assert said == ({"found_at": told} if is_refused else {})


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(hours=71, minutes=59), "71 hours"),
        (timedelta(minutes=20), "less than an hour"),
        (timedelta(hours=-2), "overdue by 2 hours"),
    ],
)
def test_what_is_left_is_said_in_hours(library: Library, left: timedelta, said: str) -> None:
    assert words.left(FRIDAY + left, FRIDAY, library.calendar, Unit.HOUR) == said
