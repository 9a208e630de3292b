"""Two officers on one case, and a session that ends while somebody types: nothing typed is lost or overwrites."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete

from apflow.store.tables.people import sessions
from apflow.testing import EMAILS, OLIVE, OSCAR, PAT, bring_to
from tests.journeys.live import Live
from tests.journeys.people import Person
from tests.journeys.steps import in_days, open_the_case

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]


def a_case_at(live: Live, state: str) -> str:
    reference = bring_to(live.site.handler, state, now=live.site.now())
    live.settle()
    return reference


@pytest.fixture
def olive(arrive: Arrive) -> Person:
    person = arrive(OLIVE.name, EMAILS[OLIVE])
    person.signs_in()
    return person


@pytest.fixture
def oscar(arrive: Arrive) -> Person:
    person = arrive(OSCAR.name, EMAILS[OSCAR])
    person.signs_in()
    return person


def test_the_second_is_told_what_changed_keeps_what_she_typed_and_can_go_on(
    live: Live, olive: Person, oscar: Person
) -> None:
    reference = a_case_at(live, "visit")
    olive.opens(f"/cases/{reference}/do/arrange_visit")
    plan_a_visit(olive, place="The barn", days=12)
    oscar.opens(f"/cases/{reference}/do/arrange_visit")
    plan_a_visit(oscar, place="The yard", days=5)
    oscar.presses("Arrange or change the visit")
    oscar.is_told("The visit is arranged")

    olive.presses("Arrange or change the visit")
    olive.is_asked_to_mend("This changed while you were working on it", "Oscar Officer", "The yard")
    assert olive.page.get_by_label("Where the visit takes place").input_value() == "The barn"
    open_the_case(oscar, reference)
    oscar.sees("The yard")

    olive.presses("Arrange or change the visit")
    olive.is_told("The visit is arranged")
    olive.sees("The barn")


def test_the_second_is_told_when_the_case_has_moved_on_and_finds_her_words(
    live: Live, olive: Person, oscar: Person
) -> None:
    reference = a_case_at(live, "enquiry")
    olive.opens(f"/cases/{reference}/do/close_enquiry")
    olive.types("Why it cannot go forward, in words for the provider", "The offer is for adults.")
    oscar.opens(f"/cases/{reference}/do/invite")
    oscar.presses("Invite the provider to send its papers")
    oscar.is_told("The provider has been invited")

    olive.presses("Close the enquiry")

    olive.is_at("this cannot be done now")
    olive.sees("Gathering evidence", "Invite the provider to send its papers", "The offer is for adults.")


def test_the_second_to_take_a_task_is_told_who_was_first(live: Live, olive: Person, oscar: Person) -> None:
    a_case_at(live, "enquiry")
    for officer in (olive, oscar):
        officer.opens("/work")
    oscar.presses("Take this on")
    oscar.sees("You have it")

    olive.presses("Take this on")

    olive.is_told("Oscar Officer")


def test_an_officer_whose_session_ends_while_she_types_gets_her_words_back(live: Live, olive: Person) -> None:
    reference = a_case_at(live, "enquiry")
    olive.opens(f"/cases/{reference}/do/close_enquiry")
    olive.types("Why it cannot go forward, in words for the provider", "The offer is for adults, not children.")
    everyone_is_signed_out(live)

    olive.presses("Close the enquiry")

    olive.is_at("You have been signed out")
    olive.sees("The offer is for adults, not children.")
    in_another_tab(olive).signs_in()
    olive.presses("Continue")
    olive.is_told("The enquiry is closed")


def test_a_provider_whose_session_ends_while_she_types_gets_her_words_back(live: Live, arrive: Arrive) -> None:
    reference = a_case_at(live, "gathering_evidence")
    pat = arrive(PAT.name, EMAILS[PAT])
    pat.signs_in()
    pat.opens(f"/cases/{reference}/do/say_not_applicable?item=employers_liability")
    pat.types("Why it does not apply", "I work alone and employ nobody at all.")
    everyone_is_signed_out(live)

    pat.presses("Tell us this does not apply to you")

    pat.is_at("You have been signed out")
    pat.sees("I work alone and employ nobody at all.")
    in_another_tab(pat).signs_in()
    pat.presses("Continue")
    pat.is_told("We have your reason")


def plan_a_visit(officer: Person, *, place: str, days: int) -> None:
    officer.dates("Date of the visit", in_days(officer, days))
    officer.types("Time of the visit", "10:30")
    officer.types("Where the visit takes place", place)
    officer.ticks(officer.name)


def in_another_tab(person: Person) -> Person:
    """The same browser, and so the same cookies."""
    return replace(person, page=person.page.context.new_page())


def everyone_is_signed_out(live: Live) -> None:
    with live.site.store.writing() as connection:
        connection.execute(delete(sessions))
