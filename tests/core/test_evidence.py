"""The papers of a case: what each becomes, when it runs out, and what it holds up."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, Invalid, NotFound, NotOpen
from apflow.core.facts import items_of
from apflow.core.firing.offers import item_offers
from apflow.core.snapshot import Item
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT
from tests.core.journey import reach, required, supply

ENDS_SOON = (MONDAY.date() + timedelta(days=10)).isoformat()


def test_a_paper_that_states_its_end_must_be_given_one_that_is_not_past(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")

    for expires_on, message in (
        (None, "Enter an answer: date it expires"),
        ("2026-11-01", "Date it expires: the date must be today or in the future"),
    ):
        with pytest.raises(Invalid) as refused:
            play.fire(PAT, "supply", "public_liability", file=play.stage("a"), expires_on=expires_on)
        assert refused.value.errors == {"expires_on": message}


def test_a_paper_good_for_a_year_expires_a_year_after_the_date_on_it(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")

    play.fire(PAT, "supply", "behaviour", file=play.stage("a"), dated_on="2026-02-28")

    item = play.case.item("evidence", "behaviour")
    assert item is not None
    assert item.data["expires_on"] == "2027-02-28"


def test_a_paper_without_an_end_is_asked_for_no_date(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")

    play.fire(PAT, "supply", "reference_one", file=play.stage("a"))

    item = play.case.item("evidence", "reference_one")
    assert item is not None
    assert item.data == {"file": "a"}


def test_a_file_is_used_once(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")
    play.fire(PAT, "supply", "reference_one", file=play.stage("a"))

    with pytest.raises(Invalid, match="That file has been used already"):
        play.fire(PAT, "supply", "reference_two", file="a")


def test_sending_a_paper_drops_what_was_said_of_it_and_checking_it_adds_to_that(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")
    play.fire(PAT, "say_not_applicable", "employers_liability", why="We employ nobody.")

    supply(play, *required(definition))
    play.fire(PAT, "submit", declaration=True)
    sent = play.case.items["evidence"]["employers_liability"].data
    play.fire(OLIVE, "accept", "employers_liability", check_note="Seen.")

    assert set(sent) == {"file", "expires_on", "note"}
    assert play.case.items["evidence"]["employers_liability"].data == {**sent, "check_note": "Seen."}


def test_a_paper_needed_from_everyone_cannot_be_said_not_to_apply(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")

    with pytest.raises(Blocked, match="This one is needed from every provider"):
        play.fire(PAT, "say_not_applicable", "public_liability", why="We have none.")


def test_a_claim_that_a_paper_does_not_apply_counts_as_sent_and_once_agreed_as_accepted(
    definition: Definition,
) -> None:
    play = reach(definition, "gathering_evidence")
    play.fire(PAT, "say_not_applicable", "employers_liability", why="We employ nobody.")
    supply(play, *(key for key in required(definition) if key != "employers_liability"))
    play.fire(PAT, "submit", declaration=True)
    for key in required(definition):
        if key != "employers_liability":
            play.fire(OLIVE, "accept", key)
    with pytest.raises(NotOpen):
        play.fire(OLIVE, "accept", "employers_liability")
    with pytest.raises(Blocked, match="Check these first: Employers' liability insurance"):
        play.fire(OLIVE, "refer_to_panel", **play.answers("refer_to_panel"))

    play.fire(OLIVE, "agree_not_applicable", "employers_liability", check_note="A sole trader.")

    assert play.fire(OLIVE, "refer_to_panel", **play.answers("refer_to_panel")).state == "panel"


@pytest.mark.parametrize("paper", ["online_safety", "employers_liability"])
def test_what_never_came_is_never_accepted(definition: Definition, paper: str) -> None:
    play = reach(definition, "gathering_evidence")
    play.fire(PAT, "say_not_applicable", "employers_liability", why="We employ nobody.")
    supply(play, *(key for key in required(definition) if key != "employers_liability"))
    play.fire(PAT, "submit", declaration=True)
    play.fire(OLIVE, "send_back", paper, reason="We need to see one.")

    with pytest.raises(Blocked, match="there is nothing to accept"):
        play.fire(OLIVE, "accept", paper)


def test_insurance_that_has_run_out_holds_up_the_referral(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")
    for key in required(definition):
        play.fire(PAT, "supply", key, **play.answers("supply", expires_on=ENDS_SOON))
    play.fire(PAT, "submit", declaration=True)
    for key in required(definition):
        play.fire(OLIVE, "accept", key)

    play.now += timedelta(days=11)

    with pytest.raises(Blocked) as refused:
        play.fire(OLIVE, "refer_to_panel", **play.answers("refer_to_panel"))
    assert refused.value.reasons == (
        "These have run out, and a new one is needed: Public liability insurance; Professional indemnity insurance; "
        "Employers' liability insurance.",
    )


def test_insurance_that_runs_out_before_approval_is_renewed_and_checked_in_the_visit(definition: Definition) -> None:
    play = reach(definition, "visit")
    insured = play.case.items["evidence"]["public_liability"]
    ending = replace(insured, data={**insured.data, "expires_on": ENDS_SOON})
    play.case = replace(play.case, items={"evidence": {**play.case.items["evidence"], "public_liability": ending}})
    for event in ("arrange_visit", "record_visit"):
        play.fire(OLIVE, event, **play.answers(event))

    play.now += timedelta(days=11)
    with pytest.raises(Blocked, match="These have run out, and a new one is needed: Public liability insurance"):
        play.fire(OLIVE, "approve", ready=True)
    supply(play, "public_liability")
    with pytest.raises(Blocked, match="These must be accepted first: Public liability insurance"):
        play.fire(OLIVE, "approve", ready=True)
    play.fire(OLIVE, "accept", "public_liability")

    assert play.fire(OLIVE, "approve", ready=True).state == "approved"


def test_a_paper_the_catalogue_has_dropped_since_is_no_longer_asked_about(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")
    dropped = Item("evidence", "gone_since", "supplied", {"file": "a"}, MONDAY)
    play.case = replace(play.case, items={"evidence": {"gone_since": dropped}})

    assert "gone_since" not in items_of(definition, play.case, "evidence")
    assert item_offers(definition, play.case, OLIVE, play.world, ("evidence", "gone_since")) == ()
    with pytest.raises(NotFound):
        play.fire(OLIVE, "supply", "gone_since", **play.answers("supply"))


@pytest.mark.parametrize("state", ["checking_evidence", "visit", "approved", "suspended", "removal_proposed"])
def test_an_acceptance_is_taken_back_without_a_word_to_the_provider_and_checked_again(
    definition: Definition, state: str
) -> None:
    play = reach(definition, "approved" if state in ("suspended", "removal_proposed") else state)
    if state == "checking_evidence":
        play.fire(OLIVE, "accept", "public_liability")
    elif state in ("suspended", "removal_proposed"):
        event = "suspend" if state == "suspended" else "propose_removal"
        play.fire(MAGDA, event, **play.answers(event))
    file = play.case.items["evidence"]["public_liability"].data["file"]

    outcome = play.fire(OLIVE, "check_again", "public_liability", why_again="That is the last year's.")

    item = play.case.items["evidence"]["public_liability"]
    assert (item.status, item.data["file"], outcome.sends) == ("supplied", file, ())
    assert [task.name for task in outcome.opened] == ([] if state == "checking_evidence" else ["check_document_again"])
    play.fire(OLIVE, "accept", "public_liability")


def test_nothing_is_taken_back_while_it_could_not_be_accepted_again(definition: Definition) -> None:
    for state in ("gathering_evidence", "panel"):
        play = reach(definition, state)
        with pytest.raises(NotOpen):
            play.fire(OLIVE, "check_again", "public_liability", why_again="Too soon.")


def test_what_was_recorded_as_checked_before_has_nothing_to_check_again(definition: Definition) -> None:
    play = reach(definition, "approved")
    items = play.case.items["evidence"]
    known = Item("evidence", "public_liability", "accepted", {"expires_on": "2028-01-01"}, MONDAY)
    play.case = replace(play.case, items={"evidence": {**items, known.key: known}})

    with pytest.raises(Blocked, match=r"it was recorded as checked before\. Record that again"):
        play.fire(OLIVE, "check_again", "public_liability", why_again="By mistake.")


def test_that_a_paper_does_not_apply_is_taken_back_too(definition: Definition) -> None:
    play = reach(definition, "gathering_evidence")
    key = next(key for key, item in definition.catalogue_of("evidence").items() if item.not_applicable)
    supply(play, *required(definition))
    play.fire(PAT, "say_not_applicable", key, why="We give none.")
    play.fire(PAT, "submit", declaration=True)
    play.fire(OLIVE, "agree_not_applicable", key, check_note="They give none.")

    play.fire(OLIVE, "check_claim_again", key, why_again="They do, on Fridays.")

    item = play.case.items["evidence"][key]
    assert (item.status, item.data["why"]) == ("claimed", "We give none.")


def test_a_task_about_a_document_says_which_and_is_done_once_that_one_is_checked(definition: Definition) -> None:
    play = reach(definition, "approved")
    supply(play, "public_liability", "professional_indemnity")
    tasks = [task for task in play.case.tasks if task.name == "check_document"]
    assert [task.note for task in tasks] == ["Public liability insurance", "Professional indemnity insurance"]

    play.fire(OLIVE, "accept", "public_liability")
    assert [task.note for task in play.case.tasks if task.name == "check_document"] == [tasks[1].note]
    play.fire(OLIVE, "send_back", "professional_indemnity", reason="It is for another firm.")
    assert not [task for task in play.case.tasks if task.name == "check_document"]
