"""A deadline that runs through several states, stands still in some, and is counted from the first of them."""

import pytest

from apflow.core.play import Play
from apflow.core.snapshot import RunningDeadline
from apflow.loader import Library
from apflow.testing import MONDAY, OLIVE
from tests.core.repairs import a_repair, at


def mended(play: Play) -> RunningDeadline:
    return play.case.deadlines["mended"]


def test_it_starts_with_the_first_of_its_states_and_the_work_there_is_due_with_it(library: Library) -> None:
    play = a_repair(library)

    assert mended(play).due_at == at(30)
    assert [task.due_at for task in play.case.tasks] == [at(30)]


def test_it_runs_on_from_state_to_state_while_their_own_stop(library: Library) -> None:
    play = a_repair(library)
    before = mended(play)
    play.now = at(4, 10)

    outcome = play.fire(OLIVE, "take")

    assert mended(play) == before
    assert [stopped.name for stopped in outcome.stopped] == ["look"]


def test_it_stops_when_the_case_leaves_the_last_of_its_states(library: Library) -> None:
    play = a_repair(library)
    play.fire(OLIVE, "take")

    play.fire(OLIVE, "give_back")

    assert play.case.deadlines == {}


def test_it_stands_still_and_then_is_later_by_as_many_working_days(library: Library) -> None:
    play = a_repair(library)
    play.now = at(4, 10)
    play.fire(OLIVE, "order")
    assert (mended(play).paused_at, mended(play).due_at) == (at(4, 10), at(30))

    play.now = at(9, 10)  # Wednesday to Monday: three working days
    play.fire(OLIVE, "arrive")

    running = mended(play)
    assert (running.paused_at, running.paused_days, running.due_at) == (None, 3, at(3, month=12))
    assert [rung.at for rung in running.rungs] == [at(26, 9, 0)]
    assert running.next_at == at(26, 9, 0)


def test_nothing_of_it_is_due_while_it_stands_still(library: Library) -> None:
    play = a_repair(library, ("20 working days", "6 working days"), ("every: 1 week", "every: 6 months"))
    play.fire(OLIVE, "order")

    play.wait_until(at(13))

    assert [outcome.entry.name for outcome in play.outcomes] == ["bring", "order"]


def test_a_pause_ends_by_itself_when_it_has_lasted_as_long_as_it_may(library: Library) -> None:
    play = a_repair(library, ("every: 1 week", "every: 6 months"))
    play.fire(OLIVE, "order")

    play.wait_until(at(17))

    running, entry = mended(play), play.outcomes[-1].entry
    assert (running.paused_at, running.paused_days, running.due_at) == (None, 10, at(14, month=12))
    assert (entry.kind, entry.note) == (
        "reminder",
        "It has stood still for 10 working days, which is the most allowed, so the time runs on.",
    )


def test_more_time_given_while_it_stands_still_does_not_wake_it(library: Library) -> None:
    arrive = "arrive: {label: The parts arrived"
    extend = "wait: {label: Wait, by: officer, extends: {deadline: mended, by: 5 working days, at_most: 1, assumed: x}}"
    play = a_repair(library, (f"      {arrive}", f"      {extend}\n      {arrive}"))
    play.fire(OLIVE, "order")

    play.fire(OLIVE, "wait")

    running = mended(play)
    assert (running.paused_at, running.next_at, running.due_at) == (MONDAY, at(16), at(7, month=12))


def test_all_pauses_together_are_no_longer_than_allowed(library: Library) -> None:
    back = (
        "arrive: {label: The parts arrived, by: officer, to: on_the_bench}",
        "arrive: {label: X, by: officer, to: waiting}",
    )
    play = a_repair(library, back, ("every: 1 week", "every: 6 months"))
    play.fire(OLIVE, "order")
    play.now = at(10, 10)
    play.fire(OLIVE, "arrive")
    assert mended(play).paused_days == 6

    play.fire(OLIVE, "order")

    assert mended(play).next_at == at(16)  # Four working days are left.
    play.wait_until(at(1, month=12))
    assert mended(play).paused_days == 10
    play.fire(OLIVE, "arrive")
    play.fire(OLIVE, "order")
    assert mended(play).paused_at is None


@pytest.mark.parametrize("limit", ["10 calendar days", "2 weeks"])
def test_a_pause_counted_in_calendar_days_counts_weekends(library: Library, limit: str) -> None:
    play = a_repair(library, ("at_most: 10 working days", f"at_most: {limit}"))
    play.fire(OLIVE, "order")
    play.now = at(9, 10)

    play.fire(OLIVE, "arrive")

    assert (mended(play).paused_days, mended(play).due_at) == (7, at(7, month=12))


def test_once_it_has_escalated_it_rests_in_the_states_that_follow(library: Library) -> None:
    play = a_repair(library, ("20 working days", "3 working days"))
    play.wait_until(at(6, 10))

    play.fire(OLIVE, "order")

    assert (mended(play).ended, mended(play).next_at, mended(play).paused_at) == (True, None, None)


def test_it_acts_in_whichever_state_the_case_is(library: Library) -> None:
    play = a_repair(library)
    play.fire(OLIVE, "take")

    play.wait_until(at(1, month=12))

    assert [
        (entry.kind, entry.at) for entry in (outcome.entry for outcome in play.outcomes) if entry.name == "mended"
    ] == [
        ("reminder", at(23, 9, 0)),
        ("escalation", at(30)),
    ]


