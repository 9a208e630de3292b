"""A pupil's plan turns a provider's registration light red: an officer hears of it and follows it to its end."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.store.cases.loading import load_case
from apflow.testing import EMAILS, MAGDA, OLIVE
from tests.browser import follow
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import a_provider_on_the_list, in_days, nothing_is_said_of
from tests.records.council import a_placement, a_pupil, a_school, a_site

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
TEAM = "EOTAS@bathnes.gov.uk"


def test_a_registration_light_turns_red(live: Live, arrive: Arrive) -> None:
    provider, pupil = one_full_time_pupil_there(live)
    olive, before = arrive(OLIVE.name, EMAILS[OLIVE]), len(live.inbox.messages)

    it_is_amber_and_says_why(olive, provider)
    a_plan_turns_it_red_the_same_day(olive, pupil)
    the_officers_are_told_why_and_not_of_whom(live)
    she_agrees_that_they_reduce(olive)
    nobody_hears_more_and_the_manager_is_told(live, arrive(MAGDA.name, EMAILS[MAGDA]))
    the_hours_are_reduced_and_the_light_goes_out(olive, pupil, provider)
    nothing_is_said_of(live.inbox.messages[before:], "Sparrow", "Pip")


def one_full_time_pupil_there(live: Live) -> tuple[str, int]:
    handler, provider = live.site.handler, a_provider_on_the_list(live)
    with live.site.store.reading() as connection:
        case = load_case(connection, provider)
    assert case is not None
    a_school(handler)
    a_site(handler, case.id or 0)
    pupil = a_pupil(handler)
    a_placement(handler, pupil, hours="20")
    return provider, pupil


def it_is_amber_and_says_why(olive: Person, provider: str) -> None:
    olive.signs_in()
    olive.opens(f"/cases/{provider}/registration")
    olive.sees("Amber", "1 pupil in full-time education here, of the 5 that need a registered school")
    olive.sees("20 hours at Main site for Hill School a week: more than 18 hours, so full-time")


def a_plan_turns_it_red_the_same_day(olive: Person, pupil: int) -> None:
    olive.opens(f"/pupils/{pupil}/change")
    olive.ticks("Has an education, health and care plan (EHC plan)")
    olive.presses("Save")
    olive.is_told("Saved")
    olive.opens("/registration")
    olive.sees("Red", "1 pupil with an EHC plan in full-time education here: one is enough")


def the_officers_are_told_why_and_not_of_whom(live: Live) -> None:
    live.settle()
    letter = live.inbox.messages[-1]
    assert TEAM in letter["To"]
    assert "Registration light turned red: Made Up Farm" in letter["Subject"]
    assert "1 pupil with an EHC plan in full-time education here" in text_of(letter)


def she_agrees_that_they_reduce(olive: Person) -> None:
    olive.opens("/work")
    olive.follows("Look into whether this provider must register")
    olive.sees("1 pupil with an EHC plan", "state schools must not commission more")
    olive.presses("They will reduce what they offer")
    olive.types("What was agreed with the provider, and with whom", "With the head: fewer hours from next week.")
    olive.dates("They reduce by", in_days(olive, 4))
    olive.presses("They will reduce what they offer")
    olive.is_told("Noted, and followed until they have")


def nobody_hears_more_and_the_manager_is_told(live: Live, magda: Person) -> None:
    live.pass_to(live.site.now() + timedelta(days=7))
    assert "Made Up Farm" in magda.reads("Overdue:")["Subject"]


def the_hours_are_reduced_and_the_light_goes_out(olive: Person, pupil: int, provider: str) -> None:
    olive.opens(f"/pupils/{pupil}")
    follow(olive.main.get_by_role("link", name="Change").last)
    olive.types("Hours a week", "15")
    olive.presses("Save")
    olive.is_told("Saved")
    olive.opens("/work")
    olive.follows("See that they have reduced what they offer")
    olive.presses("They have reduced what they offer")
    olive.types("What they reduced, and how you know", "15 hours since Monday; the timetable shows it.")
    olive.presses("They have reduced what they offer")
    olive.is_told("They have reduced what they offer")
    olive.opens(f"/cases/{provider}/registration")
    olive.sees("Green")
