"""A routine visit, from its invitation to the note of it that is read, answered, filed and shown at the next visit."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, invitation_in, text_of
from tests.journeys.steps import (
    a_provider_on_the_list,
    do_to,
    in_days,
    it_is_blocked,
    open_the_case,
    open_the_linked,
    reference_on,
    today,
)

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]


def test_a_visit_ends_in_a_note(live: Live, arrive: Arrive) -> None:
    provider = a_provider_on_the_list(live)
    olive, pat = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(PAT.name, EMAILS[PAT])

    visit = the_officer_plans_and_arranges_it(live, olive, provider)
    the_provider_has_it_in_the_calendar(pat)
    it_takes_place_and_the_checklist_is_gone_through(live, olive, visit)
    the_note_is_drafted_screened_and_circulated(olive)
    the_provider_reads_it_and_says_something(pat)
    the_officer_files_it(olive, visit)
    it_is_shown_at_the_next_visit(live, olive, provider)


def the_officer_plans_and_arranges_it(live: Live, olive: Person, provider: str) -> str:
    olive.signs_in()
    plan_a_visit(olive, provider, "A routine visit")
    open_the_linked(olive, "Visit")
    olive.sees_no("LADO", "Virtual School")
    olive.presses("Arrange the visit")
    olive.dates("Date of the visit", in_days(olive, 10))
    olive.types("Time of the visit", "10:30")
    olive.types("Where the visit takes place", "The farm, Made Up Lane")
    olive.ticks("Olive Officer")
    olive.presses("Arrange the visit")
    olive.is_told("The visit is arranged")
    return reference_on(olive)


def plan_a_visit(olive: Person, provider: str, kind: str) -> None:
    open_the_case(olive, provider)
    olive.presses("Plan a visit")
    olive.chooses(kind)
    olive.dates("By when should the visit be made?", in_days(olive, 30))
    olive.presses("Plan a visit")
    olive.is_told("The visit is planned")


def the_provider_has_it_in_the_calendar(pat: Person) -> None:
    letter = pat.reads("We will visit you on Thursday 12 November 2026")
    assert "SUMMARY:Visit by the council: Made Up Farm" in invitation_in(letter)
    pat.signs_in()
    pat.sees("Waiting for the council", "We are coming to visit you")
    pat.follows("We are coming to visit you")
    pat.sees("Make sure that someone who runs your organisation can meet us", "10:30am")


def it_takes_place_and_the_checklist_is_gone_through(live: Live, olive: Person, visit: str) -> None:
    it_is_blocked(olive, visit, "took_place", "The visit has not taken place yet")
    live.pass_to(live.site.now() + timedelta(days=10))
    open_the_case(olive, visit)
    olive.presses("The visit took place")
    olive.dates("Date you visited", today(olive))
    olive.presses("The visit took place")
    olive.is_told("Go through the checklist next")
    olive.sees("Not possible yet", "Say first what you found of these")
    finds(olive, "A strength", "Teaching seen", "What was seen or said", "Two lessons, lively and well planned.")
    finds(olive, "To improve", "Checks on staff", "What was seen or said", "One reference is missing.")
    for label in (
        "What it is for, and who runs it",
        "How concerns about pupils are raised and recorded",
        "Who can come in, and supervision",
        "Premises, fire and first aid",
        "Progress and reports to commissioners",
    ):
        finds(olive, "In order", label)


def finds(olive: Person, what: str, label: str, question: str = "", words: str = "") -> None:
    do_to(olive, what, label)
    if question:
        olive.types(question, words)
    olive.presses(what)
    olive.is_told("Noted")
    olive.is_told("Next: ")


def the_note_is_drafted_screened_and_circulated(olive: Person) -> None:
    olive.presses("Circulate the note of the visit")
    note = olive.page.get_by_label("What was said and seen", exact=True)
    draft = note.input_value()
    assert "Teaching seen: a strength. Two lessons, lively and well planned." in draft
    assert "Checks on staff: to improve. One reference is missing." in draft
    note.fill(f"{draft}\nR 2011 0001 8042 showed us round.")
    olive.types("What was agreed, by whom and by when (optional)", "The head gets the reference within two weeks.")
    olive.types("Anything to take further (optional)", "Look at references again next time.")
    olive.ticks("Nothing in this note will be a surprise to the provider")
    olive.presses("Continue")
    olive.is_asked_to_mend("take out what looks like a pupil's number")
    note.fill(draft)
    olive.presses("Continue")
    olive.is_at("Check your answers")
    olive.presses("Circulate the note of the visit")
    olive.is_told("The note is with the provider")


def the_provider_reads_it_and_says_something(pat: Person) -> None:
    letter = text_of(pat.reads("The note of our visit: read it by Thursday 26 November 2026"))
    assert "One reference is missing." in letter
    assert "The head gets the reference within two weeks." in letter
    assert "Look at references again" not in letter
    pat.opens("/home")
    pat.sees("Do now", "Read our note of the visit")
    pat.follows("Read our note of the visit")
    pat.sees("Two lessons, lively and well planned.")
    pat.sees_no("Look at references again", "Checklist")
    pat.presses("Say that you have read it")
    pat.types("What you want to say about the note (optional)", "The reference came yesterday.")
    pat.presses("Say that you have read it")
    pat.is_told("We have noted that you have read it")


def the_officer_files_it(olive: Person, visit: str) -> None:
    assert "The reference came yesterday." in text_of(olive.reads("Note of visit read: Made Up Farm"))
    open_the_case(olive, visit)
    olive.sees("The reference came yesterday.")
    olive.presses("File the note, and send it to those who have pupils there")
    olive.chooses("With the provider's record: 6 years after it leaves the list")
    olive.presses("Continue")
    olive.presses("File the note, and send it to those who have pupils there")
    olive.is_told("The note is filed")


def it_is_shown_at_the_next_visit(live: Live, olive: Person, provider: str) -> None:
    plan_a_visit(olive, provider, "A visit that follows an earlier one")
    open_the_linked(olive, "To arrange")
    olive.sees("Earlier, with the same people")
    olive.unfolds("What it says")
    olive.sees("The head gets the reference within two weeks.", "Look at references again next time.")
