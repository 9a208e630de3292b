"""Several invoices of one placement: wherever they are listed, what each is over stands beside its number."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from apflow.core.people.actor import Actor
from apflow.rounds.signals import hear_all
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, PETRA, shipped_library
from apflow.web.case.told_apart import key_facts_headings, key_facts_line
from apflow.web.site import Site
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
FIRST = "amount £640.00, to be settled by Monday 14 December 2026"
SECOND = "amount £320.50, to be settled by Friday 15 January 2027"


@pytest.fixture
def school(site: Site) -> Actor:
    return a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")


@pytest.fixture
def placement(site: Site, school: Actor) -> str:
    """One that has begun, with two invoices under much the same number."""
    today = MONDAY.date().isoformat()
    _, place = a_listed_site(site.handler)
    reference = refer(site.handler, school, a_pupil_of(site.handler, "Hill School", "Pip"), place)
    prepare(site.handler, reference, school, starts_on=today)
    site.handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    period = {"period_from": today, "period_until": "2026-11-30"}
    for invoice in (
        {"invoice_number": "1042", "amount": "640", "pay_by": "2026-12-14"},
        {"invoice_number": "1042a", "amount": "320.50", "pay_by": "2027-01-15"},
    ):
        site.handler.fire(reference, "send_invoice", {**period, **invoice}, actor=PAT, now=MONDAY)
    hear_all(site.handler, machine_now=lambda: MONDAY)
    return reference


@pytest.mark.parametrize("is_ours", [True, False])
def test_both_sides_choose_among_the_invoices_of_a_placement_by_more_than_their_number(
    placement: str, school: Actor, client_as: ClientAs, is_ours: bool
) -> None:
    page = Page(client_as(school if is_ours else PAT).get(f"/cases/{placement}"))

    listed = page.below("What belongs with it")
    assert f"Invoice 1042 ({FIRST}): invoice to be settled" in listed
    assert f"Invoice 1042a ({SECOND}): invoice to be settled" in listed


def test_home_has_it_for_either_side(placement: str, school: Actor, client_as: ClientAs) -> None:
    for side, below in ((school, "Do now"), (PAT, "Waiting for others")):
        listed = Page(client_as(side).get("/home")).below(below)
        assert FIRST.replace("amount", "Amount") in listed
        assert SECOND.replace("amount", "Amount") in listed


def test_staff_have_it_with_the_placement_among_all_cases_and_in_their_work(
    site: Site, placement: str, client_as: ClientAs
) -> None:
    olive = client_as(OLIVE)
    page = Page(olive.get(f"/cases/{placement}"))
    assert f"1042a ({SECOND}): Invoice to be settled" in page.below("Linked cases")
    assert SECOND.replace("amount", "Amount") in Page(olive.get("/cases?kind=invoice")).text

    reference = page.below("Linked cases").partition("Invoice ")[2].split()[0]
    site.handler.alert(reference, "mail_failed", "It came back.", now=MONDAY)
    work = Page(olive.get("/work")).below("To claim")
    assert FIRST in work or SECOND in work


def test_the_file_of_all_cases_has_a_column_for_each_key_fact_to_count_and_sort_by(
    site: Site, placement: str, client_as: ClientAs
) -> None:
    for reader in (OLIVE, MAGDA):
        text = client_as(reader).get("/cases.csv?kind=invoice").content.decode("utf-8-sig")
        headings, *rows = csv.reader(io.StringIO(text))
        assert headings[-3:] == ["Last changed", "Amount in pounds", "To be settled by"]
        assert {row[1]: row[-2:] for row in rows} == {
            "1042": ["640.00", "2026-12-14"],
            "1042a": ["320.50", "2027-01-15"],
        }
    assert "kind=invoice" in Page(client_as(OLIVE).get("/cases?kind=invoice")).link("CSV")


def test_who_may_not_see_such_cases_has_no_such_columns(site: Site, placement: str, client_as: ClientAs) -> None:
    text = client_as(PETRA).get("/cases.csv?kind=invoice").text
    assert "1042" not in text
    assert "Amount" not in text


@pytest.mark.parametrize(
    ("names", "reader", "columns"),
    [
        (["organisation", "starts_on", "cost"], OLIVE, ["Provider", "First day", "Agreed cost a week in pounds"]),
        (["site", "missed_until", "organisation"], OLIVE, ["Provider"]),
        (["provider_standing", "organisation"], MAGDA, ["Why pupils can be placed there", "Provider"]),
        (["provider_standing", "organisation"], PETRA, ["Provider"]),
        ([], OLIVE, []),
    ],
)
def test_a_column_is_there_for_what_the_reader_may_read_in_a_list(
    names: list[str], reader: Actor, columns: list[str]
) -> None:
    shipped = shipped_library().current("placement")
    definition = replace(shipped, workflow=shipped.workflow.model_copy(update={"key_facts": tuple(names)}))

    assert list(key_facts_headings([definition, shipped], reader).values()) == columns


@pytest.mark.parametrize(
    ("names", "reader", "line"),
    [
        (["organisation", "starts_on"], OLIVE, "provider Made Up Farm, first day Monday 2 November 2026"),
        (["organisation", "ends_on"], OLIVE, "provider Made Up Farm"),  # Not known yet.
        (["site", "organisation"], OLIVE, "provider Made Up Farm"),  # The number of a record says nothing.
        (
            ["missed_until", "organisation"],
            OLIVE,
            "provider Made Up Farm",
        ),  # About a child: no look at a list is noted.
        (
            ["provider_standing", "organisation"],
            MAGDA,
            "why pupils can be placed there Approved, provider Made Up Farm",
        ),
        (["provider_standing", "organisation"], PETRA, "provider Made Up Farm"),  # Who may not read it.
        ([], OLIVE, ""),
    ],
)
def test_the_line_has_what_the_reader_may_read_in_a_list(names: list[str], reader: Actor, line: str) -> None:
    shipped = shipped_library().current("placement")
    definition = replace(shipped, workflow=shipped.workflow.model_copy(update={"key_facts": tuple(names)}))
    fields = {"organisation": "Made Up Farm", "site": 3, "starts_on": "2026-11-02", "missed_until": "2026-11-20"}

    assert key_facts_line(definition, {**fields, "provider_standing": "Approved"}, reader) == line
