"""A deadline that says when it is not wanted: it does not run while that holds, and goes on as it was counted after."""

from datetime import timedelta

import pytest

from apflow.core.diagram.spans import Spans
from apflow.core.errors import Blocked, NotOpen
from apflow.core.forecast import foresee
from apflow.core.play import Play
from apflow.letters.messages import case_after
from apflow.loader import Library
from apflow.testing import MONDAY, OLIVE
from tests.core.repairs import a_repair, at

_UNLESS = "unless: {fact: agreed, is: true}"
_SAYS = (
    "events:\n"
    "  say: {label: Say, by: officer, from: [waiting, parts_ordered, on_the_bench], form: {agreed: }}\n"
    "  name_day: {label: Name a day, by: officer, from: [waiting, on_the_bench], form: {day: }}\n"
    "  more_time: {label: More time, by: officer, from: [waiting],"
    " extends: {deadline: look, by: 5 working days, at_most: 2 times, assumed: x}}\n"
    "  add_part: {label: Add a part, by: officer, from: [waiting], item: {of: parts, from: none, to: wanted},"
    " form: {part: {type: text, label: Which?}, by_day: {type: date, label: By when?}}}\n"
    "  part_came: {label: It came, by: officer, from: [waiting], item: {of: parts, from: wanted, to: here}}\n"
    "  part_broke: {label: It broke, by: officer, from: [waiting], item: {of: parts, from: here, to: wanted}}\n"
)
_MORE = (
    (
        "  toy: {type: text",
        "  agreed: {type: yes/no, label: Agreed?}\n  day: {type: date, label: Day}\n  toy: {type: text",
    ),
    (
        "start:\n",
        "collections:\n  parts: {label: Parts, keyed_by: number, called: part,"
        " statuses: {wanted: {label: Wanted}, here: {label: Here}}}\nstart:\n",
    ),
    ("deadlines:\n  mended", f"{_SAYS}deadlines:\n  mended"),
)
_LOOK = "look: {label: Someone should look, within: 5 working days,"
LOOK = (
    _LOOK,
    f"{_LOOK} {_UNLESS}, remind: {{at: [3 working days left, 1 working day left], who: officer, notice: n}},",
)
ITS_TASK = ("deadline: mended, assumed", "deadline: look, assumed")


def a_toy(library: Library, *changes: tuple[str, str]) -> Play:
    return a_repair(library, *_MORE, *changes)


def says(play: Play, agreed: bool) -> None:
    play.fire(OLIVE, "say", agreed=agreed)


def running(play: Play) -> set[str]:
    return {name for name, one in play.case.deadlines.items() if one.next_at is not None}


def entries(play: Play, name: str) -> list[tuple[str, str]]:
    """What the deadline did, and on which day."""
    return [(one.entry.kind, f"{one.entry.at:%d %b}") for one in play.outcomes if one.entry.name == name]


def test_it_does_not_run_in_a_state_that_is_entered_while_it_is_not_wanted(library: Library) -> None:
    play = a_toy(library, ("ask: {label: Ask where they are, every", f"ask: {{label: Ask, {_UNLESS}, every"))
    says(play, agreed=True)

    play.fire(OLIVE, "order")

    assert running(play) == {"mended"}


def test_it_runs_while_it_is_not_known_whether_it_is_wanted(library: Library) -> None:
    assert "look" in running(a_toy(library, LOOK))


def test_what_makes_it_unwanted_stops_it_and_the_work_that_was_due_with_it_is_due_by_no_day(library: Library) -> None:
    play = a_toy(library, LOOK, ITS_TASK)
    assert [task.due_at for task in play.case.tasks] == [at(9)]

    says(play, agreed=True)

    assert "look" not in play.case.deadlines
    assert [task.due_at for task in play.case.tasks] == [None]
    play.wait_until(at(20))
    assert entries(play, "look") == []


def test_what_was_passed_on_as_it_was_late_is_done_with_once_it_is_not_wanted(library: Library) -> None:
    play = a_toy(library, LOOK)
    play.wait_until(at(10))
    assert [task.name for task in play.case.tasks if task.is_alert] == ["overdue_look"]

    says(play, agreed=True)

    assert [task.name for task in play.case.tasks if task.is_alert] == []


def test_wanted_again_it_goes_on_as_it_was_counted(library: Library) -> None:
    play = a_toy(library, LOOK, ITS_TASK)
    before = play.case.deadlines["look"]
    says(play, agreed=True)
    play.now += timedelta(hours=1)

    says(play, agreed=False)

    assert play.case.deadlines["look"] == before
    assert [task.due_at for task in play.case.tasks] == [at(9)]


def test_one_that_was_never_wanted_is_counted_from_entering_the_state_once_it_is(library: Library) -> None:
    unwanted = _UNLESS.replace("is: true", "is: false")
    play = a_toy(
        library,
        LOOK,
        (
            "      dry: {",
            f"      wipe: {{label: W, within: 5 working days, {unwanted}, then: {{escalate: manager}}, assumed: x}}\n"
            "      dry: {",
        ),
    )
    says(play, agreed=False)
    play.fire(OLIVE, "take")
    assert "wipe" not in play.case.deadlines
    play.now = at(4, 10)

    says(play, agreed=True)

    assert play.case.deadlines["wipe"].due_at == at(9)


