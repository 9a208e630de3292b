"""Moving live cases to another version: explained as it is done, each by itself, back until the next event."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.loader import Library
from apflow.rounds.verifying import verified
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.reading.history import broken_chains, history_of
from apflow.store.tables.messages import messages
from apflow.store.tables.work import timers
from apflow.testing import MAGDA, MONDAY, OLIVE, a_handler, leave
from apflow.versions.moving import Move, Told, explained, moved, moved_back, to_move, to_move_back, version_to
from tests.brought import bring_to
from tests.versions import CHECKING, LADDER, SENDING, changed

DAY = timedelta(days=1)
RENAMED = (
    ("  checking_evidence:\n", "  looking_at_evidence:\n"),
    ("to: checking_evidence", "to: looking_at_evidence"),
    ("fires, checking_evidence", "fires, looking_at_evidence"),
)


@pytest.fixture
def handler(store: Store, library: Library) -> Handler:
    return a_handler(store, library)


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        snapshot = load_case(connection, reference)
    assert snapshot is not None
    return snapshot


def under(handler: Handler, *differences: tuple[str, str]) -> Handler:
    """The door once this policy is live."""
    return a_handler(handler.store, changed(handler.library, *differences))


def a_move(handler: Handler, now: datetime = MONDAY, **answers: Any) -> Move:
    return Move(version_to(handler, "provider", None), MAGDA, now, answers)


def move(handler: Handler, now: datetime = MONDAY, **answers: Any) -> list[Told]:
    """What was explained, which is then done."""
    asked = a_move(handler, now, **answers)
    references = to_move(handler, asked.to)
    before = list(explained(handler, asked, references))
    assert list(moved(handler, asked, references)) == before
    return before


def lines(told: Sequence[Told]) -> tuple[str, ...]:
    (one,) = told
    return one.said


def everything(handler: Handler) -> list[Row[Any]]:
    with handler.store.reading() as connection:
        assert list(broken_chains(connection)) == []
        columns = (timers.c.id, timers.c.name, timers.c.due_at, timers.c.next_at, timers.c.rungs, timers.c.stopped_at)
        return list(connection.execute(select(*columns).where(timers.c.stopped_at.is_(None)).order_by(timers.c.id)))


def mails(handler: Handler) -> list[str]:
    with handler.store.reading() as connection:
        return list(connection.scalars(select(messages.c.notice).order_by(messages.c.id)))


def test_a_case_goes_on_under_the_new_text_and_its_history_says_who_moved_it_and_what_that_did(
    handler: Handler,
) -> None:
    reference = bring_to(handler, "checking_evidence")
    later = under(handler)

    (told,) = move(later)

    snapshot = case(later, reference)
    assert snapshot.digest == later.library.sources["provider"].digest
    assert (told.reference, told.how) == (reference, "moved")
    with handler.store.reading() as connection:
        last = history_of(connection, reference)[-1]
    assert (last.kind, last.name, last.actor_name) == ("version", "moved to version 2", "Magda Manager")
    assert tuple(last.payload["note"].splitlines()) == told.said
    leave(later, reference, "checking_evidence")
    assert case(later, reference).state == "panel"


def test_a_running_deadline_keeps_its_date_unless_the_definition_says_otherwise(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    due = case(handler, reference).deadlines["check_due"].due_at
    later = under(handler, (CHECKING, CHECKING.replace("10", "20")))

    said = lines(move(later))

    assert case(later, reference).deadlines["check_due"].due_at == due
    assert said == ("It stays in “Checking evidence”.", "“The evidence should be checked” is kept: due 16 Nov 2026.")


def test_one_that_is_to_be_recomputed_is_counted_anew_from_its_beginning_and_its_task_with_it(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    later = under(handler, (CHECKING, f"{CHECKING.replace('10', '20')}\n        on_migration: recompute"))

    said = lines(move(later, MONDAY + DAY))

    snapshot = case(later, reference)
    assert snapshot.deadlines["check_due"].due_at.date().isoformat() == "2026-11-30"
    assert snapshot.deadlines["check_due"].anchor_at == MONDAY
    assert [task.due_at for task in snapshot.tasks] == [snapshot.deadlines["check_due"].due_at]
    assert said[1:] == (
        "“The evidence should be checked” is counted anew: due 30 Nov 2026, was 16 Nov 2026.",
        "The task “Check the evidence” is due 30 Nov 2026.",
    )


def test_one_that_is_to_be_asked_about_leaves_the_case_until_it_is_said(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    later = under(handler, (CHECKING, f"{CHECKING.replace('10', '20')}\n        on_migration: ask"))

    (asked,) = move(later)

    assert asked.how == "asked"
    assert asked.said == (
        "“The evidence should be checked” is due 16 Nov 2026, and counted anew would be due 30 Nov 2026. "
        "Say --deadline check_due=keep or --deadline check_due=recompute.",
    )
    assert case(later, reference).digest == handler.library.sources["provider"].digest
    assert [one.how for one in move(later, check_due="recompute")] == ["moved"]


def test_no_change_of_rules_lets_a_deadline_pass_unasked(handler: Handler) -> None:
    bring_to(handler, "checking_evidence")
    later = under(handler, (CHECKING, f"{CHECKING.replace('10', '2')}\n        on_migration: recompute"))

    (asked,) = move(later, MONDAY + 5 * DAY)

    assert asked.how == "asked"
    assert "would have passed 4 Nov 2026, and would act at once" in asked.said[0]
    assert [one.how for one in move(later, MONDAY + 5 * DAY, check_due="keep")] == ["moved"]


def test_more_time_that_was_allowed_is_not_taken_away_when_it_is_counted_anew(handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    handler.fire(reference, "allow_more_time", {"why": "They have moved."}, actor=OLIVE, now=MONDAY)
    later = under(handler, (SENDING, f"{SENDING.replace('30', '20')}\n        on_migration: recompute"))

    move(later)

    running = case(later, reference).deadlines["evidence_due"]
    calendar = later.library.calendar
    twenty = calendar.due(
        MONDAY, later.library.current("provider").deadlines["gathering_evidence"]["evidence_due"].span
    )
    assert calendar.working_days_between(twenty.on, running.due_at.date()) == 10
    assert running.extended == 1


def test_a_reminder_that_was_sent_is_not_sent_again_and_a_new_one_is_armed(handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    ten_left = case(handler, reference).deadlines["evidence_due"].rungs[0].at
    fire_due(handler, ten_left, machine_now=lambda: ten_left)
    before = mails(handler).count("provider/evidence_reminder")
    fuller = LADDER.replace("3 working", "5 working days left, 3 working")
    later = under(
        handler, (LADDER, fuller), (SENDING, f"{SENDING.replace('30', '40')}\n        on_migration: recompute")
    )

    move(later, ten_left)

    rungs = case(later, reference).deadlines["evidence_due"].rungs
    assert [(rung.left.count, rung.is_pending) for rung in rungs] == [(10, False), (5, True), (3, True)]
    assert mails(later).count("provider/evidence_reminder") == before == 1
    end = MONDAY + 90 * DAY
    fire_due(later, end, machine_now=lambda: end)
    assert mails(later).count("provider/evidence_reminder") == 2  # The nearest of those that an outage missed.


def test_a_deadline_that_has_acted_does_not_act_again(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    over = MONDAY + 20 * DAY
    fire_due(handler, over, machine_now=lambda: over)
    later = under(handler, (CHECKING, f"{CHECKING.replace('10', '30')}\n        on_migration: recompute"))

    said = lines(move(later, over))

    assert "“The evidence should be checked” has acted already, and does not act again." in said
    end = over + 60 * DAY
    assert fire_due(later, end, machine_now=lambda: end) == 0
    assert mails(later).count("provider/work_overdue") == 1
    assert "overdue_check_due" in [task.name for task in case(later, reference).tasks]


def test_what_is_new_in_its_state_is_armed_and_opened_and_what_is_gone_stops(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    deadlines = (
        "      check_due:\n        label: The evidence should be checked\n        within: 10 working days",
        "      look_due:\n        label: Somebody should look\n        within: 15 working days",
    )
    task = ("title: Check the evidence, for: officer, deadline: check_due", "title: Read it, for: officer, due: 1 week")
    later = under(handler, deadlines, task)

    said = lines(move(later))

    snapshot = case(later, reference)
    assert list(snapshot.deadlines) == ["look_due"]
    assert [open_task.title for open_task in snapshot.tasks] == ["Read it"]
    assert said[1:] == (
        "“Somebody should look” is new: due 23 Nov 2026.",
        "“The evidence should be checked” no longer runs; it was due 16 Nov 2026.",
        "The task “Check the evidence” is no longer needed.",
        "The task “Read it” is new, due 9 Nov 2026.",
    )


def test_a_deadline_that_is_only_called_otherwise_goes_on(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    due = case(handler, reference).deadlines["check_due"].due_at
    label = "        label: The evidence should be checked"
    later = under(handler, ("check_due", "checked_by"), (label, f"        formerly: check_due\n{label}"))

    move(later, MONDAY + 5 * DAY)

    running = case(later, reference).deadlines
    assert list(running) == ["checked_by"]
    assert running["checked_by"].due_at == due


def test_a_state_that_is_called_otherwise_takes_its_cases_where_migrate_says(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    entered = case(handler, reference).entered_at
    later = under(
        handler,
        ("checking_evidence", "looking_at_it"),
        ("\nparty: ", "\nmigrate: {checking_evidence: looking_at_it}\nparty: "),
    )

    said = lines(move(later, MONDAY + DAY))

    snapshot = case(later, reference)
    assert (snapshot.state, snapshot.entered_at) == ("looking_at_it", entered)
    assert said[0] == "It goes from “Checking evidence” to “Checking evidence”."
    assert everything(later)


def test_a_case_for_which_the_new_text_has_no_place_stays_and_it_is_said_why(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    later = under(handler, ("checking_evidence", "looking_at_it"))

    (told,) = move(later)

    assert told == Told(
        reference,
        "impossible",
        ("“Checking evidence” is no longer there, and migrate: does not say where its cases go.",),
    )
    assert case(later, reference).version == case(handler, reference).version


def test_a_case_does_not_go_where_what_was_sent_under_an_item_would_be_under_none(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    later = under(handler, ("catalogue: evidence  ", "catalogue: visit_checklist  "))

    (told,) = move(later)

    assert (told.reference, told.how) == (reference, "impossible")
    assert "It has something under “Registration status”, which is no longer there." in told.said


def test_moving_back_leaves_everything_as_it_was(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    before, running = case(handler, reference), everything(handler)
    later = under(
        handler,
        (CHECKING, f"{CHECKING.replace('10', '20')}\n        on_migration: recompute"),
        ("title: Check the evidence, for", "title: Read the evidence, for"),
    )
    move(later)
    assert everything(later) != running

    (told,) = moved_back(later, MAGDA, MONDAY, to_move_back(later, "provider"))

    after = case(later, reference)
    assert told.how == "back"
    assert everything(later) == running
    assert (after.digest, after.state, after.tasks, after.deadlines) == (
        before.digest,
        before.state,
        before.tasks,
        before.deadlines,
    )
    assert [one.how for one in move(later)] == ["moved"]


def test_once_something_has_happened_a_case_does_not_go_back(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    later = under(handler)
    move(later)
    task = case(later, reference).tasks[0].id
    later.claim(reference, task, actor=OLIVE, now=MONDAY)

    assert to_move_back(later, "provider") == []
    (told,) = moved_back(later, MAGDA, MONDAY, [reference])
    assert told == Told(reference, "left", ("A case goes back only until something else happens to it.",))


def test_whoever_has_been_moved_is_not_moved_twice(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    later = under(handler)
    move(later)

    assert to_move(later, a_move(later).to) == []
    assert [one.how for one in moved(later, a_move(later), [reference])] == ["left"]


def test_a_case_can_go_to_a_version_that_was_live_before(handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    later = under(handler)
    move(later)

    back = Move(version_to(later, "provider", 1), MAGDA, MONDAY, {})
    told = list(moved(later, back, to_move(later, back.to)))

    assert [one.how for one in told] == ["moved"]
    assert case(later, reference).digest == handler.library.sources["provider"].digest


def test_after_all_cases_were_moved_nobody_is_forgotten(handler: Handler) -> None:
    for number, state in enumerate(("enquiry", "gathering_evidence", "checking_evidence", "panel", "visit")):
        bring_to(handler, state, contact_email=f"pat{number}@made-up-farm.example") if number < 2 else bring_to(
            handler, state
        )
    later = under(handler, (CHECKING, CHECKING.replace("10", "20")))

    told = move(later)

    assert {one.how for one in told} == {"moved"}
    assert [found for found in verified(later, MONDAY) if found.kind != "stuck_message"] == []
