"""On which days a placement is paused, and what is left of its school days without them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apflow.provision.pauses import Pause, pause_on
from apflow.provision.provided import Days, Stretch, line_of
from tests.provision.test_provided import ONE, SCHOOL

WEEK = Pause(date(2026, 11, 3), date(2026, 11, 10))
TERM = Days.between(date(2026, 9, 2), date(2026, 12, 18), SCHOOL)


@pytest.mark.parametrize(
    ("pause", "day", "is_in"),
    [
        (WEEK, date(2026, 11, 2), False),
        (WEEK, date(2026, 11, 3), True),
        (WEEK, date(2026, 11, 9), True),
        (WEEK, date(2026, 11, 10), False),
        (Pause(date(2026, 11, 3)), date(2027, 7, 1), True),
        (Pause(date(2026, 11, 3), date(2026, 11, 3)), date(2026, 11, 3), False),
    ],
    ids=[
        "the day before",
        "the first day",
        "the last day",
        "the day it goes on",
        "without an end",
        "on and off at once",
    ],
)
def test_a_pause_is_from_its_first_day_to_the_day_before_it_goes_on(pause: Pause, day: date, is_in: bool) -> None:
    assert (pause_on([pause], day) is not None) is is_in


def test_of_several_pauses_each_counts_by_its_own_days() -> None:
    later = Pause(date(2026, 12, 1), date(2026, 12, 2))

    found = [pause_on([WEEK, later], date(2026, month, day)) for month, day in ((11, 9), (11, 30), (12, 1))]

    assert found == [WEEK, None, later]


# The school has 19 October as INSET day and is closed from 24 October to 1 November.
@pytest.mark.parametrize(
    ("first", "last", "pauses", "left"),
    [
        (date(2026, 11, 2), date(2026, 11, 13), [], 10),
        (date(2026, 11, 2), date(2026, 11, 13), [WEEK], 5),
        (date(2026, 10, 20), date(2026, 11, 6), [Pause(date(2026, 10, 23), date(2026, 11, 3))], 7),
        (date(2026, 10, 20), date(2026, 11, 6), [Pause(date(2026, 10, 24), date(2026, 11, 2))], 9),
        (date(2026, 11, 5), date(2026, 11, 6), [WEEK], 0),
        (date(2026, 11, 9), date(2026, 11, 10), [WEEK], 1),
        (date(2026, 11, 2), date(2026, 11, 6), [Pause(date(2026, 11, 5))], 3),
        (date(2026, 11, 2), date(2026, 11, 6), [Pause(date(2026, 11, 3), date(2026, 11, 3))], 5),
        (date(2026, 11, 2), date(2026, 11, 20), [WEEK, Pause(date(2026, 11, 18))], 7),
        (date(2026, 11, 2), date(2026, 11, 6), [Pause(date(2026, 11, 16))], 5),
    ],
    ids=[
        "never",
        "a week",
        "over half-term",
        "only half-term",
        "all of it",
        "the last day of it",
        "to the end",
        "on and off at once",
        "twice",
        "afterwards",
    ],
)
def test_the_days_of_pauses_are_left_out(first: date, last: date, pauses: Sequence[Pause], left: int) -> None:
    assert sum(end - start for start, end in TERM.without(first, last, pauses)) == left


def test_hours_and_days_are_without_pauses_and_the_agreed_cost_goes_on() -> None:
    line = line_of("x", [replace(ONE, days=((10, 12), (17, 20)), stretches=(Stretch(600, Decimal("250.00"), 5, 10),))])

    assert (line.hours, line.pupil_days, line.cost) == (Decimal(10), 5, Decimal("500.00"))
