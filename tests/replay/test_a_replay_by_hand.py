"""One case replayed by hand: each moment of it was worked out on paper from the rules before and after."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from apflow.core.days.calendar import LONDON
from apflow.core.definition.compiled import Definition
from apflow.core.machine import START
from apflow.core.people.actor import THE_CLOCK, THE_PUBLIC
from apflow.core.replay.comparing import Compared, compared
from apflow.core.replay.past import Happened, Past
from apflow.testing import MAGDA, OLIVE, OSCAR
from tests.replay.objections import objections

Changed = Callable[..., Definition]

# An objection of Monday 12 October 2026. Comments close by themselves at the end of the 26th, the day after the clocks
# go back; an officer invites to a hearing two days later, for a week on, and a manager, to whom it passes when five
# working days are over, upholds it the day after that.
OPEN, DECIDING = "open_for_comments", "deciding"


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


HISTORY = (
    Happened("event", "object", THE_PUBLIC, at(10, 12, 10), START, OPEN, {"name": "Made Up"}, {"name": "Made Up"}),
    Happened("event", "comment", OLIVE, at(10, 15, 11), OPEN, OPEN),
    Happened("reminder", "comments_close", THE_CLOCK, at(10, 23, 9), OPEN, OPEN),
    Happened("event", "close", THE_CLOCK, at(10, 26, 23, 59), OPEN, DECIDING),
    Happened("event", "invite", OLIVE, at(10, 28, 15, 30), DECIDING, DECIDING, {"heard_on": "2026-11-04"}),
    Happened("escalation", "decide_by", THE_CLOCK, at(11, 3, 23, 59), DECIDING, DECIDING),
    Happened("event", "uphold", MAGDA, at(11, 4, 12), DECIDING, "decided"),
)
NOW = at(11, 20, 12)


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The policy, changed so or so."""
    made = iter(range(9))
    return lambda *changes: objections(tmp_path / f"workflows{next(made)}", *changes)


def replayed(changed: Changed, *changes: tuple[str, str], history: tuple[Happened, ...] = HISTORY) -> Compared:
    original = changed()
    return compared(lambda _: original, changed(*changes), Past("OB-2345-6789", "Made Up", history), NOW)


def told(case: Compared) -> list[tuple[str, str, datetime | None]]:
    return [(one.how, one.name, one.would_be) for one in case.differences]


def test_under_the_same_rules_nothing_differs(changed: Changed) -> None:
    same = replayed(changed)

    assert (same.verdict, same.by, same.differences) == ("same", timedelta(0), ())
    assert (same.state, same.would_be) == ("decided", "decided")


def test_a_deadline_that_is_due_and_has_not_fired_yet_is_no_difference(changed: Changed) -> None:
    """At nine the reminder is due; whoever looks at that very moment finds it not sent yet."""
    original, nine = changed(), at(10, 23, 9)
    past = Past("OB-2345-6789", "Made Up", HISTORY[:2], not_fired=frozenset({("comments_close", nine)}))

    same = compared(lambda _: original, original, past, nine)
    two_days_sooner = changed(("remind: {at: 3", "remind: {at: 5"))
    sooner = compared(lambda _: original, two_days_sooner, past, nine)

    assert (same.verdict, same.differences, same.why) == ("same", (), "")
    assert told(sooner) == [("added", "comments_close", at(10, 21, 9))]


def test_a_task_that_was_passed_on_and_taken_over_is_so_again(changed: Changed) -> None:
    passed = Happened("task", "passed decide", OLIVE, at(10, 29, 9), DECIDING, DECIDING, {"to": OSCAR.id})
    taken = Happened("task", "took_over decide", OLIVE, at(10, 30, 9), DECIDING, DECIDING, {"to": OLIVE.id})
    history = (*HISTORY[:5], passed, taken, *HISTORY[5:])

    assert replayed(changed, history=history).differences == ()


def test_that_a_task_was_put_off_and_brought_back_is_nothing_to_a_replay(
    changed: Changed,
) -> None:
    put_off = Happened("task", "put_off decide", OLIVE, at(10, 29, 9), DECIDING, DECIDING, {"until": "2026-11-02"})
    back = Happened("task", "brought_back decide", OLIVE, at(10, 30, 9), DECIDING, DECIDING)
    history = (*HISTORY[:5], put_off, back, *HISTORY[5:])

    same = replayed(changed, history=history)
    later = replayed(changed, ("within: 14 calendar days", "within: 23 calendar days"), history=history)

    assert (same.verdict, same.differences) == ("same", ())
    assert (later.verdict, {how for how, _, _ in told(later)}) == ("later", {"later"})


