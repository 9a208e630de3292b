"""A panel meeting, from its invitation to its minutes: three applications, each told its own outcome alone."""

import io
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from apflow.testing import EMAILS, OLIVE, POPPY
from tests.journeys.live import Live
from tests.journeys.panel import (
    an_application_waits,
    fill_in_the_meeting,
    plan_a_meeting,
    put_all_on_the_agenda,
    ticks_those_here,
)
from tests.journeys.people import Person, invitation_in, text_of
from tests.journeys.steps import a_panel_member_joins, do_to, in_days, nothing_is_said_of, open_the_case

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
BARN, FORGE, STABLES = "Made Up Barn", "Made Up Forge", "Made Up Stables"
BEA, FAY, STAN = "bea@made-up-barn.example", "fay@made-up-forge.example", "stan@made-up-stables.example"
PRIYA = "priya@council.example"
NAMES = ("Petra Panel", "Pavel Panel", "Poppy Panel", "Priya Panel")
REASONS = {
    BARN: "A safe offer that fills a gap in the area.",
    FORGE: "The first aid cover is not clear.",
    STABLES: "Nobody supervises the yard at lunch time.",
}


def test_a_panel_meets(live: Live, arrive: Arrive) -> None:
    a_panel_member_joins(live, "Priya Panel", PRIYA, agency="safeguarding")
    barn = an_application_waits(live, BARN, "Bea Barn", BEA)
    an_application_waits(live, FORGE, "Fay Forge", FAY)
    stables = an_application_waits(live, STABLES, "Stan Stables", STAN)
    olive, poppy = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(POPPY.name, EMAILS[POPPY])

    meeting = the_officer_plans_it_and_makes_the_agenda(olive)
    the_members_are_invited_and_the_invitation_moves(live, olive, poppy, meeting)
    a_member_reads_the_pack_and_declares_a_conflict(poppy, meeting, barn)
    the_quorum_is_refused_and_then_met(live, olive, meeting)
    it_decides_in_three_ways(olive)
    the_minutes_are_written_agreed_and_filed(olive, poppy, meeting)
    each_provider_hears_only_of_its_own(live, arrive, stables, meeting)


def the_officer_plans_it_and_makes_the_agenda(olive: Person) -> str:
    olive.signs_in()
    meeting = plan_a_meeting(olive, in_days(olive, 10), "Poppy Panel")
    olive.sees("Thursday 12 November 2026", "Waiting to be taken up", "Petra Panel, SEND service")
    olive.sees("Not possible yet", "Put an application on the agenda first")
    put_all_on_the_agenda(olive, BARN, FORGE, STABLES)
    olive.sees("None wait now", "To be decided")
    olive.presses("Send the members the papers")
    olive.presses("Send the members the papers")
    olive.is_told("The members have been told that the papers are ready")
    return meeting


def the_members_are_invited_and_the_invitation_moves(live: Live, olive: Person, poppy: Person, meeting: str) -> None:
    planned, *taken_back, papers = poppy.mail()[-5:]
    assert "Panel meeting on Thursday 12 November 2026" in planned["Subject"]
    assert all("METHOD:CANCEL" in invitation_in(letter) for letter in taken_back), "each had a day of its own before"
    assert all(name in text_of(papers) for name in (BARN, FORGE, STABLES))
    open_the_case(olive, meeting)
    olive.presses("Change the day, the place or the chair")
    fill_in_the_meeting(olive, in_days(olive, 11), "Poppy Panel")
    olive.types("Why, in words for the panel", "The room is taken")
    olive.presses("Change the day, the place or the chair")
    olive.is_told("The meeting is changed")
    before, after = invitation_in(planned), invitation_in(poppy.reads("now on Friday 13 November 2026"))
    assert uid_of(before) == uid_of(after)
    assert sequence_of(before) < sequence_of(after)
    assert "DTSTART:20261113T103000Z" in after
    assert "Friday 13 November 2026" in mail_to(live, BEA)[-1]["Subject"]


def uid_of(invitation: str) -> str:
    return next(line for line in invitation.splitlines() if line.startswith("UID:"))


def sequence_of(invitation: str) -> int:
    return int(next(line for line in invitation.splitlines() if line.startswith("SEQUENCE:"))[9:])


def mail_to(live: Live, email: str) -> list[EmailMessage]:
    live.settle()
    return [letter for letter in live.inbox.messages if email in letter["To"]]


def a_member_reads_the_pack_and_declares_a_conflict(poppy: Person, meeting: str, barn: str) -> None:
    poppy.signs_in()
    open_the_case(poppy, meeting)
    with poppy.page.expect_download() as download:
        poppy.follows("Panel pack (PDF)")
    pack = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    words = "\n".join(page.extract_text() for page in pack.pages)
    assert all(name in words for name in (BARN, FORGE, STABLES, "Evidence index", "Public liability insurance"))
    poppy.follows(BARN)
    poppy.sees("Panel meeting", "Friday 13 November 2026")
    poppy.follows("Declare a conflict of interest")
    poppy.types("What is your interest?", "My cousin teaches there.")
    poppy.presses("Declare a conflict of interest")
    poppy.is_told("Your conflict of interest is recorded")


