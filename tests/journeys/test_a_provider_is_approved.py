"""From a stranger's enquiry to the approved list, in the order the guidance gives and in no other."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, OLIVE, PAVEL, PETRA, POPPY
from tests.journeys.live import Live
from tests.journeys.people import Person, invitation_in, text_of
from tests.journeys.steps import (
    a_document,
    a_panel_member_joins,
    a_photo,
    do_to,
    enquire,
    in_days,
    it_cannot_be_done_now,
    it_is_blocked,
    open_the_case,
    say_it_does_not_apply,
    send_a_paper,
    subjects,
    submit,
    today,
)

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
PLACE = "Made Up Orchard"
PRIYA = "priya@council.example"
NORA = "nora@made-up-orchard.example"
TEAM = "EOTAS@bathnes.gov.uk"
MEMBERS = (EMAILS[PAVEL], EMAILS[PETRA], EMAILS[POPPY], PRIYA)
# What an officer's step tells somebody outside comes a minute after what it tells the council's own.
EMAILS_IN_ORDER = [
    (NORA, "Your enquiry: we have received it"),
    (TEAM, f"New enquiry to answer: {PLACE}"),
    (NORA, "Your application: send us your documents by Monday 14 December 2026"),
    (NORA, "Your application: we have received your documents"),
    (EMAILS[OLIVE], f"Evidence to check: {PLACE}"),
    (NORA, "Your application: send us more information by Monday 14 December 2026"),
    (NORA, "Your application: we have received your documents"),
    (EMAILS[OLIVE], f"Evidence to check: {PLACE}"),
    *((member, f"Panel papers to read: {PLACE}") for member in MEMBERS),
    (NORA, "Your application: it is now with the panel"),
    *((member, f"Panel decision recorded: {PLACE}") for member in MEMBERS),
    (NORA, "Your application: the panel agrees to a visit"),
    (EMAILS[OLIVE], "A visit is arranged for Thursday 12 November 2026"),
    (NORA, "Your application: we will visit you on Thursday 12 November 2026"),
    (NORA, "Your application: the note of our visit"),
    (NORA, "Your application: you are on the approved list"),
]


def test_a_provider_is_approved(live: Live, arrive: Arrive) -> None:
    a_panel_member_joins(live, "Priya Panel", PRIYA, agency="health_and_safety")
    nora = arrive("Nora Newcomer", NORA)
    olive = arrive(OLIVE.name, EMAILS[OLIVE])

    reference = she_enquires_and_is_told_so(nora)
    an_officer_claims_the_enquiry_and_invites_her(olive, reference)
    she_sends_her_papers(nora)
    the_officer_sends_one_back_and_asks(olive, reference)
    she_replaces_it(nora)
    the_officer_refers_it_to_the_panel(olive, reference)
    the_panel_gives_its_views(arrive, olive, reference)
    the_officer_records_the_decision(olive, reference)
    the_officer_arranges_the_visit(olive, nora, reference)
    the_visit_takes_place(live, olive, reference)
    the_officer_approves(olive, reference)
    she_reads_that_she_is_on_the_list(nora)
    the_emails_came_in_this_order(live)


def she_enquires_and_is_told_so(nora: Person) -> str:
    reference = enquire(nora, PLACE)
    letter = nora.reads("Your enquiry: we have received it")
    assert reference in letter["Subject"]
    assert "You do not need to do anything now" in text_of(letter)
    return reference


def an_officer_claims_the_enquiry_and_invites_her(olive: Person, reference: str) -> None:
    olive.signs_in_page_by_page()
    olive.is_at("My work")
    olive.sees("Answer the enquiry", PLACE, "Nobody has it")
    olive.presses("Take this on")
    olive.sees("You have it")
    olive.follows("Answer the enquiry")
    olive.sees("Growing and cooking")
    assert not any(olive.can(later) for later in ("Refer to panel", "Approve", "Arrange or change the visit"))
    it_cannot_be_done_now(olive, reference, "approve")
    open_the_case(olive, reference)
    olive.presses("Invite the provider to send its papers")
    olive.types("Anything you want to add for the provider (optional)", "We look forward to your papers.")
    olive.presses("Invite the provider to send its papers")
    olive.is_told("The provider has been invited to send its papers")


def she_sends_her_papers(nora: Person) -> None:
    letter = nora.reads("Your application: send us your documents")
    assert "We look forward to your papers." in text_of(letter)
    nora.follows_the_link_in(letter)
    nora.is_at("Continue as Nora Newcomer")
    nora.presses("Continue")
    nora.is_at("Send us your documents")
    nora.sees("0 of")
    every_required_paper(nora)
    submit(nora)
    nora.is_at("We are checking your documents")


def every_required_paper(nora: Person) -> None:
    """One after another, as the page leads; a photograph for one, and one that does not apply."""
    left = required_papers(nora)
    for number, label in enumerate(left):
        submitting_is_refused(nora, left[number:])
        nora.presses(f"Go on: {label}")
        if label == "Employers' liability insurance":
            say_it_does_not_apply(nora, "I work alone and employ nobody.")
        else:
            send_a_paper(nora, a_photo() if label == "Public liability insurance" else a_document())
        nora.sees(f"{number + 1} of {len(left)} required documents sent")


def required_papers(nora: Person) -> list[str]:
    definition = nora.live.site.current()
    return [item.label for item in definition.catalogue_of("evidence").values() if item.required]


def submitting_is_refused(nora: Person, missing: list[str]) -> None:
    assert not nora.can("Submit for checking")
    listed = nora.page.get_by_role("region", name="Submit for checking").get_by_role("listitem")
    assert listed.all_inner_texts() == missing


def the_officer_sends_one_back_and_asks(olive: Person, reference: str) -> None:
    open_the_case(olive, reference)
    olive.sees("Not possible yet", "Refer to panel", "Check these first")
    it_is_blocked(olive, reference, "refer_to_panel", "Check these first")
    open_the_case(olive, reference)
    count = len(required_papers(olive))
    olive.presses(f"Check the documents ({count})")
    for _ in range(count):
        check_this_one(olive)
    olive.sees("Not possible yet", "You can refer this to panel once these are accepted")
    it_is_blocked(olive, reference, "refer_to_panel", "Child protection policy")
    open_the_case(olive, reference)
    olive.presses("Ask the provider for more information")
    olive.types("What you need from the provider, and why", "One policy is out of date. The rest is in order.")
    olive.presses("Ask the provider for more information")
    olive.is_told("The provider has been asked for more information")


def check_this_one(olive: Person) -> None:
    """Accepts it, agrees, or sends it back; the next one opens by itself."""
    title = olive.page.get_by_role("heading", level=1).inner_text()
    if title == "Child protection policy":
        olive.types("What is wrong, and what would put it right, in words for the provider", "It is two years old.")
        olive.presses("Send back")
        olive.is_told("Sent back")
    elif olive.can("Agree that it does not apply"):
        olive.types("Why you agree", "A sole trader without staff.")
        olive.presses("Agree that it does not apply")
        olive.is_told("Agreed")
    else:
        olive.presses("Accept")
        olive.is_told("Accepted")


def she_replaces_it(nora: Person) -> None:
    letter = nora.reads("Your application: send us more information")
    assert "It is two years old." in text_of(letter)
    nora.follows_the_link_in(letter)
    nora.sees("Look at this document again first", "It is two years old.")
    assert not nora.can("Submit for checking")
    nora.follows("Child protection policy")
    send_a_paper(nora, a_document("child-protection-2026.pdf"))
    submit(nora)


def the_officer_refers_it_to_the_panel(olive: Person, reference: str) -> None:
    open_the_case(olive, reference)
    olive.sees("Since you last looked")
    olive.presses("Check the documents (1)")
    olive.sees("child-protection-2026.pdf")
    olive.presses("Accept")
    olive.presses("Refer to panel")
    olive.dates("Date by which members give their views in writing (optional)", in_days(olive, 7))
    olive.types("Summary for the panel", "Growing and cooking. The papers are complete.")
    olive.presses("Refer to panel")
    olive.is_told("The panel has the papers")
    olive.sees("Not possible yet", "At least 3 members of the panel")
    it_is_blocked(olive, reference, "panel_agree", "At least 3 members")


def the_panel_gives_its_views(arrive: Arrive, olive: Person, reference: str) -> None:
    for number, member in enumerate((PETRA, PAVEL, POPPY)):
        it_is_blocked(olive, reference, "panel_agree", "At least 3 members")
        gives_a_view(arrive(member.name, EMAILS[member]), number)
    declares_a_conflict(arrive("Priya Panel", PRIYA), reference)


def gives_a_view(member: Person, number: int) -> None:
    entry = invitation_in(member.reads("Panel papers to read")).replace("\n ", "")
    assert f"SUMMARY:Give your view by the end of this day: {PLACE}" in entry
    assert "TRANSP:TRANSPARENT" in entry, "nobody is kept from meetings on that day"
    member.signs_in()
    member.follows("Read the papers and give your view")
    member.presses("Give your view")
    member.chooses("Go on to a visit")
    member.types("Your reasons", f"Sound papers, and sensible ratios ({number}).")
    member.presses("Give your view")
    member.is_told("Your view is recorded")


def declares_a_conflict(member: Person, reference: str) -> None:
    member.signs_in()
    open_the_case(member, reference)
    member.follows("Declare a conflict of interest")
    member.types("What is your interest?", "My sister works there.")
    member.presses("Declare a conflict of interest")
    member.is_told("Your conflict of interest is recorded")
    assert not member.can("Give your view")


def the_officer_records_the_decision(olive: Person, reference: str) -> None:
    open_the_case(olive, reference)
    olive.sees("Petra Panel", "Declared a conflict of interest", "My sister works there.")
    olive.presses("Record that the panel agrees to a visit")
    olive.dates("Date the panel met, or decided in writing", today(olive))
    olive.types("Who chaired the panel", "Petra Panel")
    olive.types("The panel's reasons, in words for the provider", "The papers show a safe offer that is needed.")
    olive.presses("Record that the panel agrees to a visit")
    olive.is_told("The decision is recorded")


def the_officer_arranges_the_visit(olive: Person, nora: Person, reference: str) -> None:
    assert "The papers show a safe offer" in text_of(nora.reads("the panel agrees to a visit"))
    it_is_blocked(olive, reference, "approve", "Record what the visit found first")
    it_is_blocked(olive, reference, "record_visit", "Arrange the visit first")
    open_the_case(olive, reference)
    olive.presses("Arrange or change the visit")
    olive.dates("Date of the visit", in_days(olive, 10))
    olive.types("Time of the visit", "10:30")
    olive.types("Where the visit takes place", "The orchard, Made Up Lane")
    olive.ticks("Olive Officer")
    olive.presses("Arrange or change the visit")
    olive.is_told("The visit is arranged")
    letter = nora.reads("Your application: we will visit you")
    invitation = invitation_in(letter)
    assert "METHOD:REQUEST" in invitation
    assert f"DTSTART:{in_days(olive, 10):%Y%m%d}T103000Z" in invitation


def the_visit_takes_place(live: Live, olive: Person, reference: str) -> None:
    it_is_blocked(olive, reference, "record_visit", "The visit has not taken place yet")
    it_is_blocked(olive, reference, "approve", "Record what the visit found first")
    live.pass_to(live.site.now() + timedelta(days=10))
    open_the_case(olive, reference)
    do_to(olive, "A strength", "Teaching seen")
    olive.types("What was seen or said", "A calm lesson under the trees.")
    olive.presses("A strength")
    olive.is_told("Noted, a strength")
    olive.presses("Record what the visit found")
    drafted = olive.page.get_by_label("What was seen and said", exact=True).input_value()
    assert drafted == "Teaching seen: a strength. A calm lesson under the trees."
    olive.dates("Date you visited", today(olive))
    olive.types("What was seen and said", "A calm morning in the orchard.")
    olive.chooses("Satisfied: nothing stands in the way of approval")
    olive.ticks("Nothing in this note will be a surprise to the provider")
    olive.presses("Record what the visit found")
    olive.is_told("The note of visit is recorded")


def the_officer_approves(olive: Person, reference: str) -> None:
    it_is_blocked(olive, reference, "approve", "Its entry on the approved list is empty")
    olive.opens(f"/cases/{reference}/do/describe_entry")
    olive.types("What you offer, in a few sentences", "Rural crafts in an orchard, two days a week.")
    for choice in (
        "11 to 14 (key stage 3)",
        "Outside Bath and North East Somerset",
        "Outdoor learning",
        "Anxiety about school",
        "Tuesday",
    ):
        olive.ticks(choice)
    olive.presses("Write the entry for the approved list")
    olive.is_told("The entry is kept until the provider is approved")
    olive.presses("Approve")
    olive.ticks("The papers, the panel and the visit are all in order")
    olive.presses("Approve")
    olive.is_told("The provider is on the approved list")
    it_cannot_be_done_now(olive, reference, "approve")


def she_reads_that_she_is_on_the_list(nora: Person) -> None:
    nora.follows_the_link_in(nora.reads("Your application: you are on the approved list"))
    nora.is_at("You are on the approved list")
    nora.sees("Keep your insurance, policies and other documents in date.")


def the_emails_came_in_this_order(live: Live) -> None:
    came = [
        (str(letter["To"].addresses[0].addr_spec), subject)
        for letter, subject in zip(live.inbox.messages, subjects(live.inbox.messages), strict=True)
        if "sign in" not in subject
    ]
    assert came == EMAILS_IN_ORDER
