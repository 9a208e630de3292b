"""What one parent or carer writes is for the school and the council: no other learns of it, nor that there is one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, OLIVE, PAT
from apflow.web.case.by_link import reading_as, spec_of
from apflow.web.case.made import document_named, said_in
from apflow.web.case.opened import open_case
from apflow.web.site import Site
from tests.placing import Between, a_prepared_placement
from tests.web.api.client import ApiAs
from tests.web.browsing import Client
from tests.web.placements.test_parents import entered, newest_link
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
LEFT = "I have left his father; we hide at my sister's"
NOW_AT = "We live at 1 Made Up Secret Street now"
HIDDEN = (LEFT, NOW_AT, "Ask for a review", "Give your view", "Parent or carer", "Mother", "have asked")


@pytest.fixture
def placed(site: Site) -> Between:
    """A placement that runs, whose page Ann and Carl each read by a link of their own."""
    one = a_prepared_placement(site)
    one.fire(one.school, "start_placement")
    inducted: dict[str, Any] = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat", "health_and_safety": True}
    one.fire(PAT, "record_induction", **inducted, who_to_tell=True)
    for name, relation in (("Ann", "Mother"), ("Carl", "Father")):
        said: dict[str, Any] = {"parent_name": f"{name} Sparrow", "relation": relation}
        said |= {"responsible": True, "is_safe": True}
        one.fire(one.school, "write_by_email", **said, parent_email=f"{name.lower()}@home.example")
    return one


@pytest.fixture
def told(placed: Between, store: Store, client: Client) -> Between:
    """Ann has given her view, and asked for a review, saying why."""
    entered(client, newest_link(store))
    for event, said in (("parent_says", {"view": NOW_AT}), ("ask_for_review", {"asked_because": LEFT})):
        sent = client.post(f"/for-parents/page/do/{event}", data={"who_says": "Mother", **said})
        assert sent.status_code == 303, event
    return placed


def document_for(placed: Between, key: str, name: str) -> str:
    opened = open_case(placed.site, placed.school, placed.reference)
    theirs = open_case(placed.site, reading_as(placed.site, spec_of(opened), placed.reference, key), placed.reference)
    return json.dumps(said_in(theirs, document_named(theirs, name)), ensure_ascii=False)


def test_another_parent_finds_nothing_of_it_on_the_page_in_a_document_or_in_a_letter(
    told: Between, store: Store, client: Client
) -> None:
    page = entered(client, newest_link(store, "carl@home.example")).get("/for-parents/page").text
    what_is_said = page.replace("&#39;", "'").partition('id="section-2"')[2]
    for where in (what_is_said, *(document_for(told, "2", name) for name in ("for_parents", "record"))):
        assert [word for word in HIDDEN if word in where] == [], where
    assert "It is now: Review the placement" in page, "that there is a review is theirs to know"


def test_whoever_called_a_review_another_parent_reads_the_same_of_it(placed: Between, told: Between) -> None:
    asked = document_for(told, "2", "for_parents")
    told.fire(told.school, "continue_it", **_reviewed(), first_review_on="2026-12-01")
    told.fire(told.school, "call_review_now")
    called = document_for(told, "2", "for_parents")
    assert called.count("It is now: Review the placement") == asked.count("It is now: Review the placement") + 1
    assert "Call a review" not in called, "so that no other way of calling one stands out"


def test_a_parent_reads_their_own_words(told: Between, store: Store, client: Client) -> None:
    page = entered(client, newest_link(store)).get("/for-parents/page").text.replace("&#39;", "'")
    for said in (LEFT, NOW_AT, ", You<", "Ask for a review"):
        assert said in page, said
    assert "Parent or carer 1" not in document_for(told, "1", "record"), "a number says how many there are"


def test_nobody_reads_the_words_of_whoever_stood_in_their_entry_before(told: Between) -> None:
    bea = {"parent_name": "Bea Sparrow", "relation": "Aunt", "responsible": False, "is_safe": True}
    told.fire(told.school, "now_by_email", "1", **bea, parent_email="bea@home.example")
    said = document_for(told, "1", "for_parents")
    assert (LEFT in said, NOW_AT in said) == (False, False)
    told.fire(
        told.school, "now_by_email", "2", **{**bea, "parent_name": "carl  SPARROW"}, parent_email="c@home.example"
    )


def test_the_school_and_the_council_find_it_on_the_page_beside_the_form_of_the_review_and_in_the_record(
    told: Between, client_as: ClientAs, api_as: ApiAs
) -> None:
    for who in (told.school, OLIVE):
        page = Page(client_as(who).get(f"/cases/{told.reference}")).below("What parents and carers say")
        for said in (LEFT, NOW_AT, "Asks for a review"):
            assert said in page, (who.name, said)
        opened = open_case(told.site, who, told.reference)
        record = json.dumps(said_in(opened, document_named(opened, "record")), ensure_ascii=False)
        assert (LEFT in record, NOW_AT in record) == (True, True)
        assert LEFT in api_as(who).get(f"/api/v1/cases/{told.reference}").text
    for event in ("continue_it", "change_it", "decide_to_end"):
        beside = Page(client_as(told.school).get(f"/cases/{told.reference}/do/{event}")).below("What has been said")
        assert (LEFT in beside, NOW_AT in beside) == (True, True), event


def test_the_provider_reads_neither_and_the_form_says_who_does(
    told: Between, client_as: ClientAs, api_as: ApiAs, store: Store, client: Client
) -> None:
    read = [
        client_as(PAT).get(f"/cases/{told.reference}").text,
        api_as(PAT).get(f"/api/v1/cases/{told.reference}").text,
        api_as(PAT).get(f"/api/v1/cases/{told.reference}/history?limit=200").text,
    ]
    for where in read:
        assert [word for word in (LEFT, NOW_AT, "Mother", "Secret Street") if word in where.replace("&#39;", "'")] == []
    told.fire(told.school, "continue_it", **_reviewed(), first_review_on="2026-12-01")
    entered(client, newest_link(store))
    form = Page(client.get("/for-parents/page/do/parent_says")).text
    assert "is read by the school or other commissioner and the Alternative Learning Team" in form
    assert "It is not shown to the provider or to any other parent or carer" in form
    form = Page(client.get("/for-parents/page/do/parent_is_worried")).text
    assert "is read by the Alternative Learning Team" in form
    assert "not shown to the school or other commissioner or to the provider or to any other parent" in form
    assert "What you write here" not in client.get("/for-parents/page/do/send_link_again").text


def test_a_copy_of_what_is_held_hands_no_parents_words_to_another(told: Between, client_as: ClientAs) -> None:
    said = {**_reviewed(), "parents_say": f"She said: {LEFT}"}
    told.fire(told.school, "continue_it", **said, first_review_on="2026-12-01")
    olive = client_as(OLIVE)
    held = Page(olive.get(f"/pupils/{told.pupil}/held"))
    copy = Page(olive.get(held.link("Make a copy to hand over")))
    assert (held.text.count(LEFT), NOW_AT in held.text) == (3, True)
    assert (LEFT in copy.text, NOW_AT in copy.text) == (False, False)


def test_the_record_tells_a_parent_nothing_of_the_councils_work_or_of_letters_to_another(placed: Between) -> None:
    placed.fire(
        placed.school,
        "write_by_post",
        parent_name="Dora Sparrow",
        relation="Grandmother",
        responsible=False,
        is_safe=True,
        parent_address="1 Made Up Lane",
    )
    placed.fire(placed.school, "letter_posted", posted_on=MONDAY.date().isoformat())
    said: dict[str, Any] = {"parent_name": "Grim Other", "relation": "Uncle", "responsible": False}
    said["not_because"] = "A court order"
    placed.fire(OLIVE, "do_not_contact", **said)
    task = next(task.id for task in placed.case().tasks if task.name == "barred_elsewhere")
    placed.site.handler.claim(placed.reference, task, actor=OLIVE, now=MONDAY)
    record = document_for(placed, "2", "record")
    assert [word for word in ("contacted", "letter", "Took on", "posted") if word in record] == []


def _reviewed() -> dict[str, Any]:
    return {
        "reviewed_on": MONDAY.date().isoformat(),
        "found": "Well.",
        "pupil_says": "Good.",
        "parents_say": "Heard.",
        "next_report_on": "2026-12-01",
    }
