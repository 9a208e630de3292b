"""A school finds a provider on the list, records its own checks of it, and is asked to look again a year on."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import a_provider_on_the_list, do_to, in_days, reference_on, subjects

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
SALLY = "sally@made-up-school.example"
CHECKS = (
    "Registration status",
    "Policies and procedures",
    "Insurance",
    "Assessment and monitoring",
    "Curriculum plans and schemes of work",
    "Arrangements to safeguard pupils",
    "Attendance",
    "Two professional references",
)


def test_a_school_keeps_its_own_checks(live: Live, arrive: Arrive) -> None:
    a_provider_on_the_list(live)
    sally = arrive("Sally School", SALLY)

    reference = she_begins_a_record_from_the_list(sally)
    she_makes_every_check(sally, reference)
    she_cannot_decide_against_what_she_found(sally)
    she_is_asked_to_look_again_a_year_on(live, sally)
    nobody_else_sees_it(arrive, reference)


def she_begins_a_record_from_the_list(sally: Person) -> str:
    sally.opens("/approved-list")
    sally.follows("Made Up Farm")
    sally.follows("keep a record of your own checks")
    assert sally.page.get_by_label("Which provider is it?").input_value() == "Made Up Farm"
    sally.types("Your school or service", "Made Up School")
    sally.types("Your full name", sally.name)
    sally.types("Your email address", SALLY)
    sally.presses("Continue")
    sally.is_at("Check your answers")
    sally.presses("Send")
    sally.is_at("Your record is begun")
    reference = reference_on(sally)
    letter = sally.reads("Your record of checks: Made Up Farm")
    assert "Made Up Farm does not" in text_of(letter), "and the school is told so"
    sally.follows_the_link_in(letter)
    sally.presses("Continue")
    sally.is_at("Your record of the checks")
    return reference


def she_makes_every_check(sally: Person, reference: str) -> None:
    sally.opens(f"/cases/{reference}")
    sally.sees("Check these first", *CHECKS)
    for check in CHECKS:
        what = "It is not in order" if check == "Insurance" else "It is in order"
        sally.opens(f"/cases/{reference}")
        do_to(sally, what, check)
        sally.dates("When was it checked?", in_days(sally, -3))
        sally.types("Who checked it?", "Sally School")
        sally.types("What did they look at?", "The papers of this year.")
        if check == "Insurance":
            sally.types("What is not in order, and what did you ask the provider to do?", "It ran out in May.")
        sally.presses(what)
        sally.is_told("Recorded")


def she_cannot_decide_against_what_she_found(sally: Person) -> None:
    sally.presses("Record what you decided")
    sally.chooses("We can place learners there")
    sally.dates("When was it decided?", in_days(sally, 0))
    sally.types("Why? And on which conditions", "All is well.")
    sally.presses("Record what you decided")
    sally.sees("Not every check is in order")
    sally.chooses("We can place learners there, on conditions")
    sally.types("Why? And on which conditions", "Once the insurance is renewed.")
    sally.presses("Record what you decided")
    sally.is_told("Your decision is recorded")
    sally.sees("on conditions", "Once the insurance is renewed.")


def she_is_asked_to_look_again_a_year_on(live: Live, sally: Person) -> None:
    live.pass_to(live.site.now() + timedelta(days=340))
    assert subjects(sally.mail())[-1] == "Time to look at your checks again: Made Up Farm"
    live.pass_to(live.site.now() + timedelta(days=30))
    assert subjects(sally.mail())[-1] == "Please look at your checks again: Made Up Farm"


def nobody_else_sees_it(arrive: Arrive, reference: str) -> None:
    pat = arrive(PAT.name, EMAILS[PAT])
    pat.signs_in()
    answer = pat.page.request.get(f"{pat.live.address}/cases/{reference}")
    assert answer.status == 404
