"""An email went to the wrong person: it is reported, contained and weighed, and the ICO and the parents are told."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, MAGDA, OLIVE, PAT
from tests.breaches import DORA_S_EMAIL, a_data_protection_officer
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import (
    a_provider_on_the_list,
    do_to,
    it_is_blocked,
    nothing_is_said_of,
    open_the_case,
    reference_on,
    today,
)

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
HAPPENED = "The report on Wren Hollis went to Sedge Farm."
MAILBOX = "data.protection@council.example"
CRITERIA = (
    "What kind of breach it is",
    "What was in it",
    "Whether people can be told from it",
    "What could come of it for them",
    "Whose it is",
    "What we are to them",
    "How many people it is about",
)


def test_a_data_breach_is_followed_to_its_end(live: Live, arrive: Arrive) -> None:
    a_provider_on_the_list(live)
    before = len(live.inbox.messages)
    a_data_protection_officer(live.site.store)
    olive, dora, pat = (
        arrive(OLIVE.name, EMAILS[OLIVE]),
        arrive("Dora Data", DORA_S_EMAIL),
        arrive(PAT.name, EMAILS[PAT]),
    )

    reference = she_reports_the_email(olive)
    she_has_a_letter_with_a_way_back_to_her_report(olive)
    it_is_taken_on(live, dora)
    whoever_has_it_is_asked_to_delete_it(dora)
    the_risk_is_weighed_and_the_ico_told(dora, reference)
    the_parents_are_told(dora, reference)
    what_was_learnt_closes_it(dora, reference)
    olive.reads("The data breach you reported is dealt with")
    nobody_else_learns_of_it(pat, reference)
    nothing_is_said_of(live.inbox.messages[before:], HAPPENED, "Wren", "Hollis", "Sedge", "the parents")


def she_reports_the_email(olive: Person) -> str:
    olive.signs_in()
    olive.follows("Records")
    olive.follows("Emails")
    olive.main.locator("tbody a").first.click()
    olive.follows("Report it as a data breach")
    assert olive.page.get_by_label("Your name").input_value() == OLIVE.name
    olive.chooses("Sent to the wrong person")
    olive.types("What happened?", HAPPENED)
    olive.dates("On which day was it noticed?", today(olive))
    olive.types("At which time, about?", "11:30pm")
    olive.ticks("Names or contact details")
    olive.ticks("Pupils")
    olive.chooses("Not yet")
    olive.presses("Report a data breach")
    olive.is_asked_to_mend("still to come today")
    olive.types("At which time, about?", "8am")
    olive.presses("Report a data breach")
    olive.is_told("The data protection officer has it")
    olive.sees(HAPPENED, "There is nothing for you to do here")
    return reference_on(olive)


def she_has_a_letter_with_a_way_back_to_her_report(olive: Person) -> None:
    letter = olive.reads("We have the data breach you reported")
    assert "this email does not say what it was" in text_of(letter)
    olive.follows_the_link_in(letter)
    olive.sees(HAPPENED)


def it_is_taken_on(live: Live, dora: Person) -> None:
    letter = next(one for one in reversed(live.inbox.messages) if MAILBOX in one["To"])
    assert "New data breach: take it on now" in letter["Subject"]
    assert "they end at 8am on Thursday 5 November 2026" in text_of(letter)
    dora.signs_in()
    dora.follows("Take on a breach of personal data")
    dora.sees(HAPPENED, "by 8am on Thursday 5 November 2026")
    dora.presses("Take it on")
    dora.presses("Take it on")
    dora.is_told("It is yours")


def whoever_has_it_is_asked_to_delete_it(dora: Person) -> None:
    dora.presses("Add somebody who has it")
    dora.types("Who has it?", "Sedge Farm")
    dora.presses("Add somebody who has it")
    do_to(dora, "Record that they were asked to delete it", "Sedge Farm")
    dora.dates("When were they asked?", today(dora))
    dora.types("How, and for what?", "By telephone.")
    dora.presses("Record that they were asked to delete it")
    dora.is_told("Ask for it to be confirmed in writing")


def the_risk_is_weighed_and_the_ico_told(dora: Person, reference: str) -> None:
    it_is_blocked(dora, reference, "decide_to_tell_ico", "Weigh these first")
    for criterion in CRITERIA:
        open_the_case(dora, reference)
        do_to(dora, "Weighs much", criterion)
        dora.types("Why?", "It is a child's.")
        dora.presses("Weighs much")
    dora.presses("Decide that the ICO is told")
    dora.chooses("The risk is high")
    dora.types("Why is that the risk?", "It is about a child's health.")
    dora.chooses("Yes")
    dora.types("Why is the ICO told or not?", "There is a risk.")
    dora.presses("Decide that the ICO is told")
    dora.is_told("Tell the ICO now")
    dora.presses("Record that the ICO was told")
    dora.dates("Day the ICO was told", today(dora))
    dora.types("Time the ICO was told", "9am")
    dora.types("ICO reference", "IC-123456")
    dora.presses("Record that the ICO was told")
    dora.is_told("It is recorded that the ICO was told")


def the_parents_are_told(dora: Person, reference: str) -> None:
    it_is_blocked(dora, reference, "close_breach", "Say first of the people concerned")
    open_the_case(dora, reference)
    dora.presses("Decide that people are told")
    dora.types("Who is to be told?", "The parents")
    dora.types("Why?", "The risk is high.")
    dora.presses("Decide that people are told")
    dora.is_told("Tell them in plain words")
    do_to(dora, "Record that they were told", "The parents")
    dora.dates("When were they told?", today(dora))
    dora.types("How, and what were they told?", "By telephone.")
    dora.presses("Record that they were told")
    dora.is_told("It is recorded that they were told")


def what_was_learnt_closes_it(dora: Person, reference: str) -> None:
    it_is_blocked(dora, reference, "close_breach", "whether they have deleted it: Sedge Farm")
    open_the_case(dora, reference)
    do_to(dora, "Record that the deletion is confirmed", "Sedge Farm")
    dora.dates("When was it confirmed?", today(dora))
    dora.types("How, and by whom?", "In writing, by the office.")
    dora.presses("Record that the deletion is confirmed")
    dora.presses("Close it with what was learnt")
    dora.types("What came of it for the people concerned?", "None that is known.")
    dora.types("What was learnt, and what is done so that it does not happen again?", "We send links.")
    dora.presses("Continue")
    dora.presses("Close it with what was learnt")
    dora.is_told("It is closed, and stays in the register")
    dora.opens("/cases?kind=data_breach&closed=yes")
    dora.sees("Sent to the wrong person", "ICO reference IC-123456")


def nobody_else_learns_of_it(pat: Person, reference: str) -> None:
    pat.signs_in()
    pat.opens(f"/cases/{reference}")
    pat.is_at("Page not found")


def test_a_manager_tells_the_ico_late_and_says_why(live: Live, arrive: Arrive) -> None:
    a_data_protection_officer(live.site.store)
    olive, magda = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(MAGDA.name, EMAILS[MAGDA])
    olive.signs_in()
    olive.unfolds("Log, plan or report")
    olive.follows("Report a data breach")
    olive.chooses("Lost or stolen")
    olive.types("What happened?", HAPPENED)
    olive.dates("On which day was it noticed?", today(olive))
    olive.types("At which time, about?", "8am")
    olive.ticks("Names or contact details")
    olive.ticks("Pupils")
    olive.chooses("Not yet")
    olive.presses("Report a data breach")
    reference = reference_on(olive)

    live.pass_to(live.site.now() + timedelta(hours=73))

    letter = magda.reads("The 72 hours have passed")
    assert reference in letter["Subject"]
    magda.signs_in()
    for criterion in CRITERIA:
        open_the_case(magda, reference)
        do_to(magda, "Weighs somewhat", criterion)
        magda.types("Why?", "It is a child's.")
        magda.presses("Weighs somewhat")
    magda.presses("Record that the ICO was told, and why not in time")
    magda.chooses("There is a risk")
    magda.types("Why is that the risk?", "It is a child's.")
    magda.chooses("Yes")
    magda.types("Why is the ICO told or not?", "There is a risk.")
    magda.dates("Day the ICO was told", today(magda))
    magda.types("Time the ICO was told", "0:01")
    magda.types("ICO reference", "IC-1")
    magda.presses("Record that the ICO was told, and why not in time")
    magda.is_asked_to_mend("why was the ICO told later than 72 hours after we became aware?")
