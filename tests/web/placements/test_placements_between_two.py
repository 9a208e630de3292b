"""The pages of a placement: who may look up its pupil, what may be set aside there, and where its record leads."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest

from apflow.core.people.actor import Actor
from apflow.rounds.signals import hear_all
from apflow.store.records.offered import own_pupils
from apflow.store.records.placements import placements_of
from apflow.store.records.reads import count_reads
from apflow.testing import DAN, MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.placing import ANOTHER_PROGRAMME, a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.removal import REASONS, remove
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@dataclass(frozen=True)
class Referral:
    """One that is sent: its school, its pupil, and the provider's case."""

    reference: str
    school: Actor
    pupil: int
    provider: str


@pytest.fixture
def referral(site: Site) -> Referral:
    provider, place = a_listed_site(site.handler)
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    return Referral(refer(site.handler, school, pupil, place), school, pupil, provider)


def looks(site: Site, pupil: int) -> int:
    with site.store.reading() as connection:
        return count_reads(connection, pupil)


def test_only_who_needs_to_know_looks_the_pupil_up_and_each_look_is_noted(
    site: Site, referral: Referral, client_as: ClientAs
) -> None:
    address = f"/cases/{referral.reference}/pupil"
    assert client_as(PAT).get(address).status_code == 404, "not while it is only considered"
    assert client_as(DAN).get(address).status_code == 404
    assert client_as(PETRA).get(address).status_code == 404
    assert looks(site, referral.pupil) == 0

    prepare(site.handler, referral.reference, referral.school)
    assert "Pip Sparrow" in client_as(PAT).get(address).text
    assert "Pip Sparrow" in client_as(referral.school).get(address).text
    assert looks(site, referral.pupil) == 2
    assert client_as(OLIVE).get(address).headers["location"] == f"/pupils/{referral.pupil}"


def test_the_form_offers_a_school_its_own_pupils_and_notes_that_it_did(
    site: Site, referral: Referral, client_as: ClientAs
) -> None:
    vale = a_school_with_an_account(site.handler, "Vale Academy", "999902", "val@vale.example")
    page = client_as(referral.school).get(f"/start/refer_a_pupil?pupil={referral.pupil}").text
    assert "Sparrow, Pip" in page
    assert looks(site, referral.pupil) == 1

    other = client_as(vale).get(f"/start/refer_a_pupil?pupil={referral.pupil}").text
    assert "Sparrow" not in other
    assert "There is nothing here to choose from yet" in other
    assert "We have no pupil of yours" in client_as(vale).get("/my-pupils").text
    assert looks(site, referral.pupil) == 1


def test_the_list_of_pupils_is_for_those_who_can_refer_one(referral: Referral, client_as: ClientAs) -> None:
    assert "Sparrow, Pip" in client_as(referral.school).get("/my-pupils").text
    for other in (PAT, OLIVE, PETRA):
        assert client_as(other).get("/my-pupils").status_code == 404


def test_the_entry_on_the_list_leads_to_a_referral_there(referral: Referral, client_as: ClientAs, site: Site) -> None:
    with site.store.reading() as connection:
        (pupil,) = own_pupils(connection, referral.school.id or 0, MONDAY.date())
    assert pupil.id == referral.pupil
    client = client_as(referral.school)
    entry = next(line for line in client.get("/approved-list").text.split('"') if line.startswith("/approved-list/"))
    page = client.get(entry).text
    assert "Refer a pupil to Main site" in page
    address = next(line for line in page.split('"') if line.startswith("/start/refer_a_pupil"))
    assert "selected>Made Up Farm: Main site" in client.get(address).text


def test_the_entry_leads_nobody_to_a_referral_who_may_not_make_one(
    referral: Referral, client: Client, client_as: ClientAs
) -> None:
    entry = next(line for line in client.get("/approved-list").text.split('"') if line.startswith("/approved-list/"))

    assert "/start/refer_a_pupil" in client.get(entry).text  # A school may read it before it signs in.
    assert "/start/refer_a_pupil" in client_as(referral.school).get(entry).text
    for other in (PAT, PETRA):
        assert "/start/refer_a_pupil" not in client_as(other).get(entry).text


def test_a_school_sets_the_missing_signature_aside_from_its_own_page(
    site: Site, referral: Referral, client_as: ClientAs
) -> None:
    prepare(site.handler, referral.reference, referral.school)
    site.handler.fire(referral.reference, "set_programme", ANOTHER_PROGRAMME, actor=PAT, now=MONDAY)
    base = f"/cases/{referral.reference}"
    aside = f"{base}/set-aside/agreement_is_signed"

    assert aside in client_as(referral.school).get(base).text
    assert client_as(referral.school).get(aside).status_code == 200
    assert aside not in client_as(PAT).get(base).text
    assert client_as(PAT).get(aside).status_code in (403, 404)
    assert client_as(OLIVE).get(aside).status_code in (403, 404)


