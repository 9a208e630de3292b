"""The pages of schools, pupils, placements and sites: empty, filled in, wrong, long, two at once, and for whom."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import change
from apflow.records.people.pupils import PUPIL
from apflow.store.tables.records import record_reads
from apflow.testing import OLIVE, OSCAR, PAT, PETRA
from apflow.web.site import Site
from tests.records.council import (
    PIP,
    WREN,
    a_placement,
    a_provider,
    a_pupil,
    a_school,
    a_site,
    an_approved_provider,
    by,
    upn_of,
)
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def olive(client_as: ClientAs) -> Client:
    return client_as(OLIVE)


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer)


def search(client: Client, address: str, text: str, **more: str) -> Page:
    return Page(client.post(address, data={"q": text, **more}, follow_redirects=True))


def reads(door: Handler) -> list[tuple[int, int, str]]:
    with door.store.reading() as connection:
        query = select(record_reads.c.pupil_id, record_reads.c.person_id, record_reads.c.page).order_by(
            record_reads.c.id
        )
        return [tuple(row) for row in connection.execute(query)]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/pupils", "There are no pupils yet."),
        ("/schools", "There are none yet."),
        ("/placements", "No placement runs today."),
        ("/registration", "No site of any provider is recorded yet"),
    ],
)
def test_an_empty_list_says_what_to_do(olive: Client, address: str, said: str) -> None:
    assert said in read(olive, address).text


def test_a_school_a_pupil_and_a_placement_are_entered_by_hand(olive: Client, door: Handler) -> None:
    a_site(door, a_provider(door))
    sent = read(olive, "/schools/new").form("Save").send(olive, kind="school", name="Hill School", urn="999901")
    assert sent.headers["location"].endswith("?done=added")
    form = read(olive, "/pupils/new").form("Save")
    sent = form.send(
        olive,
        surname="Sparrow",
        forename="Pip",
        born__day="4",
        born__month="5",
        born__year="2012",
        upn=upn_of(1),
        true_of=["ehcp"],
        home_school="hill school",
    )
    pupil = sent.headers["location"].partition("?")[0]
    form = read(olive, f"{pupil}/placements/new").form("Save")
    assert form.value("commissioner") == "Hill School (999901)"

    sent = form.send(
        olive,
        provider="made up farm",
        hours="19",
        has_breaks="yes",
        starts_on__day="7",
        starts_on__month="9",
        starts_on__year="2026",
    )

    shown = read(olive, sent.headers["location"])
    assert shown.heading == "Pip Sparrow"
    assert "EHC plan" in shown.text
    assert "Made Up Farm, Main site" in shown.below("Placements")
    assert "19 hours" in shown.below("Placements")
    assert "Pupil added by Olive Officer" in shown.below("What has changed")
    shown = read(olive, "/registration")
    assert "1 pupil with an EHC plan in full-time education here: one is enough." in shown.text
    case = next(href for said, href in shown.links if said.startswith("RL-"))
    assert "Look into whether this provider must register" in read(olive, case).text


def test_what_was_typed_comes_back_with_what_is_wrong(olive: Client) -> None:
    answer = (
        read(olive, "/pupils/new")
        .form("Save")
        .send(olive, surname="Sparrow", born__day="31", born__month="2", born__year="2012")
    )

    shown = Page(answer)
    assert answer.status_code == 422
    assert set(shown.errors) == {"forename", "born-day"}
    assert shown.form("Save").value("surname") == "Sparrow"
    assert shown.form("Save").value("born-day") == "31"


def test_a_change_made_meanwhile_is_told_and_saving_again_is_deliberate(olive: Client, door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)
    form = read(olive, f"/pupils/{pupil}/change").form("Save")
    change(door.store, PUPIL, pupil, 1, {**PIP, "true_of": ["ehcp"]}, by(door, OSCAR))

    refused = form.send(olive, forename="Pippa")

    assert refused.status_code == 409
    assert "Oscar Officer changed this on 2 November 2026 at 10am: EHC plan." in Page(refused).text
    again = Page(refused).form("Save")
    assert again.value("forename") == "Pippa"
    assert again.send(olive).headers["location"] == f"/pupils/{pupil}?done=changed"


def test_the_same_again_says_that_nothing_was_different(olive: Client, door: Handler) -> None:
    a_school(door)
    sent = read(olive, f"/pupils/{a_pupil(door)}/change").form("Save").send(olive)

    assert "Nothing was different" in read(olive, sent.headers["location"]).text


def test_what_was_typed_survives_signing_out(client: Client) -> None:
    answer = client.post("/pupils/new", data={"surname": "Sparrow"})

    assert answer.status_code == 401
    assert "Sparrow" in Page(answer).text


@pytest.mark.parametrize("actor", [PETRA, PAT])
def test_to_whoever_may_not_read_of_children_the_pages_look_missing(
    client_as: ClientAs, door: Handler, actor: Actor
) -> None:
    a_school(door)
    pupil = a_pupil(door)
    client = client_as(actor)
    missing = client.get("/pupils/999")

    for address in (
        "/pupils",
        f"/pupils/{pupil}",
        f"/pupils/{pupil}/looks",
        "/schools",
        "/placements",
        "/registration",
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        assert Page(answer).text == Page(missing).text
    assert client.post(f"/pupils/{pupil}/change", data={"seen": "1", "surname": "Other"}).status_code == 404
    assert "Records" not in client.get("/").text
    assert reads(door) == []


@pytest.mark.parametrize(
    "address",
    ["/pupils/999", "/pupils/99999999999999999999", "/schools/999", "/placements/999/change", "/sites/0/change"],
)
def test_what_is_not_there_is_missing(olive: Client, address: str) -> None:
    assert olive.get(address).status_code == 404


def test_every_page_that_shows_a_pupil_notes_who_looked(olive: Client, door: Handler) -> None:
    a_school(door)
    a_site(door, a_provider(door))
    pip, wren = a_pupil(door), a_pupil(door, **WREN)
    placement = a_placement(door, pip)
    assert OLIVE.id

    for address in ("/pupils", f"/pupils/{wren}", "/placements", f"/placements/{placement}/change"):
        read(olive, address)

    assert reads(door) == [
        (pip, OLIVE.id, "List of pupils"),
        (wren, OLIVE.id, "List of pupils"),
        (wren, OLIVE.id, "Pupil"),
        (pip, OLIVE.id, "List of placements"),
        (pip, OLIVE.id, "Change a placement"),
    ]
    assert "Olive Officer" in read(olive, f"/pupils/{pip}/looks").text


def test_a_page_that_cannot_be_noted_is_not_shown(olive: Client, door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door)
    with door.store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON record_reads BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )

    answer = olive.get(f"/pupils/{pupil}")

    assert answer.status_code >= 500
    assert "Sparrow" not in answer.text


def test_a_long_list_comes_a_page_at_a_time_and_only_those_shown_are_noted(olive: Client, door: Handler) -> None:
    a_school(door)
    for number in range(30):
        a_pupil(door, surname=f"Finch{number:02}")

    shown = read(olive, "/pupils?page=2")

    assert "page 2 of 2" in shown.text
    assert len(reads(door)) == 5
    assert "Finch29" in shown.text


def test_a_pupil_is_found_by_parts_of_the_name_or_the_number(olive: Client, door: Handler) -> None:
    a_school(door)
    a_pupil(door, upn=upn_of(7))
    a_pupil(door, **WREN)

    for text in ("pip spar", upn_of(7)[3:9].lower(), "SPARROW"):
        assert "1 pupil found" in search(olive, "/pupils", text).text
    assert "No pupil matches." in search(olive, "/pupils", "%").text


def test_what_is_searched_for_is_in_no_address(olive: Client, door: Handler) -> None:
    a_school(door)
    a_pupil(door)

    for address in ("/pupils", "/placements"):
        assert read(olive, address).form("Search").method == "post"
    assert reads(door)[-1][2] == "List of pupils"
    search(olive, "/pupils", "sparrow")
    assert reads(door)[-1][2] == "Search for pupils"


def test_a_search_that_finds_very_many_shows_some_and_says_how_to_narrow_it(olive: Client, door: Handler) -> None:
    a_school(door)
    for number in range(51):
        a_pupil(door, surname=f"Finch{number:02}")

    shown = search(olive, "/pupils", "finch")

    assert "51 pupils found" in shown.text
    assert "The first 50 are shown." in shown.text
    assert len(reads(door)) == 50


def test_schools_are_found_by_name_urn_and_kind(olive: Client, door: Handler) -> None:
    a_school(door)
    a_school(door, kind="service", name="Virtual Service", urn="")

    assert "1 found" in read(olive, "/schools?q=999901").text
    assert "Virtual Service" in read(olive, "/schools?kind=service").text
    assert "Nothing matches." in read(olive, "/schools?q=hill&kind=service").text


def test_placements_to_come_are_listed_only_when_asked_for(olive: Client, door: Handler) -> None:
    a_school(door)
    a_site(door, an_approved_provider(door))
    a_placement(door, a_pupil(door), starts_on="2027-01-04")

    assert "No placement runs today." in read(olive, "/placements").text
    assert "1 placement" in read(olive, "/placements?all=yes").text
    assert "1 placement found" in search(olive, "/placements", "made up hill pip", all="yes").text
    assert "No placement matches." in search(olive, "/placements", "made up hill pip").text


def test_a_professional_is_added_and_changed(olive: Client, door: Handler) -> None:
    a_school(door)
    pupil = a_pupil(door, true_of=["looked_after"])
    assert "There is usually a social worker" in read(olive, f"/pupils/{pupil}").text

    form = read(olive, f"/pupils/{pupil}/professionals/new").form("Save")
    form.send(olive, role="social_worker", name="Saffron Worker")
    shown = read(olive, f"/pupils/{pupil}")

    assert "Social worker: Saffron Worker" in shown.text
    form = read(olive, "/professionals/1/change").form("Save")
    form.send(olive, role="social_worker", name="Saffron Worker-Jones")
    assert "Saffron Worker-Jones" in read(olive, f"/pupils/{pupil}").text


def test_a_provider_s_page_shows_the_light_its_reasons_and_the_arithmetic(olive: Client, door: Handler) -> None:
    a_school(door)
    a_site(door, a_provider(door))
    for name in ("Ash", "Birch", "Cedar", "Damson"):
        a_placement(door, a_pupil(door, surname=name), "19")
    provider = read(olive, "/registration").link("Made Up Farm")

    shown = read(olive, provider)

    assert "4 pupils in full-time education here: 1 more would need a registered school." in shown.text
    assert "Pip Ash: 19 hours at Main site for Hill School a week: more than 18 hours, so full-time." in shown.text
    assert "Open for 5 hours a week in the day" in shown.text
    assert "Monday 9:30am to 2:30pm" in shown.below("Sites")
    assert {page for _, _, page in reads(door)} == {"Registration of Made Up Farm"}


def test_a_site_is_added_on_its_provider_s_page_with_what_the_provider_said(olive: Client, door: Handler) -> None:
    a_provider(door)
    case = read(olive, "/cases").link("Made Up Farm")
    form = read(olive, f"{case}/sites/new").form("Save")
    assert (form.value("proprietor"), form.value("postcode")) == ("Made Up Farm", "BA1 1AA")

    wrong = form.send(olive, monday="mornings")
    sent = form.send(olive, monday="9 to 3pm")

    assert list(Page(wrong).errors) == ["monday"]
    assert "Monday 9am to 3pm" in read(olive, sent.headers["location"]).text
    assert f"{case}/registration" in olive.get(case).text


def test_a_provider_that_says_it_is_registered_is_looked_up(olive: Client, door: Handler) -> None:
    a_provider(door, registration="registered", urn="999912")
    case = read(olive, "/cases").link("Made Up Farm")

    assert "The register has not been imported yet" in read(olive, f"{case}/registration").text


def test_a_placement_that_never_began_is_shown_as_such(olive: Client, door: Handler) -> None:
    a_school(door)
    a_site(door, an_approved_provider(door))
    a_placement(door, a_pupil(door), never_began=True)

    assert "Never began: it was planned from 7 Sep 2026" in read(olive, "/pupils/1").below("Placements")
    assert "Sparrow" not in read(olive, "/placements").text
    assert "Never began" in read(olive, "/placements?all=yes").text
