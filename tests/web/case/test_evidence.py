"""One document's page: what is asked for, what was sent, and what the provider or an officer can do with it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from msgspec import structs

from apflow.core.snapshot import Item, OpenTask
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.people.away import Away
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, PAT, PETRA, StoppedClock, a_document, enquire
from apflow.web.case.opened import open_case
from apflow.web.case.shown_task import shown_task
from apflow.web.site import Site
from tests.brought import bring_to
from tests.files import a_pdf
from tests.web.browsing import Client
from tests.web.provider import a_case_sent_back, fire, supply
from tests.web.reading import Page

ClientAs = Callable[..., Client]
PDF = ("policy.pdf", a_pdf(), "application/pdf")
OCTOBER = {"dated_on__day": "1", "dated_on__month": "10", "dated_on__year": "2026"}


def paper(client: Client, reference: str, item: str) -> Page:
    return Page(client.get(f"/cases/{reference}/evidence/{item}"))


def buttons(page: Page) -> set[str]:
    """What can be done on the page itself, without the buttons every page has."""
    return {one.text for form in page.forms for one in form.buttons} - {"Sign out"}


def status(site: Site, reference: str, item: str) -> str:
    with site.store.reading() as connection:
        case = load_case(connection, reference)
    found = case.item("evidence", item) if case else None
    return found.status if found else "untouched"


# What is asked for


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("child_protection", "It must be dated within the last 12 months."),
        ("safeguarding_training", "It must be dated within the last 2 years."),
        ("public_liability", "It must be in force: tell us the date it expires, and send us the next one by then."),
        ("reference_one", "It does not run out."),
    ],
)
def test_the_page_says_in_words_how_old_a_document_may_be(
    handler: Handler, client_as: ClientAs, item: str, said: str
) -> None:
    page = paper(client_as(PAT), bring_to(handler, "gathering_evidence"), item)

    assert said in page.text
    assert handler.library.catalogues["evidence"].items[item].good in page.text


def test_a_recommended_document_is_told_from_a_required_one(handler: Handler, client_as: ClientAs) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")

    assert "Recommended: an application can be submitted without it" in paper(pat, reference, "online_safety").text
    assert "Required" in paper(pat, reference, "curriculum").text


def test_only_for_what_may_not_apply_can_she_say_that_it_does_not(handler: Handler, client_as: ClientAs) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")

    assert buttons(paper(pat, reference, "medication")) == {"Send this document", "Tell us this does not apply to you"}
    assert buttons(paper(pat, reference, "curriculum")) == {"Send this document"}


def test_the_documents_lead_from_one_to_the_next(handler: Handler, client_as: ClientAs) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")
    keys, seen = list(handler.library.catalogues["evidence"].items), []
    address = f"/cases/{reference}/evidence/{keys[0]}"
    while address:
        seen.append(address.rpartition("/")[2])
        address = next((href for text, href in Page(pat.get(address)).links if text.startswith("Next")), "")

    assert seen == keys
    assert paper(pat, reference, keys[-1]).link("Previous").endswith(keys[-2])


# The provider


def test_she_sends_a_document_and_can_read_what_she_sent(site: Site, handler: Handler, client_as: ClientAs) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")
    form = paper(pat, reference, "curriculum").form("Send this document")

    sent = form.send(pat, "Send this document", files={"file": PDF}, note="Chapter 2 is new.", **OCTOBER)

    assert "We have your document" in Page(pat.get(sent.headers["location"])).text
    page = paper(pat, reference, "curriculum")
    assert status(site, reference, "curriculum") == "supplied"
    assert "Sent to us" in page.text
    assert "Thursday 1 October 2026" in page.text
    assert "Good until\nFriday 1 October 2027" in page.text
    assert "Chapter 2 is new." in page.text
    assert pat.get(page.link("policy.pdf")).content == a_pdf()


def test_a_mistake_brings_the_form_back_with_what_was_typed(handler: Handler, client_as: ClientAs) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")
    form = paper(pat, reference, "curriculum").form("Send this document")

    page = Page(form.send(pat, "Send this document", files={"file": PDF}, note="Chapter 2 is new."))

    assert page.status == 422
    assert "dated_on-day" in page.errors
    assert page.form("Send this document").value("note") == "Chapter 2 is new."
    # And the document's own page has it too, should she go there instead.
    assert paper(pat, reference, "curriculum").form("Send this document").value("note") == "Chapter 2 is new."


def test_another_file_can_take_the_place_of_the_first(site: Site, handler: Handler, client_as: ClientAs) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")
    supply(handler, reference, "curriculum")

    page = paper(pat, reference, "curriculum")
    page.form("Send this document").send(pat, "Send this document", files={"file": PDF}, **OCTOBER)

    assert "Send another file in its place" in page.text
    assert "Thursday 1 October 2026" in paper(pat, reference, "curriculum").text


def test_she_reads_why_it_was_sent_back_above_the_form(handler: Handler, client_as: ClientAs) -> None:
    page = paper(client_as(PAT), a_case_sent_back(handler, asked=True), "attendance")

    assert "Needs another look" in page.text
    assert "It does not say who rings the family." in page.below("Why it needs another look")
    assert buttons(page) == {"Send this document"}


def test_while_the_council_checks_she_sees_why_nothing_can_be_changed(handler: Handler, client_as: ClientAs) -> None:
    page = paper(client_as(PAT), bring_to(handler, "checking_evidence"), "curriculum")

    assert buttons(page) == set()
    assert "You cannot change this at the present stage: we are checking your documents." in page.text


def test_a_document_that_has_run_out_says_so(handler: Handler, client_as: ClientAs, clock: StoppedClock) -> None:
    reference = bring_to(handler, "visit")
    clock.at = MONDAY + timedelta(days=310)

    page = paper(client_as(PAT), reference, "public_liability")

    assert "This ran out on Sunday 29 August 2027. Send us the new one." in page.text


# The officer


def test_an_officer_sees_what_was_sent_and_accepts_it(site: Site, handler: Handler, client_as: ClientAs) -> None:
    officer, reference = client_as(OLIVE), bring_to(handler, "checking_evidence")
    page = paper(officer, reference, "curriculum")

    page.form("Accept").send(officer, "Accept", check_note="Covers both sites.")

    assert "policy.pdf" in page.below("What was sent")
    assert status(site, reference, "curriculum") == "accepted"
    assert "Covers both sites." in paper(officer, reference, "curriculum").below("What happened to it")


def test_an_officer_sends_a_document_back_with_a_reason(site: Site, handler: Handler, client_as: ClientAs) -> None:
    officer, reference = client_as(OLIVE), bring_to(handler, "checking_evidence")

    paper(officer, reference, "curriculum").form("Send back").send(officer, "Send back", reason="This is last year's.")

    assert status(site, reference, "curriculum") == "returned"
    assert "This is last year's." in paper(officer, reference, "curriculum").below("Why it was sent back")


def test_an_officer_takes_an_acceptance_back_and_the_provider_reads_neither_that_nor_why(
    site: Site, handler: Handler, client_as: ClientAs
) -> None:
    officer, pat, reference = client_as(OLIVE), client_as(PAT), bring_to(handler, "approved")
    before = pat.get(f"/cases/{reference}/timeline").text

    page = paper(officer, reference, "curriculum")
    page.form("Take the acceptance back").send(officer, "Take the acceptance back", why_again="The wrong site's.")

    assert status(site, reference, "curriculum") == "supplied"
    assert "The wrong site's." in paper(officer, reference, "curriculum").below("What happened to it")
    assert "Check a document again whose acceptance was taken back" in Page(officer.get(f"/cases/{reference}")).text
    assert pat.get(f"/cases/{reference}/timeline").text == before
    seen = paper(pat, reference, "curriculum").text
    assert "The wrong site's." not in seen
    assert "Take the acceptance back" not in seen


def test_an_officer_agrees_that_a_document_does_not_apply(site: Site, handler: Handler, client_as: ClientAs) -> None:
    reference = bring_to(handler, "gathering_evidence")
    required = [key for key, item in handler.library.catalogues["evidence"].items.items() if item.required]
    supply(handler, reference, *(key for key in required if key != "medication"))
    fire(handler, reference, PAT, "say_not_applicable", "medication", why="We only teach online.")
    fire(handler, reference, PAT, "submit", declaration=True)
    officer = client_as(OLIVE)
    page = paper(officer, reference, "medication")

    page.form("Agree").send(officer, "Agree", check_note="Their website says so too.")

    assert "We only teach online." in page.below("What was sent")
    assert status(site, reference, "medication") == "not_applicable"


def test_a_manager_and_a_panel_member_look_and_change_nothing(handler: Handler, client_as: ClientAs) -> None:
    reference = bring_to(handler, "panel")

    for person in (MAGDA, PETRA):
        page = paper(client_as(person), reference, "curriculum")
        assert "policy.pdf" in page.text
        assert buttons(page) == set()


# Both


def test_there_is_no_such_document_or_no_such_case_for_you(handler: Handler, client_as: ClientAs) -> None:
    reference = bring_to(handler, "gathering_evidence")

    assert client_as(PAT).get(f"/cases/{reference}/evidence/nonsense").status_code == 404
    assert client_as(DAN).get(f"/cases/{reference}/evidence/curriculum").status_code == 404
    assert client_as(PETRA).get(f"/cases/{enquire(handler)}/evidence/curriculum").status_code == 404


def test_a_page_of_a_case_is_for_people_who_are_signed_in(handler: Handler, client: Client) -> None:
    reference = bring_to(handler, "gathering_evidence")

    answer = client.get(f"/cases/{reference}/evidence/curriculum")

    assert answer.headers["location"] == f"/sign-in?next=/cases/{reference}/evidence/curriculum"


class Ids(HTMLParser):
    """Every id on a page, as often as it is given."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update(value for name, value in attrs if name == "id" and value)


