"""The home school's page: the codes of its pupils and why, reasons that become codes, and a file for the register."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.people import people
from apflow.store.tables.records import record_reads
from apflow.testing import DAN, MONDAY, OLIVE, PAT, PETRA, TODAY, StoppedClock
from apflow.web.site import Site
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil, a_plan, kept, mark, own_dates, paused, said
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.web.attending import reader_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ADDRESS = "/attendance/schools/1"


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def case(door: Handler) -> int:
    return a_placed_pupil(door)[0]


@pytest.fixture
def hattie(door: Handler, case: int) -> Actor:
    return reader_of(door, SCHOOL_MAIL)


def test_a_school_sees_the_code_of_each_session_and_why(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor
) -> None:
    mark(door, case, said(1), said(1, "absent", half="pm", reason="ill"))

    page = Page(client_as(hattie).get(ADDRESS))

    assert "Pip Sparrow, Made Up Farm" in page.text
    assert "Mon 2 Nov" in page.text
    assert "B present" in page.text
    assert "I absent" in page.text
    assert "because: the school arranged or agreed this, someone authorised by the school supervised it" in page.text
    assert "Absences without a reason" not in page.text


def test_a_day_on_which_the_school_is_closed_is_a_planned_closure_with_what_was_marked(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor
) -> None:
    mark(door, case, said(1))
    own_dates(door, inset="2/11/2026")
    client = client_as(hattie)

    page = Page(client.get(ADDRESS))

    assert "# present" in page.text
    assert "# (planned closure of the school) because: the home school is not open to pupils on this day" in page.text
    assert ",2026-11-02,Morning,#," in client.get(f"{ADDRESS}/register.csv").text


def test_the_first_letter_gives_the_school_an_account_that_its_link_leads_into(
    client_as: ClientAs, door: Handler, case: int
) -> None:
    mark(door, case, said(1, "absent"))

    with door.store.reading() as connection:
        row = people.person_by_email(connection, SCHOOL_MAIL)
    assert row is not None
    assert (row.name, row.roles) == ("Hill School", ["commissioner"])
    assert "Absences without a reason: 1" in Page(client_as(people.actor_of(row)).get(ADDRESS)).text


def test_an_account_that_is_there_stays_as_it_is(door: Handler, case: int, hattie: Actor) -> None:
    mark(door, case, said(1, "absent"))

    with door.store.reading() as connection:
        row = people.person_by_email(connection, SCHOOL_MAIL)
    assert row is not None
    assert (row.id, row.name) == (hattie.id, "Hattie Head")


def test_where_b_is_not_earned_the_page_says_what_is_missing(client_as: ClientAs, door: Handler) -> None:
    case, placement = a_placed_pupil(door, authorised="")
    mark(door, case, said(placement))

    page = Page(client_as(reader_of(door, SCHOOL_MAIL)).get(ADDRESS))

    assert "– present" in page.text
    assert "No code: for B, P and W a person must be authorised by the school to supervise." in page.text


def test_a_reason_that_the_school_gives_becomes_the_code_and_both_marks_are_kept(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor
) -> None:
    mark(door, case, said(1, "absent"))
    school = client_as(hattie)
    page = Page(school.get(f"{ADDRESS}?day=2026-11-02"))
    assert "N absent" in page.text

    answer = page.form("Save").send(school, reason="holiday")

    assert answer.headers["location"] == f"{ADDRESS}?day=2026-11-02&saved=yes"
    page = Page(school.get(answer.headers["location"]))
    assert "G absent" in page.text
    assert "Absences without a reason" not in page.text
    assert [row[3:] for row in kept(door)] == [(1, "absent", None), (2, "absent", "holiday")]


def test_a_provider_who_saves_the_day_again_leaves_the_schools_reason(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor
) -> None:
    mark(door, case, said(1, "absent"))
    school, pat = client_as(hattie), client_as(PAT)
    Page(school.get(ADDRESS)).form("Save").send(school, reason="holiday")
    address = pat.get("/attendance").headers["location"]
    day = Page(pat.get(address))
    assert "On holiday without leave" in day.text

    answer = pat.post(address, data={"mark-1-am": "absent", "reason-1-am": "holiday", "seen-1-am": "2"})

    assert answer.status_code == 303
    assert len(kept(door)) == 2


def test_a_school_cannot_turn_a_pupil_who_came_into_an_absence(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor
) -> None:
    mark(door, case, said(1))
    sent = {"placement": "1", "day": "2026-11-02", "half": "am", "seen": "1", "reason": "ill"}

    answer = client_as(hattie).post(ADDRESS, data=sent)

    assert answer.status_code == 409
    assert "nothing to explain" in Page(answer).text
    assert len(kept(door)) == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"reason": "ill"},
        {"reason": "ill", "day": "x", "half": "am", "placement": "1", "seen": "1"},
        {"reason": "ill", "day": "2026-11-02", "half": "am", "placement": "99999999999", "seen": "1"},
        {"reason": "ill", "day": "2026-11-02", "half": "noon", "placement": "1", "seen": "1"},
    ],
)
def test_a_form_that_says_too_little_is_shown_again(client_as: ClientAs, hattie: Actor, sent: dict[str, str]) -> None:
    assert client_as(hattie).post(ADDRESS, data=sent).status_code == 422


def test_the_file_for_the_register_has_every_session_with_its_code(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor
) -> None:
    mark(door, case, said(1), said(1, "absent", half="pm"))

    answer = client_as(hattie).get(f"{ADDRESS}/register.csv?day=2026-11-02")

    assert answer.headers["content-disposition"] == 'attachment; filename="attendance-2026-11-02.csv"'
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "UPN,Surname,First name,Date,Session,Code,Why,Marked,Provider"
    assert [line.split(",")[3:6] for line in lines[1:]] == [
        ["2026-11-02", "Morning", "B"],
        ["2026-11-02", "Afternoon", "N"],
    ]


def test_a_part_time_pupil_is_c2_when_no_session_is_planned(client_as: ClientAs, door: Handler) -> None:
    part_time = {"part_time_agreed": "Paz Parent", "part_time_from": "2026-09-07", "part_time_until": "2026-11-02"}
    a_placed_pupil(door, sessions=["monday am"], **part_time)
    school = client_as(reader_of(door, SCHOOL_MAIL))

    cells = [line.split(",")[3:6] for line in school.get(f"{ADDRESS}/register.csv").text.splitlines()[1:]]

    assert cells == [["2026-11-02", "Morning", ""], ["2026-11-02", "Afternoon", "C2"]]


def test_an_absence_nobody_explains_is_o_from_the_sixth_school_day(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor, clock: StoppedClock
) -> None:
    mark(door, case, said(1, "absent"))
    school = client_as(hattie)
    address = f"{ADDRESS}/register.csv?day=2026-11-02"
    codes = []
    for days in (7, 8):
        clock.at = MONDAY + timedelta(days=days)
        codes.append(school.get(address).text.splitlines()[1].split(",")[5])

    assert codes == ["N", "O"]


def test_a_school_sees_its_own_pupils_only(client_as: ClientAs, door: Handler, case: int, hattie: Actor) -> None:
    a_school(door, **VALE)
    wren = a_placement(door, a_pupil(door, **{**WREN, "home_school": "Vale Academy"}))
    a_plan(door, wren)
    vera = reader_of(door, VALE["email"], "Vera Vale")

    assert "Thistle" not in client_as(hattie).get(ADDRESS).text
    assert "Sparrow" not in client_as(vera).get("/attendance/schools/2").text
    refused = client_as(vera).post(ADDRESS, data={"reason": "ill"}), client_as(vera).post("/attendance/schools/99")
    assert [answer.status_code for answer in refused] == [404, 404]


@pytest.mark.parametrize("person", [DAN, PAT, PETRA], ids=["another provider", "the provider", "a panel member"])
@pytest.mark.parametrize("rest", ["", "/register.csv"])
def test_to_others_it_looks_as_if_there_were_no_such_school(
    client_as: ClientAs, case: int, person: Actor, rest: str
) -> None:
    browser = client_as(person)

    theirs, missing = browser.get(f"/attendance/schools/1{rest}"), browser.get(f"/attendance/schools/9{rest}")

    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.text.replace("schools/1", "schools/9") == missing.text


def test_every_look_is_noted_the_file_too(client_as: ClientAs, door: Handler, case: int, hattie: Actor) -> None:
    school = client_as(hattie)
    school.get(ADDRESS)
    school.get(f"{ADDRESS}/register.csv")

    with door.store.reading() as connection:
        noted = connection.execute(select(record_reads.c.person_id, record_reads.c.page)).all()
    assert [tuple(row) for row in noted] == [
        (hattie.id, "Attendance of Hill School"),
        (hattie.id, "Register for a school"),
    ]


def test_a_week_without_pupils_says_so(client_as: ClientAs, hattie: Actor) -> None:
    page = Page(client_as(hattie).get(f"{ADDRESS}?day=2026-06-01"))

    assert "None of the school’s pupils had a session" in page.text


def test_staff_see_a_placement_with_its_plans_and_corrections(client_as: ClientAs, door: Handler, case: int) -> None:
    mark(door, case, said(1, "absent"))
    mark(door, case, said(1, "late", seen=1), minutes_on=5)
    olive = client_as(OLIVE)

    page = Page(olive.get("/placements/1/attendance"))

    assert "2 Nov 2026, morning: Late, corrected, by Pat Provider" in page.text
    assert "Authorised to supervise\nHattie Head" in page.text
    assert "Mark or correct Mon 2 Nov" in page.text
    assert "Late, marked by Pat Provider" in Page(olive.get(page.link("Mark or correct Mon 2 Nov"))).text
    assert "26 Oct 2026 to 30 Oct 2026" in Page(olive.get(page.link("Week before"))).text
    assert client_as(PAT).get("/placements/1/attendance").status_code == 404
    assert olive.get("/placements/99/attendance").status_code == 404


def test_an_absence_of_long_ago_is_explained_by_the_council_alone(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor, clock: StoppedClock
) -> None:
    mark(door, case, said(1, "absent"))
    clock.at = MONDAY + timedelta(days=61)
    that_week = f"{ADDRESS}?day=2026-11-02"

    page = Page(client_as(hattie).get(that_week))
    assert "Absences without a reason, too long ago to be explained here: 1" in page.text
    assert "Pip Sparrow, the morning of 2 Nov 2026, at Made Up Farm" in page.text
    assert "Choose a reason" not in page.text

    olive = client_as(OLIVE)
    assert Page(olive.get(that_week)).form("Save").send(olive, reason="ill").status_code == 303
    assert "too long ago" not in Page(client_as(hattie).get(that_week)).text


def test_staff_add_and_change_a_plan_and_the_change_is_told(client_as: ClientAs, door: Handler, case: int) -> None:
    olive = client_as(OLIVE)
    form = Page(olive.get("/placements/1/attendance/new")).form("Save")

    assert form.send(olive, sessions=["monday am"], from_on__day="9").status_code == 303
    change = Page(olive.get("/attendance-plans/2/change")).form("Save")
    assert change.send(olive, authorised="Somebody Else").headers["location"].endswith("?done=changed")

    page = Page(olive.get("/placements/1/attendance"))
    assert "From 9 Nov 2026" in page.text
    assert "Authorised to supervise: Hattie Head → Somebody Else" in page.text


def test_the_register_leaves_the_sessions_of_a_pause_to_the_school(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor
) -> None:
    paused(door, 1, TODAY)
    client = client_as(hattie)

    lines = client.get(f"{ADDRESS}/register.csv?day=2026-11-02").text.splitlines()[1:]

    assert [line.split(",", 3)[3] for line in lines] == [
        f'2026-11-02,{half},,"Paused since 2 November, so the pupil was not expected there. '
        'The school marks its own register.",,'
        for half in ("Morning", "Afternoon")
    ]
    page = Page(client.get(ADDRESS))
    assert "No code : paused since 2 November" in page.text.replace("code:", "code :")
    assert "not marked" not in page.text


def test_staff_see_every_pause_of_a_placement(client_as: ClientAs, door: Handler, case: int) -> None:
    paused(door, 1, date(2026, 10, 12), date(2026, 10, 14))
    paused(door, 1, date(2026, 10, 22))

    page = Page(client_as(OLIVE).get("/placements/1/attendance"))

    assert "Paused from 12 Oct 2026 until it went on again on 14 Oct 2026." in page.text
    assert "Paused since 22 October." in page.text
