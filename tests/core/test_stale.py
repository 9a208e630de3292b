"""Acting from a page that is out of date: refused only where something shown there would be overwritten."""

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Stale
from apflow.core.play import Play
from apflow.testing import OLIVE, OSCAR, PAT, PAVEL, PETRA
from tests.core.journey import reach, supply

DETAILS = {
    "organisation": "Made Up Farm",
    "contact_name": "Pat Provider",
    "postcode": "BA1 1AA",
    "what_is_offered": "Animal care.",
    "registration": "not_needed",
}


@pytest.fixture
def play(definition: Definition) -> Play:
    return reach(definition, "gathering_evidence")


def test_someone_else_has_moved_the_case(play: Play) -> None:
    seen = play.case.version
    play.fire(PAT, "withdraw", sure=True)

    with pytest.raises(Stale) as refused:
        play.fire_having_seen(
            seen, OLIVE, "change_contact", contact_name="P", contact_email="p@x.example", how_known="x"
        )

    assert refused.value.changes == ("Pat Provider: withdraw",)


def test_someone_else_has_changed_a_field_of_the_same_form(play: Play) -> None:
    seen = play.case.version
    play.fire(PAT, "correct_details", **DETAILS | {"organisation": "Made Up Farm and Forest"})

    with pytest.raises(Stale):
        play.fire_having_seen(seen, OLIVE, "correct_details", **DETAILS | {"postcode": "BA2 2BB"})


def test_someone_else_has_sent_the_same_form_and_changed_nothing(play: Play) -> None:
    play.fire(PAT, "correct_details", **DETAILS)
    seen = play.case.version
    play.fire(PAT, "correct_details", **DETAILS)

    outcome = play.fire_having_seen(seen, OLIVE, "correct_details", **DETAILS | {"postcode": "BA2 2BB"})

    assert outcome.entry.changed == {"postcode": "BA2 2BB"}


def test_someone_else_has_acted_on_the_same_paper(play: Play) -> None:
    seen = play.case.version
    supply(play, "curriculum")

    with pytest.raises(Stale) as refused:
        play.fire_having_seen(seen, OLIVE, "supply", "curriculum", **play.answers("supply"))

    assert refused.value.changes == ("Pat Provider: supply",)


def test_someone_else_has_acted_on_another_paper(play: Play) -> None:
    seen = play.case.version
    supply(play, "curriculum", "assessment")

    play.fire_having_seen(seen, PAT, "supply", "attendance", **play.answers("supply"))

    assert {item.status for item in play.case.items["evidence"].values()} == {"supplied"}


def test_an_unrelated_change_stands_in_nobodys_way(play: Play) -> None:
    seen = play.case.version
    play.fire(OSCAR, "allow_more_time", why="Half term.")
    play.fire(OLIVE, "change_contact", contact_name="Pip", contact_email="pip@x.example", how_known="They rang.")

    play.fire_having_seen(seen, PAT, "supply", "curriculum", **play.answers("supply"))

    assert play.case.version == seen + 3


def test_panel_members_are_in_their_own_way_only(definition: Definition) -> None:
    panel = reach(definition, "panel")
    seen = panel.case.version
    panel.fire(PETRA, "give_view", view="visit", comments="Yes.")

    panel.fire_having_seen(seen, PAVEL, "give_view", view="visit", comments="Yes.")

    with pytest.raises(Stale):
        panel.fire_having_seen(seen, PETRA, "give_view", view="decline", comments="In my other tab.")


@pytest.mark.parametrize("ahead", [0, 5])
def test_nothing_is_stale_about_the_present_version_or_a_later_one(play: Play, ahead: int) -> None:
    outcome = play.fire_having_seen(play.case.version + ahead, PAT, "withdraw", sure=True)

    assert outcome.state == "withdrawn"
