"""Setting a guard aside on the pages: asked with a reason and a day, checked, done, shown and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import update

from apflow.core.people.actor import Actor
from apflow.store.tables.people import people
from apflow.testing import DAN, ENTRY, MAGDA, MONDAY, OLIVE, OSCAR, PAT, StoppedClock, a_handler
from apflow.web.site import Site
from tests.brought import bring_to
from tests.versions import shipped_with
from tests.web.browsing import Client, a_browser_on
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
GUARD = "evidence_is_in_date"
VISIT = {"visit_on": "2026-11-02", "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive Officer"}
FOUND = {"visited_on": "2026-11-02", "seen": "Goats.", "visit_outcome": "satisfied", "no_surprise": True}
TYPED = {"reason": "Renewal is paid.", "until__day": "20", "until__month": "9", "until__year": "2027"}


@pytest.fixture
def reference(site: Site, clock: StoppedClock) -> str:
    """A case that only papers past their date keep from being approved."""
    reference = bring_to(site.handler, "visit")
    site.handler.fire(reference, "arrange_visit", VISIT, actor=OLIVE, now=MONDAY)
    site.handler.fire(reference, "record_visit", FOUND, actor=OLIVE, now=MONDAY)
    site.handler.fire(reference, "describe_entry", ENTRY, actor=OLIVE, now=MONDAY)
    clock.at = MONDAY + timedelta(days=305)
    return reference


def case(client: Client, reference: str) -> Page:
    return Page(client.get(f"/cases/{reference}"))


def form(client: Client, reference: str) -> Page:
    return Page(client.get(f"/cases/{reference}/set-aside/{GUARD}"))


def set_aside(client: Client, reference: str) -> Page:
    """All the way through the form; the case's page as it then comes."""
    check = Page(form(client, reference).form("Continue").send(client, "Continue", **TYPED))
    done = check.form("Set this aside").send(client, "Set this aside")
    assert done.status_code == 303
    return Page(client.get(done.headers["location"]))


def test_whoever_may_is_led_from_what_stands_in_the_way_to_the_form(reference: str, client_as: ClientAs) -> None:
    page = case(client_as(MAGDA), reference)
    listed = page.below("In the way of others")
    assert "Approve" in listed
    assert "These have run out, and a new one is needed" in listed
    assert page.link("Set this aside…") == f"/cases/{reference}/set-aside/{GUARD}"
    officer = case(client_as(OLIVE), reference)
    assert "Approve" in officer.below("Not possible yet")
    assert "set-aside" not in str(officer.links)


def test_the_form_says_what_is_in_the_way_the_latest_day_and_who_is_told(reference: str, client_as: ClientAs) -> None:
    page = form(client_as(MAGDA), reference)
    assert page.heading.endswith("Set aside “evidence is in date”")
    assert "These have run out" in page.text
    assert "Sunday 3 October 2027 at the latest. For example, 3 10 2027" in page.text
    assert "An email goes to the Alternative Learning Team officer." in page.text


def test_it_is_checked_with_its_letter_before_it_is_done(reference: str, client_as: ClientAs) -> None:
    magda = client_as(MAGDA)
    check = Page(form(magda, reference).form("Continue").send(magda, "Continue", **TYPED))
    assert check.heading.endswith("Check your answers")
    assert "Monday 20 September 2027" in check.text
    assert "The email that goes" in check.text
    assert "Set aside until Monday 20 September 2027: evidence is in date" in check.text
    assert "Set aside on this case" not in case(magda, reference).text
    changed = Page(check.form("Change something").send(magda, "Change something"))
    back = changed.form("Continue")
    assert (back.value("reason"), back.value("until-day"), back.value("until-year")) == (
        "Renewal is paid.",
        "20",
        "2027",
    )


def test_the_case_then_says_what_is_set_aside_by_whom_until_when_and_why(reference: str, client_as: ClientAs) -> None:
    page = set_aside(client_as(MAGDA), reference)
    assert "“Evidence is in date” is set aside until Monday 20 September 2027" in page.text
    standing = page.below("Set aside on this case") + page.below("Evidence is in date")
    assert "Until the end of Monday 20 September 2027, by Magda Manager" in standing
    assert "Renewal is paid." in standing
    assert "In the way of others" not in page.text


def test_the_event_is_then_possible_and_says_under_what(reference: str, client_as: ClientAs) -> None:
    set_aside(client_as(MAGDA), reference)
    olive = client_as(OLIVE)
    page = case(olive, reference)
    assert page.link("Approve") == f"/cases/{reference}/do/approve"
    assert "Approve: “evidence is in date” is set aside until Monday 20 September 2027." in page.text
    assert not page.has_button("Take back")
    Page(olive.get(page.link("Approve"))).form("Approve").send(olive, "Approve", ready="yes")
    approved = case(olive, reference)
    assert "With “evidence is in date” set aside until Monday 20 September 2027 by Magda Manager." in approved.text
    assert "Set aside “evidence is in date” until Monday 20 September 2027" in approved.text


