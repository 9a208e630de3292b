"""What a deadline does when it rings: remind, warn, escalate or move; never twice, and never late in a heap."""

from datetime import UTC, datetime, timedelta

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotOpen
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import MAGDA, OLIVE, PAT
from tests.core.journey import MORGAN, a_play, reach, reworded, supply

# Papers are due 30 working days after MONDAY, with reminders 10 and 3 working days before.
FIRST = datetime(2026, 11, 30, 9, tzinfo=UTC)
SECOND = datetime(2026, 12, 9, 9, tzinfo=UTC)
DUE = datetime(2026, 12, 14, 23, 59, tzinfo=UTC)
# An enquiry is to be answered within 5.
ANSWER_BY = datetime(2026, 11, 9, 23, 59, tzinfo=UTC)


@pytest.fixture
def gathering(definition: Definition) -> Play:
    return reach(definition, "gathering_evidence")


def ring_at(play: Play, at: datetime, deadline: str = "evidence_due") -> None:
    play.now = at
    play.ring(deadline)


def told(play: Play) -> list[str]:
    """The notices of everything that was rung."""
    return [send.notice for outcome in play.outcomes for send in outcome.sends if outcome.entry.actor.is_clock]


def test_time_alone_reminds_twice_and_then_ends_the_application(gathering: Play) -> None:
    gathering.wait_until(DUE + timedelta(days=1))

    happened = [(outcome.entry.kind, outcome.entry.at) for outcome in gathering.outcomes[2:]]
    assert happened == [("reminder", FIRST), ("reminder", SECOND), ("event", DUE)]
    assert told(gathering) == [
        "evidence_reminder",
        "evidence_reminder",
        "application_lapsed",
        "application_lapsed_staff",
    ]
    assert (gathering.case.state, gathering.case.entered_at) == ("lapsed", DUE)


@pytest.mark.parametrize("deadline", ["evidence_due", "no_such_deadline"])
def test_a_deadline_with_nothing_due_does_nothing(gathering: Play, deadline: str) -> None:
    with pytest.raises(NotOpen, match="Nothing of this deadline is due"):
        ring_at(gathering, FIRST - timedelta(microseconds=1), deadline)


def test_a_missed_night_catches_up_once_and_as_of_its_own_time(gathering: Play) -> None:
    ring_at(gathering, FIRST + timedelta(hours=7))

    assert told(gathering) == ["evidence_reminder"]
    assert gathering.case.changed_at == FIRST
    assert gathering.case.deadlines["evidence_due"].next_at == SECOND
    with pytest.raises(NotOpen):
        gathering.ring("evidence_due")


def test_a_reminder_that_comes_when_nobody_is_there_waits_for_the_next_working_morning(gathering: Play) -> None:
    ring_at(gathering, FIRST + timedelta(hours=8))  # The day's work is over at 17:00.

    assert told(gathering) == []
    assert gathering.outcomes[-1].entry.note == "The reminder waits for working hours."
    assert gathering.case.deadlines["evidence_due"].next_at == FIRST + timedelta(days=1)
    ring_at(gathering, FIRST + timedelta(days=1))
    assert told(gathering) == ["evidence_reminder"]


def test_no_reminder_waits_until_the_day_on_which_it_is_due(gathering: Play) -> None:
    the_evening_before = DUE - timedelta(hours=28)

    ring_at(gathering, the_evening_before)

    assert told(gathering) == ["evidence_reminder"]


def test_one_that_goes_at_once_goes_at_night(library: Library) -> None:
    at_once = ("notice: evidence_reminder}", "notice: evidence_reminder, at_once: true}")
    gathering = reach(reworded(library, at_once), "gathering_evidence")

    ring_at(gathering, FIRST + timedelta(hours=8))

    assert told(gathering) == ["evidence_reminder"]
    assert [send.together for send in gathering.outcomes[-1].sends] == [False]


def test_after_an_outage_only_the_nearest_reminder_goes_and_the_other_is_recorded_as_skipped(gathering: Play) -> None:
    ring_at(gathering, SECOND + timedelta(days=1))

    (outcome,) = gathering.outcomes[2:]
    first, second = gathering.case.deadlines["evidence_due"].rungs
    assert len(outcome.sends) == 1
    assert outcome.entry.note == "1 earlier reminder skipped"
    assert (outcome.entry.at, second.sent_at) == (SECOND, SECOND)
    assert (first.skipped, first.sent_at, first.is_pending, second.is_pending) == (True, None, False, False)


def test_nobody_lapses_before_a_warning_has_been_delivered_and_has_stood(gathering: Play) -> None:
    long_after = DUE + timedelta(days=6)
    ring_at(gathering, long_after)
    assert (gathering.case.state, told(gathering)) == ("gathering_evidence", ["evidence_reminder"])

    gathering.deliver()
    waits_until = gathering.case.deadlines["evidence_due"].next_at
    assert waits_until == datetime(2026, 12, 24, 23, 59, tzinfo=UTC)  # three working days from Monday 21st
    with pytest.raises(NotOpen):
        ring_at(gathering, waits_until - timedelta(seconds=1))

    ring_at(gathering, waits_until)
    assert (gathering.case.state, gathering.case.entered_at) == ("lapsed", waits_until)


