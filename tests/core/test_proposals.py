"""What is proposed stands beside what is, until somebody who may agrees to it or refuses it."""

from typing import Any

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, NotAllowed, NotOpen, Stale
from apflow.core.firing.proposals import proposed
from apflow.core.play import Play
from apflow.testing import ENQUIRY, MAGDA, OLIVE, PAT
from tests.core.journey import reach

ENTRY: dict[str, Any] = {
    "organisation": ENQUIRY["organisation"],
    "registration": "not_needed",
    "description": "Goats.",
    "ages": ["ks3"],
    "places": ["bath"],
    "subjects": ["animals"],
    "needs": ["autism"],
    "days": ["monday"],
}


@pytest.fixture
def play(definition: Definition) -> Play:
    """A provider on the approved list, with an entry."""
    play = reach(definition, "approved")
    play.fire(OLIVE, "change_entry", **ENTRY)
    return play


def propose(play: Play, **changes: Any) -> None:
    play.fire(PAT, "propose_entry", **{**ENTRY, **changes})


def test_a_proposal_changes_nothing_and_keeps_only_what_would_be_different(play: Play) -> None:
    before = dict(play.case.fields)

    propose(play, description="Pigs.")

    assert proposed(play.case.fields) == {"description": "Pigs."}
    assert {name: play.case.fields[name] for name in before} == before


def test_once_it_is_taken_it_stands_and_nothing_is_proposed_any_more(play: Play) -> None:
    propose(play, registration="registered", urn="999912", ages=["ks1"])

    play.fire(OLIVE, "agree_entry_change")

    assert (play.case.fields["urn"], play.case.fields["ages"]) == ("999912", ["ks1"])
    assert not proposed(play.case.fields)
    with pytest.raises(NotOpen, match="Nothing is proposed"):
        play.fire(OLIVE, "agree_entry_change")


def test_a_field_can_be_proposed_to_be_empty(play: Play) -> None:
    play.fire(OLIVE, "change_entry", **ENTRY | {"registration": "registered", "urn": "999912"})
    propose(play)

    play.fire(OLIVE, "agree_entry_change")

    assert "urn" not in play.case.fields


def test_a_refused_proposal_is_forgotten(play: Play) -> None:
    propose(play, description="Pigs.")

    play.fire(MAGDA, "refuse_entry_change", reasons="You have no pigs.")

    assert play.case.fields["description"] == "Goats."
    assert not proposed(play.case.fields)


def test_what_is_said_already_cannot_be_proposed(play: Play) -> None:
    with pytest.raises(Blocked, match="nothing would change"):
        propose(play)


def test_nobody_agrees_to_what_they_have_not_seen(play: Play) -> None:
    propose(play, description="Pigs.")
    seen = play.case.version
    propose(play, description="Wolves.")

    with pytest.raises(Stale):
        play.fire_having_seen(seen, OLIVE, "agree_entry_change")


def test_a_provider_cannot_agree_to_its_own_proposal_nor_change_its_entry_otherwise(play: Play) -> None:
    propose(play, description="Pigs.")

    for event in ("agree_entry_change", "change_entry"):
        with pytest.raises(NotAllowed):
            play.fire(PAT, event, **ENTRY)
    assert set(play.definition.forms["approved", "correct_details"]) == {"contact_name", "contact_phone", "postcode"}


def test_one_task_waits_however_often_it_is_proposed_and_goes_when_it_is_settled(play: Play) -> None:
    before = [task.name for task in play.case.tasks]
    propose(play, description="Pigs.")
    propose(play, description="Wolves.")
    assert [task.name for task in play.case.tasks] == [*before, "entry_change_to_check"]

    play.fire(PAT, "take_back_entry_change")

    assert [task.name for task in play.case.tasks] == before
    assert play.case.fields["description"] == "Goats."