def test_if_its_time_has_passed_meanwhile_it_acts_at_once(library: Library) -> None:
    play = a_toy(library, LOOK)
    says(play, agreed=True)
    play.wait_until(at(12, 10, 0))
    says(play, agreed=False)

    play.wait_until(at(12, 10, 0))

    assert entries(play, "look") == [("escalation", "12 Nov")]


def test_what_acted_before_it_was_unwanted_acts_again_as_it_is_undecided_again(library: Library) -> None:
    play = a_toy(library, LOOK)
    play.wait_until(at(10))
    says(play, agreed=True)
    says(play, agreed=False)

    play.wait_until(at(12))

    assert entries(play, "look")[-2:] == [("escalation", "09 Nov"), ("escalation", "10 Nov")]
    assert [task.name for task in play.case.tasks if task.is_alert] == ["overdue_look"]


def test_of_the_reminders_that_it_missed_only_the_nearest_goes(library: Library) -> None:
    play = a_toy(library, LOOK)
    says(play, agreed=True)
    play.wait_until(at(6, 12, 0))
    says(play, agreed=False)

    play.wait_until(at(9, 12, 0))

    assert entries(play, "look") == [("reminder", "06 Nov")]
    assert play.outcomes[-1].entry.note == "1 earlier reminder skipped"


def test_a_reminder_that_went_before_does_not_go_again(library: Library) -> None:
    play = a_toy(library, LOOK)
    play.wait_until(at(5, 12, 0))
    says(play, agreed=True)
    says(play, agreed=False)

    play.wait_until(at(9, 12, 0))

    assert entries(play, "look") == [("reminder", "04 Nov"), ("reminder", "06 Nov")]


def test_more_time_that_was_given_stays_given(library: Library) -> None:
    play = a_toy(library, LOOK)
    play.fire(OLIVE, "more_time")
    says(play, agreed=True)

    says(play, agreed=False)

    look = play.case.deadlines["look"]
    assert (look.due_at, look.extended) == (at(16), 1)


def test_nobody_gives_more_time_to_what_is_not_wanted(library: Library) -> None:
    play = a_toy(library, LOOK)
    says(play, agreed=True)

    with pytest.raises(Blocked, match="no deadline running"):
        play.fire(OLIVE, "more_time")


def test_a_deadline_claimed_to_be_rung_as_it_became_unwanted_does_nothing(library: Library) -> None:
    play = a_toy(library, LOOK)
    says(play, agreed=True)
    play.now = at(12)

    with pytest.raises(NotOpen):
        play.ring("look")


def test_one_of_the_whole_case_is_counted_from_where_it_began_whatever_came_between(library: Library) -> None:
    play = a_toy(library, ("paused_in: {states: parts_ordered", f"{_UNLESS}\n    paused_in: {{states: parts_ordered"))
    says(play, agreed=True)
    assert [task.due_at for task in play.case.tasks] == [None]
    play.now = at(4, 10)
    play.fire(OLIVE, "take")

    says(play, agreed=False)

    assert play.case.deadlines["mended"].due_at == at(30)


def test_one_of_the_whole_case_that_is_unwanted_is_over_with_the_last_of_its_states(library: Library) -> None:
    play = a_toy(library, ("paused_in: {states: parts_ordered", f"{_UNLESS}\n    paused_in: {{states: parts_ordered"))
    says(play, agreed=True)
    play.fire(OLIVE, "take")

    play.fire(OLIVE, "give_back")

    assert (play.case.deadlines, play.case.unwanted) == ({}, {})


def test_what_it_stood_still_while_it_was_unwanted_is_added_all_the_same(library: Library) -> None:
    play = a_toy(library, ("paused_in: {states: parts_ordered", f"{_UNLESS}\n    paused_in: {{states: parts_ordered"))
    says(play, agreed=True)
    play.now = at(4, 10)
    play.fire(OLIVE, "order")
    play.now = at(9, 10)  # Wednesday to Monday: three working days
    play.fire(OLIVE, "arrive")

    says(play, agreed=False)

    mended = play.case.deadlines["mended"]
    assert (mended.paused_at, mended.paused_days, mended.due_at) == (None, 3, at(3, month=12))


def test_unwanted_it_stands_still_no_longer_than_it_may(library: Library) -> None:
    play = a_toy(
        library,
        ("paused_in: {states: parts_ordered", f"{_UNLESS}\n    paused_in: {{states: parts_ordered"),
        ("every: 1 week", "every: 6 months"),
    )
    play.fire(OLIVE, "order")
    says(play, agreed=True)
    play.now = at(30, 10)
    says(play, agreed=False)

    mended = play.case.deadlines["mended"]

    assert (mended.paused_at, mended.paused_days, mended.due_at) == (None, 10, at(14, month=12))


