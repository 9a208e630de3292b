"""The provider's own pages: what to do now, what waits for the council, what is done, and nothing that is not hers."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apflow.clock import machine_now
from apflow.core.actor import THE_CLOCK, Actor
from apflow.core.definition.council import Applications
from apflow.handler import Handler
from apflow.store import outbox
from apflow.testing import (
    DAN,
    MAGDA,
    MONDAY,
    OLIVE,
    PAT,
    PAVEL,
    PETRA,
    POPPY,
    TODAY,
    StoppedClock,
    a_document,
    bring_to,
    enquire,
    leave,
)
from apflow.web.site import Site
from tests.web.conftest import Client, a_browser_on, a_site_with
from tests.web.reading import Page

ClientAs = Callable[..., Client]


@pytest.fixture
def pat(client_as: ClientAs) -> Client:
    return client_as(PAT)


def the_page(client: Client, reference: str) -> Page:
    return Page(client.get(f"/cases/{reference}"))


def fire(handler: Handler, reference: str, actor: Actor, event: str, item: str | None = None, **answers: Any) -> None:
    handler.fire(reference, event, answers, actor=actor, now=MONDAY, item=item)


def supply(handler: Handler, reference: str, *items: str) -> None:
    for item in items:
        fire(handler, reference, PAT, "supply", item, **a_document(handler, PAT, item))


def required(handler: Handler) -> list[str]:
    return [key for key, item in handler.library.catalogues["evidence"].items.items() if item.required]


def a_case_sent_back(handler: Handler, *, asked: bool) -> str:
    """Every paper accepted but the attendance one; `asked` when the provider has been told."""
    reference = bring_to(handler, "checking_evidence")
    for item in required(handler):
        if item != "attendance":
            fire(handler, reference, OLIVE, "accept", item, check_note="Rang the insurer: all well.")
    fire(handler, reference, OLIVE, "send_back", "attendance", reason="It does not say who rings the family.")
    if asked:
        fire(handler, reference, OLIVE, "ask_for_information", what_we_need="Say who rings the family, and when.")
    return reference


# Home


def test_a_provider_with_one_application_goes_straight_to_it(handler: Handler, pat: Client) -> None:
    reference = enquire(handler)

    assert pat.get("/home").headers["location"] == f"/cases/{reference}"


def test_a_provider_with_several_sees_what_to_do_now_first(handler: Handler, site: Site, pat: Client) -> None:
    bring_to(handler, "gathering_evidence", organisation="Farm One")
    enquire(handler, organisation="Farm Two")
    closed = enquire(handler, organisation="Farm Three")
    fire(handler, closed, OLIVE, "close_enquiry", reasons="Adults only.")

    page = Page(pat.get("/home"))

    assert [text for level, text in page.headings if level == "h2"] == ["Do now", "Waiting for the council", "Done"]
    assert "Farm One" in page.below("Do now")
    assert "Send us your documents, by 11:59pm on Monday 14 December 2026" in page.below("Do now")
    assert "Farm Two" in page.below("Waiting for the council")
    assert "Farm Three" in page.below("Done")


def test_a_provider_without_an_application_is_told_how_to_find_or_begin_one(client_as: ClientAs, site: Site) -> None:
    page = Page(client_as(DAN).get("/home"))

    assert "There is no application under your email address, dan@elsewhere.example." in page.text
    assert page.link("Apply to join") == "/start/enquire"


def test_home_is_for_providers_who_are_signed_in(client: Client, client_as: ClientAs) -> None:
    assert client.get("/home").headers["location"] == "/sign-in?next=/home"
    assert client_as(OLIVE).get("/home").headers["location"] == "/work"


def test_an_email_leads_over_one_button_to_the_application(handler: Handler, site: Site, client: Client) -> None:
    reference = enquire(handler)
    with site.store.reading() as connection:
        (letter,) = (row for row in outbox.messages_of(connection, reference) if row.to_email.startswith("pat@"))
    link = re.search(r"/continue/\S+", letter.text)
    assert link

    page = Page(client.get(link.group()))
    signed_in = page.form("Continue").send(client, "Continue")

    assert signed_in.headers["location"] == f"/cases/{reference}"
    assert the_page(client, reference).heading == "We have your enquiry"


# Waiting for the council


def test_while_the_council_reads_the_enquiry_she_sees_who_has_it_what_comes_next_and_by_when(
    handler: Handler, pat: Client
) -> None:
    page = the_page(pat, enquire(handler))

    assert "Nothing. You do not need to do anything until we write to you." in page.below("Do now")
    waiting = page.below("Waiting for the council")
    assert "An officer is reading your enquiry." in waiting
    assert "Who has it\nAlternative Learning Team officer" in waiting
    assert "The enquiry should be answered by 11:59pm on Monday 9 November 2026." in waiting
    assert "What comes next\nYour documents, if all is in order." in waiting


def test_a_date_the_council_has_missed_is_owned_up_to(handler: Handler, pat: Client, clock: StoppedClock) -> None:
    reference = enquire(handler)
    clock.at = MONDAY + timedelta(days=10)

    assert "We are sorry that this is late." in the_page(pat, reference).below("Waiting for the council")


def test_with_the_panel_she_sees_when_it_meets_and_none_of_its_views(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "panel")
    fire(handler, reference, PETRA, "give_view", view="decline", comments="I doubt the supervision.")
    fire(handler, reference, PAVEL, "declare_conflict", conflict="My cousin works there.")

    page = the_page(pat, reference)

    assert "The panel meets\nMonday 2 November 2026. You do not need to attend." in page.text
    for secret in ("supervision", "cousin", "Petra", "Pavel", "Animal care, well run", "Members of the panel"):
        assert secret not in page.text


def test_the_journey_says_what_is_done_where_it_is_and_what_lies_ahead(handler: Handler, pat: Client) -> None:
    page = the_page(pat, bring_to(handler, "panel"))

    assert page.below("Where your application is").split("\n")[:10] == [
        "Your enquiry",
        "Done, 2 Nov 2026",
        "Your documents",
        "Done, 2 Nov 2026",
        "Checking",
        "Done, 2 Nov 2026",
        "The panel",
        "You are here, since 2 Nov 2026",
        "The visit",
        "Not yet",
    ]


# Sending documents


def test_the_application_is_a_list_of_documents_to_be_done_in_any_order(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")
    supply(handler, reference, "curriculum", "public_liability")

    page = the_page(pat, reference)

    assert "2 of 22 required documents sent" in page.below("Do now")
    assert "by 11:59pm on Monday 14 December 2026 (30 working days left)." in page.below("Do now")
    assert page.link("Go on: Registration status") == f"/cases/{reference}/evidence/registration_status"
    assert page.link("Curriculum plans") == f"/cases/{reference}/evidence/curriculum"
    documents = page.below("Your documents")
    assert "Curriculum plans and schemes of work\nGood until 3 Oct 2027\nSent to us" in documents
    assert "Online safety policy\nRecommended: you can submit without it\nTo do" in documents


def test_submitting_is_blocked_with_each_missing_document_linked(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")
    supply(handler, reference, *(item for item in required(handler) if item not in ("medication", "complaints")))

    page = the_page(pat, reference)

    assert page.below("Submit for checking").split("\n") == [
        "You cannot do this yet. These are still needed:",
        "Complaints and whistle-blowing policy",
        "Medication policy",
    ]
    assert f"/cases/{reference}/evidence/medication" in [href for _, href in page.links]
    assert not any(href.endswith("/do/submit") for _, href in page.links)


def test_once_nothing_is_missing_she_can_submit(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")
    supply(handler, reference, *required(handler))

    page = the_page(pat, reference)
    form = Page(pat.get(page.link("Submit for checking"))).form("Continue")
    check = Page(form.send(pat, "Continue", declaration="yes"))
    sent = check.form("Submit for checking").send(pat, "Submit for checking")

    after = Page(pat.get(sent.headers["location"]))
    assert "We have your documents" in after.text
    assert after.heading == "We are checking your documents"


def test_what_was_sent_back_comes_first_with_the_officers_reason(handler: Handler, pat: Client) -> None:
    page = the_page(pat, a_case_sent_back(handler, asked=True))

    do_now = page.below("Do now")
    assert "What we need from you\nSay who rings the family, and when." in do_now
    assert "Look at this document again first" in do_now
    assert "It does not say who rings the family." in do_now
    assert page.link("Go on: Attendance")


def test_what_is_sent_back_is_told_when_she_is_asked_and_not_while_the_officer_still_checks(
    handler: Handler, pat: Client
) -> None:
    page = the_page(pat, a_case_sent_back(handler, asked=False))

    assert "rings the family" not in page.text
    assert "Needs another look" not in page.text
    assert "Attendance, and what you do when a child is absent\nGood until 3 Oct 2027\nSent to us" in page.text


def test_the_officers_own_notes_are_not_hers(handler: Handler, pat: Client) -> None:
    reference = a_case_sent_back(handler, asked=True)

    assert "Rang the insurer" not in the_page(pat, reference).text
    assert "Rang the insurer" not in Page(pat.get(f"/cases/{reference}/evidence/public_liability")).text


def test_a_document_that_runs_out_before_the_visit_is_asked_for(
    handler: Handler, pat: Client, clock: StoppedClock
) -> None:
    reference = bring_to(handler, "visit")
    clock.at = MONDAY + timedelta(days=310)

    page = the_page(pat, reference)

    assert "Public liability insurance, ran out on Sunday 29 August 2027" in page.below("Do now")


def test_what_was_kept_for_later_is_one_press_away(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")

    page = Page(pat.get(f"/cases/{reference}?kept=correct_details"))

    assert "What you typed is kept." in page.text
    assert page.link("Go on with it") == f"/cases/{reference}/do/correct_details"


def test_a_banner_cannot_be_made_up_in_the_address(handler: Handler, pat: Client) -> None:
    page = Page(pat.get(f"/cases/{enquire(handler)}?done=submit&kept=approve"))

    assert "We have your documents" not in page.text
    assert "is kept" not in page.text


# Told and done


def test_she_sees_the_emails_that_went_to_her_and_no_others(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "panel")

    done = the_page(pat, reference).below("Done").split("\n")

    assert done[1::2] == [
        "Your application: it is now with the panel",
        "Your application: we have received your documents",
        "Your application: send us your documents by Monday 14 December 2026",
        "Your enquiry: we have received it",
    ]


def test_an_email_that_did_not_reach_her_is_not_passed_off_as_sent(handler: Handler, site: Site, pat: Client) -> None:
    reference = enquire(handler)
    while letter := outbox.claim_message(site.store, MONDAY, machine_now()):
        outbox.mark_failed(site.store, letter, "No such mailbox")

    assert "2 November 2026 at 10am: could not be delivered" in the_page(pat, reference).below("Done")


def test_she_can_change_her_details_and_withdraw(handler: Handler, pat: Client) -> None:
    reference = enquire(handler)

    page = the_page(pat, reference)

    assert page.link("Change your details") == f"/cases/{reference}/do/correct_details"
    assert page.link("Withdraw your application") == f"/cases/{reference}/do/withdraw"


def test_another_providers_application_is_as_if_it_did_not_exist(handler: Handler, client_as: ClientAs) -> None:
    reference = bring_to(handler, "gathering_evidence")
    stranger = client_as(DAN)

    for path in ("", "/evidence/curriculum", "/do/withdraw"):
        theirs, nobodys = (stranger.get(f"/cases/{ref}{path}") for ref in (reference, "AP-2222-2222"))
        assert theirs.status_code == nobodys.status_code == 404
        assert Page(theirs).text == Page(nobodys).text


# The visit


def test_a_visit_is_shown_with_its_day_time_and_place(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "visit")
    fire(
        handler,
        reference,
        OLIVE,
        "arrange_visit",
        visit_on="2026-11-12",
        visit_time="14:15",
        visit_place="The lower barn",
        visitors="Olive Officer",
        what_to_prepare="The sign-in book.",
    )

    visit = the_page(pat, reference).below("Our visit to you")

    assert "Thursday 12 November 2026 at 2:15pm" in visit
    assert "Where\nThe lower barn" in visit
    assert "Who is coming\nOlive Officer" in visit
    assert "What to have ready\nThe sign-in book." in visit


def test_the_note_of_the_visit_is_hers_to_read_and_the_visit_is_over(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "visit")
    day = TODAY.isoformat()
    visit = {"visit_on": day, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive Officer"}
    fire(handler, reference, OLIVE, "arrange_visit", **visit)
    found = {"visited_on": day, "seen": "Goats.", "agreed": "A gate by May.", "visit_outcome": "actions"}
    fire(handler, reference, OLIVE, "record_visit", **found, no_surprise=True)

    page = the_page(pat, reference)

    note = page.below("Our note of the visit")
    assert "Goats." in note
    assert "A gate by May." in note
    assert "Actions are needed, then another visit" in note
    assert "Do what was agreed at the visit" in page.below("Do now")
    assert "Our visit to you" not in page.text


# How it ends


def test_an_approved_provider_sees_what_it_must_keep_to(handler: Handler, pat: Client) -> None:
    page = the_page(pat, bring_to(handler, "approved"))

    assert page.heading == "You are on the approved list"
    assert "Made Up Farm, since Monday 2 November 2026" in page.text
    assert "Keep your insurance" in page.below("Do now")
    assert "We expect to ask for yours by Tuesday 2 November 2027." in page.below("Waiting for the council")


def declined_by_the_panel(handler: Handler) -> str:
    reference = bring_to(handler, "panel")
    for member in (PETRA, PAVEL, POPPY):
        fire(handler, reference, member, "give_view", view="decline", comments="Not yet.")
    answers = {"panel_on": TODAY.isoformat(), "chaired_by": "Magda Manager", "reasons": "Nobody watches the gate."}
    fire(handler, reference, OLIVE, "panel_decline", **answers, what_next="Put somebody at the gate.")
    return reference


def test_a_decline_gives_the_reasons_what_to_do_next_and_how_to_challenge_it(handler: Handler, pat: Client) -> None:
    page = the_page(pat, declined_by_the_panel(handler))

    assert page.heading == "We could not take your application forward"
    assert "The panel's reasons\nNobody watches the gate." in page.text
    assert "What you could do next\nPut somebody at the gate." in page.text
    assert "within 28 days" in page.below("If you disagree with the decision")
    assert page.link("Apply again") == "/start/enquire"
    assert "The panel\nIt ended here" in page.below("Where your application is")


def test_a_closed_enquiry_gives_the_officers_reasons(handler: Handler, pat: Client) -> None:
    reference = enquire(handler)
    fire(handler, reference, OLIVE, "close_enquiry", reasons="The list is for children.")

    page = the_page(pat, reference)

    assert "Our reasons\nThe list is for children." in page.text
    assert "Your documents" not in [text for level, text in page.headings if level == "h2"]


def test_a_withdrawn_application_is_over_and_nobody_is_to_be_challenged(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")
    fire(handler, reference, PAT, "withdraw", sure=True)

    page = the_page(pat, reference)

    assert page.heading == "You withdrew your application"
    assert "If nobody at your organisation asked for this, tell us at once." in page.text
    assert "If you disagree" not in page.text


def test_a_lapsed_application_says_why(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")
    fire(handler, reference, THE_CLOCK, "lapse")

    page = the_page(pat, reference)

    assert "It lapsed because your documents were not submitted in time." in page.text
    assert "Your documents\nIt ended here" in page.below("Where your application is")


def test_a_provider_taken_off_the_list_sees_why_and_what_it_means(
    handler: Handler, pat: Client, client_as: ClientAs
) -> None:
    reference = bring_to(handler, "approved")
    handler.fire(
        reference,
        "remove",
        {"reasons": "The action plan was not followed."},
        actor=MAGDA,
        now=MONDAY,
    )

    page = the_page(pat, reference)

    assert "Our reasons\nThe action plan was not followed." in page.text
    assert "Stop describing your organisation as approved" in page.text
    assert "you do not need to do anything" not in page.text


def test_nobody_is_offered_to_apply_again_while_applications_are_closed(
    site: Site, handler: Handler, pat: Client
) -> None:
    reference = declined_by_the_panel(handler)
    closed = a_site_with(site, Applications(open=False))
    with a_browser_on(closed) as browser:
        browser.cookies.update(dict(pat.cookies))
        page = the_page(browser, reference)

    assert page.heading == "We could not take your application forward"
    assert not page.has_button("Apply again")


def test_every_state_of_the_journey_has_its_own_words_for_the_provider(handler: Handler, pat: Client) -> None:
    reference = enquire(handler)
    states = handler.library.current("provider").workflow.states
    journey = handler.library.current("provider").workflow.journey

    for state in journey:
        assert the_page(pat, reference).heading == states[state].label.to("provider")
        if state != journey[-1]:
            leave(handler, reference, state)