def test_it_can_be_taken_back(reference: str, client_as: ClientAs) -> None:
    magda = client_as(MAGDA)
    button = set_aside(magda, reference).form("Take back")
    taken = Page(magda.get(button.send(magda, "Take back").headers["location"]))
    assert "“Evidence is in date” counts again" in taken.text
    assert "Took back the override of “evidence is in date”" in taken.text
    assert "Set aside on this case" not in taken.text
    again = button.send(magda, "Take back")
    assert (again.status_code, again.headers["location"]) == (303, f"/cases/{reference}")


def test_mistakes_are_told_beside_their_questions_with_everything_typed(reference: str, client_as: ClientAs) -> None:
    magda = client_as(MAGDA)
    empty = Page(form(magda, reference).form("Continue").send(magda, "Continue", reason="", until__day="31"))
    assert (empty.status, sorted(empty.errors)) == (422, ["reason", "until-day"])
    late = Page(form(magda, reference).form("Continue").send(magda, "Continue", **TYPED | {"until__month": "11"}))
    assert late.errors == {"until-day": "Give Sunday 3 October 2027 or an earlier day, which is the most allowed."}
    assert late.form("Continue").value("reason") == "Renewal is paid."


def test_a_second_press_does_nothing_more(reference: str, client_as: ClientAs) -> None:
    magda = client_as(MAGDA)
    check = Page(form(magda, reference).form("Continue").send(magda, "Continue", **TYPED))
    sent = [check.form("Set this aside").send(magda, "Set this aside") for _ in range(2)]
    assert [one.status_code for one in sent] == [303, 303]
    assert case(magda, reference).text.count("Set aside “evidence is in date”") == 1


def test_nobody_else_is_given_the_form(reference: str, client_as: ClientAs) -> None:
    assert form(client_as(OLIVE), reference).status == 403
    assert form(client_as(PAT), reference).status == 403
    assert form(client_as(DAN), reference).status == 404
    magda = client_as(MAGDA)
    assert magda.get(f"/cases/{reference}/set-aside/enough_views").status_code == 403
    assert magda.get(f"/cases/{reference}/set-aside/nothing").status_code == 404
    assert client_as(OLIVE).post(f"/cases/{reference}/take-back/{GUARD}").status_code == 403


def test_whoever_has_been_signed_out_gets_back_what_they_typed(reference: str, client_as: ClientAs, site: Site) -> None:
    asked = form(client_as(MAGDA), reference).form("Continue")
    with a_browser_on(site) as stranger:
        page = Page(asked.send(stranger, "Continue", **TYPED))
    assert page.status == 401
    assert "Renewal is paid." in page.text


def test_the_provider_is_shown_nothing_of_it(reference: str, client_as: ClientAs) -> None:
    set_aside(client_as(MAGDA), reference)
    text = case(client_as(PAT), reference).text
    assert "aside" not in text
    assert "Renewal" not in text


def test_whoever_does_the_event_too_is_offered_it_where_the_event_is_blocked(
    reference: str, client_as: ClientAs, site: Site
) -> None:
    with site.store.writing() as connection:
        both = structs.replace(OSCAR, roles=frozenset({"officer", "manager"}))
        connection.execute(update(people).where(people.c.id == both.id).values(roles=sorted(both.roles)))
    oscar = client_as(OSCAR)
    page = case(oscar, reference)
    assert "Set this aside…" in page.below("Not possible yet")
    assert "In the way of others" not in page.text
    blocked = Page(oscar.get(f"/cases/{reference}/do/approve"))
    assert (blocked.status, blocked.link("Set this aside…")) == (409, f"/cases/{reference}/set-aside/{GUARD}")


def test_a_guard_that_says_no_to_the_answers_can_be_set_aside_from_their_form(
    site: Site, sign_in_to: Callable[[Site, Actor], Client]
) -> None:
    library = shipped_with(
        (
            "guards:\n",
            "guards:\n  visit_was_good:\n    when: {fact: answer.visit_outcome, is: satisfied}\n"
            "    reason: It was not good.\n    assumed: Made up.\n"
            "    override: {by: officer, at_most: 1 week, assumed: Made up.}\n",
        ),
        ("requires: [visit_is_arranged, visit_day_has_come]", "requires: [visit_is_arranged, visit_was_good]"),
    )
    own = replace(site, library=library, handler=a_handler(site.store, library))
    reference = bring_to(own.handler, "visit")
    own.handler.fire(reference, "arrange_visit", VISIT, actor=OLIVE, now=MONDAY)
    olive = sign_in_to(own, OLIVE)
    asked = Page(olive.get(f"/cases/{reference}/do/record_visit"))
    assert "Set this aside…" not in asked.text
    typed = {"visited_on__day": "2", "visited_on__month": "11", "visited_on__year": "2026", "no_surprise": "yes"}
    sent = asked.form("Record").send(olive, "Record", seen="Goats.", visit_outcome="actions", **typed)
    refused = Page(sent)
    assert "It was not good." in refused.text
    assert refused.link("Set this aside…") == f"/cases/{reference}/set-aside/visit_was_good"