@pytest.mark.parametrize("state", ["gathering_evidence", "checking_evidence", "visit"])
@pytest.mark.parametrize("person", [PAT, OLIVE], ids=["the provider", "an officer"])
def test_the_forms_of_one_page_do_not_share_an_id(
    handler: Handler, client_as: ClientAs, person: object, state: str
) -> None:
    reference = bring_to(handler, state)
    if state == "gathering_evidence":
        fire(handler, reference, PAT, "say_not_applicable", "medication", why="We only teach online.")
        fire(handler, reference, PAT, "supply", "first_aid", **a_document(handler, PAT, "first_aid"))
    browser = client_as(person)

    for item in ("medication", "first_aid", "fire_safety", "curriculum"):
        ids = Ids(browser.get(f"/cases/{reference}/evidence/{item}").text).found
        assert [name for name, count in ids.items() if count > 1] == []


def test_a_task_about_a_document_that_the_catalogue_has_dropped_is_shown_without_it(
    handler: Handler, site: Site
) -> None:
    reference = bring_to(handler, "approved")
    document = Item("evidence", "dropped", "supplied")
    task = OpenTask(1, "check_document", "officer", "Check it", None, None, MONDAY, is_alert=True, item="dropped")
    opened = open_case(site, OLIVE, reference)
    items = {**opened.snapshot.items, "evidence": {**opened.snapshot.items["evidence"], "dropped": document}}
    held = replace(opened, snapshot=structs.replace(opened.snapshot, tasks=(task,), items=items))

    shown = shown_task(held, task, {}, Away({}))

    assert (shown.about, shown.finished_by) == ("", ())


