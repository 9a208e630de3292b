"""Returns of placements: what is missing is told row by row, nothing is made up, and every look at a child is noted."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.demo.placed import CHECKS
from apflow.records.placements.form import DESTINATIONS
from apflow.store.tables.messages import messages
from apflow.store.tables.records import record_reads
from apflow.testing import OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.placing import REFERRAL, a_listed_site, a_pupil_of, a_school_with_an_account, prepare
from tests.records.attendance import own_dates, paused
from tests.records.council import WREN, a_placement, a_pupil, a_school, a_site, an_approved_provider, upn_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
REGISTER, CENSUS = "/returns/children_not_in_school", "/returns/alternative_provision_census"
EVERY, OF_SCHOOLS = "/returns/placements", "/returns/school_census_placements"
ALL_YEAR = "?first=2026-09-01&last=2027-08-31"


def lines(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{address}/file.csv{ALL_YEAR}").text.lstrip("\ufeff"))))


def looks(site: Site) -> list[tuple[int, str]]:
    with site.store.reading() as connection:
        query = select(record_reads.c.pupil_id, record_reads.c.page).order_by(record_reads.c.id)
        return [(row.pupil_id, row.page) for row in connection.execute(query)]


@pytest.fixture
def council(site: Site) -> Site:
    """A school's placement and one of the council's own, both by hand."""
    a_school(site.handler)
    service = {"kind": "service", "name": "Inclusion and Attendance", "urn": None}
    a_school(site.handler, **service)
    a_site(site.handler, an_approved_provider(site.handler), address="1 Invented Lane", postcode="BA1 1AA")
    a_placement(site.handler, a_pupil(site.handler, upn=upn_of(1)))
    a_placement(site.handler, a_pupil(site.handler, **WREN), commissioner="Inclusion and Attendance", sessions=4)
    return site


def test_school_days_are_those_of_the_pupils_own_school(council: Site, client_as: ClientAs) -> None:
    before = [row["School days so far"] for row in lines(client_as(OLIVE), EVERY)]
    own_dates(council.handler, inset="14/9/2026, 21/9/2026")

    assert before == ["36", "36"]
    assert sorted(row["School days so far"] for row in lines(client_as(OLIVE), EVERY)) == ["34", "34"]


def test_the_days_of_a_pause_are_no_school_days(council: Site, client_as: ClientAs) -> None:
    paused(council.handler, 1, date(2026, 9, 14), date(2026, 9, 21))
    paused(council.handler, 1, date(2026, 11, 2))

    assert sorted(row["School days so far"] for row in lines(client_as(OLIVE), EVERY)) == ["30", "36"]


def test_what_is_missing_is_told_before_the_file_is_made_and_stays_empty_in_it(
    council: Site, client_as: ClientAs
) -> None:
    page = Page(client_as(OLIVE).get(CENSUS + ALL_YEAR))

    for said in ("UPN: not recorded", "Sex: not recorded", "Primary reason: not recorded", "Thistle, Wren"):
        assert said in page.text
    (row,) = lines(client_as(OLIVE), CENSUS)
    assert (row["UPN"], row["Sex"], row["Primary reason"], row["Type of setting"]) == ("", "", "", "")
    assert (row["Surname"], row["Date of birth"], row["SEN provision"]) == ("Thistle", "2011-11-30", "E")
    assert (row["Entry date"], row["Sessions a week"]) == ("2026-09-07", "4")


def test_what_the_census_asks_of_a_child_is_in_it_once_it_is_recorded(council: Site, client_as: ClientAs) -> None:
    client = client_as(OLIVE)
    form = Page(client.get("/pupils/2/change")).form("Save")

    sent = form.send(client, middle_names="Ash Rowan", sex="F", postcode="ba1 1ab", uln="1010 000 003")

    assert sent.status_code == 303
    (row,) = lines(client, CENSUS)
    assert [row[name] for name in ("Middle names", "Sex", "Postcode", "ULN")] == [
        "Ash Rowan",
        "F",
        "BA1 1AB",
        "1010000003",
    ]
    assert "Sex: not recorded" not in Page(client.get(CENSUS + ALL_YEAR)).text
    register = {row["Surname"]: row["Postcode of the home"] for row in lines(client, REGISTER)}
    assert register == {"Sparrow": "", "Thistle": "BA1 1AB"}
    (looked, _) = looks(council)[0]
    assert looked == 2
    page = Page(client.get("/pupils/2"))
    assert "Ash Rowan" in page.text
    assert "Female" in page.text
    assert "Home postcode: nothing → BA1 1AB" in page.text
    assert all("BA1 1AB" not in text and "Rowan" not in text for text in every_letter(council))


@pytest.mark.parametrize(
    ("typed", "why"),
    [("1010000004", "check the number"), ("10100", "check the number"), ("1000000000", "Another pupil has this ULN")],
)
def test_a_learner_number_that_cannot_be_right_is_refused(
    council: Site, client_as: ClientAs, typed: str, why: str
) -> None:
    client = client_as(OLIVE)
    assert Page(client.get("/pupils/1/change")).form("Save").send(client, uln="1000000000").status_code == 303

    answer = Page(client.get("/pupils/2/change")).form("Save").send(client, uln=typed)

    assert answer.status_code == 422
    assert why in Page(answer).errors["uln"]


def test_a_school_s_placement_is_in_the_school_s_census_and_not_in_the_council_s(
    council: Site, client_as: ClientAs
) -> None:
    assert [row["Surname"] for row in lines(client_as(OLIVE), CENSUS)] == ["Thistle"]
    assert [(row["Surname"], row["URN of the school"]) for row in lines(client_as(OLIVE), OF_SCHOOLS)] == [
        ("Sparrow", "999901")
    ]


def test_the_register_of_children_not_in_school_says_that_it_is_not_in_force_and_has_each_place(
    council: Site, client_as: ClientAs
) -> None:
    page = Page(client_as(OLIVE).get(REGISTER + ALL_YEAR))

    assert "which is not in force yet" in page.text
    assert "Home address: not kept here" in page.text
    rows = lines(client_as(OLIVE), REGISTER)
    assert [row["Provider"] for row in rows] == ["Made Up Farm", "Made Up Farm"]
    assert {row["Postal address of the place"] for row in rows} == {"1 Invented Lane"}
    assert {row["Type of provider"] for row in rows} == {"Not registered as a school"}


def test_every_look_and_every_file_is_noted_of_each_child_in_it_and_no_email_goes(
    council: Site, client_as: ClientAs
) -> None:
    client = client_as(OLIVE)
    before = len(letters(council))

    client.get(f"{EVERY}{ALL_YEAR}")
    client.get(f"{EVERY}/file.csv{ALL_YEAR}")
    client.get(f"{EVERY}/file.xlsx{ALL_YEAR}")

    said = ("Return: Every placement", "Return, CSV: Every placement", "Return, XLSX: Every placement")
    assert looks(council) == [(pupil, page) for page in said for pupil in (1, 2)]
    assert len(letters(council)) == before


def every_letter(site: Site) -> list[str]:
    with site.store.reading() as connection:
        return [f"{row.subject} {row.text} {row.html}" for row in connection.execute(select(messages))]


def letters(site: Site) -> list[str]:
    with site.store.reading() as connection:
        return [row.notice for row in connection.execute(select(messages))]


def a_started_placement(site: Site, referred: Mapping[str, str] = REFERRAL, **described: str) -> str:
    """One that is a case, from today; `described` is said again of its needs before it is sent."""
    door, now = site.handler, site.now()
    _, place = a_listed_site(door)
    school = a_school_with_an_account(door, "Hill School", "999901", "sally@hill-school.example")
    which = {**referred, "pupil": a_pupil_of(door, "Hill School", "Pip"), "site": place}
    reference = door.open_case("placement", "refer_a_pupil", which, actor=school, now=now).reference
    door.fire(reference, "describe", {"needs": "x", "why_it_suits": "x", **described}, actor=school, now=now)
    checks = {
        **dict.fromkeys((*CHECKS, "staff_checked", "assured"), True),
        "visited": "online",
        "checks_confirmed_by": "Sally",
    }
    door.fire(reference, "confirm_checks", checks, actor=school, now=now)
    door.fire(reference, "refer", {}, actor=school, now=now)
    prepare(door, reference, school, starts_on="2026-11-02")
    door.fire(reference, "start_placement", {}, actor=school, now=now)
    return reference


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        ({"permanently_excluded_on": "2026-10-12"}, "no code is set for “permanently excluded”"),
        ({"suspended_on": "2026-10-12"}, "no code is set for “suspended”"),
        ({}, "no code is set for “excluded”"),
    ],
)
def test_an_exclusion_is_another_reason_than_a_suspension(
    site: Site, client_as: ClientAs, dates: dict[str, str], why: str
) -> None:
    a_started_placement(site, {"kind": "excluded", **dates})

    assert f"Primary reason: {why}" in Page(client_as(OLIVE).get(OF_SCHOOLS + ALL_YEAR)).text


def test_of_a_placement_kept_by_hand_it_is_recorded_where_the_pupil_went(council: Site, client_as: ClientAs) -> None:
    client = client_as(OLIVE)
    form = Page(client.get("/placements/2/change")).form("Save")
    last = {"ends_on__day": "30", "ends_on__month": "10", "ends_on__year": "2026"}
    refused = form.send(client, destination="training")
    assert "give it as well" in Page(refused).errors["ends_on-day"]

    assert form.send(client, destination="training", **last).status_code == 303

    outcomes = {row["Surname"]: row["Outcome"] for row in lines(client, EVERY)}
    assert outcomes == {"Sparrow": "", "Thistle": "To training"}
    assert "To training" in Page(client.get("/reports")).text
    assert "Where the pupil went: nothing → To training" in Page(client.get("/pupils/2")).text


def test_records_by_hand_and_cases_call_a_destination_the_same(site: Site) -> None:
    assert site.library.current("placement").workflow.fields["destination"].options == DESTINATIONS


def test_who_considered_section_19_when_and_on_what_is_in_the_file_and_counted(site: Site, client_as: ClientAs) -> None:
    evidence = "The letter of the clinic. It was decided to arrange this."
    a_started_placement(site, considered_by="Ida Inclusion", considered_on="2026-10-20", considered_evidence=evidence)

    (row,) = lines(client_as(OLIVE), EVERY)

    told = [row[name] for name in ("Section 19 considered by", "Section 19 considered on", "Evidence and decision")]
    assert told == ["Ida Inclusion", "2026-10-20", evidence]
    assert "For 1 of 1 placements it is on record who considered" in Page(client_as(OLIVE).get("/reports")).text


def test_of_a_placement_kept_by_hand_it_is_asked_on_its_own_form(council: Site, client_as: ClientAs) -> None:
    client, evidence = client_as(OLIVE), "The clinic's letter, and a meeting."
    form = Page(client.get("/placements/2/change")).form("Save")
    when = {"considered_on__day": "1", "considered_on__month": "9", "considered_on__year": "2026"}

    sent = form.send(client, considered_by="Ines Ingram, lead", considered_evidence=evidence, **when)

    assert sent.status_code == 303
    row = next(row for row in lines(client, EVERY) if row["Surname"] == "Thistle")
    noted = [row[name] for name in ("Section 19 considered by", "Section 19 considered on", "Evidence and decision")]
    assert noted == ["Ines Ingram, lead", "2026-09-01", evidence]
    assert "When section 19 was considered: nothing → 1 Sep 2026" in Page(client.get("/pupils/2")).text
    again = Page(client.get("/placements/2/change")).form("Save")
    assert again.value("considered_by") == "Ines Ingram, lead"
    assert again.send(client, considered_on__year="2027").status_code == 422, "it is still to come"


def test_parents_are_in_the_register_as_the_placement_s_case_has_them(site: Site, client_as: ClientAs) -> None:
    reference = a_started_placement(site)
    parent = {"parent_name": "Paz Sparrow", "relation": "mother", "responsible": True}
    posted = parent | {"parent_address": "4 Invented Row\nMade Up Town", "is_safe": True}
    site.handler.fire(reference, "write_by_post", posted, actor=OLIVE, now=site.now())

    (row,) = lines(client_as(OLIVE), REGISTER)

    assert (row["Parents' names"], row["Parents' addresses"]) == ("Paz Sparrow", "4 Invented Row Made Up Town")


def test_that_nobody_wrote_down_who_considered_section_19_is_told(site: Site, client_as: ClientAs) -> None:
    a_started_placement(site)
    client, ahead = client_as(OLIVE), "?first=2026-11-01&last=2026-11-30"

    assert "Section 19 considered by: not recorded" in Page(client.get(EVERY + ahead)).text
    assert "For 0 of 1 placements it is on record who considered" in Page(client.get("/reports" + ahead)).text
    (row,) = lines(client, EVERY)
    assert (row["Kind"], row["Section 19 considered by"]) == ("Part-time, alongside school", "")
    (of_school,) = lines(client, OF_SCHOOLS)
    assert (of_school["Type of setting"], of_school["Attendance pattern"]) == ("OTH", "F")


def test_names_that_look_like_formulas_are_text_in_every_file(site: Site, client_as: ClientAs) -> None:
    a_school(site.handler)
    a_site(site.handler, an_approved_provider(site.handler))
    a_placement(site.handler, a_pupil(site.handler, surname="=1+1", forename="@Pip"))

    (row,) = lines(client_as(OLIVE), EVERY)
    book = openpyxl.load_workbook(io.BytesIO(client_as(OLIVE).get(f"{EVERY}/file.xlsx{ALL_YEAR}").content))

    assert (row["Surname"], row["First name"]) == ("'=1+1", "'@Pip")
    cells = [cell for line in book.worksheets[0].iter_rows(min_row=2) for cell in line]
    assert (cells[0].value, cells[0].data_type, cells[0].quotePrefix) == ("=1+1", "s", True)
    assert not any(cell.data_type == "f" for cell in cells)
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n", "d"}, "dates and numbers are such"


def test_a_time_without_placements_says_so_and_a_long_return_goes_on_over_pages(
    council: Site, client_as: ClientAs
) -> None:
    for number in range(2, 32):
        a_placement(council.handler, a_pupil(council.handler, forename=f"Pip {number}", upn=upn_of(number)))
    client = client_as(OLIVE)

    assert "Nobody belongs in this return" in Page(client.get(f"{EVERY}?first=2025-01-01&last=2025-02-01")).text
    first, second = Page(client.get(EVERY + ALL_YEAR)), Page(client.get(f"{EVERY}{ALL_YEAR}&page=2"))
    assert "32 rows, page 1 of 2" in first.text
    assert "Thistle, Wren" not in first.text
    assert "Thistle, Wren" in second.text


def test_what_has_not_come_yet_is_not_counted_and_school_years_and_terms_are_offered(
    council: Site, client_as: ClientAs
) -> None:
    client = client_as(OLIVE)

    ahead = Page(client.get("/reports" + ALL_YEAR))

    assert "only days until 2 Nov 2026 are" in ahead.text
    assert "School year 2026/27" in ahead.text
    assert "Term 2 of 2026/27" in ahead.text
    assert "Term 3 of 2026/27" not in ahead.text, "it has not begun"
    so_far = Page(client.get("/reports?first=2026-09-01&last=2026-11-02"))
    assert [cell for cell in ahead.text.split() if "£" in cell] == [cell for cell in so_far.text.split() if "£" in cell]


@pytest.mark.parametrize("asked", ["first=soon", "first=2026-11-02&last=2026-11-01", "last=9999-12-31"])
def test_dates_that_make_no_sense_are_told(client_as: ClientAs, asked: str) -> None:
    answer = client_as(OLIVE).get(f"{EVERY}?{asked}")

    assert answer.status_code == 422
    assert "Give two dates" in Page(answer).text


@pytest.mark.parametrize("person", [PAT, PETRA])
@pytest.mark.parametrize("address", ["/returns", EVERY, f"{EVERY}/file.csv", f"{EVERY}/file.xlsx"])
def test_nobody_but_officers_and_managers_has_them(client_as: ClientAs, person: Actor, address: str) -> None:
    assert client_as(person).get(address).status_code == 404
    assert client_as(OLIVE).get("/returns/no_such_return").status_code == 404
