"""Planning the year's routine visits on one page: for officers and managers, in one go, each provider by a command."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.brought import bring_to
from tests.quality import case, do, leaves_the_list, newest, pass_to
from tests.removal import SUSPENDED
from tests.web.browsing import Client
from tests.web.reading import Page

ADDRESS = "/visits/planned"
A_YEAR_AGO = MONDAY - timedelta(days=300)


@pytest.fixture
def three(handler: Handler, site: Site) -> list[str]:
    """Three providers on the list, approved ten months ago."""
    names = ("Made Up Farm", "Made Up Forge", "Made Up Theatre")
    return [bring_to(handler, "approved", now=A_YEAR_AGO, organisation=name) for name in names]


@pytest.fixture
def officer(client_as: Callable[[Actor], Client]) -> Client:
    return client_as(OLIVE)


def planned_by(handler: Handler, references: list[str]) -> list[date]:
    days = [case(handler, reference).fields["routine_by"] for reference in references]
    return [date.fromisoformat(day) for day in days]


def test_everyone_on_the_list_has_a_week_proposed(officer: Client, three: list[str]) -> None:
    page = Page(officer.get(ADDRESS))

    assert page.heading == "Routine visits"
    assert "3 to plan" in page.text
    assert [page.text.count(name) for name in ("Made Up Farm", "Made Up Forge", "Made Up Theatre")] == [1, 1, 1]
    assert "None since approval, 6 Jan 2026" in page.text


def test_accepting_the_plan_sets_each_provider_s_week_through_the_one_door(
    officer: Client, handler: Handler, three: list[str]
) -> None:
    sent = Page(officer.get(ADDRESS)).form("Plan these visits").send(officer, "Plan these visits")
    page = Page(officer.get(sent.headers["location"]))

    assert sent.status_code == 303
    assert "3 routine visits are planned" in page.text
    assert "There is nothing to propose" in page.text
    days = planned_by(handler, three)
    assert len({day.replace(day=1) for day in days}) == 3
    assert all(handler.library.calendar.school.is_school_day(day) for day in days)


def test_sending_it_twice_plans_once(officer: Client, handler: Handler, three: list[str]) -> None:
    form = Page(officer.get(ADDRESS)).form("Plan these visits")
    form.send(officer, "Plan these visits")
    versions = [case(handler, reference).version for reference in three]

    assert form.send(officer, "Plan these visits").status_code == 303
    assert [case(handler, reference).version for reference in three] == versions


def test_one_that_is_not_ticked_stays_open(officer: Client, handler: Handler, three: list[str]) -> None:
    form = Page(officer.get(ADDRESS)).form("Plan these visits")
    form.send(officer, "Plan these visits", plan=three[:2])
    page = Page(officer.get(ADDRESS))

    assert "1 to plan" in page.text
    assert "2 planned or under way" in page.text
    assert "routine_by" not in case(handler, three[2]).fields


def test_one_that_has_left_the_list_meanwhile_is_told_and_the_others_are_planned(
    officer: Client, handler: Handler, three: list[str]
) -> None:
    form = Page(officer.get(ADDRESS)).form("Plan these visits")
    leaves_the_list(handler, three[1], now=MONDAY)

    page = Page(form.send(officer, "Plan these visits"))

    assert page.status == 409
    assert "1 could not be planned" in page.text
    assert "2 routine visits are planned" in page.text
    assert "routine_by" in case(handler, three[0]).fields


def test_a_colleague_who_planned_one_meanwhile_is_not_overwritten(
    officer: Client, handler: Handler, three: list[str]
) -> None:
    form = Page(officer.get(ADDRESS)).form("Plan these visits")
    theirs = {"routine_from": "2026-12-01", "routine_by": "2026-12-11", "routine_kind": "routine"}
    do(handler, three[0], "plan_routine_visit", MAGDA, now=MONDAY, **theirs)

    page = Page(form.send(officer, "Plan these visits"))

    assert page.status == 409
    assert case(handler, three[0]).fields["routine_by"] == "2026-12-11"


def test_nothing_ticked_and_nonsense_are_told_and_change_nothing(
    officer: Client, handler: Handler, three: list[str]
) -> None:
    nothing = Page(officer.post(ADDRESS, data={"key": "x"}))
    nonsense = Page(officer.post(ADDRESS, data={"plan": [three[0], "AP-XXXX-XXXX"], f"by-{three[0]}": "2027-08-14"}))

    assert (nothing.status, nonsense.status) == (422, 409)
    assert "Tick at least one provider" in nothing.text
    assert "not a school week of the coming year" in nonsense.text
    assert "routine_by" not in case(handler, three[0]).fields


def test_one_with_a_visit_under_way_has_none_proposed(officer: Client, handler: Handler, three: list[str]) -> None:
    do(handler, three[0], "plan_visit", now=MONDAY, kind="routine", visit_by="2026-12-04")
    visit = newest(handler, three[0], "visit")

    page = Page(officer.get(ADDRESS))

    assert "2 to plan" in page.text
    assert page.link("To be arranged by 4 Dec 2026") == f"/cases/{visit}"


def test_the_planned_visit_begins_by_itself_and_the_page_leads_to_it(
    officer: Client, handler: Handler, three: list[str]
) -> None:
    Page(officer.get(ADDRESS)).form("Plan these visits").send(officer, "Plan these visits")
    first = min(three, key=lambda reference: case(handler, reference).fields["routine_by"])
    start = date.fromisoformat(case(handler, first).fields["routine_from"])
    pass_to(handler, MONDAY + (start - MONDAY.date()) + timedelta(days=1))

    assert case(handler, newest(handler, first, "visit")).state == "to_arrange"
    assert newest(handler, first, "visit") in officer.get(ADDRESS).text


def test_a_planned_visit_that_was_left_unmade_is_proposed_again(
    officer: Client, handler: Handler, three: list[str]
) -> None:
    plan = {"routine_from": "2026-11-03", "routine_by": "2027-01-15", "routine_kind": "routine"}
    do(handler, three[0], "plan_routine_visit", OLIVE, now=MONDAY, **plan)
    pass_to(handler, MONDAY + timedelta(days=2))
    assert "2 to plan" in Page(officer.get(ADDRESS)).text
    do(
        handler,
        newest(handler, three[0], "visit"),
        "leave_it",
        OLIVE,
        now=MONDAY + timedelta(days=2),
        why_not="Closed.",
    )

    assert "3 to plan" in Page(officer.get(ADDRESS)).text


def test_a_suspended_provider_is_visited_all_the_same(officer: Client, handler: Handler, three: list[str]) -> None:
    do(handler, three[0], "suspend", MAGDA, now=MONDAY, **SUSPENDED)

    sent = Page(officer.get(ADDRESS)).form("Plan these visits").send(officer, "Plan these visits")

    assert sent.status_code == 303
    assert "routine_by" in case(handler, three[0]).fields


def test_an_empty_list_says_so(officer: Client) -> None:
    assert "Nobody is on the approved list yet" in Page(officer.get(ADDRESS)).text


@pytest.mark.parametrize("person", [PAT, PETRA])
def test_nobody_else_plans_visits_or_hears_that_there_is_such_a_page(
    client_as: Callable[[Actor], Client], three: list[str], person: Actor
) -> None:
    browser = client_as(person)

    assert browser.get(ADDRESS).status_code == 404
    assert browser.post(ADDRESS, data={"plan": three}).status_code == 404
    assert ADDRESS not in browser.get("/").text


def test_managers_plan_visits_too(client_as: Callable[[Actor], Client], three: list[str]) -> None:
    assert client_as(MAGDA).get(ADDRESS).status_code == 200


def test_without_being_signed_in_one_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(ADDRESS).status_code in (302, 303)
    assert client.post(ADDRESS, data={"plan": "x"}).status_code == 401
