"""My lists: a filter is kept under a name, opened, shared, renamed and deleted, and never what was typed."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.people.people import person
from apflow.store.records.accounts import erase_account
from apflow.store.tables.lists import saved_lists
from apflow.testing import MAGDA, OLIVE, OSCAR, PAT, PETRA, enquire
from apflow.web.site import Site
from tests.records.council import a_pupil, a_school, upn_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
LATE = "/cases?assigned=nobody&overdue=yes"


@pytest.fixture
def olive(client_as: ClientAs) -> Client:
    return client_as(OLIVE)


def keep(client: Client, address: str, name: str) -> str:
    """Save the list of this address under this name, on its page; where that leads."""
    sent = Page(client.get(address)).form("Save the list").send(client, "Save the list", name=name)
    assert sent.status_code == 303, Page(sent).errors
    return str(sent.headers["location"])


def kept(site: Site) -> list[tuple[str, str, str]]:
    with site.store.reading() as connection:
        query = select(saved_lists.c.name, saved_lists.c.path, saved_lists.c.query).order_by(saved_lists.c.id)
        return [tuple(row) for row in connection.execute(query)]


def test_a_filter_is_kept_and_opened_again_from_above_the_list(site: Site, olive: Client) -> None:
    enquire(site.handler, organisation="Wanted Barn")

    assert keep(olive, LATE, "Late, with nobody") == f"{LATE}#my-lists"
    page = Page(olive.get("/cases"))

    assert page.link("Late, with nobody") == LATE
    assert page.link("Rename or delete") == "/lists"
    assert not page.has_button("Save the list"), "there is no filter to save"
    assert not Page(olive.get(LATE)).has_button("Save the list"), "it is kept already"
    assert Page(olive.get("/lists")).link("Late, with nobody") == LATE


def test_a_list_is_kept_without_its_page_and_stands_above_no_other_list(site: Site, olive: Client) -> None:
    a_school(site.handler)
    keep(olive, "/schools?kind=school&page=2", "Schools alone")

    assert kept(site) == [("Schools alone", "/schools", "kind=school")]
    assert "Schools alone" not in Page(olive.get("/cases")).text


def test_each_person_has_their_own_and_shares_one_by_its_address(
    site: Site, olive: Client, client_as: ClientAs
) -> None:
    keep(olive, LATE, "Late")
    oscar = client_as(OSCAR)

    assert "Late" not in Page(oscar.get("/lists")).text
    assert oscar.get(LATE).status_code == 200
    for what in ("rename", "delete"):
        assert oscar.post(f"/lists/1/{what}", data={"name": "Mine"}).status_code == 404
    assert kept(site)[0][0] == "Late"


def test_one_is_renamed_and_deleted(site: Site, olive: Client) -> None:
    keep(olive, LATE, "Late")

    sent = Page(olive.get("/lists")).form("Rename it").send(olive, "Rename it", name="Long overdue")
    assert "Renamed" in Page(olive.get(sent.headers["location"])).text
    assert kept(site)[0][0] == "Long overdue"
    sent = Page(olive.get("/lists")).form("Delete").send(olive, "Delete")
    page = Page(olive.get(sent.headers["location"]))
    assert "Deleted" in page.text
    assert "You keep no list yet." in page.text
    assert kept(site) == []


def test_a_name_that_is_missing_or_taken_is_asked_for_again_and_nothing_is_lost(site: Site, olive: Client) -> None:
    keep(olive, LATE, "Late")
    other = Page(olive.get("/cases?closed=yes")).form("Save the list")
    again = other
    for name, said in (("", "Enter an answer"), ("x" * 61, "60"), ("Late", "You have a list of this name already")):
        page = Page(other.send(olive, "Save the list", name=name))
        assert page.status == 422
        assert said in page.errors["name"]
        again = page.form("Save")
        assert (again.value("address"), again.value("name")) == ("/cases?closed=yes", name)
    assert again.send(olive, "Save", name="Closed ones").headers["location"] == "/cases?closed=yes#my-lists"

    page = Page(olive.post("/lists/2/rename", data={"name": "Late"}))
    assert "You have another list of this name" in page.errors["name"]
    assert page.form("Save").send(olive, "Save", name="Others").headers["location"] == "/lists?done=renamed"


def test_a_search_by_words_cannot_be_saved_and_says_so(olive: Client) -> None:
    searched = ("/pupils", "/placements", "/emails", "/cases")
    pages = [Page(olive.post(one, data={"q": "sparrow"}, follow_redirects=True)) for one in searched]
    pages.append(Page(olive.get("/schools?kind=school&q=sparrow")))

    for page in pages:
        assert "A search by words cannot be saved, as they could be a child’s name." in page.text
        assert not page.has_button("Save the list")


def test_words_are_not_kept_however_they_are_sent(site: Site, olive: Client) -> None:
    olive.post("/lists", data={"address": "/cases?q=sparrow&closed=yes&kind=Pip+Sparrow", "name": "All"})
    for address in ("/cases?q=sparrow", "/pupils?q=sparrow", "//elsewhere.example/cases?closed=yes", "/cases", "", "["):
        page = Page(olive.post("/lists", data={"address": address, "name": f"From {len(address)}"}))
        assert page.status == 422
        assert "There is no filter here to save." in page.text

    assert kept(site) == [("All", "/cases", "closed=yes")]


def test_a_list_is_not_called_after_a_child(site: Site, olive: Client, client_as: ClientAs) -> None:
    a_pupil(site.handler, home_school="")
    for name in ("For Pip Sparrow", f"Of {upn_of(7)}"):
        page = Page(olive.post("/lists", data={"address": LATE, "name": name}))
        assert page.errors["name"].endswith("a list may not name a child")
    assert kept(site) == []

    petra = client_as(PETRA)  # Who does not read who is on record learns nothing of it.
    assert petra.post("/lists", data={"address": LATE, "name": "For Pip Sparrow"}).status_code == 303


def test_nobody_keeps_more_lists_than_a_page_can_show(site: Site, olive: Client) -> None:
    for number in range(50):
        assert olive.post("/lists", data={"address": LATE, "name": f"List {number}"}).status_code == 303
    page = Page(olive.post("/lists", data={"address": LATE, "name": "One more"}))
    assert page.errors["name"].startswith("You keep 50 lists already")


@pytest.mark.parametrize(
    "address",
    ["/team?who=1", "/placements?all=yes", "/emails?waiting=yes", "/reports?first=2026-09-01&last=2026-10-31"],
)
def test_every_list_with_a_filter_is_kept(client_as: ClientAs, address: str) -> None:
    magda = client_as(MAGDA)
    person_ = address.replace("who=1", f"who={OLIVE.id}")
    assert keep(magda, person_, "Mine") == f"{person_}#my-lists"
    assert Page(magda.get(person_)).link("Mine") == person_


def test_a_choice_without_words_leads_to_an_address(olive: Client, client_as: ClientAs) -> None:
    pat = client_as(PAT)
    for address, chosen, leads_to in (
        ("/placements", {"all": "yes"}, "/placements?all=yes"),
        ("/placements", {}, "/placements"),
        ("/emails", {"waiting": "yes"}, "/emails?waiting=yes"),
        ("/pupils", {}, "/pupils"),
    ):
        answer = olive.post(address, data={"q": " ", **chosen})
        assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
        assert pat.post(address, data={"q": " ", **chosen}).status_code == 404


def test_who_is_not_of_the_staff_has_no_such_lists(client: Client, client_as: ClientAs) -> None:
    pat = client_as(PAT)
    assert pat.get("/lists").status_code == 404
    assert pat.post("/lists", data={"address": LATE, "name": "Mine"}).status_code == 404
    assert client.get("/lists").headers["location"].startswith("/sign-in")
    assert client.post("/lists", data={"address": LATE, "name": "Mine"}).status_code == 401


def test_they_go_with_the_account(site: Site, olive: Client, client_as: ClientAs) -> None:
    keep(olive, LATE, "Late")
    keep(client_as(OSCAR), LATE, "His")
    with site.store.writing() as connection:
        row = person(connection, OLIVE.id or 0)
        assert row is not None
        erase_account(connection, row)

    assert [name for name, *_ in kept(site)] == ["His"]
