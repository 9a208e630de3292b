"""Durations keep the unit in which the policy's owner wrote them."""

import pytest

from apflow.core.duration import Duration, Unit


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


@pytest.mark.parametrize("text", ["", "10", "ten days", "10 days", "-1 weeks", "1.5 weeks", "2 hours", "99999 weeks"])
def test_what_is_no_duration_is_refused_with_the_units_there_are(text: str) -> None:
    with pytest.raises(
        ValueError, match="working days, school days, calendar days, weeks, months, years, half-terms, terms"
    ):
        Duration.parse(text)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_duration_is_written_as_it_is_read(count: int, unit: Unit) -> None:
    duration = Duration(count, unit)

    assert Duration.parse(str(duration)) == duration
