"""A provider's whole way onto the list, and the ways off it, by pure decisions."""

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.errors import Blocked, NotAllowed, NotOpen
from apflow.core.facts import CHANGED_ON
from apflow.core.people.actor import THE_PUBLIC, Actor
from apflow.testing import ENQUIRY, OLIVE, PAT
from tests.core.journey import ENDS, JOURNEY, a_play, give_views, reach, remove, required, supply


def test_the_happy_path_goes_through_every_state_of_the_journey_and_ends_approved(definition: Definition) -> None:
    play = reach(definition, "approved")

    moves = [outcome.state for outcome in play.outcomes if outcome.moved]
    assert moves == list(JOURNEY) == list(definition.workflow.journey)
    assert play.case.version == len(play.outcomes)


def test_the_happy_path_tells_the_provider_at_every_turn(definition: Definition) -> None:
    play = reach(definition, "approved")

    sent = [send.notice for outcome in play.outcomes for send in outcome.sends if send.role == "provider"]
    assert sent == [
        "enquiry_received",
        "invited_to_apply",
        "evidence_received",
        "with_panel",
        "panel_agreed",
        "visit_arranged",
        "note_of_visit",
        "approved",
    ]


@pytest.mark.parametrize("state", [*JOURNEY, *ENDS])
def test_a_deadline_runs_in_every_state_but_the_final_ones(definition: Definition, state: str) -> None:
    play = reach(definition, state)

    assert play.case.state == state
    dated = (spec.of for spec in definition.deadlines[state].values() if spec.among and spec.of != CHANGED_ON)
    known = {*play.case.fields, *dated}  # On no way there a document is sent back, so that nothing counts from that.
    running = {name for name, spec in definition.deadlines[state].items() if _is_dated(spec, known)}
    assert set(play.case.deadlines) == running
    assert bool(play.case.deadlines) is not definition.state(state).final


def _is_dated(spec: DeadlineSpec, known: set[str | None]) -> bool:
    """Whether a case of which this is known has the day from which the deadline counts."""
    return spec.of is None or spec.of in known or (spec.or_entering and spec.among is None)


@pytest.mark.parametrize("state", [state for state in JOURNEY if state != "approved"])
@pytest.mark.parametrize("actor", [PAT, OLIVE], ids=["provider", "officer"])
def test_an_application_can_be_withdrawn_at_any_time_before_approval(
    definition: Definition, state: str, actor: Actor
) -> None:
    play = reach(definition, state)

    play.fire(actor, "withdraw", sure=True, why="We have found other work.")

    assert play.case.state == "withdrawn"
    assert not play.case.deadlines
    assert not [task for task in play.case.tasks if not task.is_alert]


@pytest.mark.parametrize(("state", "invited"), [("panel", ["panel_member"]), ("visit", ["provider", "officer"])])
def test_withdrawing_cancels_the_invitation_that_went_out(
    definition: Definition, state: str, invited: list[str]
) -> None:
    play = reach(definition, state)

    withdrawn = play.fire(PAT, "withdraw", sure=True)

    cancelled = [(send.role, send.invite.on) for send in withdrawn.sends if send.invite and send.invite.cancel]
    assert cancelled == [(role, f"{state}_on") for role in invited]


def test_an_approved_provider_leaves_by_removal_only_and_commissioners_are_to_be_told(definition: Definition) -> None:
    play = reach(definition, "approved")
    with pytest.raises(NotOpen):
        play.fire(PAT, "withdraw", sure=True)

    remove(play)

    assert [(task.name, task.is_alert) for task in play.case.tasks] == [("inform_commissioners", True)]


def test_more_information_can_be_asked_for_again_and_again(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")
    first, *others = required(definition)
    for key in others:
        play.fire(OLIVE, "accept", key)

    for _ in range(3):
        play.fire(OLIVE, "send_back", first, reason="This is last year's.")
        play.fire(OLIVE, "ask_for_information", what_we_need="This year's policy.")
        assert play.case.state == "gathering_evidence"
        with pytest.raises(Blocked):
            play.fire(PAT, "submit", declaration=True)
        supply(play, first)
        play.fire(PAT, "submit", declaration=True)

    play.fire(OLIVE, "accept", first)
    play.fire(OLIVE, "refer_to_panel", **play.answers("refer_to_panel"))
    assert play.case.state == "panel"


def test_the_panel_can_send_an_application_back_for_more_and_then_starts_afresh(definition: Definition) -> None:
    play = reach(definition, "panel")
    give_views(play, view="more")
    play.fire(OLIVE, "panel_ask", **play.answers("panel_ask"))
    assert play.case.state == "gathering_evidence"

    play.fire(PAT, "submit", declaration=True, reply="We have asked the second referee.")
    play.fire(OLIVE, "refer_to_panel", **play.answers("refer_to_panel"))

    assert play.case.items.get("panel_views", {}) == {}
    with pytest.raises(Blocked, match="At least 3 members"):
        play.fire(OLIVE, "panel_agree", **play.answers("panel_agree"))


def test_closed_applications_refuse_the_public_and_not_an_officer_with_an_email_in_hand(definition: Definition) -> None:
    play = a_play(definition)
    play.facts = {"applications_open": False}

    with pytest.raises(Blocked, match="Applications are closed at present"):
        play.open(THE_PUBLIC, "enquire", **ENQUIRY)
    play.open(OLIVE, "log_enquiry", **ENQUIRY, received_on="2026-10-30")

    assert play.case.state == "enquiry"
    assert play.case.assigned_to == OLIVE.id


def test_a_case_does_not_begin_with_an_event_of_its_later_life(definition: Definition) -> None:
    with pytest.raises(NotOpen, match="A case does not begin with"):
        a_play(definition).open(OLIVE, "invite")


def test_a_case_does_not_begin_twice(definition: Definition) -> None:
    play = reach(definition, "enquiry")

    with pytest.raises(NotOpen):
        play.fire(OLIVE, "log_enquiry", **ENQUIRY, received_on="2026-10-30")


def test_only_a_manager_proposes_to_remove_and_only_the_provider_itself_declares(definition: Definition) -> None:
    with pytest.raises(NotAllowed):
        reach(definition, "approved").fire(OLIVE, "propose_removal", removal_reasons="x")
    with pytest.raises(NotAllowed):
        reach(definition, "gathering_evidence").fire(OLIVE, "submit", declaration=True)


def test_deciding_is_pure_and_the_same_command_has_the_same_outcome(definition: Definition) -> None:
    one, other = reach(definition, "approved"), reach(definition, "approved")

    assert one.outcomes == other.outcomes
    assert one.case == other.case
