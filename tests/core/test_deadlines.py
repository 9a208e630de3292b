"""Starting a deadline, counting it from a date, and giving it more time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import MONDAY, OLIVE, PAT
from tests.core.journey import reach, reworded


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def gathering(definition: Definition) -> Play:
    return reach(definition, "gathering_evidence")


def more_time(play: Play) -> None:
    play.fire(OLIVE, "allow_more_time", why="The school holidays are in between.")


def the_panel_on(definition: Definition, day: str) -> Play:
    """A case referred to a panel on this day."""
    play = reach(definition, "panel")
    play.fire(OLIVE, "move_panel", panel_on=day, why="To begin with.")
    return play


def test_a_deadline_runs_from_entering_the_state_with_its_reminders_ahead(gathering: Play) -> None:
    running = gathering.case.deadlines["evidence_due"]

    assert (running.anchor_at, running.due_at) == (MONDAY, at(14, 23, 59, month=12))
    assert [rung.at for rung in running.rungs] == [at(30, 9), at(9, 9, month=12)]
    assert all(rung.is_pending for rung in running.rungs)
    assert running.next_at == at(30, 9)


def test_a_reminder_that_would_have_gone_before_the_deadline_began_is_skipped(library: Library) -> None:
    definition = reworded(library, ("30 working days\n        remind: {at: [10", "2 weeks\n        remind: {at: [10"))

    running = reach(definition, "gathering_evidence").case.deadlines["evidence_due"]

    assert [(str(rung.left), rung.skipped) for rung in running.rungs] == [
        ("10 working days", True),
        ("3 working days", False),
    ]
    assert running.next_at == running.rungs[1].at


def test_a_deadline_set_by_a_date_reminds_before_that_date(definition: Definition) -> None:
    views = the_panel_on(definition, "2026-11-20").case.deadlines["views_due"]

    assert (views.due_at, views.next_at) == (at(20, 23, 59), at(17, 9))
    assert [rung.is_pending for rung in views.rungs] == [True]


def test_a_deadline_set_by_a_date_that_is_near_has_no_reminder_left(definition: Definition) -> None:
    views = the_panel_on(definition, "2026-11-03").case.deadlines["views_due"]

    assert (views.next_at, [rung.skipped for rung in views.rungs]) == (views.due_at, [True])


def test_moving_the_date_starts_the_deadline_afresh_and_moves_the_work_that_hangs_on_it(definition: Definition) -> None:
    play = the_panel_on(definition, "2026-11-20")
    old = play.case.deadlines["views_due"]

    outcome = play.fire(OLIVE, "move_panel", panel_on="2026-11-27", why="The chair is away.")

    views = play.case.deadlines["views_due"]
    due = {task.name: task.due_at for task in play.case.tasks}
    assert old in outcome.stopped
    assert (views.due_at, views.next_at) == (at(27, 23, 59), at(24, 9))
    assert due["give_your_view"] == views.due_at
    assert due["record_decision"] == play.case.deadlines["panel_due"].due_at


def test_sending_the_same_date_again_starts_nothing_afresh(definition: Definition) -> None:
    play = the_panel_on(definition, "2026-11-20")

    outcome = play.fire(OLIVE, "move_panel", panel_on="2026-11-20", why="No change.")

    assert (outcome.started, outcome.stopped, outcome.tasks) == ((), (), ())


def test_a_deadline_whose_date_is_emptied_stops(library: Library) -> None:
    asked = "          panel_on: {{{}}}\n          why:"
    definition = reworded(library, (asked.format("date_must_be: today or after"), asked.format("optional: true")))
    play = reach(definition, "panel")
    running = play.case.deadlines["views_due"]

    outcome = play.fire(OLIVE, "move_panel", why="We do not know yet.")

    assert running in outcome.stopped
    assert outcome.started == ()
    assert set(play.case.deadlines) == {"panel_due"}


def test_a_deadline_waits_for_its_date_to_be_known(library: Library) -> None:
    definition = reworded(library, ("        of: panel_on ", "        of: visit_on "))

    assert "views_due" not in reach(definition, "panel").case.deadlines


def test_more_time_is_counted_from_where_the_deadline_stood(gathering: Play) -> None:
    gathering.now = at(16, 20)  # in the evening, long before and after the cut-off

    more_time(gathering)

    running = gathering.case.deadlines["evidence_due"]
    assert running.due_at == datetime(2026, 12, 30, 23, 59, tzinfo=UTC)
    assert (running.extended, running.anchor_at) == (1, MONDAY)


def test_more_time_is_counted_from_today_once_the_deadline_has_passed(gathering: Play) -> None:
    gathering.now = at(21, 10, month=12)

    more_time(gathering)

    assert gathering.case.deadlines["evidence_due"].due_at == datetime(2027, 1, 7, 23, 59, tzinfo=UTC)


def test_reminders_come_again_for_the_new_date(gathering: Play) -> None:
    gathering.wait_until(at(9, 12, month=12))
    sent = len(gathering.outcomes)

    more_time(gathering)
    assert all(rung.is_pending for rung in gathering.case.deadlines["evidence_due"].rungs)
    gathering.wait_until(at(29, 12, month=12))

    assert [outcome.entry.kind for outcome in gathering.outcomes[sent:]] == ["event", "reminder", "reminder"]


def test_a_reminder_already_sent_does_not_go_again_when_its_new_time_is_past_too(library: Library) -> None:
    definition = reworded(library, ("by: 10 working days, at_most: 3 times", "by: 2 working days, at_most: 3"))
    play = reach(definition, "gathering_evidence")
    play.wait_until(at(9, 12, month=12))

    more_time(play)

    ten_left, three_left = play.case.deadlines["evidence_due"].rungs
    assert (ten_left.is_pending, three_left.is_pending) == (False, True)


def test_more_time_is_allowed_three_times_and_no_more(gathering: Play) -> None:
    ends = [gathering.case.deadlines["evidence_due"].due_at]
    for _ in range(3):
        more_time(gathering)
        ends.append(gathering.case.deadlines["evidence_due"].due_at)

    assert all(earlier < later for earlier, later in pairwise(ends))
    with pytest.raises(Blocked, match="extended 3 times already, which is the most allowed"):
        more_time(gathering)


def test_a_deadline_that_is_over_gets_no_more_time(library: Library) -> None:
    definition = reworded(library, ("{event: lapse, after_warning: 3 working days}", "{escalate: manager}"))
    play = reach(definition, "gathering_evidence")
    play.wait_until(at(30, 10, month=12))

    with pytest.raises(Blocked, match="no deadline running that could be extended"):
        more_time(play)


def test_gathering_again_starts_a_new_deadline_with_nothing_extended(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")
    more_time(play)
    first = play.case.deadlines["evidence_due"]
    play.now += timedelta(days=2)
    for key in definition.catalogue_of("evidence"):
        play.fire(PAT, "supply", key, **play.answers("supply", expires_on="2028-01-01"))
    play.fire(PAT, "submit", declaration=True)
    for key in definition.catalogue_of("evidence"):
        play.fire(OLIVE, "accept", key)
    play.fire(OLIVE, "ask_for_information", what_we_need="A word about the new site.")

    second = play.case.deadlines["evidence_due"]
    assert (second.extended, second.anchor_at) == (0, play.now)
    assert second.id != first.id


def test_a_deadline_beyond_the_known_holidays_is_provisional(definition: Definition) -> None:
    near = reach(definition, "gathering_evidence").case.deadlines["evidence_due"]
    far = reach(definition, "gathering_evidence", now=datetime(2028, 12, 1, 10, tzinfo=UTC)).case.deadlines[
        "evidence_due"
    ]

    assert (near.provisional, far.provisional) == (False, True)
