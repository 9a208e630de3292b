"""A case as staff see it: what to do next, why each date, what is new, and everything that happened, in words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.scheduler import fire_due
from apflow.store.tables.messages import messages
from apflow.testing import (
    DAN,
    MAGDA,
    MONDAY,
    OLIVE,
    OSCAR,
    PAT,
    PAVEL,
    PETRA,
    POPPY,
    StoppedClock,
    a_document,
    enquire,
    leave,
)
from apflow.web.site import Site
from tests.brought import bring_to
from tests.removal import a_second_manager
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[..., Client]
VIEW = {"view": "visit", "comments": "Well prepared, well staffed."}


def test_the_case_says_who_it_is_where_it_stands_and_whose_move_it_is(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    page = _page(client_as(OLIVE), reference)
    assert page.heading == f"{reference} Made Up Farm"
    assert "Checking evidence" in page.text
    assert "It is your move" in page.text
    assert "Olive Officer has this case" in page.text
    assert "Waiting for Olive Officer" in _page(client_as(OSCAR), reference).text
    assert "Waiting for the Alternative Learning Team officer" in _page(client_as(MAGDA), reference).text


def test_whoever_may_not_confirm_their_own_step_waits_for_another(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "approved")
    site.handler.fire(reference, "propose_removal", {"removal_reasons": "No first aider."}, actor=MAGDA, now=MONDAY)
    page = _page(client_as(MAGDA), reference)
    assert "Waiting for another Alternative Learning Team manager" in page.text
    assert "Take this on" not in page.text
    second = _page(client_as(a_second_manager(site.handler)), reference)
    assert "It is your move" in second.text
    assert "Take this on" in second.text


def test_everyone_is_offered_what_they_may_do(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer, manager = _page(client_as(OLIVE), reference), _page(client_as(MAGDA), reference)
    assert officer.link("Invite the provider") == f"/cases/{reference}/do/invite"
    assert officer.has_button("Close the enquiry")
    assert not manager.has_button("Invite the provider")
    assert manager.has_button("Change who we write to")


def test_what_is_not_possible_yet_is_listed_with_what_must_come_first(site: Site, client_as: ClientAs) -> None:
    page = _page(client_as(OLIVE), bring_to(site.handler, "checking_evidence"))
    blocked = page.below("Not possible yet")
    assert "Refer to panel" in blocked
    assert "You can refer this to panel once these are accepted: 22 in all" in blocked
    assert "Child protection policy" in blocked
    assert "do/refer_to_panel" not in str(page.links)


def test_the_documents_to_check_are_one_press_away(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    page = _page(client_as(OLIVE), reference)
    assert page.link("Check the documents (22)") == f"/cases/{reference}/evidence/registration_status"
    assert not _page(client_as(MAGDA), reference).has_button("Check the documents")


# Why this date?


def test_a_date_is_explained_by_its_rule_and_the_days_left_out(site: Site, client_as: ClientAs) -> None:
    why = _why(site, client_as, datetime(2026, 12, 18, 10, tzinfo=UTC))
    assert "by Tuesday 29 December 2026" in why
    assert "5 working days from Friday 18 December 2026, when it came to “new enquiry”. The day after is day 1." in why
    assert "Not counted: 2 Saturdays and 2 Sundays; Friday 25 December 2026: Christmas Day; Monday 28 December" in why
    assert "Then it is passed to the Alternative Learning Team manager." in why
    assert "Assumed, for the team to confirm: The guidance gives no time for answering an enquiry." in why


def test_what_came_after_the_cut_off_is_said_to_count_from_the_next_working_day(
    site: Site, client_as: ClientAs
) -> None:
    why = _why(site, client_as, datetime(2026, 11, 6, 18, 30, tzinfo=UTC))
    assert "5 working days from Monday 9 November 2026" in why
    assert "It began on 6 November 2026 at 6:30pm: after the cut-off or on a day off, so it counts as Monday" in why


def test_reminders_are_listed_with_what_became_of_them(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    officer = client_as(OLIVE)
    assert "Monday 30 November 2026, to the provider: next" in _page(officer, reference).text
    clock.at = MONDAY + timedelta(days=29)
    fire_due(site.handler, clock.at, machine_now=machine_now)
    page = _page(officer, reference)
    assert "Monday 30 November 2026, to the provider: sent" in page.text
    assert "Wednesday 9 December 2026, to the provider: next" in page.text


def test_more_time_is_part_of_the_reason(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    site.handler.fire(reference, "allow_more_time", {"why": "Half term."}, actor=OLIVE, now=MONDAY)
    page = _page(client_as(OLIVE), reference)
    assert "More time has been given once. Before that it was Monday 14 December 2026." in page.text


def test_a_date_beyond_the_known_holidays_is_marked_as_provisional(site: Site, client_as: ClientAs) -> None:
    page = _page(client_as(OLIVE), enquire(site.handler, now=datetime(2035, 5, 1, 10, tzinfo=UTC)))
    assert "Provisional" in page.text
    assert "beyond the bank holidays we know" in page.text


def test_a_deadline_that_was_passed_on_says_so(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    reference = enquire(site.handler)
    clock.at = MONDAY + timedelta(days=8)
    fire_due(site.handler, clock.at, machine_now=machine_now)
    page = _page(client_as(OLIVE), reference)
    assert "It has been passed to the Alternative Learning Team manager." in page.text
    assert "Overdue, and passed on: the enquiry should be answered" in page.below("Timeline")


# Documents and the panel


def test_the_documents_are_listed_with_their_state_file_and_end(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    site.handler.fire(
        reference, "accept", {"check_note": "Up to £5m."}, actor=OLIVE, now=MONDAY, item="public_liability"
    )
    page = _page(client_as(OLIVE), reference)
    listed = page.below("Evidence")
    assert "21 to check, 1 accepted, 6 not supplied." in listed
    assert "Public liability insurance Up to £5m.\nAccepted\nDownload Public liability insurance" in listed
    assert "Good until 29 Aug 2027" in listed
    assert page.link("Public liability insurance") == f"/cases/{reference}/evidence/public_liability"


def test_a_document_that_has_run_out_is_marked(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    reference = bring_to(site.handler, "visit")
    clock.at = MONDAY + timedelta(days=350)
    assert "Good until 29 Aug 2027 Run out" in _page(client_as(OLIVE), reference).below("Evidence")


def test_staff_see_the_views_of_the_panel_and_who_is_still_to_give_one(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "panel")
    site.handler.fire(reference, "give_view", VIEW, actor=PETRA, now=MONDAY)
    site.handler.fire(reference, "declare_conflict", {"conflict": "My neighbour."}, actor=PAVEL, now=MONDAY)
    views = _page(client_as(OLIVE), reference).below("Views of the panel")
    assert "Petra Panel, SEND service" in views
    assert "Go on to a visit" in views
    assert "Declared a conflict of interest" in views
    assert "Still to come: Poppy Panel." in views


def test_a_member_of_the_panel_sees_a_case_only_while_it_is_with_the_panel_or_later(
    site: Site, client_as: ClientAs
) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    member = client_as(PETRA)
    assert member.get(f"/cases/{reference}").status_code == 404
    leave(site.handler, reference, "checking_evidence")
    page = _page(member, reference)
    assert "It is your move" in page.text
    assert page.has_button("Give your view")
    assert page.has_button("Declare a conflict of interest")
    assert not page.has_button("Record that the panel")


def test_once_she_has_given_her_view_the_move_is_the_others(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "panel")
    site.handler.fire(reference, "give_view", VIEW, actor=PETRA, now=MONDAY)
    page = _page(client_as(PETRA), reference)
    assert "Waiting for the others" in page.text
    assert page.has_button("Give your view")


def test_a_quorum_is_a_reason_like_any_other(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "panel")
    assert "At least 3 members of the panel" in _page(client_as(OLIVE), reference).below("Not possible yet")
    for member in (PETRA, PAVEL, POPPY):
        site.handler.fire(reference, "give_view", VIEW, actor=member, now=MONDAY)
    assert _page(client_as(OLIVE), reference).has_button("Record that the panel agrees to a visit")


# What is new, and what happened


def test_what_others_did_since_the_last_look_is_said_at_the_top(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "visit")
    officer = client_as(OLIVE)
    _page(officer, reference)
    document = a_document(site.handler, PAT, "public_liability")
    site.handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="public_liability")
    news = _page(officer, reference).below("Since you last looked")
    assert "Send this document: Public liability insurance, Pat Provider" in news
    assert "Since you last looked" not in _page(officer, reference).text


def test_what_one_did_oneself_is_no_news_and_neither_is_a_first_look(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    assert "Since you last looked" not in _page(officer, reference).text
    site.handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    assert "Since you last looked" not in _page(officer, reference).text


def test_the_timeline_tells_who_did_what_in_their_words(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    reason = {"reason": "The policy is unsigned."}
    site.handler.fire(reference, "send_back", reason, actor=OLIVE, now=MONDAY, item="child_protection")
    told = _page(client_as(OLIVE), reference).below("Timeline")
    assert "Send back: Child protection policy\nOlive Officer\n2 November 2026 at 10am" in told
    assert "The policy is unsigned." in told
    assert "Submit for checking\nPat Provider" in told
    assert "Now: Checking evidence" in told
    assert "Send this document, 22 times" in told
    assert "supply" not in told


def test_the_timeline_says_how_far_each_email_got(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    told = _page(officer, reference).below("Timeline")
    assert "Email to Pat Provider: " in told
    assert "Waiting to be sent" in told
    for status, at, said in (
        ("sent", MONDAY, "Sent"),
        ("uncertain", None, "May not have arrived"),
        ("failed", None, "Could not be delivered"),
    ):
        with site.store.writing() as connection:
            connection.execute(update(messages).values(status=status, sent_at=at, error="550 No such mailbox"))
        assert said in _page(officer, reference).below("Timeline")
    assert "550 No such mailbox" in _page(officer, reference).below("Timeline")


def test_a_long_history_is_told_a_page_at_a_time(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    for number in range(60):
        change = {
            "contact_name": f"Pat Provider {number}",
            "contact_email": "pat@made-up-farm.example",
            "how_known": "A call.",
        }
        site.handler.fire(reference, "change_contact", change, actor=OLIVE, now=MONDAY)
    officer = client_as(OLIVE)
    page = _page(officer, reference)
    assert "Pat Provider 59" in page.text
    assert "Pat Provider 30" not in page.text
    earlier = Page(officer.get(page.link("Earlier entries")))
    assert "Pat Provider 30" in earlier.text
    newest = Page(officer.get(f"/cases/{reference}/timeline"))
    assert "Pat Provider 59" in newest.text
    assert "Apply to join" not in newest.text
    last = Page(officer.get(newest.link("Earlier")))
    assert "Apply to join the approved list" in last.text
    assert "Pat Provider 59" in Page(officer.get(last.link("Newer"))).text


def test_those_who_look_at_the_same_case_know_of_each_other(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    reference = enquire(site.handler)
    _page(client_as(OSCAR), reference)
    assert "Also looking at it: Oscar Officer" in _page(client_as(OLIVE), reference).text
    clock.at = MONDAY + timedelta(hours=1)
    assert "Also looking" not in _page(client_as(OLIVE), reference).text


def test_what_a_provider_wrote_is_text_and_never_markup(site: Site, client_as: ClientAs) -> None:
    name = "<script>alert('owls')</script>"
    reference = enquire(site.handler, organisation=name)
    for address in (f"/cases/{reference}", "/cases", "/work"):
        assert "<script>alert" not in client_as(OLIVE).get(address).text
    assert name in _page(client_as(OLIVE), reference).text


# Alerts, and going on


def test_an_alert_is_done_by_saying_what_was_done(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    site.handler.alert(reference, "mail_failed", "The mailbox does not exist.", now=MONDAY)
    officer = client_as(OLIVE)
    page = _page(officer, reference)
    assert "An email could not be delivered\nThe mailbox does not exist." in page.text
    empty = Page(page.form("Mark as done").send(officer, "Mark as done"))
    assert empty.status == 422
    assert list(empty.errors.values()) == ["Say what you did about it."]
    done = empty.form("Mark as done").send(officer, "Mark as done", note="Rang Pat: the address had a slip in it.")
    page = Page(officer.get(done.headers["location"]))
    assert "Done: An email could not be delivered, Made Up Farm" in page.text
    assert "Finished: an email could not be delivered" in page.below("Timeline")
    assert "Rang Pat: the address had a slip in it." in page.below("Timeline")
    assert not page.has_button("Mark as done")


def test_after_something_is_done_the_next_task_is_offered(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    other = enquire(site.handler, organisation="Second Barn")
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/cases/{reference}/do/invite")).form("Invite the provider")
    page = Page(officer.get(form.send(officer, "Invite the provider").headers["location"]))
    assert "Next task: Answer the enquiry, Second Barn" in page.text
    assert page.link("Answer the enquiry, Second Barn") == f"/cases/{other}"


def test_an_outsider_sees_the_tracker_and_a_stranger_nothing(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "panel")
    site.handler.fire(reference, "give_view", VIEW, actor=PETRA, now=MONDAY)
    page = _page(client_as(PAT), reference)
    assert page.status == 200
    assert "Well prepared, well staffed." not in page.text
    assert "Timeline" not in page.text
    assert client_as(DAN).get(f"/cases/{reference}").status_code == 404
    assert client_as(PAT).get(f"/cases/{reference}/timeline").status_code == 404


def _page(client: Client, reference: str) -> Page:
    return Page(client.get(f"/cases/{reference}"))


def _why(site: Site, client_as: ClientAs, arrived: datetime, actor: Actor = OLIVE) -> str:
    """What is said of the deadline of an enquiry that arrived then."""
    return _page(client_as(actor), enquire(site.handler, now=arrived)).below("Deadline")
