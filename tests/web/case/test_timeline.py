"""The timeline of a case: a page at a time, each entry once, with what it sent and who was named in it."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from apflow.core.people.actor import THE_CLOCK
from apflow.store.tables.messages import messages
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, PETRA, enquire
from apflow.web.case.timeline import Bundle, Line, Said, bundled
from apflow.web.site import Site
from tests.brought import bring_to
from tests.removal import SUSPENDED
from tests.store.effort import steps
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[..., Client]
MINUTE = timedelta(minutes=1)
ON_THE_LIST = {
    "organisation": "Made Up Forge",
    "contact_name": "Pat Provider",
    "contact_email": "pat@made-up.example",
    "postcode": "BA1 1AA",
    "registration": "not_needed",
    "description": "Metalwork.",
    "ages": ["ks4"],
    "places": ["bath"],
    "subjects": ["trades"],
    "needs": ["semh"],
    "days": ["monday"],
    "listed_since": "2026-01-01",
}
VIEW = {"view": "visit", "comments": "Well prepared, well staffed."}


def change_contact(site: Site, reference: str, first: int, last: int) -> None:
    """An entry each, a minute apart."""
    for number in range(first, last + 1):
        change = {
            "contact_name": f"Pat Provider {number}",
            "contact_email": "pat@made-up-farm.example",
            "how_known": f"Call {number}.",
        }
        at = MONDAY + number * MINUTE
        site.handler.fire(reference, "change_contact", change, actor=OLIVE, now=at)


def versions(page: Page) -> list[int]:
    """The entries that the page tells of, newest first."""
    return sorted((int(name.removeprefix("entry-")) for name in page.ids if name.startswith("entry-")), reverse=True)


def test_every_entry_is_on_one_page_though_more_are_added_while_they_are_read(site: Site, client_as: ClientAs) -> None:
    reference, officer = enquire(site.handler), client_as(OLIVE)
    change_contact(site, reference, 1, 110)
    page, read = Page(officer.get(f"/cases/{reference}/timeline")), list[int]()
    for number in range(111, 120):
        read += versions(page)
        change_contact(site, reference, number, number)
        if not any(said == "Earlier" for said, _ in _links(page)):
            break
        page = Page(officer.get(page.link("Earlier")))
    assert read == list(range(111, 0, -1))


def test_the_way_back_to_newer_entries_leaves_none_out(site: Site, client_as: ClientAs) -> None:
    reference, officer = enquire(site.handler), client_as(OLIVE)
    change_contact(site, reference, 1, 110)
    newest = Page(officer.get(f"/cases/{reference}/timeline"))
    middle = Page(officer.get(newest.link("Earlier")))
    last = Page(officer.get(middle.link("Earlier")))
    assert versions(Page(officer.get(last.link("Newer")))) == versions(middle)
    assert versions(Page(officer.get(middle.link("Newer")))) == versions(newest)


def test_the_page_of_the_case_leads_to_the_entry_after_its_last(site: Site, client_as: ClientAs) -> None:
    reference, officer = enquire(site.handler), client_as(OLIVE)
    change_contact(site, reference, 1, 30)
    page = Page(officer.get(f"/cases/{reference}"))
    earlier = Page(officer.get(page.link("Earlier entries")))
    assert versions(page) + versions(earlier) == list(range(31, 0, -1))


def test_a_short_history_is_all_on_the_page_of_the_case(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    change_contact(site, reference, 1, 3)
    assert "Earlier entries" not in Page(client_as(OLIVE).get(f"/cases/{reference}")).text


def test_an_entry_on_a_later_page_has_the_e_mails_it_sent_and_not_those_of_another(
    site: Site, client_as: ClientAs
) -> None:
    reference, officer = enquire(site.handler), client_as(OLIVE)
    with site.store.writing() as connection:
        connection.execute(update(messages).values(status="failed", error="550 No such mailbox"))
    change_contact(site, reference, 1, 60)
    newest = Page(officer.get(f"/cases/{reference}/timeline"))
    assert "550 No such mailbox" not in newest.text
    assert "550 No such mailbox" in Page(officer.get(newest.link("Earlier"))).text


def test_what_a_reader_may_not_see_is_left_out_of_its_page(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "panel")
    site.handler.fire(reference, "give_view", VIEW, actor=PETRA, now=MONDAY)
    told = versions(Page(client_as(OLIVE).get(f"/cases/{reference}/timeline")))
    assert told == sorted(set(told), reverse=True)
    assert client_as(PAT).get(f"/cases/{reference}/timeline").status_code == 404


def test_an_answer_about_an_item_is_taken_out_of_its_form_and_the_history_says_so(
    site: Site, client_as: ClientAs
) -> None:
    opened = site.handler.open_case("provider", "take_over", ON_THE_LIST, actor=OLIVE, now=MONDAY)
    reference, officer = opened.reference, client_as(OLIVE)
    kept = {"check_note": "In the team's folder"}
    site.handler.fire(reference, "record_as_checked", kept, actor=OLIVE, now=MONDAY, item="reference_one")
    form = Page(officer.get(f"/cases/{reference}/do/record_as_checked?item=reference_one")).form("Record")
    assert form.value("check_note") == "In the team's folder"

    form.send(officer, "Record", check_note="")

    entry = Page(officer.get(f"/cases/{reference}/timeline")).text.partition("Record as checked before")[2]
    assert "Where the document is kept\nTaken out" in entry.partition("Record as checked before")[0]
    again = Page(officer.get(f"/cases/{reference}/do/record_as_checked?item=reference_one")).form("Record")
    assert again.value("check_note") == ""


def test_what_happened_to_a_document_says_apart_from_what_was_typed_what_was_taken_out(
    site: Site, client_as: ClientAs
) -> None:
    opened = site.handler.open_case("provider", "take_over", ON_THE_LIST, actor=OLIVE, now=MONDAY)
    for answers in ({"check_note": "In the team's folder"}, {"check_note": None}):
        site.handler.fire(opened.reference, "record_as_checked", answers, actor=OLIVE, now=MONDAY, item="reference_one")

    said = client_as(OLIVE).get(f"/cases/{opened.reference}/evidence/reference_one").text
    emptied = said.partition("Where the document is kept: <")[2].partition("</span>")[0]
    assert "govuk-tag--grey" in emptied
    assert "Taken out" in emptied


def test_a_correction_shows_what_it_changed_and_names_what_was_left(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler)
    case = client_as(OLIVE)
    form = Page(case.get(f"/cases/{reference}/do/correct_details")).form("Correct the provider's details")
    form.send(case, "Correct the provider's details", postcode="BA2 2BB")
    told = Page(case.get(f"/cases/{reference}/timeline")).text
    correction = told[: told.index("Apply to join")]
    assert "BA2 2BB" in correction
    assert "As before: Name of your organisation; Your full name" in correction
    assert "Made Up Farm" not in correction.partition("Correct the provider's details")[2]


def test_a_field_that_is_emptied_is_said_to_be(site: Site, client_as: ClientAs) -> None:
    reference, pat = enquire(site.handler), client_as(PAT)
    form = Page(pat.get(f"/cases/{reference}/do/correct_details")).form("details")
    form.send(pat, "details", contact_phone="")

    assert "Phone number\nTaken out" in Page(client_as(OLIVE).get(f"/cases/{reference}/timeline")).text


def test_a_field_that_an_event_empties_is_said_to_be(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "approved")
    site.handler.fire(reference, "suspend", SUSPENDED, actor=MAGDA, now=site.now())
    lifted = {"what_has_changed": "The new insurance has come."}
    site.handler.fire(reference, "lift_suspension", lifted, actor=MAGDA, now=site.now())

    told = Page(client_as(OLIVE).get(f"/cases/{reference}/timeline")).text
    assert "When is the suspension reviewed?\nTaken out" in told.partition("Suspend, so that")[0]


def test_an_address_that_names_no_entry_tells_of_the_newest(site: Site, client_as: ClientAs) -> None:
    reference, officer = enquire(site.handler), client_as(OLIVE)
    for before in ("nonsense", "-1", "0", "99999999999", "99999"):
        assert versions(Page(officer.get(f"/cases/{reference}/timeline?before={before}"))) == [1]
    assert "There is nothing here for you to read." in Page(officer.get(f"/cases/{reference}/timeline?before=1")).text


def test_the_page_of_a_case_and_its_timeline_cost_no_more_when_the_history_is_longer(
    site: Site, client_as: ClientAs
) -> None:
    short, long, officer = enquire(site.handler), enquire(site.handler), client_as(OLIVE)
    change_contact(site, short, 1, 60)
    change_contact(site, long, 1, 240)
    for address in ("/cases/{}", "/cases/{}/timeline"):
        for one in (short, long):
            officer.get(address.format(one))  # The first look is written down.
        little, much = (_steps(site, officer, address.format(one)) for one in (short, long))
        assert 0 < much < little * 1.05


def _steps(site: Site, officer: Client, address: str) -> int:
    return steps(site.store, lambda: officer.get(address))


def _links(page: Page) -> list[tuple[str, str]]:
    return [(" ".join(said.split()), href) for said, href in page.links]


def heard(version: int, note: str = "AP-1111-1111 asked for this.", said: tuple[Said, ...] = ()) -> Line:
    """What another case told this one."""
    return Line(version, MONDAY, None, "Automatic", "A placement begins there", None, said, note)


def test_what_is_told_again_in_the_same_words_is_one_line() -> None:
    lines = (heard(4), heard(3), heard(2), heard(1, "AP-2222-2222 asked for this."))
    assert bundled(lines) == [Bundle(lines[:3]), Bundle(lines[3:])]


def test_what_is_told_again_with_something_more_stays_a_line_of_its_own() -> None:
    lines = (heard(3), heard(2, said=(Said("Pupils there", "4"),)), heard(1))
    assert bundled(lines) == [Bundle((line,)) for line in lines]


def test_what_was_told_several_times_says_how_often(site: Site, client_as: ClientAs) -> None:
    worry = {"organisation": "Made Up Farm", "what_happened": "No register.", "told_by": "school", "how_told": "A call"}
    reference = site.handler.open_case("concern", "log_concern", worry, actor=OLIVE, now=MONDAY).reference
    for number in range(3):
        site.handler.fire(reference, "placement_begins_there", {}, actor=THE_CLOCK, now=MONDAY + number * MINUTE)
    told = Page(client_as(OLIVE).get(f"/cases/{reference}")).text
    assert "A placement begins there, 3 times" in told
    assert "Show all 3" not in told
