"""The registration light, under the wordings as they ship; each row is one line of the rule and its source.

The guidance says who must register, and that the Department for Education takes more than 18 hours a week in the day
as full-time. The grades of amber are ours.
"""

from datetime import date
from typing import Any

import pytest

from apflow.loader import Library
from apflow.provision.law import Status, Wording
from apflow.provision.opening import WEEKDAYS
from apflow.provision.registration import Institution, Learner, Light, Standing, Stay, assess, in_hours

TODAY = date(2026, 11, 2)
BORN = date(2012, 5, 4)
FIVE_HOURS_A_DAY = dict.fromkeys(WEEKDAYS, ("09:30", "14:30"))
THREE_HOURS_A_DAY = dict.fromkeys(WEEKDAYS, ("09:30", "12:30"))


@pytest.fixture
def today_s(library: Library) -> Wording:
    assert library.registration
    found = library.registration.in_force(TODAY)
    assert found
    return found


def pupils(*hours: float, **more: Any) -> tuple[Stay, ...]:
    return tuple(a_stay(number, one, **more) for number, one in enumerate(hours, start=1))


def a_stay(
    number: int,
    hours: float,
    *statuses: Status,
    born: date = BORN,
    site: str = "The barn",
    commissioner: str = "Hill School",
    has_breaks: bool = True,
) -> Stay:
    learner = Learner(number, born, frozenset(statuses))
    return Stay(learner, int(hours * 60), site, commissioner, has_breaks)


def said(wording: Wording, stays: tuple[Stay, ...], *weeks: dict[str, tuple[str, str]]) -> tuple[Light, list[str]]:
    found = assess(wording, Institution(stays, weeks), TODAY)
    return found.light, [reason.text for reason in found.reasons]


@pytest.mark.parametrize(
    ("stays", "week", "light"),
    [
        (pupils(19, 19, 19, 19, 19), THREE_HOURS_A_DAY, Light.RED),  # Five pupils, by their own hours.
        (pupils(19, 19, 19, 19), THREE_HOURS_A_DAY, Light.AMBER),  # The fourth warns.
        (pupils(19), THREE_HOURS_A_DAY, Light.AMBER),
        (pupils(18, 18, 18, 18, 18), THREE_HOURS_A_DAY, Light.GREEN),  # "More than 18".
        ((a_stay(1, 19, Status.EHCP),), THREE_HOURS_A_DAY, Light.RED),  # One with an EHC plan.
        ((a_stay(1, 19, Status.LOOKED_AFTER),), THREE_HOURS_A_DAY, Light.RED),  # One who is looked after.
        ((a_stay(1, 19, Status.SEN_SUPPORT),), THREE_HOURS_A_DAY, Light.AMBER),  # SEN support is not an EHC plan.
        ((a_stay(1, 18, Status.EHCP),), THREE_HOURS_A_DAY, Light.GREEN),  # Part-time needs no registration.
        (pupils(15, 15, 15, 15, 15, 15), FIVE_HOURS_A_DAY, Light.RED),  # Open 25 hours, six pupils at 15 each.
        (pupils(15, 15, 15, 15, 15, 15), THREE_HOURS_A_DAY, Light.GREEN),
        (pupils(15, 15, 15, 15), FIVE_HOURS_A_DAY, Light.AMBER),
        ((a_stay(1, 6, Status.EHCP),), FIVE_HOURS_A_DAY, Light.RED),
        ((), FIVE_HOURS_A_DAY, Light.AMBER),
        ((), THREE_HOURS_A_DAY, Light.GREEN),
        (pupils(19, 19, 19, 19, 19, born=date(2010, 1, 1)), THREE_HOURS_A_DAY, Light.GREEN),  # Past school age.
        (pupils(10, has_breaks=False), THREE_HOURS_A_DAY, Light.AMBER),  # Breaks count, and are not in the hours.
    ],
)
def test_the_light(today_s: Wording, stays: tuple[Stay, ...], week: dict[str, tuple[str, str]], light: Light) -> None:
    assert said(today_s, stays, week)[0] is light


def test_hours_are_added_up_over_all_commissioners_and_sites(today_s: Wording) -> None:
    stays = (
        a_stay(1, 10, Status.EHCP),
        a_stay(1, 9, Status.EHCP, site="The annexe", commissioner="Made Up Council"),
    )

    found = assess(today_s, Institution(stays), TODAY)

    assert found.light is Light.RED
    assert [one.words for one in found.sums] == [
        "10 hours at The barn for Hill School and 9 hours at The annexe for Made Up Council, "
        "together 19 hours a week: more than 18 hours, so full-time."
    ]
    assert [reason.text for reason in found.reasons] == [
        "1 pupil with an EHC plan in full-time education here: one is enough.",
        "1 pupil in full-time education here, of the 5 that need a registered school.",
    ]


def test_the_reasons_come_most_pressing_first_and_say_the_arithmetic(today_s: Wording) -> None:
    assert said(today_s, pupils(15, 15, 15, 16, 15, 15), FIVE_HOURS_A_DAY) == (
        Light.RED,
        [
            "6 pupils in full-time education here: 5 or more need a registered school.",
            "Open for 25 hours a week in the day. The Department for Education considers more than 18 to be full-time "
            "education, so every pupil of compulsory school age is counted.",
            "1 pupil here for more than 15 hours a week.",
        ],
    )


def test_the_fourth_full_time_pupil_warns_that_one_more_would_be_enough(today_s: Wording) -> None:
    _, reasons = said(today_s, pupils(19, 19, 19, 19))

    assert reasons == ["4 pupils in full-time education here: 1 more would need a registered school."]


def test_a_pupil_who_is_not_of_school_age_is_not_counted_and_it_says_until_when(today_s: Wording) -> None:
    found = assess(today_s, Institution((a_stay(1, 25, Status.EHCP, born=date(2010, 1, 1)),)), TODAY)

    assert found.full_time == 0
    assert found.sums[0].words == (
        "25 hours at The barn for Hill School a week. Not counted: of compulsory school age until 26 Jun 2026."
    )


@pytest.mark.parametrize(
    ("standing", "light"),
    [
        (Standing.REGISTERED, Light.GREEN),
        (Standing.NO_EXTRACT, Light.AMBER),
        (Standing.NO_NUMBER, Light.RED),
        (Standing.NOT_FOUND, Light.RED),
        (Standing.CLOSED, Light.RED),
    ],
)
def test_a_registered_school_needs_no_counting_and_one_that_only_says_so_does(
    today_s: Wording, standing: Standing, light: Light
) -> None:
    five = Institution(pupils(19, 19, 19, 19, 19), standing=standing)

    assert assess(today_s, five, TODAY).light is light


def test_a_closed_or_unknown_number_is_red_by_itself(today_s: Wording) -> None:
    lights = [assess(today_s, Institution((), standing=one), TODAY).light for one in Standing]

    assert lights == [Light.GREEN, Light.GREEN, Light.AMBER, Light.RED, Light.RED, Light.AMBER]


def test_under_the_act_of_2026_one_with_special_educational_needs_is_enough(library: Library) -> None:
    assert library.registration
    (coming,) = library.registration.to_come(TODAY)
    stays = (a_stay(1, 19, Status.SEN_SUPPORT),)

    assert coming.since is None
    assert said(coming, stays)[0] is Light.RED


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 hours"), (60, "1 hour"), (1110, "18 hours 30 minutes"), (45, "45 minutes")]
)
def test_hours_in_words(minutes: int, words: str) -> None:
    assert in_hours(minutes) == words
