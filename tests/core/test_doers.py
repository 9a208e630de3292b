"""Two steps, two people: whoever did the one may not do the other."""

import pytest
from msgspec.structs import replace

from apflow.core.actor import THE_CLOCK, THE_PUBLIC
from apflow.core.definition.compiled import Definition
from apflow.core.doers import doer, done_by_the_same
from apflow.core.errors import Blocked
from apflow.core.offers import offers
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import ENQUIRY, MAGDA, OLIVE, OSCAR, PAT
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
