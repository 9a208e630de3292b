"""A mother reads how her child's placement goes by the link in an e-mail; a father by the code in a letter."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from apflow.core.days.calendar import local_date
from apflow.testing import EMAILS, OLIVE, PAT
from apflow.web.case.by_link import new_code
from apflow.web.case.opened import open_case
from tests.browser import axe, follow
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import nothing_is_said_of
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

pytestmark = pytest.mark.browser

Arrive = Callable[..., Person]
SALLY, ANN = "sally@hill-school.example", "ann@home.example"
NAMES = ("Pip", "Sparrow", "4 May 2012", "2012-05-04")
PHONE: ViewportSize = {"width": 320, "height": 700}


def test_a_parent_follows_a_placement(live: Live, arrive: Arrive) -> None:
    reference = a_placement_that_is_prepared(live)
    sally, pat = arrive("Sally at Hill School", SALLY), arrive(PAT.name, EMAILS[PAT])
    ann, bob = arrive("Ann", ANN), arrive("Bob", "bob@nowhere.example")

    she_says_whom_to_write_to(sally, reference)
    the_placement_begins_and_he_reports(live, sally, pat, reference)
    the_mother_reads_it_by_her_link(ann)
    she_gives_her_view_for_the_review(ann, sally, reference)
    the_father_reads_it_by_the_code_of_his_letter(sally, bob, reference)
    he_may_not_be_contacted_any_more(sally, bob, reference)
    no_email_says_who_it_is(live, ann)


def a_placement_that_is_prepared(live: Live) -> str:
    handler, now = live.site.handler, live.site.now()
    _, place = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", SALLY)
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), place, now=now)
    prepare(handler, reference, school, now=now, starts_on=local_date(now).isoformat())
    return reference


def she_says_whom_to_write_to(sally: Person, reference: str) -> None:
    sally.signs_in()
    for event, name, more in (
        ("write_by_email", "Ann Sparrow", {"Their email address": ANN}),
        ("write_by_post", "Bob Sparrow", {"Their address": "1 Made Up Lane\nBath\nBA1 1AA"}),
    ):
        sally.opens(f"/cases/{reference}/do/{event}")
        sally.types("Name of the parent or carer", name)
        sally.types("Who are they to the pupil?", "Parent")
        sally.chooses("Yes")
        for question, words in more.items():
            sally.types(question, words)
        sally.page.get_by_role("checkbox").check()
        follow(sally.page.locator("form button.govuk-button").first)
        sally.is_told("link" if event == "write_by_email" else "A letter is to be printed and posted")
    sally.sees("Ann Sparrow", "Bob Sparrow", "Written to by email", "Written to by post")


def the_placement_begins_and_he_reports(live: Live, sally: Person, pat: Person, reference: str) -> None:
    sally.opens(f"/cases/{reference}/do/start_placement")
    sally.presses("Start the placement")
    pat.signs_in()
    pat.opens(f"/cases/{reference}")
    pat.sees_no("Ann Sparrow", "Made Up Lane")
    pat.opens(f"/cases/{reference}/do/record_induction")
    today = local_date(live.site.now())
    pat.dates("When was the induction?", today)
    pat.types("Who gave it?", "Pat Provider")
    pat.ticks("Health and safety were part of it")
    pat.ticks("The pupil knows whom to tell if something is wrong")
    pat.presses("Record the induction")
    pat.is_told("The induction is recorded")
    pat.opens(f"/cases/{reference}/do/report_progress")
    pat.types("Progress as a whole, attendance and wellbeing", "Pip reads to the goats.")
    pat.dates("When is the next report on progress due?", today)
    pat.presses("Report on progress")
    pat.is_told("so have the parents or carers")


def the_mother_reads_it_by_her_link(ann: Person) -> None:
    letter = ann.reads("There is a new report for you")
    assert "goats" not in text_of(letter)
    ann.follows_the_link_in(letter)
    ann.is_at("Read about the placement")
    ann.sees_no("goats")
    assert axe(ann.page) == []
    ann.presses("Continue")
    ann.is_at("Your child's placement")
    ann.sees("Pip reads to the goats.", "Made Up Farm", "Sally School", "To read for an hour a day.")
    ann.sees_no("Goats kick.", "Bob Sparrow")
    assert ann.page.url.endswith("/for-parents/page"), "the link does not stay in the address"
    assert axe(ann.page) == []
    ann.page.set_viewport_size(PHONE)
    assert axe(ann.page) == []
    assert ann.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def she_gives_her_view_for_the_review(ann: Person, sally: Person, reference: str) -> None:
    ann.follows("Give your view")
    ann.presses("Give your view")
    ann.is_asked_to_mend("Enter an answer")
    assert axe(ann.page) == []
    ann.types("Who are you?", "Mother")
    ann.types("What should those who hold the review know?", "Pip sings again.")
    ann.presses("Give your view")
    ann.is_told("Those who hold the review read it")
    sally.reads("A parent or carer has given their view")
    sally.opens(f"/cases/{reference}")
    sally.sees("Pip sings again.")
    ann.follows("Ask for a review")
    ann.types("Who are you?", "Mother")
    ann.presses("Ask for a review")
    ann.is_told("The review is called")
    ann.reads("A review is being held: say what you think")


def the_father_reads_it_by_the_code_of_his_letter(sally: Person, bob: Person, reference: str) -> None:
    sally.opens(f"/cases/{reference}")
    with sally.page.expect_download() as download:
        sally.presses("Letter to print and post to Bob Sparrow (PDF)")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    bob.opens("/for-parents")
    assert axe(bob.page) == []
    bob.types("Code from your letter", "BCDF-GHJK-LMNP-QRST")
    bob.presses("Continue")
    bob.is_asked_to_mend("That code is not right")
    code = new_code(open_case(sally.live.site, OLIVE, reference), "2")  # As on the paper, which no test can read.
    bob.types("Code from your letter", code.lower().replace("-", " "))
    bob.presses("Continue")
    bob.is_at("Your child's placement")
    bob.sees("Pip reads to the goats.")
    bob.presses("Leave this page")
    bob.is_at("For parents and carers")
    bob.types("Code from your letter", code)


def he_may_not_be_contacted_any_more(sally: Person, bob: Person, reference: str) -> None:
    sally.opens(f"/cases/{reference}/do/stop_contact?item=2")
    sally.types("Why not?", "A court order")
    sally.presses("Must not be contacted any more")
    sally.is_told("Nobody writes to them any more")
    bob.presses("Continue")
    bob.is_asked_to_mend("That code is not right")


def no_email_says_who_it_is(live: Live, ann: Person) -> None:
    assert len(ann.mail()) >= 4
    nothing_is_said_of(live.inbox.messages, *NAMES)
