"""The approved list as anybody reads it: found, filtered, as files, and without a word that is not public."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.tables.cases import cases
from apflow.testing import ENQUIRY, MONDAY, OLIVE, PAT, StoppedClock
from apflow.web.lists.listing import Listing, entries_of, listing_of
from apflow.web.site import Site
from tests.brought import bring_to
from tests.removal import remove
from tests.web.browsing import Client
from tests.web.reading import Page

LIST = "/approved-list"
FARM = {
    "description": "Goats and gardening in a small group.",
    "ages": ["ks3", "ks4"],
    "places": ["bath"],
    "subjects": ["animals"],
    "needs": ["anxiety"],
    "days": ["monday", "friday"],
}


def approved(handler: Handler, entry: dict[str, Any] | None = None, **enquiry: Any) -> str:
    """A provider on the list, with this entry or the farm's; its case's reference."""
    reference = bring_to(handler, "approved", **enquiry)
    name, registration = enquiry.get("organisation", ENQUIRY["organisation"]), enquiry.get("registration", "not_needed")
    answers = {**FARM, **(entry or {}), "organisation": name, "registration": registration}
    if "urn" in enquiry:
        answers["urn"] = enquiry["urn"]
    handler.fire(reference, "change_entry", answers, actor=OLIVE, now=MONDAY)
    return reference


def many(handler: Handler, count: int) -> None:
    """So many providers on the list: one that went the whole way, and its like under other names."""
    reference = approved(handler, organisation="Made Up Place 00")
    with handler.store.writing() as connection:
        row = connection.execute(select(cases).where(cases.c.reference == reference)).mappings().one()
        like = {name: value for name, value in row.items() if name != "id"}
        names = [f"Made Up Place {number:02}" for number in range(1, count)]
        others = [
            {**like, "reference": f"AP-{number}", "title": name, "fields": {**row["fields"], "organisation": name}}
            for number, name in enumerate(names)
        ]
        connection.execute(cases.insert(), others)


def listed_in(client: Client, address: str) -> list[str]:
    return [row["name"] for row in client.get(address.replace(LIST, f"{LIST}.json")).json()["items"]]


def test_the_front_page_leads_to_the_list(client: Client) -> None:
    assert Page(client.get("/")).link("See the approved list") == LIST


def test_an_empty_list_says_so_and_whom_to_ask(client: Client) -> None:
    page = Page(client.get(LIST))

    assert "There are no approved providers on the list at the moment" in page.text
    assert "0 providers" in page.text


def test_an_entry_says_what_is_offered_what_was_checked_and_who_is_responsible(
    handler: Handler, client: Client
) -> None:
    approved(handler)

    page = Page(client.get(LIST))
    one = Page(client.get(page.link("Made Up Farm")))

    assert "Correct as of 2 November 2026 at 10am" in page.text
    assert "Responsibility for a placement stays with whoever commissions it" in page.text
    for said in ("Taking placements", "Goats and gardening", "11 to 14 (key stage 3); 14 to 16 (key stage 4)", "Bath"):
        assert said in page.text
    assert "Not registered" in one.text
    assert "Monday 2 November 2026" in one.text
    assert "Public liability insurance" in one.text
    assert "Responsibility for a placement stays with whoever commissions it" in one.text


def test_only_what_is_public_leaves_the_house(handler: Handler, client: Client) -> None:
    approved(handler)
    handler.fire(
        bring_to(handler, "panel", organisation="Not Yet Approved"), "withdraw", {"sure": True}, actor=OLIVE, now=MONDAY
    )
    bring_to(handler, "visit", organisation="Hidden Until Approved")

    (item,) = client.get(f"{LIST}.json").json()["items"]
    pages = [client.get(path).text for path in (LIST, f"{LIST}/{item['id']}", f"{LIST}.csv", f"{LIST}.json")]

    for kept in (
        "Pat Provider",
        "pat@made-up-farm",
        "01225",
        "BA1 1AA",
        "three days a week",
        "AP-",
        "Not Yet",
        "Hidden",
    ):
        assert not any(kept in text for text in pages), kept
    assert set(item["fields"]) <= {
        "organisation", "description", "ages", "places", "subjects", "needs", "days",
        "registration", "urn", "visited_on",
    }  # fmt: skip


def test_each_filter_finds_any_of_its_choices_and_all_filters_must_fit(handler: Handler, client: Client) -> None:
    approved(handler)
    approved(handler, {"ages": ["ks1"], "days": ["friday"], "places": ["online"]}, organisation="Made Up Tutors")

    assert listed_in(client, f"{LIST}?ages=ks1&ages=ks4") == ["Made Up Farm", "Made Up Tutors"]
    assert listed_in(client, f"{LIST}?ages=ks1&days=friday") == ["Made Up Tutors"]
    assert listed_in(client, f"{LIST}?ages=ks1&days=monday") == []
    assert listed_in(client, f"{LIST}?ages=nonsense&nobody=knows") == ["Made Up Farm", "Made Up Tutors"]


def test_registered_or_not_or_not_known_yet_is_one_choice_each(handler: Handler, client: Client) -> None:
    approved(handler)
    approved(handler, organisation="Made Up Unsure", registration="not_sure")
    approved(handler, organisation="Made Up School", registration="registered", urn="999912")

    assert listed_in(client, f"{LIST}?registration=registered") == ["Made Up School"]
    assert listed_in(client, f"{LIST}?registration=not_needed") == ["Made Up Farm"]
    assert listed_in(client, f"{LIST}?registration=not_sure") == ["Made Up Unsure"]
    assert "Being looked into" in Page(client.get(f"{LIST}?registration=not_sure")).text


def test_words_are_looked_for_in_names_offers_subjects_and_places(handler: Handler, client: Client) -> None:
    approved(handler)
    approved(handler, {"description": "Maths by the fire.", "places": ["online"]}, organisation="Made Up Tutors")

    assert listed_in(client, f"{LIST}?q=GOATS") == ["Made Up Farm"]
    assert listed_in(client, f"{LIST}?q=tutors") == ["Made Up Tutors"]
    assert listed_in(client, f"{LIST}?q=animal+bath") == ["Made Up Farm"]
    assert listed_in(client, f"{LIST}?q=anxiety") == []


def test_when_nothing_fits_the_page_says_what_each_thing_left_out_would_find(handler: Handler, client: Client) -> None:
    approved(handler)

    page = Page(client.get(f"{LIST}?ages=ks1&places=bath"))

    assert "No provider on the list fits everything you look for" in page.text
    assert page.link("Without 5 to 7 (key stage 1)") == f"{LIST}?places=bath"
    assert "Without 5 to 7 (key stage 1) (1)" in page.text
    assert "Without Bath" not in page.text


def test_what_is_looked_for_is_ticked_and_can_be_taken_off(handler: Handler, client: Client) -> None:
    approved(handler)

    page = Page(client.get(f"{LIST}?q=goats&ages=ks4"))

    assert page.link("Remove: “goats”") == f"{LIST}?ages=ks4"
    assert page.link("Remove: 14 to 16 (key stage 4)") == f"{LIST}?q=goats"
    assert page.link("CSV") == f"{LIST}.csv?q=goats&ages=ks4"


def test_the_csv_has_the_same_view_under_names_that_stay(handler: Handler, client: Client) -> None:
    approved(handler)
    approved(handler, {"ages": ["ks1"]}, organisation="=Made Up Tutors")

    answer = client.get(f"{LIST}.csv?ages=ks1")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))

    assert list(row) == [
        "id", "organisation", "description", "ages", "places", "subjects", "needs", "days", "registration", "urn",
        "visited_on", "status", "on_the_list_since", "documents_checked", "last_checked_on",
    ]  # fmt: skip
    assert row["organisation"] == "'=Made Up Tutors"
    assert (row["days"], row["visited_on"], row["last_checked_on"]) == ("Monday; Friday", "2026-11-02", "2026-11-02")
    assert "approved-list-2026-11-02.csv" in answer.headers["content-disposition"]


def test_the_api_says_the_same_without_a_token_and_names_its_filters(handler: Handler, client: Client) -> None:
    approved(handler)

    answer = client.get("/api/v1/approved-list?ages=ks3").json()

    assert answer == client.get(f"{LIST}.json?ages=ks3").json()
    assert answer["items"][0]["fields"]["ages"] == ["11 to 14 (key stage 3)", "14 to 16 (key stage 4)"]
    assert answer["filters"][0]["choices"]["ks3"] == "11 to 14 (key stage 3)"
    assert client.get("/api/v1/approved-list?ages=ks1").json()["items"] == []


def test_a_filter_of_the_api_with_a_slip_in_it_is_refused(client: Client) -> None:
    refused = client.get("/api/v1/approved-list?age=ks1")

    assert refused.status_code == 400
    assert "This address takes q, ages" in refused.json()["errors"]["age"]


def test_a_provider_that_is_removed_is_off_the_list_at_once(handler: Handler, client: Client) -> None:
    reference = approved(handler)
    before = client.get(LIST)
    own = Page(before).link("Made Up Farm")

    remove(handler, reference)
    after = client.get(LIST, headers={"if-none-match": before.headers["etag"]})

    assert after.status_code == 200
    assert "Made Up Farm" not in after.text
    assert client.get(own).status_code == 404
    assert "This provider is not on the approved list" in client.get(own).text


def test_a_state_of_its_own_can_say_that_a_provider_takes_no_placements(site: Site) -> None:
    bring_to(site.handler, "visit")
    listing = listing_of(site)
    states = {"approved": "Taking placements", "visit": "Not taking placements"}
    listing = Listing(listing.workflow, listing.public_list.model_copy(update={"states": states}))

    with site.store.reading() as connection:
        (entry,) = entries_of(connection, listing)

    assert (entry.status, entry.colour) == ("Not taking placements", "orange")


def test_a_browser_asks_each_time_and_is_not_sent_again_what_it_has(
    handler: Handler, client: Client, clock: StoppedClock
) -> None:
    approved(handler)

    for path in (LIST, f"{LIST}.csv", f"{LIST}.json", "/api/v1/approved-list"):
        first = client.get(path)
        clock.at += timedelta(seconds=3)
        again = client.get(path, headers={"if-none-match": first.headers["etag"]})

        assert "no-cache" in first.headers["cache-control"]
        assert (again.status_code, again.content) == (304, b"")


def test_a_long_list_comes_a_page_at_a_time_with_what_is_looked_for(handler: Handler, client: Client) -> None:
    many(handler, 21)

    page = Page(client.get(f"{LIST}?q=place"))

    assert "21 providers, page 1 of 2" in page.text
    assert page.link("Next") == f"{LIST}?q=place&page=2"
    assert "Made Up Place 20" in Page(client.get(page.link("Next"))).text


def test_the_documents_beside_the_list_can_be_read_and_examples_are_marked(client: Client) -> None:
    page = Page(client.get(LIST))

    agreement = Page(client.get(page.link("Service level agreement between a commissioner and a provider")))

    assert "This is an example" in agreement.text
    assert "This is an example" not in client.get(page.link("Key documents")).text
    assert client.get(page.link("Note of Visit")).status_code == 200
    assert client.get(page.link("How to apply to join the approved list")).status_code == 200
    assert client.get(f"{LIST}/documents/nothing").status_code == 404


def test_nonsense_in_the_address_is_no_fault_of_ours(client: Client) -> None:
    for path in (f"{LIST}?page=0&q=%00", f"{LIST}/99999999999999999999", f"{LIST}/x", f"{LIST}?ages=%F0%9F%90%90"):
        assert client.get(path).status_code in (200, 404)


def test_the_entry_changes_only_once_an_officer_agrees_and_both_see_what_is_proposed(
    handler: Handler, client: Client, client_as: Callable[[Actor], Client]
) -> None:
    reference = approved(handler)
    entry = {**FARM, "organisation": "Made Up Farm", "registration": "not_needed", "description": "Pigs, no goats."}
    handler.fire(reference, "propose_entry", entry, actor=PAT, now=MONDAY)

    for person in (PAT, OLIVE):
        page = Page(client_as(person).get(f"/cases/{reference}"))
        assert "Goats and gardening in a small group." in page.text
        assert "Pigs, no goats." in page.text
    asked = Page(client_as(OLIVE).get(f"/cases/{reference}/do/agree_entry_change"))
    again = Page(client_as(PAT).get(f"/cases/{reference}/do/propose_entry"))
    assert "Pigs, no goats." in asked.text
    assert "what you send now takes its place" in again.text
    assert again.form("Continue").value("description") == "Pigs, no goats."
    assert "Goats and gardening" in client.get(LIST).text

    handler.fire(reference, "agree_entry_change", {}, actor=OLIVE, now=MONDAY)

    assert "Pigs, no goats." in client.get(LIST).text
    assert "Proposed" not in client_as(OLIVE).get(f"/cases/{reference}").text


def test_an_approved_provider_is_led_to_its_entry(handler: Handler, client_as: Callable[[Actor], Client]) -> None:
    page = Page(client_as(PAT).get(f"/cases/{bring_to(handler, 'approved')}"))

    assert page.link("See your entry as anybody reads it").startswith(f"{LIST}/")
    assert page.link("Change your entry on the list").endswith("/do/propose_entry")