def test_entering_one_of_its_states_again_begins_it_again(library: Library) -> None:
    play = a_repair(library, ("to: done}", "to: aside}"), ("  done:", ASIDE))
    play.fire(OLIVE, "take")
    play.fire(OLIVE, "give_back")
    assert "mended" not in play.case.deadlines
    play.now = at(9, 10)

    play.fire(OLIVE, "bring_back")

    assert mended(play).due_at == at(7, month=12)
    assert play.now > MONDAY


def test_one_that_moves_the_case_on_to_another_of_its_states_does_so_once(library: Library) -> None:
    push = (
        "  push:\n    label: Push on\n    within: 3 working days\n    while_in: [waiting, on_the_bench]\n"
        "    then: {event: push_on}\n    assumed: x\n  mended:\n"
    )
    play = a_repair(
        library,
        ("  mended:\n", push),
        ("      take: {", "      push_on: {label: Push, by: clock, to: on_the_bench}\n      take: {"),
        ("      glue: {", "      push_on: {label: Push, by: clock}\n      glue: {"),
    )

    play.wait_until(at(20))

    assert [outcome.entry.from_state for outcome in play.outcomes if outcome.entry.name == "push_on"] == ["waiting"]
    assert play.case.deadlines["push"].ended


ASIDE = """  aside:
    label: Put aside
    awaiting: officer
    deadlines: {again: {label: Look again, within: 1 week, then: {escalate: officer}, assumed: x}}
    events: {bring_back: {label: Bring it back, by: officer, to: waiting}}
  done:"""


SOLD = (
    "states:\n  waiting:\n",
    "  sold:\n    label: It should be sold\n    after_deadline: mended\n    within: 5 working days\n"
    "    while_in: [waiting, parts_ordered, on_the_bench]\n    then: {escalate: manager}\n    assumed: x\n"
    "states:\n  waiting:\n",
)


def test_one_counted_from_it_stands_still_with_it_and_is_later_by_as_long(library: Library) -> None:
    play = a_repair(library, SOLD)
    assert play.case.deadlines["sold"].due_at == at(7, month=12)
    play.now = at(4, 10)
    play.fire(OLIVE, "order")
    assert play.case.deadlines["sold"].paused_at == at(4, 10)

    play.now = at(9, 10)
    play.fire(OLIVE, "arrive")

    assert (mended(play).due_at, play.case.deadlines["sold"].due_at) == (at(3, month=12), at(10, month=12))


def test_nothing_of_one_counted_from_it_is_due_until_its_pause_is_over(library: Library) -> None:
    play = a_repair(
        library,
        (SOLD[0], SOLD[1].replace("5 working", "0 working")),
        ("20 working days", "6 working days"),
        ("every: 1 week", "every: 6 months"),
    )
    play.fire(OLIVE, "order")

    play.wait_until(at(17))

    running = play.case.deadlines
    assert [name for name in ("mended", "sold") if running[name].ended or running[name].paused_at] == []
    assert running["mended"].due_at == running["sold"].due_at == at(24)


def test_one_counted_from_one_that_is_counted_from_it_is_later_too(library: Library) -> None:
    last = SOLD[1].replace("sold:", "cleared:").replace("mended", "sold").removesuffix(SOLD[0])
    play = a_repair(library, (SOLD[0], last + SOLD[1]))
    play.now = at(4, 10)
    play.fire(OLIVE, "order")
    play.now = at(9, 10)

    play.fire(OLIVE, "arrive")

    assert play.case.deadlines["cleared"].due_at == at(17, month=12)


POLISHED = (
    "  parts_ordered:\n    label: Waiting for parts\n",
    "  polishing:\n    label: Polishing\n    awaiting: officer\n"
    "    deadlines: {polish: {label: Polish it, after_deadline: mended, within: 5 working days, "
    "then: {escalate: officer}, assumed: x}}\n"
    "    events: {polished: {label: Polished, by: officer, to: on_the_bench}}\n"
    "  parts_ordered:\n    label: Waiting for parts\n",
)
STANDING_STILL = (
    ("while_in: [waiting, parts_ordered, on_the_bench]", "while_in: [waiting, parts_ordered, polishing, on_the_bench]"),
    ("{states: parts_ordered, at_most", "{states: [parts_ordered, polishing], at_most"),
    ("by: officer, to: on_the_bench}\n  on_the_bench", "by: officer, to: polishing}\n  on_the_bench"),
    POLISHED,
)


def test_one_that_begins_while_the_other_stands_still_has_stood_still_as_long_as_that(library: Library) -> None:
    play = a_repair(library, *STANDING_STILL)
    play.now = at(4, 10)
    play.fire(OLIVE, "order")
    play.now = at(9, 10)

    play.fire(OLIVE, "arrive")

    running = play.case.deadlines
    assert running["polish"].paused_at == mended(play).paused_at == at(4, 10)
    assert running["polish"].next_at == mended(play).next_at == at(18)
    play.wait_until(at(19))
    assert (mended(play).due_at, play.case.deadlines["polish"].due_at) == (at(14, month=12), at(21, month=12))


def test_one_counted_from_it_stands_still_no_longer_than_it_does_though_it_began_later(library: Library) -> None:
    back = ("to: on_the_bench}\n  on_the_bench", "to: waiting}\n  on_the_bench")
    only_there = (SOLD[0], SOLD[1].replace("[waiting, parts_ordered, on_the_bench]", "parts_ordered"))
    play = a_repair(library, only_there, back, ("every: 1 week", "every: 6 months"))
    play.fire(OLIVE, "order")
    play.wait_until(at(17))
    play.fire(OLIVE, "arrive")

    play.fire(OLIVE, "order")

    assert (mended(play).paused_at, play.case.deadlines["sold"].paused_at) == (None, None)