def test_a_warning_that_is_never_delivered_keeps_the_application_alive(gathering: Play) -> None:
    ring_at(gathering, SECOND)
    for _ in range(3):
        ring_at(gathering, max(DUE, gathering.case.deadlines["evidence_due"].next_at or DUE))
        assert gathering.case.state == "gathering_evidence"
        assert gathering.outcomes[-1].entry.note == "Not ended yet: no warning has been delivered"
        assert not gathering.outcomes[-1].sends


def test_a_warning_delivered_late_moves_the_end(gathering: Play) -> None:
    ring_at(gathering, SECOND)
    gathering.now = DUE - timedelta(hours=12)
    gathering.deliver()

    ring_at(gathering, DUE)

    assert gathering.outcomes[-1].entry.note == "Not ended yet: the warning was late"
    assert gathering.case.deadlines["evidence_due"].next_at == datetime(2026, 12, 17, 23, 59, tzinfo=UTC)


def test_an_escalation_leaves_the_case_where_it_is_and_gives_the_manager_one_task(definition: Definition) -> None:
    enquiry = reach(definition, "enquiry")

    enquiry.wait_until(ANSWER_BY + timedelta(days=60))

    assert enquiry.case.state == "enquiry"
    assert [outcome.entry.kind for outcome in enquiry.outcomes[1:]] == ["reminder", "escalation"]
    assert [send.role for send in enquiry.outcomes[-1].sends] == ["manager"]
    overdue = [task for task in enquiry.case.tasks if task.is_alert]
    assert [(task.role, task.title) for task in overdue] == [("manager", "Overdue: the enquiry should be answered")]
    assert enquiry.outcomes[-1].opened[0].note.startswith("This was due by Monday 9 November 2026.")
    with pytest.raises(NotOpen):
        enquiry.ring("answer_due")


def test_an_escalation_missed_with_its_reminder_is_told_as_of_the_deadline_and_the_reminder_is_skipped(
    definition: Definition,
) -> None:
    enquiry = reach(definition, "enquiry")

    ring_at(enquiry, ANSWER_BY + timedelta(days=3), "answer_due")

    assert enquiry.outcomes[-1].entry.at == ANSWER_BY
    assert [rung.skipped for rung in enquiry.case.deadlines["answer_due"].rungs] == [True]


def test_a_late_deadline_never_acts_before_what_has_happened_to_the_case_since(gathering: Play) -> None:
    gathering.now = SECOND + timedelta(hours=5)
    supply(gathering, "curriculum")

    ring_at(gathering, SECOND + timedelta(hours=6))

    assert gathering.outcomes[-1].entry.at == SECOND + timedelta(hours=5)


def test_an_end_that_a_guard_forbids_waits_a_working_day_and_says_why(library: Library) -> None:
    definition = reworded(
        library, ("        to: lapsed\n", "        to: lapsed\n        requires: visit_is_arranged\n")
    )
    play = reach(definition, "gathering_evidence")

    play.wait_until(DUE)

    assert (play.case.state, play.outcomes[-1].entry.note) == ("gathering_evidence", "Arrange the visit first.")
    # A working day from a minute to midnight, which is after the cut-off and so counts as the next day.
    assert play.case.deadlines["evidence_due"].next_at == DUE + timedelta(days=2)


def test_leaving_the_state_stops_what_was_running(gathering: Play) -> None:
    running = gathering.case.deadlines["evidence_due"]

    outcome = gathering.fire(PAT, "withdraw", sure=True)

    assert outcome.stopped == (running,)
    with pytest.raises(NotOpen):
        ring_at(gathering, DUE)


def test_a_deadline_says_under_which_claim_it_acted(gathering: Play) -> None:
    gathering.now = FIRST

    outcome = gathering.ring("evidence_due")

    assert (outcome.deadline, outcome.token) == ("evidence_due", 0)
    assert gathering.fire(OLIVE, "allow_more_time", why="x").token is None


def test_what_falls_to_officers_falls_to_the_one_who_has_the_case(definition: Definition) -> None:
    approved = reach(definition, "approved")

    approved.wait_until(approved.now + timedelta(days=370))

    officers = [task for task in approved.case.tasks if task.is_alert and task.role == "officer"]
    assert {task.claimed_by for task in officers} == {OLIVE.id}
    approved.fire(MAGDA, "propose_removal", removal_reasons="x")
    assert approved.fire(MORGAN, "confirm_removal", why_confirmed="x", sure=True).state == "removed"


def test_a_case_that_has_not_begun_has_no_deadlines(definition: Definition) -> None:
    with pytest.raises(NotOpen):
        a_play(definition).ring("answer_due")
