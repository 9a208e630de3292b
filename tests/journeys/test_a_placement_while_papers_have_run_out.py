"""A paper runs out: nobody is newly placed there, unless a manager lets it be for a while or enters late what began."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.store.cases.loading import load_case
from apflow.testing import EMAILS, MAGDA, OLIVE
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import a_provider_on_the_list, in_days, nothing_is_said_of, open_the_case, today
from tests.records.council import a_pupil, a_school, a_site

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
CONFIRMED = "The insurer has confirmed by telephone that cover goes on."
HILL = "office@hill.example"
ASKED = "The public liability insurance. Please see to it that each learner is covered elsewhere."
LATE = "The school told us of it only today."


def test_a_placement_while_papers_have_run_out(live: Live, arrive: Arrive) -> None:
    provider, pupils = a_provider_whose_papers_run_out(live)
    olive, magda = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(MAGDA.name, EMAILS[MAGDA])
    olive.signs_in()

    nobody_is_placed_there_now(olive, pupils[0])
    an_old_one_is_for_a_manager_to_enter(olive, magda, pupils[1])
    she_sets_the_papers_aside(magda, provider)
    the_officer_is_told_and_places_the_pupil(live, olive, pupils[0])
    she_decides_about_the_placements_that_there_are(live, olive, provider)


def a_provider_whose_papers_run_out(live: Live) -> tuple[str, list[int]]:
    """Long after its papers were accepted; and two pupils to be placed there."""
    handler, provider = live.site.handler, a_provider_on_the_list(live)
    with live.site.store.reading() as connection:
        case = load_case(connection, provider)
    assert case is not None
    a_school(handler, email=HILL)
    a_site(handler, case.id or 0)
    pupils = [a_pupil(handler, forename=name, surname=surname) for name, surname in (("Pip", "Oak"), ("Wren", "Ash"))]
    live.pass_to(live.site.now() + timedelta(days=500))
    return provider, pupils


def fills_in_the_placement(person: Person, pupil: int, days: int) -> None:
    person.opens(f"/pupils/{pupil}/placements/new")
    person.types("Provider", "Made Up Farm")
    person.types("Hours a week", "15")
    person.chooses("Yes", of="Are breaks and independent")
    person.dates("First day", in_days(person, days))
    person.presses("Save")


def nobody_is_placed_there_now(olive: Person, pupil: int) -> None:
    fills_in_the_placement(olive, pupil, 0)
    olive.is_asked_to_mend("These have run out or are missing", "Public liability insurance")


def an_old_one_is_for_a_manager_to_enter(olive: Person, magda: Person, pupil: int) -> None:
    fills_in_the_placement(olive, pupil, -400)
    olive.is_asked_to_mend("recorded by somebody else: Alternative Learning Team manager")
    magda.signs_in()
    fills_in_the_placement(magda, pupil, -400)
    magda.is_asked_to_mend("Say why it is recorded only now")
    magda.types("Why it is recorded only now (optional)", LATE)
    magda.presses("Save")
    magda.is_told("Added")


def she_sets_the_papers_aside(magda: Person, provider: str) -> None:
    open_the_case(magda, provider)
    magda.sees("New placements", "Public liability insurance")
    magda.follows("Set this aside")
    magda.types("Why is it set aside?", CONFIRMED)
    magda.dates("Until the end of which day?", in_days(magda, 30))
    magda.presses("Continue")
    magda.is_asked_to_mend("or an earlier day, which is the most allowed")
    magda.dates("Until the end of which day?", in_days(magda, 7))
    magda.presses("Continue")
    magda.sees(CONFIRMED)
    magda.presses("Set this aside")
    magda.sees("papers allow placements", CONFIRMED)


def the_officer_is_told_and_places_the_pupil(live: Live, olive: Person, pupil: int) -> None:
    live.settle()
    letter = next(one for one in reversed(live.inbox.messages) if CONFIRMED in text_of(one))
    assert "Olive" in letter["To"] or "EOTAS" in letter["To"]
    fills_in_the_placement(olive, pupil, 0)
    olive.is_told("Added")
    olive.sees("Made Up Farm", str(today(olive).year))


def she_decides_about_the_placements_that_there_are(live: Live, olive: Person, provider: str) -> None:
    open_the_case(olive, provider)
    olive.follows("Record that placements there go on while a document is renewed")
    olive.types("Why can they go on, and until when?", CONFIRMED)
    olive.presses("Record that placements there go on while a document is renewed")
    olive.is_told("It is recorded that the placements there go on")
    olive.follows("Ask those with pupils there to decide on their placements")
    olive.types("What has run out, and what you ask them to do", ASKED)
    olive.presses("Continue")
    olive.is_at("Check your answers")
    olive.presses("Ask those with pupils there to decide on their placements")
    olive.is_told("Those with pupils there are told")
    live.settle()
    letter = next(one for one in live.inbox.messages if HILL in one["To"])
    assert ASKED in text_of(letter)
    assert "You have 2 placements there." in text_of(letter)
    nothing_is_said_of([letter], "Pip", "Wren", "Oak", "Ash")
