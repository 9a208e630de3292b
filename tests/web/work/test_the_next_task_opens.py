"""Once a task is finished the next is offered, and opens by itself for whoever wants it so."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import MONDAY, OLIVE, OSCAR, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[..., Client]


@pytest.fixture
def officer(client_as: ClientAs) -> Client:
    """Somebody to whom the next task opens by itself."""
    officer = client_as(OLIVE)
    wants(officer, "Open it by itself")
    return officer


def wants(officer: Client, button: str) -> None:
    sent = Page(officer.get("/work")).form(button).send(officer, button)
    assert (sent.status_code, sent.headers["location"]) == (303, "/work#next")


def invite(officer: Client, reference: str) -> str:
    """Do what the task of an enquiry is for; where that leads."""
    form = Page(officer.get(f"/cases/{reference}/do/invite")).form("Invite the provider")
    done = form.send(officer, "Invite the provider").headers["location"]
    return str(officer.get(done).headers.get("location", done))


def test_the_next_task_opens_by_itself_and_says_what_was_finished(site: Site, officer: Client) -> None:
    first, second = enquire(site.handler), enquire(site.handler, organisation="Second Barn")

    there = invite(officer, first)

    page = Page(officer.get(there))
    assert there.startswith(f"/cases/{second}?")
    assert "Second Barn" in page.heading
    assert page.link("Made Up Farm") == f"/cases/{first}"
    assert "This is the next of your work" in page.text
    assert "Next task:" not in page.text


def test_it_is_only_offered_to_whoever_has_not_asked_for_it_or_not_any_more(
    site: Site, officer: Client, client_as: ClientAs
) -> None:
    references = [enquire(site.handler, organisation=f"Barn {number}") for number in range(4)]

    there = invite(client_as(OSCAR), references[0])
    assert there.startswith(f"/cases/{references[0]}?")
    wants(officer, "Only offer it")
    there = invite(officer, references[1])
    assert there.startswith(f"/cases/{references[1]}?")
    assert "Next task:" in Page(officer.get(there)).text


def test_somebody_who_has_more_to_do_on_the_case_or_nothing_else_stays_there(site: Site, officer: Client) -> None:
    only = enquire(site.handler)
    assert invite(officer, only).startswith(f"/cases/{only}?")

    other = enquire(site.handler, organisation="Second Barn")
    site.handler.alert(other, "mail_failed", "No such mailbox.", now=MONDAY)
    enquire(site.handler, organisation="Third Barn")
    alert = site.handler.claim(other, _alert_of(officer, other), actor=OLIVE, now=MONDAY)
    assert alert.reference == other
    assert invite(officer, other).startswith(f"/cases/{other}?")


def test_what_is_ticked_off_leads_on_too(site: Site, officer: Client) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    site.handler.alert(reference, "mail_failed", "No such mailbox.", now=MONDAY)
    other = enquire(site.handler, organisation="Second Barn")
    page = Page(officer.get(f"/cases/{reference}"))

    done = page.form("Mark as done").send(officer, "Mark as done", note="Rang Pat.").headers["location"]
    there = officer.get(done).headers["location"]

    assert there.startswith(f"/cases/{other}?")
    assert "Done: An email could not be delivered, Made Up Farm" in Page(officer.get(there)).text


def test_what_finishes_no_task_leads_nowhere_else(site: Site, officer: Client) -> None:
    reference = bring_to(site.handler, "gathering_evidence")
    enquire(site.handler, organisation="Second Barn")
    later = MONDAY + timedelta(hours=1)
    site.handler.fire(reference, "allow_more_time", {"why": "A death in the family."}, actor=OLIVE, now=later)

    page = Page(officer.get(f"/cases/{reference}?done=allow_more_time"))

    assert "Next task: Answer the enquiry, Second Barn" in page.text


def test_an_address_that_names_another_case_says_nothing_that_is_not_so(site: Site, officer: Client) -> None:
    first, second = enquire(site.handler), enquire(site.handler, organisation="Second Barn")

    for named in (first, "AP-0000-0000", "%00"):
        page = Page(officer.get(f"/cases/{second}?gone_on_from={named}&done=invite"))
        assert page.status == 200
        assert "This is the next" not in page.text


def _alert_of(officer: Client, reference: str) -> int:
    page = Page(officer.get(f"/cases/{reference}"))
    return next(int(name.removeprefix("task-")) for name in page.ids if name.startswith("task-"))
