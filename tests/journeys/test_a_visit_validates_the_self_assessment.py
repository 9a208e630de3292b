"""A routine visit on which each answer of the self-assessment is confirmed or not, and the note that tells of it."""

from collections.abc import Callable

import pytest

from apflow.testing import EMAILS, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.quality_steps import a_reviewed_self_assessment, makes_a_visit, newest
from tests.journeys.steps import do_to, it_is_blocked, open_the_case
from tests.quality import do

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
TRAINING, DRILLS = "Training and supervision of staff", "Premises, fire and first aid"


def test_a_visit_validates_the_self_assessment(live: Live, arrive: Arrive) -> None:
    provider, _ = a_reviewed_self_assessment(live)
    olive, pat = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(PAT.name, EMAILS[PAT])

    the_visit_begins_with_what_the_provider_says(olive, provider)
    visit = newest(live, provider, "visit")
    each_answer_is_confirmed_or_not(live, olive, visit)
    the_note_draws_on_them(olive, visit)
    the_provider_reads_what_was_not_confirmed(pat)


def the_visit_begins_with_what_the_provider_says(olive: Person, provider: str) -> None:
    olive.signs_in()
    makes_a_visit(olive, provider)
    olive.sees("What the self-assessment says", "We look at it every week: training and supervision of staff.")
    olive.sees("Beside this case", "Self-assessment")
    olive.sees_no("Where pupils went next")


def each_answer_is_confirmed_or_not(live: Live, olive: Person, visit: str) -> None:
    go_through_the_checklist(live, visit)
    it_is_blocked(olive, visit, "circulate", "Say first whether you can confirm what the self-assessment says of these")
    open_the_case(olive, visit)
    do_to(olive, "Confirmed", TRAINING)
    olive.sees("What the provider says", "We look at it every week: training and supervision of staff.")
    olive.types("What confirms it (optional)", "Six certificates on the wall.")
    olive.presses("Confirmed")
    olive.is_told("Noted, confirmed")
    do_to(olive, "Not confirmed", DRILLS)
    olive.presses("Not confirmed")
    olive.is_asked_to_mend("Enter an answer")
    olive.types("What was found instead, in words for the provider", "The log has no drill since March.")
    olive.presses("Not confirmed")
    olive.is_told("Noted, not confirmed")
    olive.sees("The log has no drill since March.", "We look at it every week: premises, fire and first aid.")
    the_others_are_not_looked_at(live, visit)


def go_through_the_checklist(live: Live, visit: str) -> None:
    for key, item in live.site.library.catalogues["visit_checklist"].items.items():
        if item.required:
            do(live.site.handler, visit, "find_in_order", now=live.site.now(), item=key)


def the_others_are_not_looked_at(live: Live, visit: str) -> None:
    for key, item in live.site.library.catalogues["self_assessment_questions"].items.items():
        if item.required and item.label not in (TRAINING, DRILLS):
            do(live.site.handler, visit, "leave_unvalidated", now=live.site.now(), item=key)


def the_note_draws_on_them(olive: Person, visit: str) -> None:
    open_the_case(olive, visit)
    olive.presses("Circulate the note of the visit")
    found = "What the visit confirmed of the self-assessment, and what it did not (optional)"
    draft = olive.page.get_by_label(found, exact=True).input_value()
    assert f"{TRAINING}: confirmed. Six certificates on the wall." in draft
    assert f"{DRILLS}: not confirmed. The log has no drill since March." in draft
    olive.ticks("Nothing in this note will be a surprise to the provider")
    olive.presses("Continue")
    olive.presses("Circulate the note of the visit")
    olive.is_told("The note is with the provider")


def the_provider_reads_what_was_not_confirmed(pat: Person) -> None:
    letter = pat.reads("The note of our visit")
    said = text_of(letter)
    assert "What the visit confirmed of your self-assessment, and what it did not" in said
    assert "The log has no drill since March." in said
    pat.follows_the_link_in(letter)
    pat.presses("Continue")
    pat.sees("The log has no drill since March.")
    pat.sees_no("To validate")