def the_quorum_is_refused_and_then_met(live: Live, olive: Person, meeting: str) -> None:
    live.pass_to(live.site.now() + timedelta(days=11))
    open_the_case(olive, meeting)
    olive.presses("Open the meeting")
    ticks_those_here(olive, NAMES[1:3])
    olive.presses("Open the meeting")
    olive.is_told("The meeting is open")
    expect(olive.page.get_by_role("link", name="Agree to a visit")).to_have_count(0)
    olive.sees("At least 3 members must be here")
    olive.presses("Change who is here")
    ticks_those_here(olive, NAMES[:3])
    olive.presses("Change who is here")
    do_to(olive, "Agree to a visit", BARN)
    olive.types("The panel's reasons, in words for the provider", REASONS[BARN])
    olive.presses("Agree to a visit")
    olive.sees(f"{BARN}: At least 3 members of the panel, without a conflict of interest in it")
    open_the_case(olive, meeting)
    olive.presses("Change who is here")
    ticks_those_here(olive, NAMES)
    olive.presses("Change who is here")
    olive.is_told("Who is here is changed")


def it_decides_in_three_ways(olive: Person) -> None:
    do_to(olive, "Agree to a visit", BARN)
    assert olive.page.get_by_label("The panel's reasons, in words for the provider").input_value() == REASONS[BARN]
    olive.presses("Agree to a visit")
    olive.is_told("The decision is recorded")
    olive.sees("These are still to be decided or held over", FORGE)
    do_to(olive, "Ask for more information", FORGE)
    olive.types("The panel's reasons, in words for the provider", REASONS[FORGE])
    olive.types("What the panel needs from the provider, and why", "Who gives first aid on which day.")
    olive.sees("An email goes to the provider.")
    olive.presses("Ask for more information")
    olive.is_told("The decision is recorded")
    do_to(olive, "Decline", STABLES)
    olive.types("The panel's reasons, in words for the provider", REASONS[STABLES])
    olive.types("What the provider could do before applying again", "Say who supervises at lunch time.")
    olive.presses("Continue")
    olive.is_at("Check your answers")
    olive.sees("Stan Stables", "we have not approved it", "Say who supervises at lunch time.")
    olive.presses("Decline")
    olive.is_told("The decision is recorded")


def the_minutes_are_written_agreed_and_filed(olive: Person, poppy: Person, meeting: str) -> None:
    open_the_case(olive, meeting)
    olive.presses("Write the minutes")
    draft = olive.page.get_by_label("Minutes", exact=True).input_value()
    assert "Members present: Pavel Panel, Petra Panel, Poppy Panel, Priya Panel" in draft
    assert f"{STABLES}: declined. {REASONS[STABLES]}" in draft
    assert f"{FORGE}: more information wanted. {REASONS[FORGE]} Who gives first aid on which day." in draft
    assert f"{BARN}: agreed to a visit. {REASONS[BARN]}" in draft
    assert "Took no part, having declared an interest: Poppy Panel" in draft
    olive.chooses("6 years, as a record of what was decided")
    olive.presses("Write the minutes")
    olive.is_told("The minutes are with the members")
    assert REASONS[FORGE] in text_of(poppy.reads("Panel minutes to agree"))
    poppy.opens("/work")
    poppy.follows("Agree the minutes, or have them corrected")
    poppy.presses("Agree the minutes")
    poppy.ticks("I chaired this meeting, and these minutes are a true record of it")
    poppy.presses("Agree the minutes")
    poppy.is_told("The minutes are agreed and filed")
    assert meeting in text_of(poppy.reads("Panel minutes agreed"))


def each_provider_hears_only_of_its_own(live: Live, arrive: Arrive, stables: str, meeting: str) -> None:
    own = {BEA: BARN, FAY: FORGE, STAN: STABLES}
    for email, organisation in own.items():
        others = [name for name in own.values() if name != organisation]
        secrets = [*others, *NAMES, meeting, "cousin", *(REASONS[name] for name in others)]
        nothing_is_said_of(mail_to(live, email), *secrets)
    stan = arrive("Stan Stables", STAN)
    letter = stan.reads("we have not approved it")
    assert REASONS[STABLES] in text_of(letter)
    stan.follows_the_link_in(letter)
    stan.presses("Continue")
    stan.sees(REASONS[STABLES], "Say who supervises at lunch time.")
    stan.sees_no(BARN, FORGE, *NAMES, meeting, "Panel meeting", "cousin")
    stan.opens(f"/cases/{stables}/timeline")
    stan.sees_no(BARN, FORGE, *NAMES, meeting)
    for address in (f"/cases/{meeting}", f"/cases/{meeting}/pack"):
        stan.opens(address)
        stan.sees_no("Thursday", "Friday", *NAMES)
