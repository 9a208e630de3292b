"""Durations keep the unit in which the policy's owner wrote them."""

from typing import Any

import pytest
from pydantic import ValidationError

from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.timing import Extension


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("10 working days", 10, Unit.WORKING_DAY),
        ("1 working day", 1, Unit.WORKING_DAY),
        ("0 working days", 0, Unit.WORKING_DAY),
        ("28 calendar days", 28, Unit.CALENDAR_DAY),
        ("4 weeks", 4, Unit.WEEK),
        ("12 months", 12, Unit.MONTH),
        ("2 years", 2, Unit.YEAR),
        ("  3   weeks ", 3, Unit.WEEK),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, count: int, unit: Unit) -> None:
    assert Duration.parse(text) == Duration(count, unit)


@pytest.mark.parametrize("text", ["", "10", "ten days", "10 days", "-1 weeks", "1.5 weeks", "2 minutes", "99999 weeks"])
def test_what_is_no_duration_is_refused_with_the_units_there_are(text: str) -> None:
    with pytest.raises(
        ValueError, match="working days, school days, calendar days, weeks, months, years, half-terms, terms"
    ):
        Duration.parse(text)


def test_a_duration_that_runs_backwards_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(ValueError, match='did you mean "5 working days"'):
        Duration.parse("-5 working days")


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_duration_is_written_as_it_is_read(count: int, unit: Unit) -> None:
    duration = Duration(count, unit)

    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(("written", "times"), [("3 times", 3), ("1 time", 1), ("once", 1), (2, 2)])
def test_how_often_more_time_is_given_is_said_in_words(written: Any, times: int) -> None:
    more = Extension.model_validate({"deadline": "due", "by": "1 week", "at_most": written})

    assert more.at_most == times


@pytest.mark.parametrize("written", ["0 times", "often", "3 weeks", "times", 0, "-1 times"])
def test_what_is_no_number_of_times_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        Extension.model_validate({"deadline": "due", "by": "1 week", "at_most": written})