def test_what_people_did_after_a_deadline_comes_as_much_later_as_the_deadline(changed: Changed) -> None:
    """Nine days more. The 4th is a Wednesday and the clocks have gone back: all keeps its time of day in London.

    The reminder, three days before, would be on a Sunday, and goes on Monday the 2nd.

    decide_by: received after the cut-off on the 4th, so on the 5th; five working days later is the 12th.
    """
    later = replayed(changed, ("within: 14 calendar days", "within: 23 calendar days"))

    assert told(later) == [
        ("later", "comments_close", at(11, 2, 9)),
        ("later", "close", at(11, 4, 23, 59)),
        ("later", "invite", at(11, 6, 15, 30)),
        ("later", "decide_by", at(11, 12, 23, 59)),
        ("later", "uphold", at(11, 13, 12)),
    ]
    assert (later.verdict, later.by) == ("later", timedelta(days=9))


def test_the_comment_before_the_deadline_stays_where_it_was_and_an_earlier_deadline_brings_the_rest_forward(
    changed: Changed,
) -> None:
    """Closed at the end of the 19th; two days on is the 21st, in summer time; five working days from the 20th: 27th."""
    earlier = replayed(changed, ("within: 14 calendar days", "within: 7 calendar days"))

    assert told(earlier) == [
        ("earlier", "comments_close", at(10, 16, 9)),
        ("earlier", "close", at(10, 19, 23, 59)),
        ("earlier", "invite", at(10, 21, 15, 30)),
        ("earlier", "decide_by", at(10, 27, 23, 59)),
        ("earlier", "uphold", at(10, 28, 12)),
    ]
    assert earlier.by == -timedelta(days=7)


def test_a_day_that_was_planned_moves_with_the_act_that_planned_it(changed: Changed) -> None:
    """With the hearing still on the 4th, an invitation of the 6th would be refused: its day must be today or after."""
    later = replayed(changed, ("within: 14 calendar days", "within: 23 calendar days"))

    assert "impossible" not in {one.how for one in later.differences}


def test_whoever_was_not_asked_by_the_escalation_does_not_wait_for_it(changed: Changed) -> None:
    """With twice the time before it passes to a manager, the manager comes a week later; an officer would not have."""
    by_officer = (*HISTORY[:6], Happened("event", "uphold", OLIVE, at(11, 4, 12), DECIDING, "decided"))
    longer = ("within: 5 working days", "within: 10 working days")

    manager, officer = replayed(changed, longer), replayed(changed, longer, history=by_officer)

    assert told(manager) == [("later", "decide_by", at(11, 10, 23, 59)), ("later", "uphold", at(11, 11, 12))]
    assert told(officer) == [("gone", "decide_by", None)]


def test_what_can_no_longer_be_done_says_why(changed: Changed) -> None:
    """Who may decide is now a manager alone, so what the officer did could not have been done."""
    by_officer = (*HISTORY[:6], Happened("event", "uphold", OLIVE, at(11, 4, 12), DECIDING, "decided"))
    managers = ("by: [officer, manager]", "by: manager"), ("title: Decide, for: officer", "title: Decide, for: manager")

    case = replayed(changed, *managers, history=by_officer)

    assert (case.verdict, case.state, case.would_be) == ("impossible", "decided", DECIDING)
    assert [(one.how, one.name, one.why) for one in case.differences] == [
        ("impossible", "uphold", "You do not have permission to do this.")
    ]


def test_what_would_come_after_today_is_still_to_come(changed: Changed) -> None:
    later = replayed(changed, ("within: 14 calendar days", "within: 60 calendar days"))

    assert (later.verdict, later.would_be) == ("later", OPEN)
    assert told(later) == [
        ("to come", "invite", None),
        ("to come", "decide_by", None),
        ("to come", "uphold", None),
        ("to come", "comments_close", at(12, 8, 9)),
        ("to come", "close", at(12, 11, 23, 59)),
    ]


def test_whoever_answers_an_escalation_that_is_still_to_come_is_still_to_come_too(changed: Changed) -> None:
    much_longer = ("within: 5 working days", "within: 9 months")

    case = replayed(changed, much_longer)

    assert case.would_be == DECIDING  # The manager was asked by the escalation, which is still to come.
    assert [one.how for one in case.differences] == ["to come", "to come"]


def test_a_new_deadline_adds_what_it_does(changed: Changed) -> None:
    reminds = ("at: 3 calendar days left", "at: [5 calendar days left, 3 calendar days left]")
    case = replayed(changed, reminds)

    assert told(case) == [
        ("earlier", "comments_close", at(10, 21, 9)),
        ("added", "comments_close", at(10, 23, 9)),
    ]
    assert (case.mails, case.would_send) == (1, 2)


def test_a_history_that_its_own_rules_do_not_explain_is_not_compared(changed: Changed) -> None:
    strange = (*HISTORY[:3], Happened("event", "uphold", OLIVE, at(10, 24, 9), OPEN, "decided"))
    case = replayed(changed, ("within: 14 calendar days", "within: 23 calendar days"), history=strange)

    assert case.verdict == "unknown"
    assert "does not come out as recorded" in case.why


def test_what_has_been_erased_is_not_compared(changed: Changed) -> None:
    erased = Past("OB-2345-6789", "Made Up", HISTORY, is_erased=True)

    assert compared(lambda _: changed(), changed(), erased, NOW).verdict == "unknown"
