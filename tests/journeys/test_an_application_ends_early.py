"""Ends other than approval: declined by the panel, withdrawn, lapsed, and an enquiry that comes when it is closed."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest

from apflow.testing import EMAILS, OLIVE, PAT, PAVEL, PETRA, POPPY, bring_to, leave
from tests.journeys.live import Live
from tests.journeys.people import Person, invitation_in, text_of
from tests.journeys.steps import in_days, open_the_case, subjects, today

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]


def a_case_at(live: Live, state: str) -> str:
    """Brought there by commands, and its e-mails sent."""
    reference = bring_to(live.site.handler, state, now=live.site.now())
    live.settle()
    return reference


@pytest.fixture
def pat(arrive: Arrive) -> Person:
    return arrive(PAT.name, EMAILS[PAT])


@pytest.fixture
def olive(arrive: Arrive) -> Person:
    return arrive(OLIVE.name, EMAILS[OLIVE])


def test_the_panel_declines_and_says_why(live: Live, olive: Person, pat: Person) -> None:
    reference = a_case_at(live, "panel")
    for member in (PETRA, PAVEL, POPPY):
        view = {"view": "decline", "comments": "Supervision is not explained."}
        live.site.handler.fire(reference, "give_view", view, actor=member, now=live.site.now())
    olive.signs_in()
    open_the_case(olive, reference)

    olive.follows("Record that the panel declines")
    olive.dates("Date the panel met, or decided in writing", today(olive))
    olive.types("Who chaired the panel", "Petra Panel")
    olive.types("The panel's reasons, in words for the provider", "Supervision between sites is not explained.")
    olive.types("What the provider could do before applying again", "Describe who supervises, and apply again.")
    olive.presses("Continue")
    olive.is_at("Check your answers")
    olive.unfolds("we have not approved it")
    olive.sees("Supervision between sites is not explained.")
    olive.presses("Record that the panel declines")
    olive.is_told("The decision is recorded")

    letter = pat.reads("Your application: we have not approved it")
    assert "Describe who supervises, and apply again." in text_of(letter)
    pat.follows_the_link_in(letter)
    pat.presses("Continue")
    pat.is_at("We could not take your application forward")
    pat.sees("Supervision between sites is not explained.", "If you disagree with the decision")


def test_a_provider_withdraws_and_the_panel_leaves_every_calendar(live: Live, pat: Person) -> None:
    reference = a_case_at(live, "panel")
    invited = invitation_in(letters_about(live, "Panel papers to read")[0])
    pat.signs_in()
    open_the_case(pat, reference)

    pat.follows("Withdraw your application")
    pat.ticks("I understand that a withdrawn application cannot be opened again")
    pat.presses("Withdraw your application")
    pat.is_told("Your application is withdrawn")

    live.settle()
    cancelled = letters_about(live, "The panel will not consider")
    assert sorted(address(letter) for letter in cancelled) == sorted(EMAILS[m] for m in (PETRA, PAVEL, POPPY))
    for letter in cancelled:
        assert it_cancels(invitation_in(letter), invited)
    assert letters_about(live, "Your application has been withdrawn")
    assert letters_about(live, "Application withdrawn")


def test_a_provider_withdraws_and_the_visit_leaves_her_calendar(live: Live, olive: Person, pat: Person) -> None:
    reference = a_case_at(live, "visit")
    visit = {"visit_on": in_days(olive, 5).isoformat(), "visit_time": "10:30", "visit_place": "The farm"}
    live.site.handler.fire(reference, "arrange_visit", {**visit, "visitors": "Olive"}, actor=OLIVE, now=live.site.now())
    invited = invitation_in(pat.reads("Your application: we will visit you"))
    pat.signs_in()
    open_the_case(pat, reference)

    pat.follows("Withdraw your application")
    pat.ticks("I understand that a withdrawn application cannot be opened again")
    pat.presses("Withdraw your application")
    pat.is_told("Your application is withdrawn")

    assert it_cancels(invitation_in(pat.reads("Your application has been withdrawn")), invited)


def test_an_application_nobody_acts_on_lapses_after_each_reminder_came_once(live: Live, pat: Person) -> None:
    a_case_at(live, "gathering_evidence")
    before = len(pat.mail())

    live.pass_days(50)

    said = subjects(pat.mail()[before:])
    assert said == [
        "Your application: 10 working days left to send us your documents",
        "Your application: 3 working days left to send us your documents",
        "Your application has lapsed",
    ]
    pat.follows_the_link_in(pat.reads("Your application has lapsed"))
    pat.presses("Continue")
    pat.is_at("Your application has lapsed")


def test_after_an_outage_the_lapse_waits_for_a_warning(live: Live, pat: Person) -> None:
    reference = a_case_at(live, "gathering_evidence")
    before = len(pat.mail())

    live.pass_to(live.site.now() + timedelta(days=60))
    assert subjects(pat.mail()[before:]) == ["Your application: your documents are overdue"]
    pat.signs_in()
    open_the_case(pat, reference)
    pat.is_at("Send us your documents")

    live.pass_days(7)
    pat.reads("Your application has lapsed")
    open_the_case(pat, reference)
    pat.is_at("Your application has lapsed")


def test_a_late_submission_the_day_before_it_would_lapse_is_taken(live: Live, pat: Person) -> None:
    reference = a_case_at(live, "gathering_evidence")
    live.pass_to(live.site.now() + timedelta(days=60))

    leave(live.site.handler, reference, "gathering_evidence", now=live.site.now())
    live.pass_days(20)

    assert not letters_about(live, "Your application has lapsed")
    pat.signs_in()
    open_the_case(pat, reference)
    pat.is_at("We are checking your documents")


def letters_about(live: Live, subject: str) -> list[EmailMessage]:
    return [letter for letter in live.inbox.messages if subject in letter["Subject"]]


def address(letter: EmailMessage) -> str:
    return str(letter["To"].addresses[0].addr_spec)


def it_cancels(cancellation: str, invitation: str) -> bool:
    """Whether a calendar that has the one drops it on getting the other."""
    assert the_line(cancellation, "METHOD") == "CANCEL"
    assert the_line(cancellation, "STATUS") == "CANCELLED"
    assert the_line(cancellation, "UID") == the_line(invitation, "UID")
    return int(the_line(cancellation, "SEQUENCE")) > int(the_line(invitation, "SEQUENCE"))


def the_line(calendar: str, name: str) -> str:
    (value,) = re.findall(rf"^{name}:(.*)$", calendar, re.MULTILINE)
    return str(value)
