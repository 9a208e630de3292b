"""An event that moves the case and gives another day: what runs through several states is counted from the new one."""

from datetime import date, timedelta

import pytest

from apflow.core.forecast import foresee
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import MONDAY, OLIVE
from tests.core.repairs import a_repair, at

FIELD = (
    "  email: {type: email, label: Your email address}\n",
    "  email: {type: email, label: Your email address}\n  ready_on: {type: date, label: When is it ready?}\n",
)
READY = """deadlines:
  ready:
    label: The toy was promised for today
    of: ready_on
    within: 0 calendar days
    while_in: [waiting, parts_ordered, on_the_bench]
    remind: {at: 5 calendar days left, who: officer, notice: due_soon}
    then: {escalate: manager}
    assumed: x
  rung_up:
    label: The owner should have been rung up
    after_deadline: ready
    within: 2 calendar days
    while_in: [waiting, parts_ordered, on_the_bench]
    then: {escalate: manager}
    assumed: x
  rung_again:
    label: The owner should have been rung up again
    after_deadline: rung_up
    within: 2 calendar days
    while_in: [waiting, parts_ordered, on_the_bench]
    then: {escalate: manager}
    assumed: x
"""
PROMISED = (
    FIELD,
    ("deadlines:\n  mended:\n", READY + "  mended:\n"),
    (
        "      order: {label: Order parts, by: officer, to: parts_ordered}\n",
        "      promise: {label: Promise it, by: officer, form: {ready_on: }}\n"
        "      order: {label: Order parts, by: officer, to: parts_ordered, form: {ready_on: }}\n",
    ),
)
FIRST = date(2026, 11, 16)


@pytest.fixture
def play(library: Library) -> Play:
    """A toy that was promised for 16 November, a fortnight on."""
    play = a_repair(library, *PROMISED)
    play.fire(OLIVE, "promise", ready_on=FIRST.isoformat())
    return play


def days(play: Play) -> list[int]:
    return [play.case.deadlines[name].due_at.day for name in ("ready", "rung_up", "rung_again")]


def acted(play: Play, name: str) -> list[tuple[str, int, int]]:
    entries = (outcome.entry for outcome in play.outcomes)
    return [(one.kind, one.at.day, one.at.month) for one in entries if one.name == name]


def test_a_later_day_is_reminded_of_and_the_old_one_is_not(play: Play) -> None:
    assert days(play) == [16, 18, 20]

    play.fire(OLIVE, "order", ready_on="2026-11-24")

    assert days(play) == [24, 26, 28]
    play.wait_until(at(29))
    assert acted(play, "ready") == [("reminder", 19, 11), ("escalation", 24, 11)]
    assert acted(play, "rung_up") == [("escalation", 26, 11)]
    assert acted(play, "rung_again") == [("escalation", 28, 11)]


def test_an_earlier_day_is_not_found_too_late(play: Play) -> None:
    play.fire(OLIVE, "order", ready_on="2026-11-09")

    assert days(play) == [9, 11, 13]
    play.wait_until(at(10))
    assert acted(play, "ready") == [("reminder", 4, 11), ("escalation", 9, 11)]


def test_the_same_day_goes_on_as_it_was_and_reminds_nobody_twice(play: Play) -> None:
    play.wait_until(at(12))
    before = play.case.deadlines
    assert acted(play, "ready") == [("reminder", 11, 11)]

    play.fire(OLIVE, "order", ready_on=FIRST.isoformat())

    assert {name: play.case.deadlines[name] for name in ("ready", "rung_up")} == {
        name: before[name] for name in ("ready", "rung_up")
    }
    play.wait_until(at(17))
    assert acted(play, "ready") == [("reminder", 11, 11), ("escalation", 16, 11)]


def test_what_was_late_by_the_old_day_is_late_no_longer_and_comes_again_by_the_new(play: Play) -> None:
    play.wait_until(at(20, 10))
    late = {"overdue_ready", "overdue_rung_up"}
    assert late <= {task.name for task in play.case.tasks}
    assert play.case.deadlines["ready"].ended

    play.fire(OLIVE, "order", ready_on="2026-12-01")

    assert not late & {task.name for task in play.case.tasks}
    assert (play.case.deadlines["ready"].ended, play.case.deadlines["ready"].due_at) == (False, at(1, month=12))
    play.wait_until(at(4, month=12))
    assert late <= {task.name for task in play.case.tasks}


def test_what_is_counted_from_nothing_that_changed_runs_on_untouched(play: Play) -> None:
    mended = play.case.deadlines["mended"]

    outcome = play.fire(OLIVE, "take")

    assert {one.name for one in outcome.started} & {"ready", "rung_up", "rung_again", "mended"} == set()
    assert (play.case.deadlines["mended"], days(play)) == (mended, [16, 18, 20])


def test_a_day_that_is_taken_back_is_not_asked_for_any_more(library: Library) -> None:
    taking_back = ("to: on_the_bench}\n  parts", "to: on_the_bench, empties: [ready_on]}\n  parts")
    play = a_repair(library, *PROMISED, taking_back)
    play.fire(OLIVE, "promise", ready_on=FIRST.isoformat())

    play.fire(OLIVE, "take")

    assert {"ready", "rung_up", "rung_again"} & play.case.deadlines.keys() == set()


def test_where_it_stands_still_the_new_day_stands_still_as_well(library: Library) -> None:
    runs = "    while_in: [waiting, parts_ordered, on_the_bench]\n"
    pause = "    paused_in: {states: parts_ordered, at_most: 10 working days}\n"
    reminds = "    remind: {at: 5 calendar days left"
    still = (runs + reminds, runs + pause + reminds)
    play = a_repair(library, *PROMISED, still)
    play.fire(OLIVE, "promise", ready_on=FIRST.isoformat())
    play.now = at(4, 10)

    play.fire(OLIVE, "order", ready_on="2026-11-24")

    running = play.case.deadlines
    assert (running["ready"].due_at, running["ready"].paused_at) == (at(24), at(4, 10))
    assert (running["rung_up"].due_at, running["rung_up"].paused_at) == (at(26), at(4, 10))


def test_what_runs_after_an_event_begins_again_when_that_moves_the_case_once_more(library: Library) -> None:
    asked = """deadlines:
  asked:
    label: Parts should have come
    after: order
    within: 3 calendar days
    while_in: [parts_ordered, on_the_bench]
    then: {escalate: manager}
    assumed: x
"""
    more = ("      give_back:", "      order: {label: Order more, by: officer, to: parts_ordered}\n      give_back:")
    play = a_repair(library, ("deadlines:\n  mended:\n", asked + "  mended:\n"), more)
    play.fire(OLIVE, "order")
    play.fire(OLIVE, "arrive")
    assert play.case.deadlines["asked"].due_at == at(5)
    play.now = at(4, 10)

    play.fire(OLIVE, "order")

    assert play.case.deadlines["asked"].due_at == at(7)


def test_the_forecast_says_the_new_day(play: Play) -> None:
    play.fire(OLIVE, "order", ready_on="2026-11-24")

    until = play.now + timedelta(weeks=4)
    foreseen = foresee(play.definition, play.case, lambda _case, _at: play.world, play.now, until, most=50)

    told = [(one.outcome.entry.kind, one.at.day) for one in foreseen if one.deadline == "ready"]
    assert told == [("reminder", 19), ("escalation", 24)]
    assert play.now == MONDAY
