"""A task that is put off: out of the day's work until its day begins, while nobody outside sees any of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from apflow.clock import machine_now
from apflow.scheduler import fire_due
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, StoppedClock
from apflow.web.site import Site
from tests.brought import bring_to
from tests.store.witness import case_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[..., Client]
THURSDAY = {"until": "2026-11-05"}


def put_off(officer: Client, **typed: str) -> Page:
    """Put the first task of the queue off by its link there; the page that this leads back to."""
    form = Page(officer.get(Page(officer.get("/work")).link("Put off"))).form("Put it off")
    sent = form.send(officer, "Put it off", **(typed or THURSDAY))
    assert sent.status_code == 303
    return Page(officer.get(sent.headers["location"]))


def headings(page: Page) -> list[str]:
    return [text for level, text in page.headings if level == "h2" and text != "Success"]


def test_a_task_is_put_off_to_thursday_and_the_provider_still_sees_what_they_saw(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    before = Page(client_as(PAT).get(f"/cases/{reference}")).text
    officer = client_as(OLIVE)

    page = put_off(officer)

    assert "Put off until Thursday 5 November: Check the evidence, Made Up Farm" in page.text
    assert headings(page) == ["Put off 1"]
    assert "Put off until Thursday 5 November" in page.below("Put off 1")
    assert Page(client_as(PAT).get(f"/cases/{reference}")).text == before

    clock.at = MONDAY + timedelta(days=2, hours=13)
    assert headings(Page(officer.get("/work"))) == ["Put off 1"]
    clock.at = datetime.fromisoformat("2026-11-05T00:00:00+00:00")
    page = Page(officer.get("/work"))
    assert headings(page) == ["New information 1"]
    assert "Put off until today" in page.text
    clock.at += timedelta(days=1)
    assert "Was put off until Thursday 5 November" in Page(officer.get("/work")).text


def test_the_timeline_says_who_put_it_off_and_to_when_and_only_staff_read_it(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    put_off(client_as(OLIVE))

    case = Page(client_as(OSCAR).get(f"/cases/{reference}")).text
    assert "Put off: check the evidence" in case
    assert "Until Thursday 5 November 2026." in case
    assert "Put off" not in client_as(PAT).get(f"/cases/{reference}").text


def test_it_is_brought_back_from_the_queue_and_from_the_case(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)

    back = put_off(officer).form("Bring it back now").send(officer, "Bring it back now")
    page = Page(officer.get(back.headers["location"]))
    assert "Brought back: Check the evidence" in page.text
    assert headings(page) == ["New information 1"]

    put_off(officer)
    case = Page(officer.get(f"/cases/{reference}"))
    assert "Put off until Thursday 5 November" in case.text
    back = case.form("Bring it back now").send(officer, "Bring it back now")
    assert back.headers["location"].startswith(f"/cases/{reference}?")
    assert "Put off until" not in Page(officer.get("/work")).text


def test_what_the_provider_does_brings_it_back(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)
    officer.get(f"/cases/{reference}")
    put_off(officer)
    details = {**dict(case_of(site.store, reference).fields), "contact_phone": "01632 960123"}
    asked = site.handler.library.current("provider").forms["checking_evidence", "correct_details"]
    answers = {name: value for name, value in details.items() if name in asked}
    site.handler.fire(reference, "correct_details", answers, actor=PAT, now=MONDAY)

    assert headings(Page(officer.get("/work"))) == ["New information 1"]


def test_its_deadline_passes_as_it_would_have(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    due = case_of(site.store, reference).deadlines["check_due"].due_at
    put_off(
        client_as(OLIVE), until="another", day__day=str(due.day), day__month=str(due.month), day__year=str(due.year)
    )
    assert case_of(site.store, reference).deadlines["check_due"].due_at == due

    clock.at = due + timedelta(minutes=1)
    fire_due(site.handler, clock.at, machine_now=machine_now)

    assert any(task.name == "overdue_check_due" for task in case_of(site.store, reference).tasks)


def test_another_day_is_typed_and_one_that_cannot_be_is_refused_in_words(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)
    form = Page(officer.get(Page(officer.get("/work")).link("Put off"))).form("Put it off")

    for typed, field, said in (
        ({}, "until", "Choose a day"),
        ({"until": "another"}, "day-day", "Choose a day"),
        ({"until": "another", "day__day": "2", "day__month": "11", "day__year": "2026"}, "day-day", "after today"),
        ({"until": "another", "day__day": "2", "day__month": "2", "day__year": "2027"}, "day-day", "it is due then"),
        ({"until": "tosh"}, "until", "Choose a day"),
    ):
        refused = form.send(officer, "Put it off", **typed)
        assert refused.status_code == 422
        assert said in Page(refused).errors[field]


def test_what_is_due_today_has_no_such_link_and_is_refused_in_words(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)
    there = Page(officer.get("/work")).link("Put off")
    form = Page(officer.get(there)).form("Put it off")
    clock.at = case_of(site.store, reference).deadlines["check_due"].due_at - timedelta(hours=2)

    assert "/put-off" not in officer.get("/work").text
    for refused in (officer.get(there), form.send(officer, "Put it off", **THURSDAY)):
        assert refused.status_code == 409
        assert "This is due today, so it cannot be put off." in refused.text


def test_a_colleague_who_took_it_meanwhile_is_named(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    officer = client_as(OLIVE)
    form = Page(officer.get(Page(officer.get("/work")).link("Put off"))).form("Put it off")
    task = case_of(site.store, reference).tasks[0].id
    site.handler.pass_on(reference, task, OSCAR, held_by=OLIVE.id, actor=OSCAR, now=MONDAY)

    page = Page(officer.get(form.send(officer, "Put it off", **THURSDAY).headers["location"]))

    assert "Oscar Officer was quicker and has this now: Check the evidence" in page.text
    assert case_of(site.store, reference).tasks[0].put_off_until is None


def test_managers_read_on_the_page_of_the_team_what_is_put_off(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence")
    put_off(client_as(OLIVE))
    manager = client_as(MAGDA)

    assert "Put off: 1" in Page(manager.get("/team")).text
    assert "Put off until Thursday 5 November" in Page(manager.get(f"/team?who={OLIVE.id}")).text
    assert "2026-11-05" in manager.get(f"/team.csv?who={OLIVE.id}").text


def test_only_those_of_its_role_put_a_task_off(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence")
    assert client_as(MAGDA).get("/tasks/1/put-off").status_code in (303, 403)
    task = 2
    assert client_as(MAGDA).post(f"/tasks/{task}/put-off", data=THURSDAY).status_code == 403
    assert client_as(PAT).post(f"/tasks/{task}/put-off", data=THURSDAY).status_code == 403
