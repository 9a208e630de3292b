"""Whoever at home was told that a placement is being prepared is told that it does not go ahead, and nobody else is."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT, StoppedClock
from apflow.web.site import Site
from tests.placing import Between, a_listed_site, a_prepared_placement, a_pupil_of, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
WHO: dict[str, Any] = {"parent_name": "Ann Sparrow", "relation": "Mother", "responsible": True, "is_safe": True}
ANN: dict[str, Any] = {**WHO, "parent_email": "ann@home.example"}
BEA: dict[str, Any] = {**WHO, "parent_name": "Bea Finch", "parent_address": "1 Made Up Lane\nBath\nBA1 1AA"}
REASON = "The taxi costs too much."
WITHDRAWN: dict[str, Any] = {"standing_because": REASON, "meanwhile": "Tutoring at the library"}
OFFER: dict[str, Any] = {"can_meet": True, "offered_from": MONDAY.date().isoformat()}
NEVER: dict[str, Any] = {"parent_name": "Carl Other", "relation": "Father", "responsible": False}
TOLD = "placement/parent_not_placed"
HEADING = "The placement does not go ahead"
_LINK = re.compile(r"https?://[^/]+(/for-parents/\S+)")


@pytest.fixture
def prepared(site: Site) -> Between:
    """A placement that both sides have signed, read at home by one parent."""
    one = a_prepared_placement(site)
    one.fire(one.school, "write_by_email", **ANN)
    return one


def letters(store: Store, email: str = "ann@home.example") -> list[Any]:
    with store.reading() as connection:
        query = select(messages).where(messages.c.to_email == email).order_by(messages.c.id)
        return list(connection.execute(query))


def all_told(store: Store) -> list[str]:
    with store.reading() as connection:
        query = select(messages.c.to_email).where(messages.c.notice == TOLD)
        return list(connection.execute(query).scalars())


def read_at_home(store: Store, client: Client) -> Page:
    found = _LINK.search(letters(store)[-1].text)
    assert found is not None
    client.post(found[1])
    return Page(client.get("/for-parents/page"))


def tasks_of(placed: Between) -> list[str]:
    return [task.name for task in placed.case().tasks]


def test_a_withdrawal_is_told_at_home_with_whom_to_ring_and_who_sees_to_the_childs_education(
    prepared: Between, store: Store, client: Client
) -> None:
    prepared.fire(prepared.school, "withdraw", **WITHDRAWN)
    newest = letters(store)[-1]
    assert newest.notice == TOLD
    assert newest.subject == f"The placement does not go ahead: read this today ({prepared.reference})"
    for said in (newest.text, newest.html):
        assert "ring the school, or whoever else arranged it, today" in said
        assert "still sees to the child's education" in said.replace("&#39;", "'")
        assert [word for word in (REASON, "library", "Pip", "Sparrow", "Made Up Farm") if word in said] == []

    page = read_at_home(store, client)
    assert next(text for level, text in page.headings if level == "h2") == HEADING
    stands = page.below(HEADING)
    for said in ("Tutoring at the library", "Hill School", "Sally School", "does not start there"):
        assert said in stands, said
    assert "the placement does not go ahead" in page.below("What was decided last")
    kept = (REASON, "First day", "Next review", "The next report", "Last day, as planned", "withdrawn", "Withdraw")
    assert [word for word in kept if word in page.text] == []
    assert "Tell the council of a concern" in page.text


def test_so_it_is_where_the_provider_takes_its_offer_back_whose_reason_they_do_not_read(
    prepared: Between, store: Store, client: Client, client_as: ClientAs
) -> None:
    prepared.fire(PAT, "provider_withdraws", standing_because=REASON)
    newest = letters(store)[-1]
    assert newest.notice == TOLD
    assert "who does so until" not in newest.text, "nobody has said who"
    page = read_at_home(store, client)
    assert "Sally School" in page.below(HEADING)
    assert "What was decided last" not in page.text
    assert [word for word in (REASON, "declined", "refused") if word in page.text] == []
    assert "Ann Sparrow" not in client_as(PAT).get(f"/cases/{prepared.reference}").text


def test_where_no_plan_names_anybody_the_page_says_who_arranged_it(site: Site, store: Store, client: Client) -> None:
    _, place = a_listed_site(site.handler)
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    one = Between(site, refer(site.handler, school, pupil, place), school, pupil)
    one.fire(PAT, "offer", **OFFER)
    one.fire(school, "write_by_email", **ANN)
    one.fire(school, "withdraw", **WITHDRAWN)
    assert "Hill School" in read_at_home(store, client).below(HEADING)


def test_nobody_is_told_of_what_nobody_at_home_was_told_of(site: Site, store: Store) -> None:
    _, place = a_listed_site(site.handler)
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    one = Between(site, refer(site.handler, school, pupil, place), school, pupil)
    one.fire(school, "do_not_contact", **NEVER, not_because="A court order")
    one.fire(school, "withdraw", **WITHDRAWN)
    assert all_told(store) == []
    assert "letter_to_post" not in tasks_of(one)


def test_whoever_must_not_be_contacted_hears_nothing_and_reads_nothing(
    prepared: Between, store: Store, client: Client
) -> None:
    link = _LINK.search(letters(store)[-1].text)
    assert link is not None
    prepared.fire(prepared.school, "stop_contact", "1", not_because="A court order")
    prepared.fire(prepared.school, "withdraw", **WITHDRAWN)
    assert all_told(store) == []
    assert "You cannot read this page at present" in client.get(link[1]).text


def test_of_a_pupil_in_care_they_hear_only_once_it_is_settled_that_they_are_still_written_to(
    prepared: Between, store: Store, client: Client
) -> None:
    prepared.fire(OLIVE, "becomes_looked_after", looked_after_since=MONDAY.date().isoformat())
    before = len(letters(store))
    prepared.fire(prepared.school, "withdraw", **WITHDRAWN)
    assert len(letters(store)) == before
    prepared.fire(OLIVE, "settled_by_email", "1", settled_with="Saffron Worker, today")
    assert HEADING in read_at_home(store, client).text


def test_whoever_is_written_to_by_post_gets_a_letter(prepared: Between, client_as: ClientAs) -> None:
    prepared.fire(prepared.school, "write_by_post", **BEA)
    prepared.fire(prepared.school, "letter_posted", posted_on=MONDAY.date().isoformat())
    assert "letter_to_post" not in tasks_of(prepared)
    prepared.fire(prepared.school, "withdraw", **WITHDRAWN)
    assert "letter_to_post" in tasks_of(prepared)
    prepared.fire(prepared.school, "letter_posted", posted_on=MONDAY.date().isoformat())
    assert "letter_to_post" not in tasks_of(prepared)


def test_their_page_stays_for_some_weeks_and_a_new_link_can_be_sent(
    prepared: Between, store: Store, client: Client, clock: StoppedClock
) -> None:
    prepared.fire(prepared.school, "withdraw", **WITHDRAWN)
    prepared.fire(OLIVE, "send_link_again", "1")
    assert HEADING in read_at_home(store, client).text
    clock.at += timedelta(weeks=9)
    assert HEADING not in Page(client.get("/for-parents/page")).text


def test_who_must_not_be_contacted_can_still_be_put_right_on_a_placement_that_does_not_go_ahead(
    prepared: Between,
) -> None:
    prepared.fire(prepared.school, "do_not_contact", **NEVER, not_because="A court order")
    prepared.fire(prepared.school, "withdraw", **WITHDRAWN)
    corrected = {**NEVER, "parent_name": "Carl Otherly", "not_because": "A court order"}
    prepared.fire(OLIVE, "correct_barred", "2", **corrected)
    item = prepared.case().item("parents", "2")
    assert item is not None
    assert item.data["parent_name"] == "Carl Otherly"
