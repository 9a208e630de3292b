"""Home begins with the attendance that waits for whoever opens it: sessions to mark, absences to explain."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import DAN, MONDAY, PAT, StoppedClock
from apflow.web.site import Site
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil, a_plan, mark, own_dates, said
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.store.witness import statements
from tests.web.attending import reader_of, reference_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
TODAY = MONDAY.date()
LONG_PAST = date(2026, 10, 12)


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def case(door: Handler) -> int:
    """A provider with a pupil who comes on Mondays, since 26 October, which is half-term."""
    return a_placed_pupil(door, sessions=["monday am", "monday pm"], from_on="2026-10-26")[0]


def do_now(client: Client) -> str:
    return Page(client.get("/home")).below("Do now").replace("\n", " ")


def test_a_provider_reads_what_is_to_be_marked_this_morning_and_by_when(
    door: Handler, case: int, client_as: ClientAs
) -> None:
    page = Page(client_as(PAT).get("/home"))

    assert page.below("Do now").split("\n")[:2] == [
        "Mark attendance: 1 this morning",
        "Made Up Farm, by midday on Monday 2 November 2026",
    ]
    assert page.link("Mark attendance") == f"/attendance/providers/{reference_of(door, case)}"
    assert "Sparrow" not in page.text


def test_after_midday_it_is_overdue_and_the_afternoon_is_to_be_marked_too(
    case: int, client_as: ClientAs, clock: StoppedClock
) -> None:
    clock.at = MONDAY + timedelta(hours=3)

    found = do_now(client_as(PAT))

    assert "Mark attendance: 1 this morning and 1 this afternoon" in found
    assert "by midday on Monday 2 November 2026 Overdue" in found


def test_what_was_not_marked_on_earlier_days_leads_to_the_oldest_of_them(
    door: Handler, case: int, client_as: ClientAs, clock: StoppedClock
) -> None:
    clock.at = MONDAY + timedelta(days=8)
    page = Page(client_as(PAT).get("/home"))

    assert "Mark attendance of earlier days: 4 sessions, the oldest of 2 Nov 2026" in page.below("Do now")
    assert "Overdue by 6 school days" in page.below("Do now")
    assert page.link("Mark attendance of earlier days").endswith("?day=2026-11-02")


def test_what_nobody_waits_for_is_not_to_be_marked(door: Handler, case: int, client_as: ClientAs) -> None:
    own_dates(door, inset="2/11/2026")

    assert client_as(PAT).get("/home").headers["location"] == f"/cases/{reference_of(door, case)}"


def test_once_all_is_marked_a_provider_with_one_case_goes_to_it_again(
    door: Handler, case: int, client_as: ClientAs
) -> None:
    mark(door, case, said(1))

    assert client_as(PAT).get("/home").headers["location"] == f"/cases/{reference_of(door, case)}"


def test_nobody_reads_of_another_providers_sessions(case: int, client_as: ClientAs) -> None:
    assert "Mark attendance" not in Page(client_as(DAN).get("/home")).text


def test_a_school_reads_how_many_absences_have_no_reason_and_since_when(
    door: Handler, case: int, client_as: ClientAs, clock: StoppedClock
) -> None:
    mark(door, case, said(1, "absent"), said(1, "absent", half="pm", key="afternoon"))
    clock.at = MONDAY + timedelta(days=14)
    page = Page(client_as(reader_of(door, SCHOOL_MAIL)).get("/home"))

    assert page.below("Do now").split("\n")[:3] == [
        "Say why: 2 absences without a reason, the oldest of 2 Nov 2026",
        "Hill School, by 11:59pm on Monday 9 November 2026",
        "Overdue by 5 school days",
    ]
    assert page.link("Say why") == "/attendance/schools/1#unexplained"
    assert "There is nothing for you to do" not in page.text
    assert "Sparrow" not in page.text


def test_a_school_reads_nothing_of_another_schools_absences(door: Handler, case: int, client_as: ClientAs) -> None:
    a_school(door, **VALE)
    mark(door, case, said(1, "absent"))

    page = Page(client_as(reader_of(door, VALE["email"], "Vera Vale")).get("/home"))

    assert "Say why" not in page.text
    assert "There is nothing for you to do" in page.text


def test_a_reason_ends_it(door: Handler, case: int, client_as: ClientAs) -> None:
    mark(door, case, said(1, "absent", reason="ill"))

    assert "Say why" not in Page(client_as(reader_of(door, SCHOOL_MAIL)).get("/home")).text


def test_however_many_sessions_there_are_it_takes_no_more_statements(
    door: Handler, case: int, client_as: ClientAs, clock: StoppedClock
) -> None:
    pat = client_as(PAT)
    with statements(door.store) as few:
        pat.get("/home")
    for name in ("Wren", "Robin", "Jay"):
        a_plan(door, a_placement(door, a_pupil(door, **{**WREN, "forename": name})))
    clock.at = MONDAY + timedelta(days=2)
    with statements(door.store) as many:
        pat.get("/home")

    assert len(many) == len(few)
