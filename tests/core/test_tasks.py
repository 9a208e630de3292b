"""Work in people's queues: who has it, how it closes, and what stands on its own."""

from datetime import timedelta

import pytest

from apflow.core.commands import Alert, ClaimTask, CompleteTask, PassTask, ReleaseTask
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen, UnknownEvent
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.play import Play
from apflow.core.snapshot import OpenTask
from apflow.loader import Library
from apflow.testing import DAN, ENQUIRY, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA
from tests.core.journey import a_play, give_views, reach, reworded


def the_task(play: Play, name: str) -> OpenTask:
    (task,) = (task for task in play.case.tasks if task.name == name)
    return task


def closed(play: Play, outcome: Outcome, before: tuple[OpenTask, ...]) -> dict[str, tuple[str, int | None]]:
    """How each task that was open before was closed, and by whom."""
    names = {task.id: task.name for task in before}
    return {names[change.task]: (change.how, change.by) for change in outcome.tasks}


def an_alert(play: Play) -> OpenTask:
    play.do(Alert("mail_failed", THE_CLOCK, "pat@x.example does not exist"))
    return the_task(play, "mail_failed")


def test_a_case_that_knows_no_task_for_a_stopped_email_has_the_one_for_an_undelivered_one(library: Library) -> None:
    play = reach(reworded(library, ("  mail_stopped: {", "  once_stopped: {")), "enquiry")

    play.do(Alert("mail_stopped", THE_CLOCK, "Stopped by Olive Officer"))

    assert the_task(play, "mail_failed").note == "Stopped by Olive Officer"


def test_an_enquiry_from_the_public_waits_for_whoever_claims_it_who_then_has_the_case(definition: Definition) -> None:
    play = reach(definition, "enquiry")
    task = the_task(play, "answer_enquiry")
    assert (task.claimed_by, play.case.assigned_to, task.due_at) == (
        None,
        None,
        play.case.deadlines["answer_due"].due_at,
    )

    play.do(ClaimTask(task.id, OLIVE))

    assert (the_task(play, "answer_enquiry").claimed_by, play.case.assigned_to) == (OLIVE.id, OLIVE.id)


def test_whoever_logs_an_enquiry_has_it(definition: Definition) -> None:
    play = a_play(definition)

    play.open(OSCAR, "log_enquiry", **ENQUIRY, received_on="2026-11-02")

    assert (the_task(play, "answer_enquiry").claimed_by, play.case.assigned_to) == (OSCAR.id, OSCAR.id)


