"""Every list of the staff as a file: exactly what its filter finds, for whoever may see it, and nothing that runs."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response
from openpyxl import load_workbook
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.tables.records import record_reads
from apflow.testing import MAGDA, OLIVE, PAT, PETRA, enquire
from apflow.web.lists.spreadsheet import XLSX
from apflow.web.lists.view import MOST_ROWS, View
from apflow.web.site import Site
from tests.brought import bring_to
from tests.records.attendance import a_placed_pupil
from tests.records.council import HILL, PIP, VALE, WREN, a_placement, a_pupil, a_school, a_site, an_approved_provider
from tests.web.browsing import Client
from tests.web.reading import Page
from tests.web.work.test_findings import check, forget

ClientAs = Callable[[Actor], Client]
LISTS = {
    "/cases": "Case",
    "/team": "Task",
    "/pupils": "Surname",
    "/placements": "Surname",
    "/schools": "Name",
    "/registration": "Light",
    "/findings": "Case",
    "/emails": "To",
    "/attendance": "Provider",
    "/reports": "By",
    "/invoices": "Reference",
    "/approved-list": "id",
}
EMPTY_HERE = {"/approved-list", "/findings", "/attendance", "/invoices"}
SEARCHED = ("/pupils", "/placements", "/emails")


@pytest.fixture
def placed(site: Site) -> int:
    """Two pupils, one of whom is placed at a provider on the list; the number of that one."""
    door = site.handler
    a_site(door, an_approved_provider(door))
    a_school(door)
    a_school(door, **VALE)
    pip = a_pupil(door)
    a_pupil(door, **WREN)
    a_placement(door, pip)
    return pip


def rows_of(answer: Response) -> list[list[Any]]:
    """The cells of a file, with its headings."""
    if answer.headers["content-type"] == XLSX:
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        return [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def looks(site: Site, pupil: int) -> list[str]:
    with site.store.reading() as connection:
        query = select(record_reads.c.page).where(record_reads.c.pupil_id == pupil).order_by(record_reads.c.id)
        return list(connection.execute(query).scalars())


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("address", LISTS)
def test_every_list_of_the_staff_is_a_file_too(
    site: Site, placed: int, client_as: ClientAs, address: str, ending: str
) -> None:
    answer = client_as(MAGDA).get(f"{address}.{ending}")

    assert answer.status_code == 200
    assert LISTS[address] in rows_of(answer)[0]
    assert answer.headers["content-disposition"].endswith(f'.{ending}"')


@pytest.mark.parametrize("address", sorted(LISTS.keys() - EMPTY_HERE))
def test_the_page_leads_to_both_files_and_says_how_many_rows_they_have(
    site: Site, placed: int, client_as: ClientAs, address: str
) -> None:
    magda = client_as(MAGDA)
    bring_to(site.handler, "checking_evidence", organisation="Second Barn")
    page = Page(magda.get("/team?who=1" if address == "/team" else address))

    files = [page.link("CSV"), page.link("Excel (XLSX)")]
    assert [one.partition("?")[0] for one in files] == [f"{address}.csv", f"{address}.xlsx"]
    told = {len(rows_of(magda.get(one))) - 1 for one in files}
    said = next(line for line in page.text.split("\n") if "CSV" in line)
    assert told in ({1}, {int("0" + "".join(one for one in said if one.isdecimal()))}), said


@pytest.mark.parametrize("address", sorted(LISTS.keys() - {"/cases", "/approved-list"}))
def test_who_may_not_open_a_list_has_no_file_of_it(client_as: ClientAs, placed: int, address: str) -> None:
    for who in (PAT, PETRA):
        for ending in ("csv", "xlsx"):
            assert client_as(who).get(f"{address}.{ending}").status_code == 404
            if address in SEARCHED:
                assert client_as(who).post(f"{address}.{ending}", data={"q": "Sparrow"}).status_code == 404


def test_who_is_signed_out_is_sent_to_sign_in_without_what_was_searched_for(client: Client) -> None:
    for address in SEARCHED:
        assert client.post(f"{address}.csv", data={"q": "Sparrow"}).headers["location"] == "/sign-in?next=/"


def test_a_file_of_pupils_is_written_down_on_the_record_of_each(site: Site, placed: int, client_as: ClientAs) -> None:
    olive = client_as(OLIVE)
    told = rows_of(olive.get("/pupils.xlsx"))
    olive.get("/placements.csv")

    assert [row[:2] for row in told] == [["Surname", "First name"], ["Sparrow", "Pip"], ["Thistle", "Wren"]]
    assert looks(site, placed) == ["List of pupils, XLSX", "List of placements, CSV"]


def test_a_search_by_name_is_sent_again_for_its_file_and_stands_in_no_address(
    site: Site, placed: int, client_as: ClientAs
) -> None:
    olive = client_as(OLIVE)
    for address in ("/pupils", "/placements"):
        page = Page(olive.post(address, data={"q": "sparrow"}, follow_redirects=True))
        form = page.form("Excel (XLSX)")
        assert (form.method, form.action, form.value("q")) == ("post", f"{address}.csv", "sparrow")
        assert not any("sparrow" in href.lower() for _, href in page.links)
        for button in ("CSV", "Excel (XLSX)"):
            _, *rows = rows_of(form.send(olive, button))
            assert [row[:2] for row in rows] == [["Sparrow", "Pip"]]
    assert looks(site, placed)[1:3] == ["Search for pupils, CSV", "Search for pupils, XLSX"]


def test_a_name_in_the_address_of_a_file_is_not_read(site: Site, placed: int, client_as: ClientAs) -> None:
    assert len(rows_of(client_as(OLIVE).get("/pupils.csv?q=sparrow"))) == 3


def test_a_file_obeys_the_whole_filter(site: Site, placed: int, client_as: ClientAs) -> None:
    a_placement(site.handler, placed, starts_on="2027-01-04", ends_on="2027-02-05")
    olive = client_as(OLIVE)

    assert len(rows_of(olive.get("/placements.csv"))) == 2
    assert len(rows_of(olive.get("/placements.csv?all=yes"))) == 3
    searched = Page(olive.post("/placements", data={"q": "sparrow", "all": "yes"}, follow_redirects=True)).form("CSV")
    assert len(rows_of(searched.send(olive, "CSV"))) == 3
    schools = Page(olive.get("/schools?q=vale&kind=school"))
    assert schools.link("CSV") == "/schools.csv?q=vale&kind=school"
    assert [row[0] for row in rows_of(olive.get(schools.link("Excel (XLSX)")))] == ["Name", "Vale Academy"]
    assert len(rows_of(olive.get("/emails.csv?waiting=yes"))) <= len(rows_of(olive.get("/emails.csv")))


def test_nothing_in_a_workbook_or_a_file_of_text_is_a_formula(site: Site, client_as: ClientAs) -> None:
    runs = '=HYPERLINK("http://elsewhere.example")'
    enquire(site.handler, organisation=runs)
    a_pupil(site.handler, **PIP | {"surname": "@SUM(A1)", "forename": "+Pip", "home_school": ""})
    a_school(site.handler, **HILL | {"name": "-2+3"})
    olive = client_as(OLIVE)

    for address, cell in (("/cases", runs), ("/pupils", "@SUM(A1)"), ("/schools", "-2+3")):
        text = rows_of(olive.get(f"{address}.csv"))[1]
        assert f"'{cell}" in text
        book = load_workbook(io.BytesIO(olive.get(f"{address}.xlsx").content))
        (held,) = (one for row in book.worksheets[0].iter_rows() for one in row if one.value == cell)
        assert (held.data_type, held.quotePrefix) == ("s", True)


def test_a_date_in_a_workbook_is_one_to_sort_by(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    headings, row = rows_of(client_as(OLIVE).get("/cases.xlsx"))
    assert row[headings.index("Opened")].isoformat()[:10] == "2026-11-02"


def test_a_day_of_attendance_is_a_file_provider_by_provider_and_names_nobody(site: Site, client_as: ClientAs) -> None:
    a_placed_pupil(site.handler)
    olive = client_as(OLIVE)
    page = Page(olive.get("/attendance?day=2026-11-02"))

    headings, row = rows_of(olive.get(page.link("Excel (XLSX)")))
    assert page.link("CSV") == "/attendance.csv?day=2026-11-02"
    assert dict(zip(headings, row, strict=True)) | {"Reference": ""} == {
        "Provider": "Made Up Farm",
        "Reference": "",
        "Sessions": 2,
        "Not marked": 2,
        "Absent": 0,
        "Without a reason": 0,
    }
    assert looks(site, 1) == []


def test_what_the_night_found_is_a_file_too(site: Site, client_as: ClientAs) -> None:
    reference = forget(site)
    check(site)
    olive = client_as(OLIVE)
    page = Page(olive.get("/findings"))

    headings, *rows = rows_of(olive.get(page.link("CSV")))
    assert headings[0] == "Case"
    assert {row[0] for row in rows} == {reference}
    assert f"{len(rows)} thing" in page.text


def test_a_list_that_is_longer_than_a_file_says_so() -> None:
    assert View("/cases", MOST_ROWS + 1).is_cut
    assert View("/cases", 10_000, is_more=True).is_cut
    assert not View("/cases", MOST_ROWS).is_cut
