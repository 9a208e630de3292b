"""A manager suspends a provider: the list says so, nobody new is placed there, and those who are there go on."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, MAGDA, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import a_provider_on_the_list, open_the_case, today
from tests.records.council import a_pupil, upn_of
from tests.removal import a_provider_with_pupils, a_register

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
REASONS = "We need to see the new terms of your insurance."
TOLD = "Made Up Farm is not taking new placements"


def test_a_provider_is_suspended(live: Live, arrive: Arrive) -> None:
    handler = live.site.handler
    a_register(handler, 5)
    reference = a_provider_with_pupils(handler, "Hill School", case=a_provider_on_the_list(live))
    newcomer = a_pupil(handler, forename="Wren", upn=upn_of(77))
    live.settle()
    magda, olive = arrive(MAGDA.name, EMAILS[MAGDA]), arrive(OLIVE.name, EMAILS[OLIVE])
    anyone, pat = arrive("Anyone", "anyone@elsewhere.example"), arrive(PAT.name, EMAILS[PAT])

    she_suspends_it(magda, reference)
    it_is_said_at_once_to_whom_it_matters(live, anyone, pat)
    nobody_new_can_be_placed_there(olive, newcomer)
    what_is_there_can_still_be_changed(olive)
    it_is_looked_at_again(live, magda, reference)
    it_is_lifted_and_placements_can_be_made(live, magda, olive, anyone, reference, newcomer)


def she_suspends_it(magda: Person, reference: str) -> None:
    magda.signs_in()
    open_the_case(magda, reference)
    magda.follows("Suspend, so that no new placements are made")
    magda.types("Why, in words for the provider", REASONS)
    magda.dates("When is the suspension reviewed?", today(magda) + timedelta(weeks=3))
    magda.presses("Continue")
    magda.presses("Suspend, so that no new placements are made")
    magda.is_told("The provider is suspended, the list says so")


def it_is_said_at_once_to_whom_it_matters(live: Live, anyone: Person, pat: Person) -> None:
    anyone.opens("/approved-list")
    anyone.sees("Made Up Farm", "Not taking placements")
    assert REASONS in text_of(pat.reads("You cannot take new placements for now"))
    told = [letter for letter in live.inbox.messages if TOLD in letter["Subject"]]
    assert [letter["To"].addresses[0].addr_spec for letter in told] == ["office1@schools.example"]
    assert "You have 1 placement there." in text_of(told[0])
    pat.signs_in()
    pat.is_at("You cannot take new placements for now")
    pat.sees(REASONS, "The suspension should be reviewed by")
    pat.sees_no("It ended here")


def place(olive: Person, pupil: int) -> None:
    olive.opens(f"/pupils/{pupil}/placements/new")
    olive.types("Provider", "Made Up Farm")
    olive.types("Commissioner", "Hill School")
    olive.types("Hours a week", "10")
    olive.chooses("Yes", of="Are breaks and independent")
    olive.dates("First day", today(olive))
    olive.presses("Save")


def nobody_new_can_be_placed_there(olive: Person, pupil: int) -> None:
    olive.signs_in()
    place(olive, pupil)
    olive.is_asked_to_mend("Made Up Farm is “Suspended: no new placements”", "only where that is “Approved”")


def what_is_there_can_still_be_changed(olive: Person) -> None:
    olive.opens("/placements/1/change")
    olive.types("Hours a week", "12")
    olive.presses("Save")
    olive.is_told("Saved")


def it_is_looked_at_again(live: Live, magda: Person, reference: str) -> None:
    live.pass_to(live.site.now() + timedelta(weeks=3, days=1))
    letters = [letter["Subject"] for letter in magda.mail()]
    assert any("Overdue: the suspension should be reviewed" in subject for subject in letters)
    open_the_case(magda, reference)
    magda.presses("Record that it was reviewed, and stays")
    magda.types("Why, in words for the provider", "The insurer has not answered yet.")
    magda.dates("When is it reviewed next?", today(magda) + timedelta(weeks=2))
    magda.presses("Record that it was reviewed, and stays")
    magda.is_told("It stays suspended, and the provider has been told")


def it_is_lifted_and_placements_can_be_made(
    live: Live, magda: Person, olive: Person, anyone: Person, reference: str, pupil: int
) -> None:
    open_the_case(magda, reference)
    magda.presses("Lift the suspension")
    magda.types("What has changed, in words for the provider", "The new terms are as good as the old.")
    magda.presses("Continue")
    magda.presses("Lift the suspension")
    magda.is_told("The suspension is lifted")
    anyone.opens("/approved-list")
    anyone.sees("Taking placements")
    anyone.sees_no("Not taking placements")
    live.settle()
    assert "is taking placements again" in live.inbox.messages[-1]["Subject"]
    place(olive, pupil)
    olive.is_told("Added")