def test_the_record_leads_to_the_case_that_keeps_it(site: Site, referral: Referral, client_as: ClientAs) -> None:
    prepare(site.handler, referral.reference, referral.school)
    site.handler.fire(referral.reference, "start_placement", {}, actor=referral.school, now=MONDAY)
    with site.store.reading() as connection:
        (row,) = placements_of(connection, referral.pupil)
    officer = client_as(OLIVE)

    assert officer.get(f"/placements/{row.id}/change").headers["location"] == f"/cases/{referral.reference}"
    assert f"/cases/{referral.reference}" in officer.get(f"/pupils/{referral.pupil}").text


def test_the_api_names_no_pupil_it_offers(referral: Referral, api_as: ClientAs) -> None:
    answer = api_as(referral.school).get("/api/v1/workflows/placement")
    assert answer.status_code in (200, 404)
    assert "Sparrow" not in answer.text


def test_a_provider_and_a_site_that_were_chosen_are_named_and_a_pupil_is_not(
    referral: Referral, client_as: ClientAs
) -> None:
    page = client_as(OLIVE).get(f"/cases/{referral.reference}").text
    details, timeline = page.partition('id="timeline"')[::2]
    assert "Made Up Farm: Main site" in timeline
    assert "Sparrow" not in page
    assert not re.search(r"Record \d", page), "what is taken from a record says it"
    assert "Number of the commissioner" not in details


@pytest.fixture
def running(site: Site, referral: Referral) -> Referral:
    """The same placement while it runs, from the day of the tests."""
    today = MONDAY.date().isoformat()
    prepare(site.handler, referral.reference, referral.school, starts_on=today)
    site.handler.fire(referral.reference, "start_placement", {}, actor=referral.school, now=MONDAY)
    inducted = {"inducted_on": today, "given_by": "Pat", "health_and_safety": True, "who_to_tell": True}
    site.handler.fire(referral.reference, "record_induction", inducted, actor=PAT, now=MONDAY)
    return referral


def test_the_deadlines_of_a_case_stand_in_the_order_of_their_days(running: Referral, client_as: ClientAs) -> None:
    page = client_as(OLIVE).get(f"/cases/{running.reference}").text
    days = [datetime.strptime(found, "%d %B %Y") for found in re.findall(r"<br>by \w+ (\d+ \w+ \d+)<br>", page)]
    assert len(days) > 2
    assert days == sorted(days)


def test_a_provider_is_told_first_of_the_report_that_is_due(running: Referral, client_as: ClientAs) -> None:
    page = Page(client_as(PAT).get(f"/cases/{running.reference}"))
    assert "The report on progress is due by" in page.below("Do now")


def test_home_says_which_organisation_is_on_the_other_side(running: Referral, client_as: ClientAs) -> None:
    provider = Page(client_as(PAT).get("/home"))
    assert "Made Up Farm, with Hill School" in provider.below("Do now")
    assert "Next: Report on progress" in provider.below("Do now"), "“The placement runs” alone asks for nothing"
    assert "Sally" not in provider.text
    school = Page(client_as(running.school).get("/home"))
    assert "with Made Up Farm" not in school.text, "its title says so"


def test_outsiders_read_which_organisation_a_case_waits_for(running: Referral, client_as: ClientAs) -> None:
    page = Page(client_as(running.school).get(f"/cases/{running.reference}"))
    assert "Waiting for Made Up Farm" in [text for _, text in page.headings]


def test_staff_are_told_in_every_list_which_school_a_placement_is_of(
    site: Site, running: Referral, client_as: ClientAs
) -> None:
    site.handler.alert(running.reference, "mail_failed", "It came back.", now=MONDAY)
    olive = client_as(OLIVE)
    assert f"Made Up Farm, with Hill School {running.reference}" in Page(olive.get("/work")).below("To claim 1")
    assert "With Hill School" in Page(olive.get("/cases?kind=placement")).text


def test_both_sides_reach_an_invoice_from_its_placement(site: Site, running: Referral, client_as: ClientAs) -> None:
    invoice = {"invoice_number": "1042", "period_from": "2026-11-02", "period_until": "2026-11-30"}
    sent = {**invoice, "amount": "640", "pay_by": "2026-12-14"}
    site.handler.fire(running.reference, "send_invoice", sent, actor=PAT, now=MONDAY)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    address = ""
    for side in (running.school, PAT):
        address = Page(client_as(side).get(f"/cases/{running.reference}")).link("Invoice 1042")
        assert running.reference in client_as(side).get(address).text, "and find the way back"
    staff = client_as(OLIVE).get(address).text
    assert "Pupils placed there" not in staff, "an invoice is of one placement, and of no provider's pupils"


