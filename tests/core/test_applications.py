"""When applications are taken, and when they are again."""

from datetime import date

import pytest

from apflow.core.definition.calendars import Applications, ClosedPeriod

PERIODS = (
    ClosedPeriod(start=date(2027, 1, 5), until=date(2027, 1, 8), because="Moving house"),
    ClosedPeriod(start=date(2026, 12, 18), until=date(2027, 1, 4), because="Christmas"),
)


@pytest.mark.parametrize(
    ("day", "because", "again_on"),
    [
        (date(2026, 12, 17), None, date(2026, 12, 17)),
        (date(2026, 12, 18), "Christmas", date(2027, 1, 9)),  # one closure follows on the other
        (date(2027, 1, 4), "Christmas", date(2027, 1, 9)),
        (date(2027, 1, 8), "Moving house", date(2027, 1, 9)),
        (date(2027, 1, 9), None, date(2027, 1, 9)),
    ],
)
def test_a_closure_planned_ahead_takes_in_its_first_and_its_last_day(
    day: date, because: str | None, again_on: date
) -> None:
    applications = Applications(closed_periods=PERIODS)

    assert (applications.closed_because(day), applications.open_again_on(day)) == (because, again_on)


@pytest.mark.parametrize(
    ("because", "said"), [(None, "Applications are closed at present."), ("We are full.", "We are full.")]
)
def test_the_switch_closes_at_once_and_nobody_knows_until_when(because: str | None, said: str) -> None:
    applications = Applications(open=False, because=because)

    assert (applications.closed_because(date(2026, 11, 2)), applications.open_again_on(date(2026, 11, 2))) == (
        said,
        None,
    )
