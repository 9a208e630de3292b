"""The pages of a school's own term dates, for its people and staff alone; and flags on the page of a case."""

from collections.abc import Callable
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.records.door import By, add
from apflow.records.people.commissioners import COMMISSIONER
from apflow.store.cases.loading import load_case
from apflow.store.records.commissioners import named_so
from apflow.testing import MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def hill(site: Site) -> Actor:
    return a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")


def address(site: Site, name: str = "Hill School") -> str:
    with site.store.reading() as connection:
        (found,) = named_so(connection, name, limit=2)
    return f"/schools/{found.id}/term-dates"


def test_a_school_sees_what_it_is_counted_by_and_gives_its_own(site: Site, hill: Actor, client_as: ClientAs) -> None:
    client, dates = client_as(hill), address(site)
    assert client.get("/term-dates").headers["location"] == dates, "there is none but this to choose"
    before = Page(client.get(dates))
    assert before.link("Home") == "/home"
    assert "As the council’s" in before.text
    form = client.get(f"{dates}/2026").text
    assert 'value="2026"' in form

    sent = {"seen": "0", "inset": "18/9/2026"}
    assert client.post(f"{dates}/2026", data=sent).headers["location"] == f"{dates}?done=added"
    after = Page(client.get(dates)).text
    assert "Own INSET days" in after
    assert "18/9/2026" in after


def test_who_keeps_the_dates_of_several_schools_is_asked_of_which(site: Site, hill: Actor, client_as: ClientAs) -> None:
    who = {"kind": "school", "name": "Dale School", "urn": "999902", "email": "sally@hill-school.example"}
    add(site.store, COMMISSIONER, who, By(OLIVE, MONDAY, site.library))
    chosen = Page(client_as(hill).get("/term-dates")).link("Dale School")
    assert chosen == address(site, "Dale School")
    assert Page(client_as(hill).get(chosen)).link("Your schools") == "/term-dates"


def test_what_is_wrong_comes_back_with_what_was_typed(site: Site, hill: Actor, client_as: ClientAs) -> None:
    answer = client_as(hill).post(f"{address(site)}/2026", data={"seen": "0", "inset": "soon"})

    assert answer.status_code == 422
    assert "“soon” is no date" in answer.text


def test_two_at_once_are_told_of_each_other(site: Site, hill: Actor, client_as: ClientAs) -> None:
    dates = f"{address(site)}/2026"
    for who, day in ((hill, "18/9/2026"), (OLIVE, "21/9/2026")):
        seen = "0" if who is hill else "1"
        assert client_as(who).post(dates, data={"seen": seen, "inset": day}).status_code == 303

    late = client_as(hill).post(dates, data={"seen": "1", "inset": "22/9/2026"})
    assert late.status_code == 409
    assert "changed this" in late.text
    assert "22/9/2026" in late.text


@pytest.mark.parametrize("who", [PAT, PETRA], ids=["a provider", "a panel member"])
def test_to_others_there_is_no_such_page(site: Site, hill: Actor, who: Actor, client_as: ClientAs) -> None:
    for path in (address(site), f"{address(site)}/2026"):
        assert client_as(who).get(path).status_code == 404
    assert client_as(who).post(f"{address(site)}/2026", data={"inset": ""}).status_code == 404


def test_another_school_and_another_year_are_not_there(site: Site, hill: Actor, client_as: ClientAs) -> None:
    a_school_with_an_account(site.handler, "Vale Academy", "999902", "val@vale.example")
    client = client_as(hill)

    assert client.get(address(site, "Vale Academy")).status_code == 404
    assert client.get(f"{address(site)}/1999").status_code == 404
    assert "There is no school" in client_as(PAT).get("/term-dates").text


def test_staff_reach_the_dates_from_the_schools_page(site: Site, hill: Actor, client_as: ClientAs) -> None:
    dates = address(site)
    assert dates in client_as(OLIVE).get(dates.removesuffix("/term-dates")).text
    assert client_as(OLIVE).get(dates).status_code == 200


def test_a_day_that_is_given_later_moves_what_is_counted_already(site: Site, hill: Actor, client_as: ClientAs) -> None:
    _, place = a_listed_site(site.handler)
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    excluded: dict[str, Any] = {"kind": "excluded", "permanently_excluded_on": "2026-11-02"}
    reference = refer(site.handler, hill, pupil, place, **excluded)
    other = refer(site.handler, hill, a_pupil_of(site.handler, "Hill School", "Wren"), place)

    assert "10 November 2026" in client_as(hill).get(f"/cases/{reference}").text
    client_as(hill).post(f"{address(site)}/2026", data={"seen": "0", "inset": "4/11/2026"})

    with site.store.reading() as connection:
        case, beside = load_case(connection, reference), load_case(connection, other)
    assert case is not None
    assert beside is not None
    assert case.fields["excluded_due_on"] == "2026-11-11"
    assert case.deadlines["sixth_day_excluded"].due_at.date().isoformat() == "2026-11-11"
    considered = beside.deadlines["considered"]
    assert considered.due_at.date().isoformat() == "2026-11-10", "five school days, one of them INSET"
    assert "counted anew" in client_as(OLIVE).get(f"/cases/{reference}").text


def test_a_flag_is_shown_to_both_sides_and_in_the_api(
    site: Site, hill: Actor, client_as: ClientAs, api_as: ClientAs
) -> None:
    _, place = a_listed_site(site.handler)
    reference = refer(site.handler, hill, a_pupil_of(site.handler, "Hill School", "Pip"), place)
    six = [f"{day} {half}" for day in ("monday", "tuesday", "wednesday") for half in ("am", "pm")]
    prepare(site.handler, reference, hill, which_sessions=six)

    for who in (hill, OLIVE, PAT):
        assert "more than 4 sessions a week" in client_as(who).get(f"/cases/{reference}").text
    flags = api_as(OLIVE).get(f"/api/v1/cases/{reference}").json()["flags"]
    assert [flag for flag in flags if "4 sessions" in flag]
