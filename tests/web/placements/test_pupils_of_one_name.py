"""Two pupils of one name at one school: wherever one of them is chosen, marked or explained, it is said which."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import PAT
from apflow.web.site import Site
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil, a_plan
from tests.records.council import a_placement, a_pupil, upn_of
from tests.web.attending import reader_of, reference_of
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


@pytest.fixture
def case(door: Handler) -> int:
    return a_placed_pupil(door)[0]


@pytest.fixture
def hattie(door: Handler, case: int) -> Actor:
    return reader_of(door, SCHOOL_MAIL)


@pytest.fixture
def other(door: Handler, case: int) -> int:
    """Another Pip Sparrow, some weeks younger."""
    return a_pupil(door, born="2012-06-01", upn=upn_of(7))


def test_each_is_offered_with_the_day_of_birth_to_whoever_refers_one(
    client_as: ClientAs, hattie: Actor, other: int
) -> None:
    form = client_as(hattie).get("/start/refer_a_pupil").text
    mine = Page(client_as(hattie).get("/my-pupils")).text

    for page in (form, mine):
        assert "born 4 May 2012" in page
        assert "born 1 Jun 2012" in page


def test_two_born_on_one_day_are_told_apart_by_their_numbers(client_as: ClientAs, door: Handler, hattie: Actor) -> None:
    for number in (8, 9):
        a_pupil(door, forename="Ada", upn=upn_of(number))

    form = client_as(hattie).get("/start/refer_a_pupil").text

    for number in (8, 9):
        assert f"Sparrow, Ada (Year 10, born 4 May 2012, UPN {upn_of(number)})" in form


def test_nothing_is_said_beside_a_pupil_whose_name_nobody_shares(client_as: ClientAs, hattie: Actor) -> None:
    assert "born" not in client_as(hattie).get("/start/refer_a_pupil").text


def test_whoever_marks_or_explains_sees_which_of_them_it_is(
    client_as: ClientAs, door: Handler, case: int, hattie: Actor, other: int
) -> None:
    a_plan(door, a_placement(door, other))

    marked = Page(client_as(PAT).get(f"/attendance/providers/{reference_of(door, case)}")).text
    register = Page(client_as(hattie).get("/attendance/schools/1")).text

    for page in (marked, register):
        assert "Pip Sparrow, born 4 May 2012" in page
        assert "Pip Sparrow, born 1 Jun 2012" in page
