"""The provider's own pages: what to do now, what waits for the council, what is done, and nothing that is not hers."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.clock import machine_now
from apflow.handler import Handler
from apflow.store import outbox
from apflow.testing import DAN, MONDAY, PAT, PAVEL, PETRA, StoppedClock, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.provider import a_case_sent_back, between, fire, journey, required, supply, the_page
from tests.web.reading import Page

ClientAs = Callable[..., Client]


@pytest.fixture
def pat(client_as: ClientAs) -> Client:
    return client_as(PAT)


# Waiting for the council


def test_while_the_council_reads_the_enquiry_she_sees_who_has_it_what_comes_next_and_by_when(
    handler: Handler, pat: Client
) -> None:
    page = the_page(pat, enquire(handler))

    assert "Nothing. You do not need to do anything until we write to you." in page.below("Do now")
    waiting = page.below("Waiting for the council")
    assert "We have your enquiry, and an officer reads it." in waiting
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

    assert journey(page).split("\n") == [
        "Your enquiry Done, 2 Nov 2026",
        "Your documents Done, 2 Nov 2026",
        "Checking Done, 2 Nov 2026",
        "The panel You are here, since 2 Nov 2026",
        "The visit Not yet",
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
    documents = between(page, "Your documents", "Submit for checking")
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
    assert "Attendance, and what happens when a child is absent\nGood until 3 Oct 2027\nSent to us" in page.text


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
    address = f"/cases/{reference}/do/correct_details"

    kept = (
        Page(pat.get(address))
        .form("Save and come back later")
        .send(pat, "Save and come back later", contact_phone="01225 123456")
    )
    page = Page(pat.get(kept.headers["location"]))

    assert "What you typed is kept: Change your details" in page.text
    assert page.link("Go on with it") == address


def test_what_was_kept_stands_on_the_page_until_it_is_sent_or_let_go(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")
    address = f"/cases/{reference}/do/correct_details"
    assert "not sent" not in the_page(pat, reference).text
    Page(pat.get(address)).form("Save and come back later").send(
        pat, "Save and come back later", contact_phone="01225 123456"
    )

    page = the_page(pat, reference)
    assert "You have begun, and not sent" in page.text
    assert page.link("Go on with it") == address

    Page(pat.get(address)).form("Start again").send(pat, "Start again")
    assert "not sent" not in the_page(pat, reference).text


def test_a_banner_cannot_be_made_up_in_the_address(handler: Handler, pat: Client) -> None:
    page = Page(pat.get(f"/cases/{enquire(handler)}?done=submit&kept=approve"))

    assert "We have your documents" not in page.text
    assert "is kept" not in page.text


# Told and done


def test_she_sees_the_emails_that_went_to_her_and_no_others(handler: Handler, pat: Client) -> None:
    reference = bring_to(handler, "panel")

    done = between(the_page(pat, reference), "Done", "What you told us").split("\n")

    assert [line.partition(" 2 November")[0] for line in done[1:]] == [
        "Your application: it is now with the panel",
        "Your application: we have received your documents",
        "Your application: send us your documents by Monday 14 December 2026",
        "Your enquiry: we have received it",
    ]


def test_an_email_that_did_not_reach_her_is_not_passed_off_as_sent(handler: Handler, site: Site, pat: Client) -> None:
    reference = enquire(handler)
    while letter := outbox.claim_message(site.store, MONDAY, machine_now()):
        outbox.mark_failed(site.store, letter, "No such mailbox")

    assert "2 November 2026 at 10am: could not be delivered" in between(
        the_page(pat, reference), "Done", "What you told us"
    )


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
