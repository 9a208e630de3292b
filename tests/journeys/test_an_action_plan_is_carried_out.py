"""A provider must put things right: the plan is agreed, one action is done and one is not, and it is escalated."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, MAGDA, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import (
    a_document,
    a_provider_on_the_list,
    do_to,
    in_days,
    open_the_case,
    open_the_linked,
    reference_on,
    today,
)

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
TRAIN, FENCE = "Train every member of staff", "Mend the fence by the road"
UPDATE = "Monday 16 November 2026"


def test_an_action_plan_is_carried_out(live: Live, arrive: Arrive) -> None:
    provider = a_provider_on_the_list(live)
    olive, pat = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(PAT.name, EMAILS[PAT])

    plan = the_officer_writes_the_plan(olive, provider)
    the_provider_agrees_it(pat)
    she_says_that_one_action_is_done(pat)
    the_officer_sends_it_back_and_then_accepts_it(olive, pat, plan)
    the_update_is_late_and_the_other_action_too(live, olive, pat, plan)
    the_officer_escalates_it(olive, plan)
    magda = arrive(MAGDA.name, EMAILS[MAGDA])
    an_urgent_meeting_decides(live, magda, pat)
    everybody_reads_what_it_decided(olive, pat, plan, provider)


def the_officer_writes_the_plan(olive: Person, provider: str) -> str:
    olive.signs_in()
    open_the_case(olive, provider)
    olive.presses("Begin an action plan")
    olive.types("What must change, and why, in words for the provider", "Staff are not trained, and the site is open.")
    olive.presses("Begin an action plan")
    olive.is_told("An action plan is begun")
    open_the_linked(olive, "Action plan")
    assert not olive.can("Send the plan to the provider to agree")
    for what, owner, days in ((TRAIN, "The head", 10), (FENCE, "The caretaker", 20)):
        olive.presses("Add an action")
        olive.types("What must be done?", what)
        olive.types("Who at the provider will do it?", owner)
        olive.dates("By when?", in_days(olive, days))
        olive.types("What will show that it is done?", "A photograph or a certificate")
        olive.presses("Add an action")
        olive.is_told("The action is added")
    assert not olive.can("Send the plan to the provider to agree")
    olive.sees("Say first by when the provider sends an update.")
    olive.presses("Say when an update is due")
    olive.dates("Date the update is due", in_days(olive, 14))
    olive.presses("Say when an update is due")
    olive.presses("Send the plan to the provider to agree")
    olive.presses("Send the plan to the provider to agree")
    olive.is_told("The provider has the plan to agree")
    return reference_on(olive)


def the_provider_agrees_it(pat: Person) -> None:
    letter = pat.reads("An action plan to agree by Monday 9 November 2026")
    assert TRAIN in text_of(letter)
    assert UPDATE in text_of(letter)
    pat.signs_in()
    pat.is_at("You and the council")
    pat.sees("Do now", "Agree an action plan with us", "Done")
    pat.follows("Agree an action plan with us")
    pat.sees(TRAIN, "The head", FENCE, "Staff are not trained")
    pat.presses("Agree the plan")
    pat.ticks("We agree this plan, its actions and their dates")
    pat.presses("Agree the plan")
    pat.is_told("Thank you. The plan is agreed")


def she_says_that_one_action_is_done(pat: Person) -> None:
    do_to(pat, "Tell us that it is done", TRAIN)
    pat.types("What was done, and when?", "Pupil R201100018042 saw it happen.")
    pat.presses("Tell us that it is done")
    pat.is_asked_to_mend("take out what looks like a pupil's number")
    pat.types("What was done, and when?", "Everyone was trained on Thursday.")
    pat.page.get_by_label("Something that shows it (optional)").set_input_files(a_document("certificate.pdf"))
    pat.presses("Tell us that it is done")
    pat.is_told("Thank you. We check it")
    pat.sees("We are checking this", "Everyone was trained on Thursday.", "certificate.pdf")


def the_officer_sends_it_back_and_then_accepts_it(olive: Person, pat: Person, plan: str) -> None:
    assert "Everyone was trained on Thursday." in text_of(olive.reads("Action plan: something to check"))
    olive.opens("/work")
    olive.follows("Check what the provider says is done")
    olive.sees(f"Check what the provider says is done: {TRAIN}")
    do_to(olive, "It is not done yet", TRAIN)
    olive.types("What is missing, in words for the provider", "The certificate names two of five.")
    olive.dates("By when?", in_days(olive, 12))
    olive.presses("It is not done yet")
    assert "names two of five" in text_of(pat.reads("Action plan: an action is not done yet"))
    pat.follows("Home")
    pat.follows("Carry out the action plan")
    do_to(pat, "Tell us that it is done", TRAIN)
    pat.types("What was done, and when?", "The other three were trained today.")
    pat.presses("Tell us that it is done")
    open_the_case(olive, plan)
    do_to(olive, "It is done", TRAIN)
    olive.presses("It is done")
    olive.is_told("The action is done")
    olive.sees_no(f"Check what the provider says is done: {TRAIN}")


def the_update_is_late_and_the_other_action_too(live: Live, olive: Person, pat: Person, plan: str) -> None:
    live.pass_to(live.site.now() + timedelta(days=12))
    pat.reads("Action plan: send us an update by Monday 16 November 2026")
    live.pass_to(live.site.now() + timedelta(days=4))
    pat.reads("Action plan: an action is due on Sunday 22 November 2026")
    open_the_case(olive, plan)
    olive.sees("Overdue: an update should come")
    pat.opens(f"/cases/{plan}")
    do_to(pat, "Send the update", UPDATE)
    pat.types("How does it go?", "The fence is ordered.")
    pat.presses("Send the update")
    pat.is_told("We have your update")
    pat.sees("We are reading it")
    assert "The fence is ordered." in text_of(olive.reads("Action plan: an update from Made Up Farm"))
    open_the_case(olive, plan)
    olive.sees("Read the provider's update", UPDATE)
    olive.sees_no("An update should come")
    olive.has_no_task("Overdue: an update should come")
    do_to(olive, "We have read it", UPDATE)
    olive.types("What you want to say about it (optional)", "Mend it before the holidays.")
    olive.presses("We have read it")
    assert "Mend it before the holidays." in text_of(pat.reads("Action plan: we have read your update"))
    olive.sees_no("Read the provider's update")
    olive.presses("Say when the next update is due")
    olive.dates("Date the update is due", in_days(olive, 14))
    olive.presses("Say when the next update is due")
    pat.reads("Action plan: your next update is due on Wednesday 2 December 2026")
    live.pass_to(live.site.now() + timedelta(days=6))
    assert "has not said that it is done" in text_of(olive.reads("Action plan: an action is overdue, Made Up Farm"))


def the_officer_escalates_it(olive: Person, plan: str) -> None:
    open_the_case(olive, plan)
    olive.sees("Overdue: an action should be done", FENCE)
    assert not olive.can("The plan is done")
    olive.follows("Escalate: not followed, or continually underperforming")
    olive.chooses("The provider is not following the plan")
    olive.types("Your reasons, in words for the provider", "The fence is still open, a month on.")
    olive.presses("Continue")
    olive.presses("Escalate: not followed, or continually underperforming")
    olive.is_told("This is escalated")


def an_urgent_meeting_decides(live: Live, magda: Person, pat: Person) -> None:
    assert "an urgent meeting" in str(pat.reads("Your action plan: an urgent meeting")["Subject"])
    magda.reads("Urgent meeting to arrange: Made Up Farm")
    magda.signs_in()
    magda.follows("Arrange an urgent meeting")
    magda.presses("Arrange the urgent meeting")
    magda.dates("Date of the urgent meeting", today(magda))
    magda.types("Time of the urgent meeting", "2pm")
    magda.types("Where it is held", "The small meeting room")
    magda.presses("Arrange the urgent meeting")
    magda.is_told("The meeting is arranged")
    letter = pat.reads("The council holds an urgent meeting")
    assert "small meeting room" not in text_of(letter)
    pat.opens("/home")
    pat.follows("The council holds an urgent meeting")
    pat.follows("Tell the meeting what it should know")
    pat.types("What you want the meeting to know", "The builder let us down.")
    pat.presses("Tell the meeting what it should know")
    magda.page.reload()
    magda.sees("The builder let us down.")
    magda.follows("Decided: no new placements for now")
    magda.types("The reasons, in words for the provider", "The site is not safe until the fence is mended.")
    magda.types("Who decided?", "Magda Manager")
    magda.presses("Continue")
    magda.presses("Decided: no new placements for now")
    magda.is_told("The decision is recorded, and the provider is suspended")


def everybody_reads_what_it_decided(olive: Person, pat: Person, plan: str, provider: str) -> None:
    suspended, decided = (text_of(letter) for letter in pat.mail()[-2:])
    assert "The site is not safe until the fence is mended." in decided
    assert "no new placement can be made with Made Up Farm for now" in suspended
    open_the_case(olive, plan)
    olive.sees("Being carried out", "Read what the urgent meeting decided")
    pat.opens("/home")
    pat.sees("Carry out the action plan", "No new placements can be made with you", "You cannot take new placements")
