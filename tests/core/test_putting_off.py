"""A task that is put off to a day: how far, by whom, and what brings it back before."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from msgspec import structs

from apflow.core.commands import (
    Alert,
    BringBackTask,
    ClaimTask,
    Command,
    PassTask,
    PutOffTask,
    ReleaseTask,
    SetGuardAside,
)
from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.definition.putting_off import PuttingOff
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotOpen
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import Play
from apflow.core.putting_off import beginning
from apflow.core.queue import Group, group_of
from apflow.core.snapshot import OpenTask
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA
from tests.core.journey import reach

THURSDAY = date(2026, 11, 5)


def the_task(play: Play, name: str) -> OpenTask:
    (task,) = (task for task in play.case.tasks if task.name == name)
    return task


@dataclass(frozen=True)
class Row:
    due_at: datetime | None
    put_off_until: datetime | None
    claimed_by: int | None = 1
    each: str | None = None
    news: bool = False


def with_council(definition: Definition, **settings: object) -> Definition:
    return replace(definition, council=definition.council.model_copy(update=settings))


def an_alert_without_a_day(definition: Definition) -> tuple[Play, OpenTask]:
    play = reach(definition, "gathering_evidence")
    play.do(Alert("mail_failed", THE_CLOCK, "x"))
    task = structs.replace(the_task(play, "mail_failed"), due_at=None)
    play.case = structs.replace(play.case, tasks=(task,))
    return play, task


def checking(definition: Definition) -> tuple[Play, OpenTask]:
    play = reach(definition, "checking_evidence")
    return play, the_task(play, "check_evidence")


def refusal(play: Play, task: OpenTask, until: date = THURSDAY) -> str:
    with pytest.raises((Blocked, Invalid)) as refused:
        play.do(PutOffTask(task.id, OLIVE, until))
    return str(refused.value.errors["until"] if isinstance(refused.value, Invalid) else refused.value)


def test_whoever_has_a_task_puts_it_off_to_the_beginning_of_a_day_and_no_deadline_changes(
    definition: Definition,
) -> None:
    play, task = checking(definition)
    before = play.case

    play.do(PutOffTask(task.id, OLIVE, THURSDAY))

    after, entry = the_task(play, "check_evidence"), play.outcomes[-1].entry
    assert (after.put_off_until, after.claimed_by, after.due_at) == (beginning(THURSDAY), OLIVE.id, task.due_at)
    assert (entry.name, entry.answers, entry.note) == (
        "put_off check_evidence",
        {"until": "2026-11-05"},
        "Until Thursday 5 November 2026.",
    )
    assert play.case.deadlines == before.deadlines
    assert (play.case.state, play.case.assigned_to) == (before.state, before.assigned_to)


def test_a_task_that_nobody_has_is_taken_on_with_its_case(definition: Definition) -> None:
    play = reach(definition, "enquiry")

    play.do(PutOffTask(the_task(play, "answer_enquiry").id, OLIVE, THURSDAY))

    assert (the_task(play, "answer_enquiry").claimed_by, play.case.assigned_to) == (OLIVE.id, OLIVE.id)


def test_a_task_that_a_colleague_has_is_not_put_off_and_nor_is_that_of_another_role(definition: Definition) -> None:
    play, task = checking(definition)

    with pytest.raises(NotOpen, match="Someone else has taken this task"):
        play.do(PutOffTask(task.id, OSCAR, THURSDAY))
    with pytest.raises(NotAllowed):
        play.do(PutOffTask(task.id, MAGDA, THURSDAY))


def test_a_task_is_put_off_no_further_than_to_the_day_that_it_is_due(definition: Definition) -> None:
    play, task = checking(definition)
    assert task.due_at is not None
    due = local_date(task.due_at)

    assert "or an earlier day: it is due then" in refusal(play, task, due + timedelta(days=1))
    assert refusal(play, task, local_date(MONDAY)) == "Choose a day after today."
    play.do(PutOffTask(task.id, OLIVE, due))
    assert the_task(play, "check_evidence").put_off_until == beginning(due)


def test_a_task_that_is_due_today_or_overdue_is_not_put_off(definition: Definition) -> None:
    play, task = checking(definition)
    assert task.due_at is not None

    play.now = task.due_at - timedelta(hours=3)
    assert refusal(play, task, date(2027, 1, 4)) == "This is due today, so it cannot be put off."
    play.now = task.due_at + timedelta(hours=3)
    assert refusal(play, task, date(2027, 1, 4)) == "This is overdue, so it cannot be put off."


def test_a_task_without_a_day_is_put_off_no_further_than_the_policy_lets_it(definition: Definition) -> None:
    play, task = an_alert_without_a_day(definition)

    assert refusal(play, task, date(2026, 12, 1)) == (
        "Choose Monday 30 November 2026 or an earlier day: work is put off no further."
    )
    play.do(PutOffTask(task.id, OLIVE, date(2026, 11, 30)))


def test_what_is_urgent_is_not_put_off_unless_the_policy_says_so(definition: Definition) -> None:
    play, task = an_alert_without_a_day(definition)
    nightly = definition.council.nightly_check
    assert nightly is not None
    urgent = nightly.model_copy(update={"urgent": {definition.name: ("mail_failed",)}})

    play.definition = with_council(definition, nightly_check=urgent)
    assert refusal(play, task) == "This is urgent, so it cannot be put off."

    too = PuttingOff.model_validate({"at_most": "20 working days", "urgent": True, "assumed": "x"})
    play.definition = with_council(definition, nightly_check=urgent, putting_off=too)
    play.do(PutOffTask(task.id, OLIVE, THURSDAY))


def test_nothing_is_put_off_where_the_policy_does_not_say_that_it_can_be(definition: Definition) -> None:
    play, task = checking(definition)
    play.definition = with_council(definition, putting_off=None)

    assert refusal(play, task) == "Work is not put off here."


def test_what_everyone_does_for_themselves_is_not_put_off(definition: Definition) -> None:
    play = reach(definition, "panel")

    with pytest.raises(Blocked, match="Everyone who was asked does this for themselves"):
        play.do(PutOffTask(the_task(play, "give_your_view").id, PETRA, THURSDAY))


@pytest.mark.parametrize(
    "command",
    [
        lambda task: BringBackTask(task.id, OLIVE),
        lambda task: BringBackTask(task.id, MAGDA),
        lambda task: ClaimTask(task.id, OLIVE),
        lambda task: ReleaseTask(task.id, OLIVE),
        lambda task: PassTask(task.id, MAGDA, OSCAR, held_by=OLIVE.id),
    ],
)
def test_bringing_it_back_putting_it_back_and_passing_it_on_end_it(
    definition: Definition, command: Callable[[OpenTask], Command]
) -> None:
    play, task = checking(definition)
    play.do(PutOffTask(task.id, OLIVE, THURSDAY))

    play.do(command(task))

    assert the_task(play, "check_evidence").put_off_until is None


def test_what_an_outsider_does_brings_it_back_and_what_staff_or_the_clock_do_does_not(definition: Definition) -> None:
    play, task = checking(definition)
    play.do(PutOffTask(task.id, OLIVE, THURSDAY))
    guard = next(name for name, spec in definition.workflow.guards.items() if spec.override)
    others: list[Command] = [
        Alert("mail_failed", THE_CLOCK, "x"),
        SetGuardAside(guard, local_date(MONDAY), "It is on its way.", MAGDA),
    ]
    for command in others:
        play.do(command)
        assert the_task(play, "check_evidence").put_off_until == beginning(THURSDAY)

    play.fire(PAT, "correct_details", **play.answers("correct_details"))

    assert the_task(play, "check_evidence").put_off_until is None


def test_nobody_brings_back_what_is_not_put_off_any_more(definition: Definition) -> None:
    play, task = checking(definition)

    with pytest.raises(NotOpen, match="not put off any more"):
        play.do(BringBackTask(task.id, OLIVE))


def test_it_stands_by_itself_until_its_day_begins_and_then_where_it_was(definition: Definition) -> None:
    _, task = checking(definition)
    row = Row(task.due_at, put_off_until=beginning(THURSDAY))

    assert group_of(row, beginning(THURSDAY) - timedelta(minutes=1)) is Group.PUT_OFF
    assert group_of(row, beginning(THURSDAY)) is Group.LATER
    assert task.due_at is not None
    assert group_of(row, task.due_at + timedelta(days=1)) is Group.OVERDUE