def test_one_that_stands_still_goes_on_doing_so_when_it_is_wanted_again(library: Library) -> None:
    play = a_toy(library, ("paused_in: {states: parts_ordered", f"{_UNLESS}\n    paused_in: {{states: parts_ordered"))
    play.fire(OLIVE, "order")
    before = play.case.deadlines["mended"]
    says(play, agreed=True)
    play.now = at(4, 10)

    says(play, agreed=False)

    assert play.case.deadlines["mended"] == before


def test_one_that_comes_round_leaves_out_the_times_that_it_was_not_wanted(library: Library) -> None:
    play = a_toy(library, ("ask: {label: Ask where they are, every", f"ask: {{label: Ask, {_UNLESS}, every"))
    play.fire(OLIVE, "order")
    says(play, agreed=True)
    play.wait_until(at(18, 10, 0))
    says(play, agreed=False)

    play.wait_until(at(24, 10, 0))

    assert entries(play, "ask") == [("escalation", "23 Nov")]


def test_one_counted_from_an_event_is_counted_from_when_that_happened(library: Library) -> None:
    dry = "dry: {label: The glue is dry, after: glue"
    play = a_toy(library, (dry, f"{dry}, {_UNLESS}"))
    says(play, agreed=True)
    play.fire(OLIVE, "take")
    play.fire(OLIVE, "glue")
    assert running(play) == {"mended", "dust"}
    play.now = at(3, 10)

    says(play, agreed=False)

    assert play.case.deadlines["dry"].due_at == at(4)


def test_one_counted_from_one_that_is_not_wanted_is_not_wanted_either(library: Library) -> None:
    dry = "dry: {label: The glue is dry, after: glue"
    play = a_toy(library, (dry, f"{dry}, {_UNLESS}"))
    play.fire(OLIVE, "take")
    play.fire(OLIVE, "glue")
    before = play.case.deadlines["paint"]

    says(play, agreed=True)
    assert running(play) == {"mended", "dust"}
    says(play, agreed=False)

    assert play.case.deadlines["paint"] == before


def test_a_date_that_changed_meanwhile_is_what_it_is_counted_from(library: Library) -> None:
    play = a_toy(library, (_LOOK, f"{_LOOK} of: day, {_UNLESS},"))
    says(play, agreed=True)
    play.fire(OLIVE, "name_day", day="2026-11-06")
    assert running(play) == {"mended"}
    play.fire(OLIVE, "name_day", day="2026-11-09")

    says(play, agreed=False)

    assert play.case.deadlines["look"].due_at == at(16)


def test_one_that_follows_dates_of_items_begins_with_what_there_is_once_it_is_wanted(library: Library) -> None:
    meant = "among: {items: parts, where: {fact: item.status, is: wanted}}"
    among = f"look: {{label: L, within: 0 calendar days, of: by_day, {meant},"
    play = a_toy(library, (_LOOK, f"{among} {_UNLESS},"))
    play.fire(OLIVE, "add_part", part="An ear", by_day="2026-11-06")
    assert "look" in running(play)
    says(play, agreed=True)
    assert ("look" in play.case.deadlines, play.case.unwanted) == (False, {})
    play.fire(OLIVE, "add_part", part="A nose", by_day="2026-11-05")

    says(play, agreed=False)

    assert play.case.deadlines["look"].due_at == at(5)


def test_how_items_stand_can_make_it_unwanted(library: Library) -> None:
    all_here = "unless: {all: [{count: parts, at_least: 1}, {every: parts, has: {fact: item.status, is: here}}]}"
    play = a_toy(library, (_LOOK, f"{_LOOK} {all_here},"))
    play.fire(OLIVE, "add_part", part="An ear", by_day="2026-11-06")
    assert "look" in running(play)

    play.fire(OLIVE, "part_came", "1")
    assert "look" not in running(play)
    play.fire(OLIVE, "part_broke", "1")

    assert play.case.deadlines["look"].due_at == at(9)


def test_nothing_is_foreseen_of_it_and_something_again_once_it_is_wanted(library: Library) -> None:
    play = a_toy(library, LOOK)
    says(play, agreed=True)
    assert "look" not in foreseen(play)

    says(play, agreed=False)

    assert foreseen(play)[:3] == ["look", "look", "look"]


def foreseen(play: Play) -> list[str]:
    until = play.now + timedelta(days=20)
    return [
        one.deadline
        for one in foresee(play.definition, play.case, lambda case, at: play.world, play.now, until, most=9)
    ]


def test_the_drawing_says_when_it_does_not_run(library: Library) -> None:
    play = a_toy(library, LOOK)
    spec = play.definition.deadlines["waiting"]["look"]

    assert Spans(play.definition).in_full(spec, "waiting") == (
        "Someone should look: within 5 working days, but not while “Agreed?” is yes, then the manager is told"
    )


def test_an_email_of_what_makes_it_unwanted_speaks_of_it_no_more(library: Library) -> None:
    play = a_toy(library, LOOK)
    before = play.case
    says(play, agreed=True)

    assert "look" not in case_after(before, play.outcomes[-1]).deadlines


def test_a_policy_without_such_deadlines_looks_at_no_condition(library: Library) -> None:
    assert a_repair(library, now=MONDAY).definition.unless == {}
