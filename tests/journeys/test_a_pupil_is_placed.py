"""A school refers a pupil of its own, the provider offers a place, and both prepare, start, review and end it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.core.days.calendar import local_date
from apflow.store.records.placements import placements_of
from apflow.store.records.reads import reads_of
from apflow.testing import EMAILS, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person
from tests.journeys.steps import in_days, nothing_is_said_of, reference_on, subjects
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account

pytestmark = pytest.mark.browser

Arrive = Callable[..., Person]
SALLY = "sally@hill-school.example"
CHECKS = (
    "Registration: whether the provider is registered, and whether it should be",
    "Policies and procedures",
    "Insurance: public liability, professional indemnity and employers' liability",
    "Assessment and monitoring",
    "Curriculum plans and schemes of work",
    "Arrangements to safeguard and promote the welfare of pupils",
    "Attendance: how it is watched, and what is done if a child is absent",
    "Two professional references",
    "The provider has confirmed in writing that everybody who works there has had the checks that we would make of our"
    " own staff, and that it tells us at once of changes that could put the pupil at risk, such as new staff",
    "The provider has assured us of safeguarding, health and safety, and insurance, in writing",
)
NAMES = ("Pip", "Sparrow", "4 May 2012", "2012-05-04")


def test_a_pupil_is_placed_and_goes_back_to_school(live: Live, arrive: Arrive) -> None:
    handler = live.site.handler
    a_listed_site(handler)
    a_school_with_an_account(handler, "Hill School", "999901", SALLY)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    sally, pat = arrive("Sally at Hill School", SALLY), arrive(PAT.name, EMAILS[PAT])

    reference = she_refers_her_pupil(sally)
    he_reads_it_and_offers_a_place(pat, sally, reference)
    both_prepare_and_sign(sally, pat, reference)
    she_starts_it(live, sally, pupil, reference)
    he_inducts_the_pupil_and_reports(live, pat, sally, reference)
    a_review_is_called_by_itself_and_ends_it(live, sally, pat, reference)
    she_records_the_end(live, sally, pupil, reference)
    nobody_else_sees_it(arrive, reference)
    who_looked_is_known_and_no_email_says_who_it_is(live, sally, pat, pupil)


def she_refers_her_pupil(sally: Person) -> str:
    sally.signs_in_page_by_page()
    sally.follows("Pupils")
    sally.is_at("Your pupils")
    sally.sees("Sparrow, Pip")
    sally.follows("Refer Pip Sparrow")
    sally.is_at("Refer a pupil")
    sally.page.get_by_label("Where?").select_option(label="Made Up Farm: Main site")
    sally.chooses("Part-time, alongside school")
    sally.presses("Continue")
    sally.is_told("Your referral is begun")
    sally.is_at("Write your referral")
    sally.sees("Describe the pupil's needs, and why this provider suits them, first.")
    reference = reference_on(sally)
    sally.presses("Describe needs")
    sally.types("What does the pupil need to learn and to be supported with?", "To be with animals, and to read.")
    sally.types("Why does this provider suit the pupil's age, ability, aptitude and special needs?", "It has goats.")
    sally.presses("Describe needs")
    sally.is_told("The needs are described")
    sally.presses("Confirm the key checks")
    for check in CHECKS:
        sally.ticks(check)
    sally.chooses("Yes, it was visited")
    sally.types("Who saw it, and when?", "Sally, last week.")
    sally.types("Who confirms the checks, for the commissioner?", "Sally School, deputy head")
    sally.presses("Confirm the key checks")
    sally.is_told("The checks are confirmed")
    sally.presses("Send the referral")
    sally.presses("Send the referral")
    sally.is_told("The referral is with the provider")
    return reference


def he_reads_it_and_offers_a_place(pat: Person, sally: Person, reference: str) -> None:
    pat.follows_the_link_in(pat.reads("A pupil is referred to you: please answer by"))
    pat.presses("Continue")
    pat.is_at("A referral to be considered")
    pat.sees("To be with animals, and to read.", "Hill School")
    assert pat.page.request.get(f"{pat.live.address}/cases/{reference}/pupil").status == 404, "not before it is agreed"
    he_asks_and_she_answers(pat, sally, reference)
    pat.presses("Offer a place")
    pat.ticks("We have read what the pupil needs, and can meet it")
    pat.dates("From which day?", in_days(pat, 7))
    pat.presses("Offer a place")
    pat.is_told("The commissioner is told of your offer")
    pat.follows("Which pupil this is")
    pat.is_at("Pip Sparrow")
    sally.reads("A place is offered at Made Up Farm")


def he_asks_and_she_answers(pat: Person, sally: Person, reference: str) -> None:
    pat.follows("Ask the commissioner something")
    pat.types("What do you need to know?", "Which bus comes by?")
    pat.presses("Ask the commissioner something")
    pat.is_told("Your question is sent")
    sally.follows_the_link_in(sally.reads("A question about your referral to Made Up Farm"))
    sally.sees("Do now", "Which bus comes by?")
    sally.presses("Answer the question")
    sally.types("Your answer", "Number 3, twice an hour.")
    sally.presses("Answer the question")
    sally.is_told("Your answer is sent")
    pat.reads("Your question is answered")
    pat.opens(f"/cases/{reference}")
    pat.sees("Answered", "Number 3, twice an hour.")


def both_prepare_and_sign(sally: Person, pat: Person, reference: str) -> None:
    pat.opens(f"/cases/{reference}/do/set_programme")
    pat.types("What is the programme: its aims, objectives and methods?", "The care of goats, with maths in it.")
    pat.types(
        "For each course: which way does it lead on, back to school or to education, training or work after 16?",
        "Back to school.",
    )
    pat.chooses("In groups")
    pat.types("Who is the named person at the provider?", "Pat Provider, 01225 000000")
    pat.presses("Set out the programme")
    pat.is_told("The programme is set out")
    sally.opens(f"/cases/{reference}/do/set_plan")
    she_fills_in_the_plan(sally)
    for who in (pat, sally):
        who.opens(f"/cases/{reference}/do/sign")
        who.types("Name and role of whoever signs", who.name)
        who.page.get_by_role("checkbox").check()
        who.presses("Sign the service level agreement")
        who.is_told("You have signed")


def she_fills_in_the_plan(sally: Person) -> None:
    sally.dates("First day", in_days(sally, 0))
    sally.dates("How long is it planned for? The last day", in_days(sally, 77))
    sally.types("Hours a week, with breaks and independent study", "12")
    sally.ticks("Breaks and independent study are in these hours")
    for session in ("Monday morning", "Tuesday morning", "Thursday afternoon"):
        sally.ticks(session)
    sally.chooses("At a provider that is not a school")
    sally.chooses("Yes", of="Has the school arranged or agreed the supervision?")
    sally.types("Who is authorised by the school to supervise?", "Pat Provider, tutor")
    sally.chooses("Yes", of="Is the pupil in full-time education, this placement and school taken together?")
    sally.types(
        "The personal plan: objectives, by when, how they are assessed, and where the pupil stands now (the baseline)",
        "Pip Sparrow reads for an hour a day by Easter.",
    )
    sally.ticks("To no other plan")
    sally.types("Where are English and maths taught?", "At school.")
    sally.types("The risk assessment: what could go wrong, and what is done about it", "Goats kick.")
    sally.types(
        "Attendance: who reports an absence to whom, by when each day, and what happens then", "Pat rings by 10am."
    )
    sally.types("Who is the named person at the school?", "Sally, 01225 000001")
    sally.types("The way back to school, or the destination after 16", "Two more lessons at school each month.")
    sally.dates("When is the first review?", in_days(sally, 30))
    sally.dates("When is the next report on progress due?", in_days(sally, 21))
    sally.chooses("Every half-term")
    sally.presses("Set out the plan")
    sally.is_told("The plan is set out")


def she_starts_it(live: Live, sally: Person, pupil: int, reference: str) -> None:
    sally.opens(f"/cases/{reference}/do/start_placement")
    sally.presses("Start the placement")
    sally.is_told("The placement is recorded, from its first day")
    with live.site.store.reading() as connection:
        (row,) = placements_of(connection, pupil)
    assert (row.commissioner, row.minutes, row.kept_by) == ("Hill School", 720, reference)


def he_inducts_the_pupil_and_reports(live: Live, pat: Person, sally: Person, reference: str) -> None:
    live.pass_to(live.site.now() + timedelta(days=8))
    pat.opens(f"/cases/{reference}/do/record_induction")
    pat.dates("When was the induction?", in_days(pat, 0))
    pat.types("Who gave it?", "Pat Provider")
    pat.ticks("Health and safety were part of it")
    pat.ticks("The pupil knows whom to tell if something is wrong")
    pat.presses("Record the induction")
    pat.is_told("The induction is recorded")
    pat.opens(f"/cases/{reference}/do/report_progress")
    pat.types("Progress as a whole, attendance and wellbeing", "Pip reads to the goats.")
    pat.dates("When is the next report on progress due?", in_days(pat, 90))
    pat.presses("Report on progress")
    pat.is_told("The commissioner has your report")
    sally.reads("A report on progress has come")


def a_review_is_called_by_itself_and_ends_it(live: Live, sally: Person, pat: Person, reference: str) -> None:
    live.pass_days(41)  # Over the last day of the half-term.
    assert any("A review is called" in subject for subject in subjects(pat.mail()))
    pat.opens(f"/cases/{reference}/do/say")
    pat.types("Your name and role", "Pat Provider")
    pat.types("Progress, attendance, wellbeing and safety since the last review", "It goes well.")
    pat.presses("Say how it goes")
    pat.is_told("It is there for the review")
    sally.opens(f"/cases/{reference}")
    sally.is_at("Review the placement")
    sally.sees("It goes well.", "Pip reads to the goats.")
    sally.opens(f"/cases/{reference}/do/decide_to_end")
    sally.dates("When was the review held?", in_days(sally, 0))
    sally.types("What did the review find, and why is this decided?", "Pip is ready.")
    sally.types("What did the pupil say at the review?", "I can read now.")
    sally.types("What did the parents or carers say?", "They are glad.")
    sally.dates("Which day is the last?", in_days(sally, 0))
    sally.presses("It ends")
    sally.is_told("The review is recorded")
    pat.opens(f"/cases/{reference}")
    pat.sees("Pip is ready.", "I can read now.")


def she_records_the_end(live: Live, sally: Person, pupil: int, reference: str) -> None:
    sally.opens(f"/cases/{reference}/do/finish")
    sally.dates("Last day of the placement", in_days(sally, 0))
    sally.chooses("Back to school")
    sally.types("Which school, setting or work?", "Hill School")
    sally.types("Progress against the objectives, from the baseline, and what was achieved", "All of it.")
    sally.types("What does the pupil say of it?", "I miss the goats.")
    sally.chooses("Six years, as registers are")
    sally.presses("Record the end")
    sally.is_told("The end of the placement is recorded")
    with live.site.store.reading() as connection:
        (row,) = placements_of(connection, pupil)
    assert row.ends_on == local_date(live.site.now())


def nobody_else_sees_it(arrive: Arrive, reference: str) -> None:
    other = arrive("Dan Stranger", "dan@elsewhere.example")
    other.signs_in()
    for page in (f"/cases/{reference}", f"/cases/{reference}/pupil", f"/cases/{reference}/do/finish"):
        assert other.page.request.get(f"{other.live.address}{page}").status == 404, page
    olive = arrive(OLIVE.name, EMAILS[OLIVE])
    olive.signs_in()
    olive.opens(f"/cases/{reference}")
    olive.sees("Made Up Farm", "Hill School")


def who_looked_is_known_and_no_email_says_who_it_is(live: Live, sally: Person, pat: Person, pupil: int) -> None:
    with live.site.store.reading() as connection:
        looks = {(row.name, row.page) for row in reads_of(connection, pupil, limit=50)}
    assert ("Sally at Hill School", "Pupils of a school") in looks
    assert any(name == "Pat Provider" and page.startswith("Placement PL-") for name, page in looks)
    sally.mail()
    nothing_is_said_of(live.inbox.messages, *NAMES)
    assert len(sally.mail()) > 5
    assert len(pat.mail()) > 5
