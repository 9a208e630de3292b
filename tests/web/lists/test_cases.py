"""The list of cases: its filters live in the address, and the file of it is the view in front of you."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import insert, select

from apflow.store.tables.cases import cases
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, StoppedClock, enquire
from apflow.web.lists.spreadsheet import as_text
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.lists.searching import search, token_of
from tests.web.reading import Page

ClientAs = Callable[..., Client]


def test_open_cases_are_listed_last_changed_first(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler, now=MONDAY, organisation="Early Barn")
    enquire(site.handler, now=MONDAY + timedelta(hours=1), organisation="Late Barn")
    _withdrawn(site, "Gone Barn")
    page = Page(client_as(OLIVE).get("/cases"))
    assert "2 cases open" in page.text
    assert page.text.index("Late Barn") < page.text.index("Early Barn")
    assert "Gone Barn" not in page.text


def test_a_search_finds_by_name_and_by_part_of_a_reference(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler, organisation="Brook House")
    enquire(site.handler, organisation="Hill House")
    officer = client_as(OLIVE)
    for text in ("brook", reference.lower()[:-1], "  Brook   House "):
        page = Page(search(officer, text))
        assert "1 case open" in page.text
        assert "Brook House" in page.text


def test_a_search_finds_a_half_remembered_name_by_its_words_in_any_order(site: Site, client_as: ClientAs) -> None:
    reference = enquire(site.handler, organisation="The Brookside Boat House")
    enquire(site.handler, organisation="Hill House")
    for text in ("boat brook", "house the", reference[:-1].replace("-", " ").lower()):
        page = Page(search(client_as(OLIVE), text))
        assert "1 case open" in page.text
        assert "The Brookside Boat House" in page.text


def test_a_search_that_finds_nothing_here_says_where_it_would(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler, organisation="Brook House")
    officer = client_as(OLIVE)
    page = Page(search(officer, "brook", kind="visit"))
    assert "No case matches." in page.text
    there = Page(officer.get(page.link("The approved provider list: 1")))
    assert "1 case open" in there.text
    assert "Remove this filter: “brook”" in there.text


def test_a_search_goes_along_to_another_kind_of_case(site: Site, client_as: ClientAs) -> None:
    answered = search(client_as(OLIVE), "brook", state="visit", assigned="me")
    page = Page(answered)
    assert page.link("Action plans") == f"/cases?kind=action_plan&search={token_of(answered)}&assigned=me"


def test_a_search_stands_in_no_address_as_it_may_be_by_the_name_of_a_child(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler, organisation="Brook House")
    officer = client_as(OLIVE)
    ways = (officer.post("/cases", data={"q": "brook"}), officer.get("/cases?q=brook"))
    addresses = [answered.headers["location"] for answered in ways]
    assert "brook" not in "".join(addresses)
    assert all("Brook House" in officer.get(address).text for address in addresses)
    assert "Search again; until then the list is whole." in client_as(OSCAR).get(addresses[0]).text
    assert officer.post("/cases", data={"q": " ", "overdue": "yes"}).headers["location"] == "/cases?overdue=yes"
    assert client_as(PAT).post("/cases", data={"q": "brook"}).status_code == 404


def test_what_a_colleague_has_is_found_by_their_name(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence", organisation="Olive Barn")
    enquire(site.handler, organisation="Free Barn")
    colleague = client_as(OSCAR)
    assert "Olive Officer" in Page(colleague.get("/cases")).below("Cases")
    page = Page(colleague.get(f"/cases?assigned={OLIVE.id}"))
    assert "Olive Barn" in page.text
    assert "Free Barn" not in page.text
    assert page.link("Remove this filter: Olive Officer has it") == "/cases"
    assert "Olive Officer has it" not in Page(client_as(OLIVE).get(f"/cases?assigned={OLIVE.id}")).text


def test_signs_that_databases_take_for_wildcards_are_only_signs(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    for text in ("%", "_", "100%"):
        assert "No case matches." in Page(search(client_as(OLIVE), text)).text


def test_several_stages_can_be_chosen_each_with_its_count(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler, organisation="New Barn")
    bring_to(site.handler, "gathering_evidence", organisation="Gathering Barn")
    bring_to(site.handler, "checking_evidence", organisation="Checking Barn")
    page = Page(client_as(OLIVE).get("/cases?state=enquiry&state=checking_evidence"))
    assert "2 cases" in page.text
    assert "Gathering Barn" not in page.text
    assert "Gathering evidence (1)" in page.text
    assert "Withdrawn (0)" in page.text


def test_a_closed_stage_that_is_chosen_is_shown(site: Site, client_as: ClientAs) -> None:
    _withdrawn(site, "Gone Barn")
    officer = client_as(OLIVE)
    assert "Gone Barn" in Page(officer.get("/cases?state=withdrawn")).text
    assert "Gone Barn" in Page(officer.get("/cases?closed=yes")).text


def test_cases_are_found_by_who_has_them_and_whom_they_wait_for(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence", organisation="Olive Barn")
    enquire(site.handler, organisation="Free Barn")
    bring_to(site.handler, "gathering_evidence", organisation="Waiting Barn")
    officer = client_as(OLIVE)
    assert "2 cases open" in Page(officer.get("/cases?assigned=me")).text
    assert "Free Barn" in Page(officer.get("/cases?assigned=nobody")).text
    assert "Olive Barn" not in Page(officer.get("/cases?assigned=nobody")).text
    waiting = Page(officer.get("/cases?awaiting=provider"))
    assert "1 case open" in waiting.text
    assert "Waiting Barn" in waiting.text
    assert "No case matches." in Page(client_as(OSCAR).get("/cases?assigned=me")).text


def test_overdue_cases_can_be_picked_out(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    enquire(site.handler, now=MONDAY - timedelta(days=30), organisation="Late Barn")
    enquire(site.handler, organisation="New Barn")
    page = Page(client_as(OLIVE).get("/cases?overdue=yes"))
    assert "1 case open" in page.text
    assert "Overdue by" in page.text
    assert "New Barn" not in page.text


def test_every_filter_that_is_on_can_be_taken_off_alone(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    answered = search(client_as(OLIVE), "farm", state="enquiry", assigned="nobody", overdue="yes")
    page = Page(answered)
    words = f"search={token_of(answered)}"
    assert page.link("Remove this filter: New enquiry") == f"/cases?{words}&assigned=nobody&overdue=yes"
    assert page.link("Remove this filter: “farm”") == "/cases?state=enquiry&assigned=nobody&overdue=yes"
    assert page.link("Remove this filter: Overdue") == f"/cases?{words}&state=enquiry&assigned=nobody"
    assert page.link("Clear all") == "/cases"


def test_the_form_keeps_what_was_asked_for(site: Site, client_as: ClientAs) -> None:
    address = "/cases?q=farm&state=panel&state=visit&closed=yes"
    form = Page(client_as(OLIVE).get(address, follow_redirects=True)).form("Search")
    assert form.value("q") == "farm"
    assert [value for name, value in form.values if name == "state"] == ["panel", "visit"]
    assert ("closed", "yes") in form.values


def test_nonsense_in_the_address_is_left_out(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    nonsense = "state=moon&awaiting=nobody_at_all&assigned=99&overdue=maybe&page=minus&page=-1"
    page = Page(client_as(OLIVE).get(f"/cases?{nonsense}"))
    assert page.status == 200
    assert "1 case open" in page.text
    assert "Remove this filter" not in page.text


def test_an_empty_result_has_a_way_out(site: Site, client_as: ClientAs) -> None:
    answered = search(client_as(OLIVE), "unheard-of")
    page = Page(answered)
    assert "No case matches." in page.text
    assert page.link("Look among closed cases too") == f"/cases?search={token_of(answered)}&closed=yes"
    assert page.link("Clear the filters") == "/cases"


def test_a_long_list_comes_a_page_at_a_time_and_keeps_its_filters(site: Site, client_as: ClientAs) -> None:
    for number in range(26):
        enquire(site.handler, organisation=f"Barn {number:02}")
    officer = client_as(OLIVE)
    first = Page(search(officer, "Barn"))
    assert "26 cases open, page 1 of 2" in first.text
    assert "Barn 00" not in first.text
    second = Page(officer.get(first.link("Next")))
    assert "Barn 00" in second.text
    assert "26 cases open, page 2 of 2" in second.text
    assert "page 2 of 2" in Page(officer.get("/cases?page=99")).text


def test_the_file_holds_exactly_the_view(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler, organisation="Wanted Barn")
    enquire(site.handler, organisation="Other Place")
    officer = client_as(OLIVE)
    address = Page(search(officer, "barn")).link("CSV")
    answered = officer.get(address)
    assert answered.headers["content-type"].startswith("text/csv")
    assert answered.headers["content-disposition"] == 'attachment; filename="cases-2026-11-02.csv"'
    headings, *rows = csv.reader(io.StringIO(answered.content.decode("utf-8-sig")))
    assert headings[:3] == ["Reference", "Case", "State"]
    assert [row[1:4] for row in rows] == [["Wanted Barn", "New enquiry", "Alternative Learning Team officer"]]
    assert rows[0][5:] == ["2026-11-09", "2026-11-02", "2026-11-02"]


def test_the_file_is_not_cut_at_a_page(site: Site, client_as: ClientAs) -> None:
    for number in range(27):
        enquire(site.handler, organisation=f"Barn {number:02}")
    rows = client_as(OLIVE).get("/cases.csv?page=2").text.splitlines()
    assert len(rows) == 28


def test_nothing_in_the_file_is_a_formula(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler, organisation='=HYPERLINK("http://elsewhere.example")')
    text = client_as(OLIVE).get("/cases.csv").content.decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(text))
    assert row[1] == '\'=HYPERLINK("http://elsewhere.example")'


def test_a_cell_that_only_might_be_a_formula_is_text_too() -> None:
    for cell in ("=1+1", "+44", "-5", "@SUM(A1)", "\t=1", "  =1", "＝1"):
        assert as_text(cell).startswith("'")
    for cell in ("Made Up Farm", "2026-11-02", "A = B", ""):
        assert as_text(cell) == cell


def test_a_member_of_the_panel_sees_only_the_stages_she_may(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler, organisation="New Barn")
    bring_to(site.handler, "panel", organisation="Panel Barn")
    member = client_as(PETRA)
    page = Page(member.get("/cases?closed=yes"))
    assert "Panel Barn" in page.text
    assert "New Barn" not in page.text
    assert "New enquiry (" not in page.text
    assert "New Barn" not in Page(member.get("/cases?state=enquiry")).text
    assert "New Barn" not in member.get("/cases.csv?closed=yes").text


def test_a_manager_sees_every_case(site: Site, client_as: ClientAs) -> None:
    enquire(site.handler)
    bring_to(site.handler, "panel")
    assert "2 cases open" in Page(client_as(MAGDA).get("/cases")).text


def test_the_list_is_for_staff(site: Site, client: Client, client_as: ClientAs) -> None:
    enquire(site.handler)
    for address in ("/cases", "/cases.csv"):
        assert client_as(PAT).get(address).headers["location"] == "/home"
        assert client.get(address).headers["location"].startswith("/sign-in")


def _withdrawn(site: Site, name: str) -> None:
    reference = enquire(site.handler, organisation=name)
    site.handler.fire(reference, "withdraw", {"sure": True}, actor=OLIVE, now=MONDAY)


def test_of_very_many_cases_the_last_changed_are_listed_and_the_others_are_to_be_searched_for(
    site: Site, client_as: ClientAs
) -> None:
    _copies(site, enquire(site.handler), 10_001)
    page = Page(client_as(OLIVE).get("/cases"))
    assert "More than 10,000 cases open, page 1 of 400" in page.text
    assert "Listed here are the 10,000 that changed last." in page.text
    assert "Gathering evidence (" not in page.text
    assert "Made Up Farm" in Page(client_as(OLIVE).get("/cases?page=400")).text


def _copies(site: Site, reference: str, count: int) -> None:
    """Put so many more cases there that are like this one, by plain inserts."""
    with site.store.writing() as connection:
        row = dict(connection.execute(select(cases).where(cases.c.reference == reference)).one()._mapping)
        del row["id"]
        connection.execute(insert(cases), [{**row, "reference": f"MU-{number}"} for number in range(count)])
