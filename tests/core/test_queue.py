"""When the day of a queue ends."""

from datetime import UTC, datetime

import pytest

from apflow.core.queue import tomorrow


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-02T10:00", "2026-11-03T00:00"),
        ("2026-07-01T10:00", "2026-07-01T23:00"),
        ("2026-07-01T23:30", "2026-07-02T23:00"),
        ("2026-03-28T10:00", "2026-03-29T00:00"),
        ("2026-03-29T10:00", "2026-03-29T23:00"),
    ],
)
def test_a_day_ends_at_midnight_on_the_clocks_of_those_who_work_that_day(now: str, ends: str) -> None:
    assert tomorrow(_utc(now)) == _utc(ends)


def _utc(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC)
