"""Deadlines counted from an event or from another deadline, and those that come round again and again."""

from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import OLIVE
from tests.core.repairs import a_repair, at


def on_the_bench(library: Library, *changes: tuple[str, str]) -> Play:
    play = a_repair(library, *changes)
    play.fire(OLIVE, "take")
    return play


def rung(play: Play, name: str) -> list[str]:
    """The days on which this deadline acted."""
    return [f"{outcome.entry.at:%d %b}" for outcome in play.outcomes if outcome.entry.name == name]


def test_one_counted_from_an_event_waits_for_the_event(library: Library) -> None:
    play = on_the_bench(library)
    assert "dry" not in play.case.deadlines
    play.now = at(4, 10)

    play.fire(OLIVE, "glue")

    assert play.case.deadlines["dry"].due_at == at(6)


def test_one_counted_from_another_deadline_begins_when_that_one_is_due(library: Library) -> None:
    play = on_the_bench(library)
    assert "paint" not in play.case.deadlines
    play.now = at(4, 10)

    play.fire(OLIVE, "glue")

    assert play.case.deadlines["paint"].due_at == at(11)


def test_when_the_event_happens_again_both_are_counted_anew(library: Library) -> None:
    play = on_the_bench(library)
    play.fire(OLIVE, "glue")
    play.now = at(4, 10)

    outcome = play.fire(OLIVE, "glue")

    assert {stopped.name for stopped in outcome.stopped} == {"dry", "paint"}
    assert (play.case.deadlines["dry"].due_at, play.case.deadlines["paint"].due_at) == (at(6), at(11))


def test_one_counted_from_one_that_is_counted_from_it_moves_too(library: Library) -> None:
    dust = "      dust: {label"
    sell = (
        "      sell: {label: Sell it, after_deadline: paint, within: 1 week, then: {escalate: manager}, assumed: x}\n"
    )
    play = on_the_bench(library, (f"{dust}: It should", f"{sell}{dust}: It should"))
    play.fire(OLIVE, "glue")
    play.now = at(4, 10)

    play.fire(OLIVE, "glue")

    assert play.case.deadlines["sell"].due_at == at(18)


def test_one_whose_event_leaves_the_case_where_it_is_acts_once(library: Library) -> None:
    play = on_the_bench(
        library, ("dust: {label: It should be dusted, every: 1 month", "dust: {label: X, within: 1 year")
    )
    play.fire(OLIVE, "glue")

    play.wait_until(at(20))

    assert rung(play, "note_dry") == ["04 Nov"]
    assert (play.case.deadlines["dry"].ended, play.case.deadlines["dry"].next_at) == (True, None)


def test_one_that_comes_round_does_so_from_when_it_was_due(library: Library) -> None:
    play = on_the_bench(library)

    play.wait_until(at(31, month=12).replace(month=2, day=20, year=2027))

    assert rung(play, "dust") == ["02 Dec", "02 Jan", "02 Feb"]
    assert play.case.deadlines["dust"].next_at is not None


def test_one_that_escalates_each_week_opens_no_second_task_while_the_first_is_open(library: Library) -> None:
    play = a_repair(library)
    play.fire(OLIVE, "order")

    play.wait_until(at(24))

    assert rung(play, "ask") == ["09 Nov", "16 Nov", "23 Nov"]
    assert [task.name for task in play.case.tasks if task.is_alert] == ["overdue_ask"]


def test_after_an_outage_the_times_missed_are_left_out(library: Library) -> None:
    play = a_repair(library)
    play.fire(OLIVE, "order")
    play.now = at(25, 10)

    play.ring("ask")

    assert rung(play, "ask") == ["09 Nov"]
    assert play.case.deadlines["ask"].due_at == at(30)
