"""An absence that nobody has explained stands on the school's page until somebody does, whichever week is shown."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import DAN, MONDAY, StoppedClock
from apflow.web.site import Site
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil, a_plan, kept, mark, paused, said
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.store.witness import statements
from tests.web.attending import reader_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ADDRESS = "/attendance/schools/1"
EARLIER = "Absences without a reason in earlier weeks"
LONG_PAST, LAST_TERM = date(2026, 10, 12), date(2026, 10, 23)


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def case(door: Handler) -> int:
    return a_placed_pupil(door)[0]


@pytest.fixture
def school(door: Handler, case: int, client_as: ClientAs) -> Client:
    return client_as(reader_of(door, SCHOOL_MAIL))


def away(door: Handler, case: int, *days: date, placement: int = 1) -> None:
    mark(door, case, *(said(placement, "absent", day=day, key=f"{placement}-{day.isoformat()}") for day in days))


def test_they_stand_on_this_weeks_page_the_oldest_first_with_how_late_they_are(
    door: Handler, case: int, school: Client
) -> None:
    away(door, case, LAST_TERM, LONG_PAST, MONDAY.date())

    page = Page(school.get(ADDRESS))

    assert page.below("Absences without a reason: 1").startswith("Pip Sparrow, the morning of 2 Nov 2026")
    earlier = page.below(f"{EARLIER}: 2")
    assert earlier.index("the morning of 12 Oct 2026") < earlier.index("the morning of 23 Oct 2026")
    assert "Overdue by 5 school days, coded O" in earlier.replace("\n", " ")
    assert "By Friday 6 November 2026" in earlier


def test_one_is_explained_from_the_week_that_is_looked_at_and_leads_back_to_it(
    door: Handler, case: int, school: Client
) -> None:
    away(door, case, LONG_PAST)

    answer = Page(school.get(ADDRESS)).form("Save").send(school, reason="ill")

    assert answer.headers["location"] == f"{ADDRESS}?day=2026-11-02&saved=yes"
    assert kept(door)[-1][1:] == (LONG_PAST, "am", 2, "absent", "ill")
    assert EARLIER not in Page(school.get(answer.headers["location"])).text


def test_from_an_earlier_week_those_of_this_one_are_of_other_weeks(door: Handler, case: int, school: Client) -> None:
    away(door, case, LONG_PAST, MONDAY.date())

    page = Page(school.get(f"{ADDRESS}?day=2026-10-12"))

    assert "12 Oct 2026" in page.below("Absences without a reason: 1")
    assert "2 Nov 2026" in page.below("Absences without a reason in other weeks: 1")


def test_those_of_another_schools_pupils_are_not_among_them(
    door: Handler, case: int, school: Client, client_as: ClientAs
) -> None:
    a_school(door, **VALE)
    wren = a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy"))
    a_plan(door, wren)
    away(door, case, LONG_PAST, placement=wren)

    assert EARLIER not in Page(school.get(ADDRESS)).text
    vera = client_as(reader_of(door, VALE["email"], "Vera Vale"))
    assert f"{EARLIER}: 1" in Page(vera.get("/attendance/schools/2")).text
    assert client_as(DAN).get("/attendance/schools/2").status_code == 404


def test_whoever_was_not_due_has_nothing_to_explain(door: Handler, case: int, school: Client) -> None:
    away(door, case, LONG_PAST)
    paused(door, 1, LONG_PAST, LAST_TERM)

    assert EARLIER not in Page(school.get(ADDRESS)).text


def test_what_is_too_long_ago_to_be_explained_is_asked_for_no_longer(
    door: Handler, case: int, school: Client, clock: StoppedClock
) -> None:
    away(door, case, LONG_PAST)
    found = []
    for days in (39, 40):
        clock.at = MONDAY + timedelta(days=days)
        found.append(EARLIER in Page(school.get(ADDRESS)).text)

    assert found == [True, False]


def test_of_many_the_oldest_are_shown_and_how_many_there_are(door: Handler, case: int, school: Client) -> None:
    every = [LONG_PAST - timedelta(days=n) for n in range(-11, 35)]
    away(door, case, *(day for day in every if day.weekday() < 5))

    earlier = Page(school.get(ADDRESS)).below(f"{EARLIER}: 34")

    assert earlier.count("Choose a reason") == 25
    assert "These are the oldest 25" in earlier


def test_however_many_there_are_it_takes_no_more_statements(door: Handler, case: int, school: Client) -> None:
    away(door, case, LONG_PAST)
    with statements(door.store) as one:
        school.get(ADDRESS)
    wren = a_placement(door, a_pupil(door, **WREN))
    a_plan(door, wren)
    for placement in (1, wren):
        away(door, case, LAST_TERM, LAST_TERM - timedelta(days=1), MONDAY.date(), placement=placement)
    with statements(door.store) as many:
        school.get(ADDRESS)

    assert len(many) <= len(one) + 1, "one look more is noted"
