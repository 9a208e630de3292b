"""Two steps, two people: whoever did the one may not do the other."""

import pytest
from msgspec.structs import replace

from apflow.core.commands import ClaimTask
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked
from apflow.core.firing.offers import offers
from apflow.core.people.actor import THE_CLOCK, THE_PUBLIC, Actor
from apflow.core.people.doers import doer, done_by_the_same, is_for_another
from apflow.core.people.permission import named_for
from apflow.core.play import Play
from apflow.core.snapshot import Snapshot
from apflow.core.work import claim
from apflow.loader import Library
from apflow.testing import ENQUIRY, MAGDA, MONDAY, OLIVE, OSCAR, PAT
from tests.core.journey import a_play, reach, reworded

REASON = "You did “Record what the visit found”, so somebody else must do “Approve”."
FOUR_EYES = (
    "      approve:\n        label: Approve\n        by: officer\n",
    "      approve:\n        label: Approve\n        by: officer\n        not_by: record_visit\n",
)


@pytest.fixture
def four_eyes(library: Library) -> Definition:
    """The shipped workflow, where whoever visited may not approve."""
    return reworded(library, FOUR_EYES)


def visited(definition: Definition) -> Play:
    play = reach(definition, "visit")
    for event in ("arrange_visit", "record_visit"):
        play.fire(OLIVE, event, **play.answers(event, visit_outcome="satisfied"))
    return play


def test_whoever_did_the_one_may_not_do_the_other(four_eyes: Definition) -> None:
    play = visited(four_eyes)
    with pytest.raises(Blocked) as refused:
        play.fire(OLIVE, "approve", ready=True)
    assert refused.value.reasons == (REASON,)
    assert play.fire(OSCAR, "approve", ready=True).state == "approved"


def test_the_offer_says_why_it_must_be_somebody_else(four_eyes: Definition) -> None:
    play = visited(four_eyes)
    reasons = {
        actor.name: next(
            one.reasons for one in offers(four_eyes, play.case, actor, play.world) if one.event == "approve"
        )
        for actor in (OLIVE, OSCAR)
    }
    assert reasons == {"Olive Officer": (REASON,), "Oscar Officer": ()}


def test_it_is_who_did_it_last_that_counts(four_eyes: Definition) -> None:
    play = visited(four_eyes)
    play.fire(OSCAR, "record_visit", **play.answers("record_visit", visit_outcome="satisfied"))
    with pytest.raises(Blocked, match="somebody else"):
        play.fire(OSCAR, "approve", ready=True)
    assert play.fire(OLIVE, "approve", ready=True).state == "approved"


def test_only_who_did_a_step_that_another_names_is_remembered(four_eyes: Definition, definition: Definition) -> None:
    assert visited(four_eyes).case.doers == {"record_visit": OLIVE.id}
    assert visited(definition).case.doers == {}


def test_the_clock_and_the_public_are_nobody(four_eyes: Definition) -> None:
    play = visited(four_eyes)
    approve = four_eyes.events["visit"]["approve"]
    assert done_by_the_same(four_eyes, play.case, approve, THE_CLOCK) == ()
    assert doer(four_eyes, play.case, "record_visit", THE_CLOCK) == {}
    assert doer(four_eyes, play.case, "record_visit", THE_PUBLIC) == {}


def test_who_began_a_case_is_remembered_too(library: Library) -> None:
    invite = "      invite:\n        label: Invite the provider to send its papers\n"
    play = a_play(reworded(library, (invite, f"{invite}        not_by: log_enquiry\n")))
    play.open(OLIVE, "log_enquiry", **ENQUIRY, received_on=play.world.today.isoformat())
    with pytest.raises(Blocked, match="You did “Log an enquiry that came by email”, so somebody else"):
        play.fire(OLIVE, "invite")
    assert play.fire(OSCAR, "invite").state == "gathering_evidence"


def test_several_steps_are_named_together_and_an_outsider_reads_their_own_words(library: Library) -> None:
    definition = reworded(
        library,
        (
            "      submit:\n        label: {staff: Submit for checking, provider: Submit for checking}\n",
            "      submit:\n        label: {staff: Submit for checking, provider: Submit for checking}\n"
            "        not_by: [supply, correct_details]\n",
        ),
    )
    play = reach(definition, "gathering_evidence")
    play.case = replace(play.case, doers={"supply": PAT.id or 0, "correct_details": PAT.id or 0})
    submit = definition.events["gathering_evidence"]["submit"]
    assert done_by_the_same(definition, play.case, submit, PAT) == (
        "You did “Send this document” and “Change your details”, so somebody else must do “Submit for checking”.",
    )
    assert done_by_the_same(definition, play.case, submit, MAGDA) == ()


def test_what_was_done_to_one_item_keeps_out_for_the_whole_case(library: Library) -> None:
    definition = reworded(
        library, ("  accept:\n    label: Accept\n", "  accept:\n    label: Accept\n    not_by: supply\n")
    )
    play = reach(definition, "checking_evidence")
    first, second, *_ = play.case.items["evidence"]
    play.case = replace(play.case, doers={"supply": OLIVE.id or 0})
    for item in (first, second):
        with pytest.raises(Blocked, match="somebody else must do “Accept”"):
            play.fire(OLIVE, "accept", item)
    play.fire(OSCAR, "accept", first)


def test_a_task_is_for_another_side_and_not_for_a_colleague_of_whoever_did_the_step_before(
    definition: Definition,
) -> None:
    case = proposed(definition)
    tom = Actor(77, "Tom Tutor", frozenset({"manager"}))
    as_colleague = replace(case, doers={"propose_removal": PAT.id or 0}, colleagues={"provider": frozenset({77})})

    def is_for_another_than(actor: Actor, snapshot: Snapshot) -> bool:
        side = named_for(snapshot, actor)
        return is_for_another(definition, snapshot.state, snapshot.doers, "decide_removal", side)

    assert case.doers == {"propose_removal": MAGDA.id}
    assert is_for_another_than(MAGDA, case)
    assert not is_for_another_than(OLIVE, case)
    assert is_for_another_than(PAT, as_colleague)
    assert is_for_another_than(tom, as_colleague), "what Pat did, Tom has done"
    assert not is_for_another_than(tom, replace(as_colleague, colleagues={}))
    assert not is_for_another(definition, case.state, case.doers, "no_such_task", MAGDA.id)
    assert not is_for_another(definition, case.state, {}, "decide_removal", None), "the clock is nobody"


def test_nobody_claims_what_a_colleague_of_theirs_did_the_step_before(definition: Definition) -> None:
    case = proposed(definition)
    (task,) = [one for one in case.tasks if one.name == "decide_removal"]
    tom = Actor(77, "Tom Tutor", frozenset({"manager"}))
    theirs = replace(case, doers={"propose_removal": PAT.id or 0}, colleagues={"provider": frozenset({77})})

    with pytest.raises(Blocked, match="somebody else must do this"):
        claim(definition, theirs, ClaimTask(task.id, tom), MONDAY)
    claimed = claim(definition, replace(theirs, colleagues={}), ClaimTask(task.id, tom), MONDAY)
    assert claimed.entry.name == "claimed decide_removal"


def proposed(definition: Definition) -> Snapshot:
    """A case whose removal MAGDA has proposed, of PAT's provider."""
    play = reach(definition, "approved")
    play.fire(MAGDA, "propose_removal", **play.answers("propose_removal"))
    return replace(play.case, party_roles={"provider": PAT.id or 0})
