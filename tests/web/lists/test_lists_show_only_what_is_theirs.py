"""Somebody who is a provider here and a school there: no list shows them a case that is not yet theirs to read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.store.people import people
from apflow.testing import DAN, EMAILS, MONDAY, OLIVE, PAT, PETRA, enquire
from apflow.web.site import Site
from tests.placing import CHECKED, DESCRIBED, REFERRAL, a_listed_site, a_pupil_of, a_school_with_an_account
from tests.store.long_queue import add_tasks
from tests.web.api.client import ApiAs
from tests.web.browsing import Client

ClientAs = Callable[[Actor], Client]


@dataclass(frozen=True)
class Both:
    """PAT, who provides and commissions too, and the draft of a referral that a school is writing to them."""

    who: Actor
    draft: str
    site: int


@pytest.fixture
def both(site: Site) -> Both:
    _, place = a_listed_site(site.handler)
    hill = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    who = holding(site, PAT, "provider", "commissioner")
    said = {**REFERRAL, "pupil": pupil, "site": place}
    draft = site.handler.open_case("placement", "refer_a_pupil", said, actor=hill, now=MONDAY).reference
    return Both(who, draft, place)


def holding(site: Site, person: Actor, *roles: str) -> Actor:
    with site.store.writing() as connection:
        people.add_person(
            connection, name=person.name, email=EMAILS[person], roles=roles, agency=person.agency, now=MONDAY
        )
    return Actor(person.id, person.name, frozenset(roles), agency=person.agency)


def referred(site: Site, both: Both) -> None:
    """Have the draft sent, so that it is theirs to consider."""
    with site.store.reading() as connection:
        row = people.person_by_email(connection, "sally@hill-school.example")
    assert row is not None
    school = people.actor_of(row)
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("describe", DESCRIBED),
        ("confirm_checks", CHECKED),
        ("refer", {}),
    )
    for event, answers in steps:
        site.handler.fire(both.draft, event, answers, actor=school, now=MONDAY)


@pytest.mark.parametrize("narrowed", ["", "&text=Made", "&states=draft", "&awaiting=commissioner", "&open_only=true"])
def test_the_list_and_the_search_of_the_api_leave_out_the_draft(api_as: ApiAs, both: Both, narrowed: str) -> None:
    listed = api_as(both.who).get(f"/api/v1/cases?workflow=placement{narrowed}").json()

    assert (listed["items"], listed["next"]) == ([], None)
    assert api_as(both.who).get(f"/api/v1/cases/{both.draft}").status_code == 404


def test_it_is_listed_once_it_is_theirs(api_as: ApiAs, site: Site, both: Both) -> None:
    referred(site, both)

    (line,) = api_as(both.who).get("/api/v1/cases?workflow=placement").json()["items"]

    assert line["reference"] == both.draft


def test_what_they_commission_themselves_is_listed_while_it_is_a_draft(api_as: ApiAs, site: Site, both: Both) -> None:
    a_school_with_an_account(site.handler, "Vale School", "999902", EMAILS[PAT])
    holding(site, PAT, "provider", "commissioner")
    theirs = a_pupil_of(site.handler, "Vale School", "Wren")
    said = {**REFERRAL, "pupil": theirs, "site": both.site}
    own = site.handler.open_case("placement", "refer_a_pupil", said, actor=both.who, now=MONDAY).reference

    listed = api_as(both.who).get("/api/v1/cases?workflow=placement").json()["items"]

    assert [line["reference"] for line in listed] == [own]


def test_staff_who_are_a_party_too_are_told_who_has_the_cases_that_staff_see(
    api_as: ApiAs, site: Site, both: Both
) -> None:
    olive = holding(site, OLIVE, "officer", "provider")

    (line,) = api_as(olive).get("/api/v1/cases?workflow=placement").json()["items"]

    assert (line["reference"], line["state_label"]) == (both.draft, "Referral being written")


def test_the_page_of_their_own_cases_leaves_it_out(client_as: ClientAs, both: Both) -> None:
    page = client_as(both.who).get("/home", follow_redirects=True)

    assert both.draft not in page.text


def test_work_is_of_ones_own_cases_and_of_those_alone_that_are_theirs_to_read(
    api_as: ApiAs, site: Site, both: Both
) -> None:
    mine, other = (
        add_tasks(site.store, both.draft, [MONDAY], role="provider", is_alert=True, title="Overdue"),
        enquire(site.handler, contact_email=EMAILS[DAN], contact_name=DAN.name),
    )
    (of_dan,) = add_tasks(site.store, other, [MONDAY + timedelta(days=1)], role="provider", is_alert=True)

    assert api_as(both.who).get("/api/v1/tasks").json()["items"] == []
    assert [task["id"] for task in api_as(DAN).get("/api/v1/tasks").json()["items"]] == [of_dan]

    referred(site, both)
    assert [task["id"] for task in api_as(both.who).get("/api/v1/tasks").json()["items"]] == mine


@pytest.mark.parametrize("address", ["/work", "/work?only=overdue", "/work?task={}&how=no-claim"])
def test_the_queue_of_staff_has_nothing_of_what_outsiders_are_to_do(
    client_as: ClientAs, site: Site, both: Both, address: str
) -> None:
    petra = holding(site, PETRA, "panel_member", "provider")
    (task,) = add_tasks(site.store, both.draft, [MONDAY - timedelta(days=1)], role="provider", is_alert=True)

    assert both.draft not in client_as(petra).get(address.format(task)).text
    assert "Made Up Farm" not in client_as(petra).get(address.format(task)).text


def test_a_task_handed_over_is_named_to_nobody_who_cannot_see_its_case(
    client_as: ClientAs, site: Site, both: Both
) -> None:
    (task,) = add_tasks(site.store, both.draft, [MONDAY], role="panel_member", is_alert=True, title="Read it")

    assert "Made Up Farm" not in client_as(PETRA).get(f"/work?task={task}&how=no-claim").text
