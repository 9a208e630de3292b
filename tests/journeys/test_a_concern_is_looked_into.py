"""A school is worried about a provider: it is read the same day, the LADO comes first, and nobody else learns of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, MAGDA, OLIVE, PAT, PETRA
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import (
    a_provider_on_the_list,
    a_school_has_an_account,
    in_days,
    it_is_blocked,
    nothing_is_said_of,
    open_the_case,
    open_the_linked,
    reference_on,
    today,
)

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
SALLY = "sally@made-up-school.example"
WORRY = "A tutor drove a pupil home alone."
TEAM = "EOTAS@bathnes.gov.uk"


def test_a_concern_is_looked_into(live: Live, arrive: Arrive) -> None:
    provider, before = a_provider_on_the_list(live), len(live.inbox.messages)
    a_school_has_an_account(live, "Sally School", SALLY)
    sally, olive = arrive("Sally School", SALLY), arrive(OLIVE.name, EMAILS[OLIVE])

    reference = she_reports_it(sally)
    the_team_is_told_that_something_came_and_not_what(live)
    magda = arrive(MAGDA.name, EMAILS[MAGDA])
    nobody_reads_it_and_the_manager_hears_of_that(live, magda, reference)
    an_officer_reads_it_and_contacts_the_lado(olive, reference)
    a_manager_decides_how_those_placed_there_are_kept_safe(magda, reference)
    a_spot_check_begins(olive, reference)
    the_manager_decides_of_the_provider_that_it_is(magda, reference)
    it_stays_open_until_all_is_done(olive, reference)
    the_officer_closes_it(olive, reference)
    she_hears_that_it_is_dealt_with(sally)
    no_one_else_learns_of_it(arrive, provider, reference)
    nothing_is_said_of(
        live.inbox.messages[before:], WORRY, "drove", "LADO", "spot check", "concern", "safeguarding", "Made Up Farm"
    )


def she_reports_it(sally: Person) -> str:
    sally.signs_in()
    sally.is_at("You and the council")
    sally.follows("report a concern about a provider")
    urgent = sally.main.locator(".govuk-warning-text, form").first
    assert "ring 999" in urgent.inner_text(), "what to do at once stands before the form"
    assert sally.page.get_by_label("Your name (optional)").input_value() == "Sally School"
    sally.types("Which organisation is it about?", "Made Up Farm")
    sally.presses("Continue")
    sally.is_asked_to_mend("what happened, or what worries you?")
    sally.types("What happened, or what worries you?", WORRY)
    sally.presses("Continue")
    sally.is_at("Check your answers")
    sally.presses("Send")
    sally.is_at("We have what you told us")
    reference = reference_on(sally)
    letter = sally.reads("We have what you told us")
    assert "this email does not say what it was" in text_of(letter)
    assert "Made Up Farm" not in text_of(letter)
    sally.opens(f"/cases/{reference}")
    sally.is_at("Page not found")
    return reference


def the_team_is_told_that_something_came_and_not_what(live: Live) -> None:
    to_the_team, to_the_manager = live.inbox.messages[-2:]
    assert to_the_team["To"].endswith(f"<{TEAM}>")
    assert "New today: please read" in to_the_team["Subject"]
    assert to_the_manager["To"].startswith("Magda Manager")
    assert all("Made Up Farm" not in text_of(letter) for letter in (to_the_team, to_the_manager))


def nobody_reads_it_and_the_manager_hears_of_that(live: Live, magda: Person, reference: str) -> None:
    live.pass_to(live.site.now() + timedelta(hours=15))
    letter = magda.reads("Overdue:")
    assert reference in letter["Subject"]
    live.pass_to(live.site.now() + timedelta(days=1))
    assert [reference in mail["Subject"] for mail in magda.mail()[-2:]] == [True, True], "and the LADO's day has passed"


def an_officer_reads_it_and_contacts_the_lado(olive: Person, reference: str) -> None:
    olive.signs_in()
    olive.is_at("My work")
    olive.follows("Read a new concern and say what it is about")
    olive.sees(WORRY, "Made Up Farm")
    olive.presses("It is about safeguarding")
    olive.chooses("Keeping children safe, or how an adult behaves towards them")
    olive.chooses("Yes")
    olive.presses("It is about safeguarding")
    olive.is_told("Contact the LADO next")
    assert not olive.can("Begin a spot check")
    assert not olive.can("Close the concern")
    olive.presses("Record what the LADO advised")
    olive.dates("Date the LADO was contacted", today(olive))
    olive.types("What the LADO advised", "Visit soon; say nothing to the tutor before.")
    olive.presses("Record what the LADO advised")
    olive.is_told("Go on as the LADO advised")


def a_manager_decides_how_those_placed_there_are_kept_safe(magda: Person, reference: str) -> None:
    assert reference in magda.reads("To be decided today")["Subject"]
    magda.signs_in()
    she_decides_that_nobody_is_told_yet(magda)
    it_is_blocked(magda, reference, "ask_them_to_ring", "Decide first that whoever placed pupils there is told")


def she_decides_that_nobody_is_told_yet(magda: Person) -> None:
    magda.follows("Decide today how those placed at the provider are kept safe")
    magda.presses("Decide how those placed there are kept safe")
    magda.chooses("Nobody is told yet, as the LADO, children's social care or the police advise")
    magda.types("Why, and who advised it?", "The LADO asks us to wait for the police.")
    magda.dates("When is that looked at again?", in_days(magda, 1))
    magda.presses("Decide how those placed there are kept safe")
    magda.is_told("The provider is told nothing")


def a_spot_check_begins(olive: Person, reference: str) -> None:
    it_is_blocked(olive, reference, "begin_spot_check", "which provider this is about")
    open_the_case(olive, reference)
    olive.follows("Say which provider it is")
    which = olive.page.get_by_label("Which provider is it?")
    which.select_option(next(one for one in which.locator("option").all_inner_texts() if one.startswith("Made Up")))
    olive.presses("Say which provider it is")
    olive.is_told("The provider is told nothing")
    olive.sees(PAT.name, EMAILS[PAT])
    olive.presses("Begin a spot check")
    olive.dates("By when should the visit be made?", in_days(olive, 5))
    olive.presses("Begin a spot check")
    olive.is_told("A spot check is begun")
    open_the_linked(olive, "Spot check")
    olive.sees("LADO support at the visit", "The Virtual School", "Not asked")
    assert not olive.can("Arrange the visit")


def the_manager_decides_of_the_provider_that_it_is(magda: Person, reference: str) -> None:
    """What was decided before anybody knew which provider it is was about no place."""
    assert reference in magda.reads("To be decided today")["Subject"]
    magda.opens("/work")
    she_decides_that_nobody_is_told_yet(magda)


def it_stays_open_until_all_is_done(olive: Person, reference: str) -> None:
    it_is_blocked(olive, reference, "close_concern", "still under way")
    olive.sees("Virtual School")
    open_the_case(olive, reference)
    open_the_linked(olive, "Spot check")
    olive.follows("Leave the visit unmade")
    olive.types("Why?", "The provider closed its doors this week.")
    olive.presses("Leave the visit unmade")
    open_the_case(olive, reference)
    olive.presses("Record that the Virtual School and social workers were asked")
    olive.dates("Date the Virtual School was asked", today(olive))
    olive.dates("Date the allocated social workers were asked", today(olive))
    olive.presses("Record that the Virtual School and social workers were asked")
    olive.is_told("Recorded")


def the_officer_closes_it(olive: Person, reference: str) -> None:
    open_the_case(olive, reference)
    olive.follows("Close the concern")
    olive.chooses("It was so, and has been dealt with")
    olive.types("Why? What was found, and what was done", "The tutor has left. The LADO agrees.")
    olive.presses("Continue")
    olive.presses("Close the concern")
    olive.is_told("The concern is closed")


def she_hears_that_it_is_dealt_with(sally: Person) -> None:
    letter = sally.reads("What you told us has been dealt with")
    assert "tutor" not in text_of(letter)


def no_one_else_learns_of_it(arrive: Arrive, provider: str, reference: str) -> None:
    pat, petra = arrive(PAT.name, EMAILS[PAT]), arrive(PETRA.name, EMAILS[PETRA])
    for person in (pat, petra):
        person.signs_in()
        open_the_case(person, reference)
        person.is_at("Page not found")
        open_the_case(person, provider)
        person.sees_no("concern", "Concern", "Spot check", reference)