# What has run out


MARCH_2024 = {"dated_on__day": "1", "dated_on__month": "3", "dated_on__year": "2024"}


def test_a_document_that_has_run_out_is_refused_as_it_is_sent_and_what_was_sent_before_stays(
    site: Site, handler: Handler, client_as: ClientAs
) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")
    form = paper(pat, reference, "curriculum").form("Send this document")

    refused = Page(form.send(pat, "Send this document", files={"file": PDF}, note="The newest.", **MARCH_2024))

    assert refused.status == 409
    [(leads_to, said)] = refused.errors.items()
    assert (leads_to, "this document has run out already" in said) == ("dated_on-day", True)
    assert f"Error: {said}" in " ".join(refused.text.split())
    assert refused.form("Send this document").value("note") == "The newest."
    assert status(site, reference, "curriculum") == "untouched"

    refused.form("Send this document").send(pat, "Send this document", **OCTOBER)
    assert status(site, reference, "curriculum") == "supplied"
    again = paper(pat, reference, "curriculum").form("Send this document")
    again.send(pat, "Send this document", files={"file": PDF}, **MARCH_2024)
    assert "Friday 1 October 2027" in paper(pat, reference, "curriculum").text


def test_the_last_day_that_a_document_is_good_is_early_enough(
    site: Site, handler: Handler, client_as: ClientAs
) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")
    form = paper(pat, reference, "curriculum").form("Send this document")
    a_year_ago = {"dated_on__day": "2", "dated_on__month": "11", "dated_on__year": "2025"}

    sent = form.send(pat, "Send this document", files={"file": PDF}, **a_year_ago)

    assert sent.status_code == 303
    assert status(site, reference, "curriculum") == "supplied"


def test_one_that_has_run_out_since_it_was_sent_is_tagged_and_not_counted(
    handler: Handler, client_as: ClientAs, clock: StoppedClock
) -> None:
    pat, reference = client_as(PAT), bring_to(handler, "gathering_evidence")
    keys = [key for key, one in handler.library.catalogues["evidence"].items.items() if one.required]
    supply(handler, reference, *[key for key in keys if key != "curriculum"])
    a_year_ago = a_document(handler, PAT, "curriculum") | {"dated_on": "2025-11-02"}
    fire(handler, reference, PAT, "supply", "curriculum", **a_year_ago)
    assert f"{len(keys)} of {len(keys)} required documents sent" in Page(pat.get(f"/cases/{reference}")).text

    clock.at = MONDAY + timedelta(days=1)
    page = Page(pat.get(f"/cases/{reference}"))

    assert f"{len(keys) - 1} of {len(keys)} required documents sent" in page.text
    assert "Run out" in page.text
    assert "These are still needed:" in page.text
    assert not page.has_button("Submit for checking")
