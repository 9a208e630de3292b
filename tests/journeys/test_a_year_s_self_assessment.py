"""A self-assessment that opens by itself: half-filled, reminded, handed in, sent back, completed and reviewed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, OLIVE, PAT
from tests.browser import axe
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.quality_steps import (
    IN_PLACE,
    a_provider_a_year_on,
    answers,
    hands_it_in,
    newest,
    the_rest_is_answered,
)
from tests.journeys.steps import a_document, do_to, in_days, it_is_blocked, open_the_case, subjects

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]


def test_a_year_s_self_assessment(live: Live, arrive: Arrive) -> None:
    provider = a_provider_a_year_on(live)
    assessment = newest(live, provider, "self_assessment")
    olive, pat = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(PAT.name, EMAILS[PAT])

    it_opened_by_itself_and_the_provider_is_told(pat)
    she_answers_some_of_it_and_stops_halfway(pat, assessment)
    she_is_reminded_and_returns_to_what_she_had(live, pat, assessment)
    she_hands_it_in(live, pat, olive, assessment)
    the_officer_sends_it_back_with_what_is_missing(olive, assessment)
    she_completes_it(live, pat, assessment)
    the_officer_reviews_it_and_she_is_told(olive, pat, assessment)
    next_year_her_answers_stand_beside_the_questions(live, pat, provider)


def it_opened_by_itself_and_the_provider_is_told(pat: Person) -> None:
    (letter,) = (one for one in pat.mail() if "Your annual self-assessment: hand it in by" in one["Subject"])
    assert "leadership and management, staffing, safeguarding, health and safety" in text_of(letter)
    pat.follows_the_link_in(letter)
    pat.presses("Continue")
    pat.is_at("Fill in your annual self-assessment")
    pat.sees("Hand it in: this cannot be done yet", "Answer these first")


def she_answers_some_of_it_and_stops_halfway(pat: Person, assessment: str) -> None:
    answers(pat, "Training and supervision of staff", IN_PLACE, "All six are trained.")
    pat.is_told("Next: How concerns about pupils are raised")
    answers(pat, "Premises, fire and first aid", "Partly in place", "R201100018042 rang the bell.", mended="One drill.")
    do_to(pat, "Answer or change this", "Progress of pupils this year")
    pat.types("Your answer", "Most have")
    pat.presses("Save and come back later")
    pat.is_told("What you typed is kept")
    it_is_blocked(pat, assessment, "hand_in", "Answer these first")


def she_is_reminded_and_returns_to_what_she_had(live: Live, pat: Person, assessment: str) -> None:
    live.pass_to(live.site.now() + timedelta(days=22))
    assert any("Your annual self-assessment is due in" in one for one in subjects(pat.mail()))
    open_the_case(pat, assessment)
    pat.sees("All six are trained.", "One drill.")
    do_to(pat, "Answer or change this", "Progress of pupils this year")
    pat.sees("What you typed here before is back")
    assert pat.page.get_by_label("Your answer", exact=True).input_value() == "Most have"
    pat.chooses(IN_PLACE)
    pat.types("Your answer", "Most have moved on in English.")
    pat.presses("Answer or change this")
    pat.is_told("Your answer is kept")
    do_to(pat, "Answer or change this", "Training and supervision of staff")
    assert pat.page.get_by_label("Your answer", exact=True).input_value() == "All six are trained."
    pat.follows("Cancel")


def she_hands_it_in(live: Live, pat: Person, olive: Person, assessment: str) -> None:
    the_rest_is_answered(live, assessment)
    open_the_case(pat, assessment)
    hands_it_in(pat)
    assert "an officer reads it" in text_of(pat.reads("We have your annual self-assessment")).lower()
    olive.reads("Self-assessment handed in: Made Up Farm")


def the_officer_sends_it_back_with_what_is_missing(olive: Person, assessment: str) -> None:
    olive.signs_in()
    it_is_blocked(olive, assessment, "send_back", "Say first what is missing")
    open_the_case(olive, assessment)
    do_to(olive, "Query this answer", "Training and supervision of staff")
    olive.sees("All six are trained.")
    olive.types("What we asked about it", "Who is the seventh on your website?")
    olive.presses("Query this answer")
    olive.is_told("The query is kept")
    olive.presses("Ask for a document")
    olive.types("Which document?", "The log of fire drills")
    olive.types("What for, in words for the provider", "You tell of one drill this year.")
    olive.dates("By when?", in_days(olive, 14))
    olive.presses("Ask for a document")
    olive.is_told("The provider has been asked for it")
    olive.presses("Send it back with what is missing")
    olive.types("What is missing, in words for the provider", "Two small things, please.")
    olive.presses("Continue")
    olive.presses("Send it back with what is missing")
    olive.is_told("It is with the provider again")


def she_completes_it(live: Live, pat: Person, assessment: str) -> None:
    letter = text_of(pat.reads("Your annual self-assessment: something is missing"))
    for said in ("Two small things, please.", "Who is the seventh on your website?", "The log of fire drills"):
        assert said in letter
    assert any("send us a document" in one for one in subjects(pat.mail()))
    open_the_case(pat, assessment)
    pat.is_at("Complete your annual self-assessment")
    it_is_blocked(pat, assessment, "hand_in", "We have a question about these")
    open_the_case(pat, assessment)
    do_to(pat, "Answer or change this", "Training and supervision of staff")
    pat.sees("Who is the seventh on your website?")
    pat.types("Your answer", "All seven are trained; the seventh joined in May.")
    pat.presses("Answer or change this")
    do_to(pat, "Send this document", "The log of fire drills")
    pat.attaches(a_document("drills.pdf"))
    pat.presses("Send this document")
    pat.is_told("We have your document")
    hands_it_in(pat)


def the_officer_reviews_it_and_she_is_told(olive: Person, pat: Person, assessment: str) -> None:
    assert any("a document came, Made Up Farm" in one for one in subjects(olive.mail()))
    it_is_blocked(olive, assessment, "finish_review", "These documents are still to come or to be checked")
    open_the_case(olive, assessment)
    olive.sees("drills.pdf", "All seven are trained")
    do_to(olive, "Accept", "The log of fire drills")
    olive.presses("Accept")
    olive.presses("Finish the review")
    olive.chooses("Nothing stands out: the visit validates it as usual")
    olive.types("What we found, in words for the provider", "Candid and complete.")
    olive.types("What the visit should look at (optional)", "Ask about the second drill.")
    olive.presses("Continue")
    olive.presses("Finish the review")
    olive.is_told("The review is finished")
    letter = text_of(pat.reads("Your annual self-assessment is reviewed"))
    assert "Candid and complete." in letter
    assert "second drill" not in letter
    open_the_case(pat, assessment)
    pat.is_at("Your self-assessment is reviewed")
    pat.sees_no("second drill", "Nothing stands out")


def next_year_her_answers_stand_beside_the_questions(live: Live, pat: Person, provider: str) -> None:
    live.pass_to(live.site.now() + timedelta(days=366))
    assessment = newest(live, provider, "self_assessment")
    open_the_case(pat, assessment)
    do_to(pat, "Answer or change this", "Training and supervision of staff")
    beside = pat.page.get_by_role("complementary", name="What has been said")
    assert "All seven are trained; the seventh joined in May." in beside.inner_text()
    assert IN_PLACE in beside.inner_text()
    assert pat.page.get_by_label("Your answer", exact=True).input_value() == ""
    assert axe(pat.page) == []
    pat.page.set_viewport_size({"width": 320, "height": 800})
    assert pat.page.evaluate("document.documentElement.scrollWidth") <= 320
