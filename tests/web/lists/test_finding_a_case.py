"""Finding a case by what somebody on the telephone says: its reference, who they are, their address, their school."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert

from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.reading.named import Side
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.store.tables.cases import case_parties, hidden_cases
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, a_handler, add_people, enquire
from apflow.web.site import Site
from tests.breaches import a_data_protection_officer, report
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.records.council import WREN, a_pupil, a_school
from tests.web.browsing import Client
from tests.web.lists.searching import search
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ADA: dict[str, Any] = {"contact_name": "Ada Applegarth", "contact_email": "ada@orchard.example"}


def found(client: Client, text: str, **filters: str) -> list[str]:
    """What the cases are called that are listed for this search."""
    address = client.post("/cases", data={"q": text, **filters}).headers["location"]
    rows = client.get(address.replace("?", ".csv?")).text.splitlines()[1:]
    return [row.split(",")[1] for row in rows]


@pytest.mark.parametrize("typed", [str, str.lower, lambda text: text.replace("-", ""), lambda text: f" {text} "])
def test_a_whole_reference_opens_its_case_however_it_is_typed(
    site: Site, client_as: ClientAs, typed: Callable[[str], str]
) -> None:
    reference = enquire(site.handler)

    answered = search(client_as(OLIVE), typed(reference), kind="visit")

    assert (answered.status_code, answered.url.path) == (200, f"/cases/{reference}")


def test_the_reference_of_a_case_that_is_not_theirs_to_see_is_as_one_that_nobody_has(
    site: Site, store: Store, client_as: ClientAs
) -> None:
    officer = a_data_protection_officer(store)
    breach, early = report(site.handler, OSCAR), enquire(site.handler)

    for who, reference in ((OLIVE, breach), (PETRA, early), (OLIVE, "DB-ZZZZ-ZZZZ")):
        assert "No case matches." in Page(search(client_as(who), reference)).text
    assert search(client_as(officer), breach).url.path == f"/cases/{breach}"


@pytest.mark.parametrize("typed", ["Ada Applegarth", "applegarth", "garth ada", "ADA@orchard.example", "orchard"])
def test_whoever_a_case_names_finds_it_by_their_name_or_address(site: Site, client_as: ClientAs, typed: str) -> None:
    enquire(site.handler, organisation="Brook House", **ADA)
    enquire(site.handler, organisation="Hill House")

    assert found(client_as(OLIVE), typed) == ["Brook House"]
    assert found(client_as(OLIVE), typed, kind="visit") == []


def test_whoever_was_the_contact_before_finds_it_no_more(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler, organisation="Brook House", **ADA)
    new = {"contact_name": "Bea Birch", "contact_email": "bea@orchard.example", "how_known": "She rang."}
    site.handler.fire(reference, "change_contact", new, actor=OLIVE, now=MONDAY)

    assert (found(client_as(OLIVE), "Applegarth"), found(client_as(OLIVE), "bea birch")) == ([], ["Brook House"])


def test_a_placement_is_found_by_the_school_the_provider_and_who_acts_for_them(site: Site, client_as: ClientAs) -> None:
    _, place = a_listed_site(site.handler)
    hill = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    vale = a_school_with_an_account(site.handler, "Vale School", "999902", "sam@vale-school.example")
    references = [
        refer(site.handler, school, a_pupil_of(site.handler, name, pupil), place)
        for school, name, pupil in ((hill, "Hill School", "Pip"), (vale, "Vale School", "Wren"))
    ]
    officer = client_as(OLIVE)

    def listed(text: str) -> list[str]:
        shown = search(officer, text, kind="placement").text
        return [one for one in references if one in shown]

    for text in ("hill school", "Sally at Hill", "sally@hill-school.example"):
        assert listed(text) == references[:1], text
    assert listed("pat provider") == listed("made up farm") == references
    assert listed("pip") == [], "a child's name finds no case"


def test_who_told_of_a_concern_without_a_name_finds_it_for_nobody(site: Site, client_as: ClientAs) -> None:
    said = {"organisation": "Made Up Farm", "what_happened": "The head shouts at children."}
    site.handler.open_case("concern", "report_concern", said, actor=PAT, now=MONDAY)
    for who in (OLIVE, MAGDA):
        for text in ("Pat Provider", "pat@made-up-farm.example"):
            assert found(client_as(who), text, kind="concern") == []
    named = {**said, "reporter_name": "Dora Drake", "reporter_email": "dora@drake.example"}
    site.handler.open_case("concern", "report_concern", named, actor=PAT, now=MONDAY)
    assert found(client_as(OLIVE), "dora", kind="concern") == ["Made Up Farm"]


def test_who_reported_a_breach_finds_it_only_for_those_who_see_breaches(
    site: Site, store: Store, client_as: ClientAs
) -> None:
    officer = a_data_protection_officer(store)
    report(site.handler, OSCAR, reporter_name="Oscar Officer", reporter_email="oscar@council.example")

    assert len(found(client_as(officer), "oscar", kind="data_breach")) == 1
    for who in (OLIVE, OSCAR):
        assert found(client_as(who), "oscar", kind="data_breach") == []


def test_a_case_that_is_hidden_from_somebody_is_not_found_by_whom_it_names(
    site: Site, store: Store, client_as: ClientAs
) -> None:
    enquire(site.handler, organisation="Brook House", **ADA)
    with store.writing() as connection:
        connection.execute(insert(hidden_cases).values(case_id=1, person_id=OLIVE.id))

    assert (found(client_as(OLIVE), "Applegarth"), found(client_as(OSCAR), "Applegarth")) == ([], ["Brook House"])


def test_on_both_databases_the_whole_search_must_be_of_one_person(either_store: Store) -> None:
    add_people(either_store)
    handler = a_handler(either_store)
    enquire(handler, organisation="Brook House", **ADA)
    enquire(handler, organisation="Hill House", contact_name="Émile Orchard", contact_email="emile@hill.example")
    sides = (Side("provider", "contact_email"),)
    expected = {
        "orchard": ["Hill House", "Brook House"],
        "Émile": ["Hill House"],
        "ada emile": [],
        "100%": [],
        "a_a": [],
        "\x00": ["Hill House", "Brook House"],
    }
    with either_store.reading() as connection:
        for text, names in expected.items():
            rows = list_cases(connection, CaseFilter(text, sides=sides), limit=10)
            assert [row.title for row in rows] == names, text


def test_from_a_search_that_finds_no_case_one_goes_on_to_pupils_of_that_name(site: Site, client_as: ClientAs) -> None:
    a_school(site.handler)
    a_pupil(site.handler, **WREN)
    officer = client_as(OLIVE)

    shown = Page(search(officer, "Thistle"))
    assert "Nothing is found under “The approved provider list” or any other kind of case." in shown.text
    address = shown.form("Look for a pupil called “Thistle”").send(officer).headers["location"]

    assert "thistle" not in address.lower()
    assert "1 pupil found" in Page(officer.get(address)).text
    assert "Look for a pupil" not in search(client_as(PETRA), "Thistle").text


def test_who_stands_on_a_case_that_does_not_say_so_finds_it_for_nobody(either_store: Store) -> None:
    add_people(either_store)
    enquire(a_handler(either_store), organisation="Brook House", **ADA)
    with either_store.writing() as connection:
        connection.execute(insert(case_parties).values(case_id=1, person_id=PAT.id, role="provider"))
    with either_store.reading() as connection:
        for text, count in {"Pat Provider": 0, "Applegarth": 1}.items():
            wanted = CaseFilter(text, sides=(Side("provider", "contact_email"),))
            assert len(list_cases(connection, wanted, limit=10)) == count
