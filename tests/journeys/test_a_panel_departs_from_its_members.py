"""Only some members are invited, one of them has a conflict, and the panel decides otherwise than most would."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from pypdf import PdfReader

from apflow.testing import EMAILS, OLIVE, PAVEL, PETRA, POPPY
from tests.journeys.live import Live
from tests.journeys.panel import an_application_waits, fill_in_the_meeting, put_all_on_the_agenda, ticks_those_here
from tests.journeys.people import Person, invitation_in, text_of
from tests.journeys.steps import (
    a_panel_member_joins,
    do_to,
    in_days,
    nothing_is_said_of,
    open_the_case,
    reference_on,
    subjects,
)

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
BARN, BEA = "The Invented Barn", "bea@invented-barn.example"
PRIYA, PRIYA_MAIL = "Priya Panel", "priya@panel.example"
OTHERWISE = "The missing policy came on the day, and all three read it."
REASONS = "A safe offer that is needed."
AUNT = "Her aunt keeps its books."
VIEW = "Read the papers and give your view"


def test_a_panel_departs_from_its_members(live: Live, arrive: Arrive) -> None:
    a_panel_member_joins(live, PRIYA, PRIYA_MAIL, "safeguarding")
    barn = an_application_waits(live, BARN, "Bea Barn", BEA)
    olive, petra = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(PETRA.name, EMAILS[PETRA])
    pavel, poppy, priya = (
        arrive(PAVEL.name, EMAILS[PAVEL]),
        arrive(POPPY.name, EMAILS[POPPY]),
        arrive(PRIYA, PRIYA_MAIL),
    )

    meeting = the_officer_invites_three_of_four(olive, poppy, priya)
    she_puts_another_in_the_place_of_one(olive, meeting, petra, pavel, priya)
    only_those_invited_are_asked_for_a_view(petra, pavel, poppy, priya, barn)
    she_opens_the_meeting_and_the_chair_records_a_conflict(live, olive, petra, pavel, meeting)
    it_goes_against_their_views_with_a_reason(live, olive, meeting)
    the_provider_reads_the_reasons_and_not_why_it_was_otherwise(live)
    the_minutes_can_be_kept(olive, petra, meeting)


def the_officer_invites_three_of_four(olive: Person, poppy: Person, priya: Person) -> str:
    olive.signs_in()
    olive.opens("/start/plan_meeting")
    fill_in_the_meeting(olive, in_days(olive, 10), PETRA.name)
    invites(olive, PAVEL.name, POPPY.name)
    olive.presses("Plan a panel meeting")
    olive.sees("Whoever chairs the meeting is not among those you invite")
    invites(olive, PETRA.name, PAVEL.name, POPPY.name)
    olive.presses("Plan a panel meeting")
    olive.is_told("The meeting is planned")
    meeting = reference_on(olive)
    assert "METHOD:REQUEST" in invitation_in(poppy.reads("Panel meeting on Thursday 12 November 2026"))
    assert not [one for one in subjects(priya.mail()) if one.startswith("Panel meeting")]
    put_all_on_the_agenda(olive, BARN)
    return meeting


def invites(olive: Person, *names: str) -> None:
    group = olive.page.get_by_role("group", name="Which members are invited?")
    for box in group.get_by_role("checkbox").all():
        box.uncheck()
    for name in names:
        group.get_by_role("checkbox", name=name).check()


def she_puts_another_in_the_place_of_one(
    olive: Person, meeting: str, petra: Person, pavel: Person, priya: Person
) -> None:
    before = len(petra.mail())
    open_the_case(olive, meeting)
    olive.presses("Change who is invited")
    invites(olive, PETRA.name, POPPY.name, PRIYA, PAVEL.name)
    olive.presses("Change who is invited")
    olive.is_told("Those who are invited now have been told")
    assert "METHOD:REQUEST" in invitation_in(priya.reads("Panel meeting on Thursday 12 November 2026"))
    olive.presses("Change who is invited")
    invites(olive, PETRA.name, PAVEL.name, PRIYA)
    olive.presses("Change who is invited")
    olive.is_told("Those who are invited now have been told")
    assert len(petra.mail()) == before, "for her nothing has changed"
    assert "no longer invited" not in " ".join(subjects(pavel.mail()))


def only_those_invited_are_asked_for_a_view(
    petra: Person, pavel: Person, poppy: Person, priya: Person, barn: str
) -> None:
    letter = poppy.reads("Panel meeting: you are no longer invited")
    assert "METHOD:CANCEL" in invitation_in(letter)
    poppy.signs_in()
    poppy.opens("/work")
    poppy.sees_no(VIEW)
    for member in (petra, pavel, priya):
        member.signs_in()
        member.opens("/work")
        member.follows(VIEW)
        member.presses("Give your view")
        member.chooses("Decline")
        member.types("Your reasons", "One policy is missing.")
        member.presses("Give your view")
        member.is_told("Your view is recorded")


def she_opens_the_meeting_and_the_chair_records_a_conflict(
    live: Live, olive: Person, petra: Person, pavel: Person, meeting: str
) -> None:
    live.pass_to(live.site.now() + timedelta(days=10))
    open_the_case(olive, meeting)
    olive.presses("Open the meeting")
    ticks_those_here(olive, (PETRA.name, PAVEL.name, POPPY.name, PRIYA))
    olive.presses("Open the meeting")
    olive.is_told("The meeting is open")
    open_the_case(pavel, meeting)
    pavel.sees_no("Record a member's conflict of interest")
    open_the_case(petra, meeting)
    do_to(petra, "Record a member's conflict of interest", BARN)
    who = petra.page.get_by_label("Which member?")
    who.select_option(next(one for one in who.locator("option").all_inner_texts() if one.startswith(PRIYA)))
    petra.types("What is their interest?", AUNT)
    petra.presses("Record a member's conflict of interest")
    petra.is_told("The conflict of interest is recorded")
    petra.sees(PRIYA)


def it_goes_against_their_views_with_a_reason(live: Live, olive: Person, meeting: str) -> None:
    open_the_case(olive, meeting)
    do_to(olive, "Agree to a visit", BARN)
    olive.types("The panel's reasons, in words for the provider", REASONS)
    olive.presses("Agree to a visit")
    olive.sees("Most members whose views are recorded did not say “Go on to a visit”")
    olive.types("If most members said something else: why the panel decided so (optional)", OTHERWISE)
    olive.presses("Agree to a visit")
    olive.is_told("The decision is recorded")
    live.settle()


def the_provider_reads_the_reasons_and_not_why_it_was_otherwise(live: Live) -> None:
    letters = [one for one in live.inbox.messages if BEA in one["To"]]
    assert REASONS in text_of(letters[-1])
    nothing_is_said_of(letters, OTHERWISE, AUNT, PRIYA, "policy is missing")


def the_minutes_can_be_kept(olive: Person, petra: Person, meeting: str) -> None:
    open_the_case(olive, meeting)
    olive.presses("Write the minutes")
    assert PRIYA in olive.page.get_by_label("Minutes", exact=True).input_value()
    olive.chooses("6 years, as a record of what was decided")
    olive.presses("Write the minutes")
    olive.is_told("The minutes are with the members")
    open_the_case(petra, meeting)
    with petra.page.expect_download() as download:
        petra.follows("Minutes of the panel (PDF)")
    minutes = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    words = "\n".join(page.extract_text() for page in minutes.pages)
    assert all(said in " ".join(words.split()) for said in (BARN, "Agreed to a visit", OTHERWISE, PETRA.name))
