"""An urgent meeting decides on each placement there is, and apart from that on those to come; and it is carried out."""

from collections.abc import Callable

import pytest

from apflow.store.cases.loading import load_case
from apflow.testing import EMAILS, MAGDA, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import (
    a_provider_on_the_list,
    do_to,
    it_is_blocked,
    open_the_case,
    open_the_linked,
    reference_on,
    today,
)
from tests.removal import a_provider_with_pupils, a_register

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
HILL, VALE = "office1@schools.example", "office2@schools.example"
OF_HILL = "Hill School: 15 hours a week at Main site, from Monday 7 September 2026"
OF_VALE = "Invented School 002: 15 hours a week at Main site, from Monday 7 September 2026"
DECIDED = "There is no qualified first aider on Fridays."


@pytest.mark.parametrize("removal", [False, True], ids=["no new placements", "removal"])
def test_an_urgent_meeting_decides(live: Live, arrive: Arrive, removal: bool) -> None:
    handler = live.site.handler
    a_register(handler, 3)
    case = a_provider_on_the_list(live)
    provider = a_provider_with_pupils(handler, "Hill School", "Invented School 002", case=case)
    olive, magda = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(MAGDA.name, EMAILS[MAGDA])

    meeting = it_is_escalated_and_the_meeting_arranged(live, olive, provider)
    it_decides_placement_by_placement(magda, meeting)
    if removal:
        it_decides(magda, "Decided: remove it from the list, as this is an extreme case")
        the_removal_waits_for_two_people(live, magda, provider)
    else:
        it_decides(magda, "Decided: no new placements for now")
        the_provider_is_suspended(live, arrive(PAT.name, EMAILS[PAT]), provider)
    only_the_placement_to_be_reviewed_is(live, olive, provider, meeting)


def it_is_escalated_and_the_meeting_arranged(live: Live, olive: Person, provider: str) -> str:
    olive.signs_in()
    open_the_case(olive, provider)
    olive.follows("Escalate: continually underperforming")
    olive.chooses("The provider is continually underperforming")
    olive.types("Your reasons, in words for the provider", "Three notes of visit ask for the same.")
    olive.presses("Continue")
    olive.presses("Escalate: continually underperforming")
    open_the_linked(olive, "Formal escalation")
    olive.sees(OF_HILL, OF_VALE, "To decide")
    olive.presses("Arrange the urgent meeting")
    olive.dates("Date of the urgent meeting", today(olive))
    olive.types("Time of the urgent meeting", "14:00")
    olive.types("Where it is held", "Room 1")
    olive.presses("Arrange the urgent meeting")
    olive.is_told("The meeting is arranged")
    return reference_on(olive)


def it_decides_placement_by_placement(magda: Person, meeting: str) -> None:
    magda.signs_in()
    it_is_blocked(magda, meeting, "decide_to_stop", "Decide on each of these placements first")
    open_the_case(magda, meeting)
    do_to(magda, "It goes on", OF_HILL)
    magda.types("Why?", "The school's own tutor is always there.")
    magda.presses("It goes on")
    magda.is_told("It goes on")
    do_to(magda, "Its commissioner reviews it at once", OF_VALE)
    magda.types("Why?", "Nobody from the school has seen it.")
    magda.chooses("To review whether it goes on")
    magda.presses("Its commissioner reviews it at once")


def it_decides(magda: Person, what: str) -> None:
    magda.follows(what)
    magda.types("The reasons, in words for the provider", DECIDED)
    magda.types("Who decided?", "Magda, Olive and the LADO")
    magda.presses("Continue")
    magda.presses(what)
    magda.is_told("The decision is recorded")


def the_provider_is_suspended(live: Live, pat: Person, provider: str) -> None:
    pat.mail()
    letters = [text_of(letter) for letter in pat.mail()[-2:]]
    assert "no new placement can be made with Made Up Farm for now" in letters[0]
    assert DECIDED in letters[1]  # A minute later, as it could be taken back until then.
    assert state_of(live, provider) == "suspended"


def the_removal_waits_for_two_people(live: Live, magda: Person, provider: str) -> None:
    live.settle()
    assert state_of(live, provider) == "suspended", "until a manager has proposed the removal"
    open_the_case(magda, provider)
    magda.sees("Propose the removal that the urgent meeting decided on")
    magda.follows("Propose to remove it from the approved list")
    magda.is_at("Propose to remove it from the approved list")


def only_the_placement_to_be_reviewed_is(live: Live, olive: Person, provider: str, meeting: str) -> None:
    live.settle()
    asked = [letter for letter in live.inbox.messages if "decide on your placement" in letter["Subject"]]
    assert [letter["To"].addresses[0].addr_spec for letter in asked] == [VALE]
    assert "To review whether it goes on" in text_of(asked[0])
    assert DECIDED in text_of(asked[0])
    open_the_case(olive, meeting)
    open_the_linked(olive, "Placement review")
    olive.sees(OF_VALE, "With its commissioner to decide")


def state_of(live: Live, reference: str) -> str:
    with live.site.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return case.state
