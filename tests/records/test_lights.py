"""The light of whoever runs a provider, made from the records of the day on which one looks."""

from datetime import date
from typing import Any

import pytest

from apflow.handler import Handler
from apflow.provision.registration import Light
from apflow.records.door import change
from apflow.records.people.pupils import PUPIL
from apflow.records.providers.lights import Lit, lights
from apflow.store.records.establishments import save_establishments
from apflow.testing import TODAY
from tests.records.council import PIP, a_placement, a_provider, a_pupil, a_school, a_site, by

NAMES = ("Ash", "Birch", "Cedar", "Damson", "Elm", "Fir")


def look(door: Handler, today: date = TODAY) -> list[Lit]:
    assert door.library.registration
    with door.store.reading() as connection:
        return lights(connection, door.library.registration, today)


def place(door: Handler, how_many: int, hours: str, **more: Any) -> None:
    for name in NAMES[:how_many]:
        a_placement(door, a_pupil(door, surname=name), hours, **more)


@pytest.fixture
def farm(door: Handler) -> int:
    a_school(door)
    return a_provider(door)


def test_it_turns_red_with_the_fifth_pupil_and_says_why(door: Handler, farm: int) -> None:
    a_site(door, farm)
    place(door, 5, "19")

    (lit,) = look(door)

    assert (lit.proprietor, lit.assessment.light) == ("Made Up Farm Ltd", Light.RED)
    assert lit.assessment.reasons[0].text == (
        "5 pupils in full-time education here: 5 or more need a registered school."
    )


def test_a_week_of_25_hours_and_six_pupils_at_15_is_red(door: Handler, farm: int) -> None:
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "9:30am to 2:30pm")
    a_site(door, farm, **week)
    place(door, 6, "15")

    assert look(door)[0].assessment.light is Light.RED


def test_sites_of_one_proprietor_are_added_up_over_two_providers(door: Handler, farm: int) -> None:
    other = a_provider(door, organisation="Made Up Barn", contact_email="pat@barn.example")
    a_site(door, farm)
    a_site(door, other, name="The barn")
    pupil = a_pupil(door, true_of=["ehcp"])
    a_placement(door, pupil, "10")
    a_placement(door, pupil, "9", provider="Made Up Barn")

    (lit,) = look(door)

    assert lit.assessment.light is Light.RED
    assert sorted(lit.providers.values()) == ["Made Up Barn", "Made Up Farm"]


def test_two_proprietors_are_not_added_up(door: Handler, farm: int) -> None:
    other = a_provider(door, organisation="Made Up Barn", contact_email="pat@barn.example")
    a_site(door, farm)
    a_site(door, other, name="The barn", proprietor="Somebody else")
    pupil = a_pupil(door, true_of=["ehcp"])
    a_placement(door, pupil, "10")
    a_placement(door, pupil, "9", provider="Made Up Barn")

    assert [lit.assessment.light for lit in look(door)] == [Light.GREEN, Light.GREEN]


def test_it_follows_a_change_of_status_on_the_same_day(door: Handler, farm: int) -> None:
    a_site(door, farm)
    pupil = a_pupil(door)
    a_placement(door, pupil, "19")
    before = look(door)[0].assessment.light

    change(door.store, PUPIL, pupil, 1, {**PIP, "true_of": ["looked_after"]}, by(door))

    assert (before, look(door)[0].assessment.light) == (Light.AMBER, Light.RED)


def test_it_follows_the_days_of_placements_and_the_age_of_pupils(door: Handler, farm: int) -> None:
    a_site(door, farm)
    a_placement(door, a_pupil(door, born="2010-09-20", true_of=["ehcp"]), "19", ends_on="2027-07-20")

    lit = {day: look(door, day)[0].assessment.light for day in (date(2026, 9, 6), date(2026, 9, 7), date(2027, 6, 26))}

    assert list(lit.values()) == [Light.GREEN, Light.RED, Light.GREEN]


def test_what_the_coming_law_would_change_is_said_beside_it(door: Handler, farm: int) -> None:
    a_site(door, farm)
    a_placement(door, a_pupil(door, true_of=["sen_support"]), "19")

    (lit,) = look(door)

    assert lit.assessment.light is Light.AMBER
    assert [(one.light, one.reasons) for one in lit.coming] == [
        (Light.RED, ["1 pupil with SEN support in full-time education here: one is enough."])
    ]


@pytest.mark.parametrize(("urn", "light"), [("999912", Light.GREEN), ("999913", Light.RED), ("999914", Light.RED)])
def test_a_registered_school_is_looked_up(door: Handler, urn: str, light: Light) -> None:
    a_school(door)
    a_site(door, a_provider(door, registration="registered", urn=urn))
    place(door, 5, "19")
    line = {"kind": "Other independent school", "council": "Made Up", "ukprn": None, "postcode": None}
    line |= {"opened_on": None, "closed_on": None}
    with door.store.writing() as connection:
        for number, is_open in (("999912", True), ("999913", False)):
            status = "Open" if is_open else "Closed"
            row = {**line, "urn": number, "name": f"School {number}", "status": status, "is_open": is_open}
            save_establishments(connection, [row], [], [])

    assert look(door)[0].assessment.light is light


def test_until_the_register_is_imported_a_claim_is_amber(door: Handler) -> None:
    a_school(door)
    a_site(door, a_provider(door, registration="registered", urn="999912"))
    place(door, 5, "19")

    assert look(door)[0].assessment.light is Light.AMBER


def test_a_site_given_up_counts_only_while_someone_is_placed_there(door: Handler, farm: int) -> None:
    a_site(door, farm, ended_on="2026-10-01")
    nobody_there = look(door)
    a_placement(door, a_pupil(door, true_of=["ehcp"]), "19")

    assert nobody_there == []
    assert look(door)[0].assessment.light is Light.RED


def test_before_any_law_was_in_force_there_is_no_light(door: Handler, farm: int) -> None:
    a_site(door, farm)

    assert look(door, date(2014, 8, 31)) == []
