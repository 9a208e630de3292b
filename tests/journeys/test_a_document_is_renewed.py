"""An insurance runs out a year on: the provider is reminded and renews one paper, and an officer hears of the other."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import a_document, a_provider_on_the_list, in_days, open_the_case, subjects

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
INSURANCES = ("Public liability insurance", "Professional indemnity insurance", "Employers' liability insurance")


def test_a_document_is_renewed(live: Live, arrive: Arrive) -> None:
    provider = a_provider_on_the_list(live)
    pat, olive = arrive(PAT.name, EMAILS[PAT]), arrive(OLIVE.name, EMAILS[OLIVE])

    she_is_reminded_eight_weeks_before(live, pat)
    she_renews_one_and_the_officer_accepts_it(live, pat, olive, provider)
    she_is_reminded_of_the_others(live, pat)
    the_officer_decides_on_the_day_they_run_out(live, olive, provider)


def she_is_reminded_eight_weeks_before(live: Live, pat: Person) -> None:
    live.pass_to(live.site.now() + timedelta(days=243))
    assert "runs out" not in str(pat.mail()[-1]["Subject"])
    live.pass_to(live.site.now() + timedelta(days=2))  # Eight weeks before is a Sunday: it comes on Monday.
    letter = text_of(pat.reads("Your documents: the next runs out on Sunday 29 August 2027"))
    assert all(label in letter for label in INSURANCES)
    assert "Child protection policy" not in letter


def she_renews_one_and_the_officer_accepts_it(live: Live, pat: Person, olive: Person, provider: str) -> None:
    pat.signs_in()
    pat.sees("Send new ones of these documents", "runs out on Sunday 29 August 2027")
    pat.follows(INSURANCES[0])
    pat.unfolds("Send another file in its place")
    pat.attaches(a_document("insurance-2027.pdf"))
    pat.dates("Date it expires", in_days(pat, 400))
    pat.presses("Send this document")
    pat.is_told("We have your document")
    assert "has sent a new document" in text_of(olive.reads("A renewed document to check: Made Up Farm"))
    olive.signs_in()
    olive.follows("Check a renewed document")
    olive.presses("Check the documents (1)")
    olive.sees("insurance-2027.pdf")
    olive.presses("Accept")
    olive.is_told("Accepted")


def she_is_reminded_of_the_others(live: Live, pat: Person) -> None:
    for days in (28, 14, 7):
        live.pass_to(live.site.now() + timedelta(days=days))
    reminded = [subject for subject in subjects(pat.mail()) if "runs out on Sunday 29 August" in subject]
    assert len(reminded) == 4
    letter = text_of(pat.mail()[-1])
    assert INSURANCES[0] not in letter
    assert INSURANCES[1] in letter


def the_officer_decides_on_the_day_they_run_out(live: Live, olive: Person, provider: str) -> None:
    live.pass_to(live.site.now() + timedelta(days=9))
    letter = text_of(olive.reads("A document has run out: Made Up Farm"))
    assert "No new placement should begin there" in letter
    assert INSURANCES[2] in letter
    open_the_case(olive, provider)
    olive.sees("Approved", "Overdue: a document should be renewed")