def test_what_an_invoice_is_for_and_by_when_stands_above_all_else_on_its_page(
    site: Site, running: Referral, client_as: ClientAs
) -> None:
    invoice = {"invoice_number": "1042", "period_from": "2026-11-02", "period_until": "2026-11-30"}
    sent = {**invoice, "amount": "640", "pay_by": "2026-12-14"}
    site.handler.fire(running.reference, "send_invoice", sent, actor=PAT, now=MONDAY)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    address = Page(client_as(PAT).get(f"/cases/{running.reference}")).link("Invoice 1042")

    for who, below in ((OLIVE, "What to do next"), (running.school, "Do now"), (PAT, "Waiting for")):
        above = Page(client_as(who).get(address)).text.split(below)[0]
        assert "Amount: £640.00" in above, who.name
        assert "To be settled by: Monday 14 December 2026" in above, who.name


def test_nobody_is_shown_the_numbers_that_records_go_by(running: Referral, client_as: ClientAs) -> None:
    for actor in (OLIVE, running.school, PAT):
        assert "Number of the" not in Page(client_as(actor).get(f"/cases/{running.reference}")).text


def test_both_sides_see_who_has_signed(running: Referral, client_as: ClientAs) -> None:
    for side in (running.school, PAT):
        signed = Page(client_as(side).get(f"/cases/{running.reference}")).below("Signatures under the service level")
        assert signed.count("Signed") == 2
        assert "(you)" in signed
    told = Page(client_as(OLIVE).get(f"/cases/{running.reference}")).below("Signatures under the service level")
    assert told.count("Name and role of whoever signs") == 2
    assert "We hold the agreement" not in told, "nobody signed on paper"


def test_the_staff_s_page_says_for_which_school_it_is(running: Referral, client_as: ClientAs) -> None:
    assert "With Hill School" in Page(client_as(OLIVE).get(f"/cases/{running.reference}")).text


def test_whoever_reads_a_placement_that_a_removal_put_in_question_is_told_why_first(
    site: Site, running: Referral, client_as: ClientAs
) -> None:
    remove(site.handler, running.provider)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    for actor, heading in ((running.school, "Do now"), (PAT, "Waiting for Hill School"), (OLIVE, "What to do next")):
        page = Page(client_as(actor).get(f"/cases/{running.reference}"))
        assert f"Why it has to be decided on at once\n{REASONS}" in page.below(heading)

    found = {"found_at_once": "All is well.", "in_place": "Our own visits.", "own_checks": True}
    site.handler.fire(running.reference, "it_goes_on", found, actor=running.school, now=MONDAY)
    matter = {"in_short": "Said at break", "matter": "The DSL was told."}
    site.handler.fire(running.reference, "safeguarding_matter", matter, actor=PAT, now=MONDAY)
    page = Page(client_as(running.school).get(f"/cases/{running.reference}"))
    assert "Why it has to be decided" not in page.below("Do now"), "it is another matter now"


def test_a_safeguarding_matter_stands_before_all_else_of_a_placement(
    site: Site, running: Referral, client_as: ClientAs
) -> None:
    change = {"what_changed": "Another bus", "says": "It comes later."}
    site.handler.fire(running.reference, "tell_of_change", change, actor=PAT, now=MONDAY)
    matter = {"in_short": "Said at break", "matter": "The DSL was told."}
    site.handler.fire(running.reference, "safeguarding_matter", matter, actor=PAT, now=MONDAY)
    for actor in (running.school, PAT, OLIVE):
        headings = [text for level, text in Page(client_as(actor).get(f"/cases/{running.reference}")).headings]
        sets = [text for text in headings if text in ("Safeguarding matters", "Changes each side has told the other")]
        assert sets == ["Safeguarding matters", "Changes each side has told the other"]


def test_a_form_about_what_no_list_describes_says_nothing_of_what_is_asked_for(
    site: Site, running: Referral, client_as: ClientAs
) -> None:
    matter = {"in_short": "Said at break", "matter": "The DSL was told."}
    site.handler.fire(running.reference, "safeguarding_matter", matter, actor=PAT, now=MONDAY)
    page = client_as(running.school).get(f"/cases/{running.reference}/do/have_read_matter?item=1")
    assert "The DSL was told." in page.text
    assert "What is asked for" not in page.text


def test_what_can_only_be_confirmed_is_not_said_of_an_item(site: Site, running: Referral, client_as: ClientAs) -> None:
    who = {"parent_name": "Ann Wren", "relation": "Mother", "responsible": True, "is_safe": True}
    said = {**who, "parent_email": "ann@home.example"}
    site.handler.fire(running.reference, "write_by_email", said, actor=running.school, now=MONDAY)
    parents = Page(client_as(running.school).get(f"/cases/{running.reference}")).below("Parents and carers")
    assert "ann@home.example" in parents
    assert "It is safe" not in parents
