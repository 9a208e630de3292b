"""My work: the right group for each task, enough said in each row, and hands that do not clash."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.clock import machine_now
from apflow.scheduler import fire_due
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, StoppedClock, a_document, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.removal import a_second_manager, propose
from tests.store.long_queue import add_tasks
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[..., Client]


def test_work_stands_in_groups_by_what_needs_doing_first(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    enquire(site.handler, now=MONDAY - timedelta(days=14), organisation="Late Barn")
    enquire(site.handler, now=MONDAY - timedelta(days=7), organisation="Today Barn")
    enquire(site.handler, organisation="New Barn")
    bring_to(site.handler, "checking_evidence", organisation="Mine Barn")
    page = Page(client_as(OLIVE).get("/work"))
    groups = [text for level, text in page.headings if level == "h2"]
    assert groups == ["Overdue 1", "Due today 1", "New information 1", "To claim 1"]
    assert "Late Barn" in page.below("Overdue 1")
    assert "Today Barn" in page.below("Due today 1")
    assert "Mine Barn" in page.below("New information 1")
    assert "New Barn" in page.below("To claim 1")


def test_empty_groups_are_one_quiet_line(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    page = Page(client_as(OLIVE).get("/work"))
    assert "Nothing in: Overdue · Due today · New information · Yours, due later · Waiting on others" in page.text


def test_each_row_says_what_for_whom_and_by_when_in_working_days(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    page = Page(client_as(OLIVE).get("/work"))
    row = page.below("To claim 1")
    assert "Answer the enquiry" in row
    assert f"Made Up Farm {reference}" in row
    assert "Due Monday 9 November, 5 working days" in row
    assert "Nobody has it" in row
    assert page.link("Answer the enquiry") == f"/cases/{reference}"


def test_an_overdue_row_counts_working_days(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    enquire(site.handler)
    clock.at = MONDAY + timedelta(days=11)  # Due on Monday the 9th; this is Friday the 13th.
    assert "Overdue by 4 working days" in Page(client_as(OLIVE).get("/work")).below("Overdue 1")


def test_new_information_says_what_the_provider_did(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence")
    assert "Submit for checking, Pat Provider, 2 Nov 2026" in Page(client_as(OLIVE).get("/work")).text


def test_looking_at_a_case_takes_it_out_of_new_information(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)
    officer.get(f"/cases/{reference}")
    assert "Made Up Farm" in Page(officer.get("/work")).below("Yours, due later 1")


def test_a_case_whose_next_move_is_the_providers_waits_on_others(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "gathering_evidence")
    waiting = Page(client_as(OLIVE).get("/work")).below("Waiting on others 1")
    assert "Made Up Farm" in waiting
    assert "The provider, since 2 Nov 2026" in waiting


def test_someone_with_nothing_to_do_is_told_so_kindly(site: Site, client_as: ClientAs) -> None:
    page = Page(client_as(OLIVE).get("/work"))
    assert "There is nothing for you to do." in page.text
    assert page.link("look through the cases") == "/cases"


def test_a_task_is_taken_on_and_put_back(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    officer = client_as(OLIVE)
    taken = Page(officer.get("/work")).form("Take this on").send(officer, "Take this on")
    page = Page(officer.get(taken.headers["location"]))
    assert "You have taken this on: Answer the enquiry, Made Up Farm" in page.text
    assert "You have it" in page.text
    back = page.form("Put back").send(officer, "Put back")
    page = Page(officer.get(back.headers["location"]))
    assert "You have put this back" in page.text
    assert "Nobody has it" in page.text


def test_a_task_a_colleague_took_meanwhile_says_so(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    officer, colleague = client_as(OLIVE), client_as(OSCAR)
    form = Page(officer.get("/work")).form("Take this on")
    Page(colleague.get("/work")).form("Take this on").send(colleague, "Take this on")
    late = form.send(officer, "Take this on")
    assert late.status_code == 303
    page = Page(officer.get(late.headers["location"]))
    assert "Oscar Officer was quicker and has this now: Answer the enquiry, Made Up Farm" in page.text


def test_a_task_that_was_finished_meanwhile_says_so(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    officer = client_as(OLIVE)
    form = Page(officer.get("/work")).form("Take this on")
    site.handler.fire(reference, "invite", {}, actor=OSCAR, now=MONDAY)
    page = Page(officer.get(form.send(officer, "Take this on").headers["location"]))
    assert "Somebody has finished this meanwhile: Answer the enquiry, Made Up Farm" in page.text


def test_the_line_about_a_task_says_nothing_that_is_not_so(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    assert "You have taken this on" not in Page(client_as(OLIVE).get("/work?task=1&how=claim")).text
    assert "Answer the enquiry" not in Page(client_as(PETRA).get("/work?task=1&how=no-claim")).text


def test_nobody_takes_on_work_of_another_role(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    assert client_as(MAGDA).post("/tasks/1/claim").status_code == 403
    for outsider in (DAN, PETRA):
        assert client_as(outsider).post("/tasks/1/claim").status_code == 404
    assert "Nobody has it" in Page(client_as(OLIVE).get("/work")).text


def test_a_task_that_does_not_exist_is_not_found(site: Site, client_as: ClientAs) -> None:
    officer = client_as(OLIVE)
    for address in ("/tasks/99/claim", "/tasks/99999999999999999999/claim", "/tasks/1/vanish"):
        assert officer.post(address).status_code == 404


def test_a_manager_has_what_was_passed_on_to_her(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    enquire(site.handler)
    clock.at = MONDAY + timedelta(days=8)
    fire_due(site.handler, clock.at, machine_now=machine_now)
    page = Page(client_as(MAGDA).get("/work"))
    assert "Overdue: the enquiry should be answered" in page.text
    assert "This was due by Monday 9 November 2026." in page.text
    assert "Somebody should look at it by Wednesday 11 November 2026" in page.text


def test_a_member_of_the_panel_has_her_own_part_until_it_is_done(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "panel")
    member = client_as(PETRA)
    page = Page(member.get("/work"))
    assert "Read the papers and give your view" in page.text
    assert not page.has_button("Take this on")
    view = {"view": "visit", "comments": "In order."}
    site.handler.fire(reference, "give_view", view, actor=PETRA, now=MONDAY)
    assert "There is nothing for you to do." in Page(member.get("/work")).text


def test_work_is_for_staff(site: Site, client: Client, client_as: ClientAs) -> None:
    assert client_as(PAT).get("/work").headers["location"] == "/home"
    assert client.get("/work").headers["location"].startswith("/sign-in")


def test_a_provider_who_sends_a_newer_document_brings_the_case_up_again(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    reference = bring_to(site.handler, "visit")
    officer = client_as(OLIVE)
    officer.get(f"/cases/{reference}")
    assert "New information" not in [text[:15] for _, text in Page(officer.get("/work")).headings]
    document = a_document(site.handler, PAT, "public_liability")
    site.handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="public_liability")
    page = Page(officer.get("/work"))
    assert "Send this document: Public liability insurance, Pat Provider" in page.below("New information 3")


# A long queue


def test_a_long_group_begins_with_the_most_pressing_and_leads_to_the_others(site: Site, client_as: ClientAs) -> None:
    added = _many(site, 120)
    officer = client_as(OLIVE)
    page, read = Page(officer.get("/work")), list[int]()
    assert "To claim 121" in page.text
    for _ in range(4):
        read += _tasks_on(page)
        if "More: to claim" not in page.text:
            break
        page = Page(officer.get(page.link("More: to claim")))
        assert page.heading == "My work: to claim"
    assert sorted(read) == [1, *added]
    assert page.link("Back to the first of them") == "/work?only=to_claim"


def test_what_is_too_many_to_count_is_told_as_more_than_so_many(site: Site, client_as: ClientAs) -> None:
    _many(site, 510)
    page = Page(client_as(OLIVE).get("/work"))
    assert "To claim 500+" in page.text
    assert Page(client_as(OLIVE).get("/work?only=to_claim")).below("To claim 500+")


def test_work_of_ones_own_is_on_the_page_however_much_there_is_to_claim(site: Site, client_as: ClientAs) -> None:
    _many(site, 120)
    (mine,) = add_tasks(site.store, enquire(site.handler), [MONDAY + timedelta(days=300)], claimed_by=OLIVE.id)
    assert mine in _tasks_on(Page(client_as(OLIVE).get("/work")))


def test_taking_on_a_task_further_down_leads_back_there(site: Site, client_as: ClientAs) -> None:
    _many(site, 120)
    officer = client_as(OLIVE)
    there = Page(officer.get("/work")).link("More: to claim")
    taken = Page(officer.get(there)).form("Take this on").send(officer, "Take this on")
    assert taken.headers["location"].startswith(f"{there}&")
    assert "You have taken this on: Answer the enquiry" in Page(officer.get(taken.headers["location"])).text


def test_a_part_that_is_empty_or_read_to_its_end_says_so(site: Site, client_as: ClientAs) -> None:
    officer = client_as(OLIVE)
    assert "There is nothing here." in Page(officer.get("/work?only=overdue")).text
    assert "There is nothing more here." in Page(officer.get("/work?only=overdue&after=-9")).text


@pytest.mark.parametrize(
    "address",
    ["?only=nonsense", "?only=to_claim&after=nonsense", "?only=to_claim&after=99999999999999999999-1", "?after=1-1-1"],
)
def test_an_address_that_makes_no_sense_leads_to_the_first_tasks(site: Site, client_as: ClientAs, address: str) -> None:
    enquire(site.handler)
    assert "Answer the enquiry" in Page(client_as(OLIVE).get(f"/work{address}")).text


def _many(site: Site, count: int) -> list[int]:
    """So many tasks to claim beside that of an enquiry; two at a time are due at the same moment."""
    dues = [MONDAY + timedelta(days=2, minutes=number // 2) for number in range(count)]
    return add_tasks(site.store, enquire(site.handler), dues)


def _tasks_on(page: Page) -> list[int]:
    """The tasks that the page has a row for."""
    return [int(name.removeprefix("row-")) for name in page.ids if name.startswith("row-")]


def test_what_somebody_else_must_do_is_not_offered_to_whoever_did_the_step_before(
    site: Site, client_as: ClientAs
) -> None:
    reference = bring_to(site.handler, "approved")
    propose(site.handler, reference)
    first, second = client_as(MAGDA), client_as(a_second_manager(site.handler))
    task = re.search(r'action="/tasks/(\d+)/claim"', second.get("/work").text)
    assert task is not None

    assert "For somebody else, as you did the step before" in first.get("/work").text
    assert "/claim" not in first.get("/work").text
    first.post(f"/tasks/{task[1]}/claim")
    assert "You have it" not in first.get("/work").text
    second.post(f"/tasks/{task[1]}/claim")
    assert "You have it" in second.get("/work").text


# Passing on


def test_a_task_is_passed_to_a_colleague_who_then_has_it(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)
    address = Page(officer.get("/work")).link("Pass to a colleague")
    page = Page(officer.get(address))
    assert "You have it" in page.text
    sent = page.form("Pass it on").send(officer, "Pass it on", to=str(OSCAR.id))
    case = Page(officer.get(sent.headers["location"]))
    assert "Oscar Officer has this now: Check the evidence, Made Up Farm" in case.text
    assert "Oscar Officer has this case" in case.text
    assert "Passed on: check the evidence" in case.text
    assert "Check the evidence" in Page(client_as(OSCAR).get("/work")).text
    assert reference not in Page(officer.get("/work")).text


def test_what_somebody_has_who_is_away_is_taken_over(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    colleague = client_as(OSCAR)
    page = Page(colleague.get(Page(colleague.get(f"/cases/{reference}")).link("Take over or pass on")))
    assert "Olive Officer has it" in page.text
    sent = page.form("Pass it on").send(colleague, "Pass it on", to=str(OSCAR.id))
    assert "You have taken this over: Check the evidence" in Page(colleague.get(sent.headers["location"])).text


def test_an_alert_of_somebody_who_is_away_can_be_taken_over(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    site.handler.alert(reference, "mail_failed", "pat@x.example does not exist", now=MONDAY)
    page = Page(client_as(OSCAR).get(f"/cases/{reference}"))
    assert "Take over or pass on: An email could not be delivered" in page.text.replace("\n", "")


def test_two_who_pass_the_same_task_on_do_not_undo_each_other(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    officer, colleague = client_as(OLIVE), client_as(OSCAR)
    mine = Page(officer.get(Page(officer.get("/work")).link("Pass to a colleague"))).form("Pass it on")
    theirs = Page(colleague.get(Page(colleague.get(f"/cases/{reference}")).link("Take over or pass on")))
    theirs.form("Pass it on").send(colleague, "Pass it on", to=str(OSCAR.id))
    late = mine.send(officer, "Pass it on", to=str(OLIVE.id))
    page = Page(officer.get(late.headers["location"]))
    assert "Oscar Officer was quicker and has this now: Check the evidence" in page.text


def test_nobody_chosen_and_nobody_there_is_refused(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)
    form = Page(officer.get(Page(officer.get("/work")).link("Pass to a colleague"))).form("Pass it on")
    for wrong in ("", "nobody", str(MAGDA.id), "9" * 40):
        refused = form.send(officer, "Pass it on", to=wrong)
        assert refused.status_code == 422
        assert "Choose who should have it" in refused.text


def test_a_manager_passes_on_what_an_officer_has_who_is_away(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    manager = client_as(MAGDA)
    page = Page(manager.get(Page(manager.get(f"/cases/{reference}")).link("Pass to somebody")))
    assert "Olive Officer has it" in page.text
    assert "(you)" not in page.text
    sent = page.form("Pass it on").send(manager, "Pass it on", to=str(OSCAR.id))
    assert "Oscar Officer has this now: Check the evidence" in Page(manager.get(sent.headers["location"])).text
    assert "Check the evidence" in Page(client_as(OSCAR).get("/work")).text


def test_only_those_of_its_role_and_their_manager_pass_a_task_on(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    assert client_as(MAGDA).get("/tasks/1/pass").status_code == 200
    for outsider in (DAN, PETRA):
        assert client_as(outsider).get("/tasks/1/pass").status_code == 404
        assert client_as(outsider).post("/tasks/1/pass").status_code == 404
    assert client_as(OLIVE).get("/tasks/99/pass").status_code == 404