def test_the_officer_who_has_the_case_keeps_its_later_work_whoever_else_lends_a_hand(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")
    assert play.case.assigned_to == OLIVE.id

    play.fire(OSCAR, "allow_more_time", why="x")
    moved = reach(definition, "checking_evidence")

    assert play.case.assigned_to == OLIVE.id
    assert the_task(moved, "check_evidence").claimed_by == OLIVE.id


def test_a_task_taken_is_not_taken_again_by_another(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")

    with pytest.raises(NotOpen, match="Someone else has taken this task"):
        play.do(ClaimTask(the_task(play, "check_evidence").id, OSCAR))


def test_work_that_is_put_back_takes_the_case_with_it(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")
    task = the_task(play, "check_evidence")
    with pytest.raises(NotOpen, match="You do not have this task"):
        play.do(ReleaseTask(task.id, OSCAR))

    play.do(ReleaseTask(task.id, OLIVE))
    assert (the_task(play, "check_evidence").claimed_by, play.case.assigned_to) == (None, None)

    play.do(ClaimTask(task.id, OSCAR))
    assert play.case.assigned_to == OSCAR.id


def test_what_each_member_does_for_themselves_is_claimed_by_nobody(definition: Definition) -> None:
    play = reach(definition, "panel")

    with pytest.raises(Blocked, match="nothing to claim"):
        play.do(ClaimTask(the_task(play, "give_your_view").id, PETRA))


@pytest.mark.parametrize(
    ("actor", "refusal"), [(DAN, NotFound), (PETRA, NotFound), (PAT, NotAllowed), (MAGDA, NotAllowed)]
)
def test_a_task_is_for_its_role_and_unknown_to_strangers(
    definition: Definition, actor: Actor, refusal: type[Exception]
) -> None:
    play = reach(definition, "checking_evidence")
    task = the_task(play, "check_evidence").id

    for command in (ClaimTask(task, actor), ReleaseTask(task, actor), CompleteTask(task, actor, "x")):
        with pytest.raises(refusal):
            play.do(command)


def test_a_task_finished_meanwhile_is_told_to_be(definition: Definition) -> None:
    play = reach(definition, "enquiry")
    task = the_task(play, "answer_enquiry").id
    play.fire(OLIVE, "invite")

    with pytest.raises(NotOpen, match="finished or is no longer needed"):
        play.do(ClaimTask(task, OLIVE))


def test_leaving_a_state_finishes_the_work_of_whoever_did_it_and_cancels_the_rest(definition: Definition) -> None:
    play = reach(definition, "panel")
    before = play.case.tasks
    give_views(play)

    outcome = play.fire(OLIVE, "panel_agree", **play.answers("panel_agree"))

    assert closed(play, outcome, before) == {
        "give_your_view": ("cancelled", OLIVE.id),
        "record_decision": ("done", OLIVE.id),
    }


def test_work_that_names_the_events_that_do_it_is_done_by_those_only(definition: Definition) -> None:
    play = reach(definition, "visit")
    before = play.case.tasks

    arranged = play.fire(OLIVE, "arrange_visit", **play.answers("arrange_visit"))
    again = play.fire(OLIVE, "arrange_visit", **play.answers("arrange_visit", visit_place="The barn"))
    declined = play.fire(OLIVE, "withdraw", sure=True)

    assert closed(play, arranged, before) == {"arrange_visit": ("done", OLIVE.id), "record_visit": ("moved", None)}
    assert again.tasks == ()
    assert closed(play, declined, before) == {
        "record_visit": ("cancelled", OLIVE.id),
        "decide": ("cancelled", OLIVE.id),
    }


def test_work_is_cancelled_when_the_provider_withdraws(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")
    before = play.case.tasks

    outcome = play.fire(PAT, "withdraw", sure=True)

    assert closed(play, outcome, before) == {"check_evidence": ("cancelled", PAT.id)}


def test_an_alert_opens_a_task_that_outlives_the_state_it_was_raised_in(definition: Definition) -> None:
    play = reach(definition, "enquiry")
    task = an_alert(play)
    assert (task.role, task.is_alert, play.outcomes[-1].opened[0].note) == (
        "officer",
        True,
        "pat@x.example does not exist",
    )

    play.fire(PAT, "withdraw", sure=True)

    assert play.case.tasks == (task,)
    play.do(CompleteTask(task.id, OLIVE, " I rang them.\x00 "))
    assert play.outcomes[-1].entry.note == "I rang them."
    assert not play.case.tasks


@pytest.mark.parametrize(
    ("note", "message"), [("", "Say what you did about it."), ("x" * 1001, "Use 1,000 characters or fewer.")]
)
def test_finishing_an_alert_takes_a_word_about_it(definition: Definition, note: str, message: str) -> None:
    play = reach(definition, "enquiry")

    with pytest.raises(Invalid) as refused:
        play.do(CompleteTask(an_alert(play).id, OLIVE, note))

    assert refused.value.errors == {"note": message}


def test_the_work_of_a_state_is_done_by_acting_and_not_by_ticking_it_off(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")

    with pytest.raises(Blocked, match="not by ticking it off"):
        play.do(CompleteTask(the_task(play, "check_evidence").id, OLIVE, "Done."))


def test_an_alert_someone_else_has_taken_is_theirs_to_finish(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")

    with pytest.raises(NotOpen, match="Someone else has taken this task"):
        play.do(CompleteTask(an_alert(play).id, OSCAR, "I rang them."))


def test_an_alert_there_is_not_is_unknown(definition: Definition) -> None:
    with pytest.raises(UnknownEvent, match='no alert called "fire"'):
        reach(definition, "enquiry").do(Alert("fire", THE_CLOCK, ""))


def test_what_each_officer_does_is_not_kept_for_the_one_who_has_the_case(library: Library) -> None:
    definition = reworded(
        library, ("for: panel_member, deadline: views_due, each", "for: officer, deadline: views_due, each")
    )

    play = reach(definition, "panel")

    assert (the_task(play, "give_your_view").claimed_by, the_task(play, "record_decision").claimed_by) == (
        None,
        OLIVE.id,
    )


def test_what_was_opened_because_time_had_passed_goes_when_the_case_moves_on(definition: Definition) -> None:
    play = reach(definition, "enquiry")
    play.wait_until(MONDAY + timedelta(weeks=2))
    assert "overdue_answer_due" in {task.name for task in play.case.tasks}

    play.fire(OLIVE, "invite")

    assert "overdue_answer_due" not in {task.name for task in play.case.tasks}


def test_work_that_a_withdrawal_makes_needless_is_cancelled_and_not_done(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")
    (task,) = play.case.tasks

    outcome = play.fire(OLIVE, "withdraw", sure=True)

    assert [(change.task, change.how) for change in outcome.tasks] == [(task.id, "cancelled")]


# Passing on


def test_a_task_is_passed_to_a_colleague_and_the_case_goes_with_it(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")
    task = the_task(play, "check_evidence")

    play.do(PassTask(task.id, OLIVE, OSCAR, held_by=OLIVE.id))

    assert (the_task(play, "check_evidence").claimed_by, play.case.assigned_to) == (OSCAR.id, OSCAR.id)
    assert (play.outcomes[-1].entry.name, play.outcomes[-1].entry.note) == (
        "passed check_evidence",
        "To Oscar Officer.",
    )


def test_what_a_colleague_who_is_away_has_is_taken_over_with_the_rest_of_the_case(definition: Definition) -> None:
    play = reach(definition, "visit")
    first, second = (the_task(play, name) for name in ("record_visit", "decide"))

    play.do(PassTask(first.id, OSCAR, OSCAR, held_by=OLIVE.id))

    assert {the_task(play, name).claimed_by for name in ("record_visit", "decide")} == {OSCAR.id}
    assert play.outcomes[-1].entry.name == "took_over record_visit"
    assert second.title in play.outcomes[-1].entry.note


def test_nobody_passes_on_what_has_changed_hands_since_they_looked(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")
    task = the_task(play, "check_evidence")
    play.do(ReleaseTask(task.id, OLIVE))

    with pytest.raises(NotOpen, match="changed hands"):
        play.do(PassTask(task.id, OSCAR, OSCAR, held_by=OLIVE.id))


def test_a_task_is_passed_to_nobody_who_could_not_do_it(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")
    task = the_task(play, "check_evidence")

    for somebody, why in ((MAGDA, "cannot do this"), (OLIVE, "has this already")):
        with pytest.raises(Invalid) as refused:
            play.do(PassTask(task.id, OLIVE, somebody, held_by=OLIVE.id))
        assert why in refused.value.errors["to"]


def test_a_manager_gives_an_officers_task_to_another_officer_and_does_not_have_it_herself(
    definition: Definition,
) -> None:
    play = reach(definition, "checking_evidence")
    task = the_task(play, "check_evidence")

    play.do(PassTask(task.id, MAGDA, OSCAR, held_by=OLIVE.id))

    assert (the_task(play, "check_evidence").claimed_by, play.case.assigned_to) == (OSCAR.id, OSCAR.id)
    with pytest.raises(Invalid):
        play.do(PassTask(task.id, MAGDA, MAGDA, held_by=OSCAR.id))
    with pytest.raises(NotAllowed):
        play.do(ReleaseTask(task.id, MAGDA))


def test_nobody_else_passes_on_the_tasks_of_another_role(definition: Definition) -> None:
    play = reach(definition, "panel")
    task = next(task for task in play.case.tasks if task.role == "officer")

    with pytest.raises(NotAllowed):
        play.do(PassTask(task.id, PETRA, OSCAR, held_by=task.claimed_by))


def test_whoever_puts_back_one_of_two_tasks_keeps_the_case(definition: Definition) -> None:
    play = reach(definition, "visit")

    play.do(ReleaseTask(the_task(play, "decide").id, OLIVE))

    assert (the_task(play, "record_visit").claimed_by, play.case.assigned_to) == (OLIVE.id, OLIVE.id)
