"""Opening hours as people write them, and what they come to."""

from datetime import time

import pytest

from apflow.provision.opening import WEEKDAYS, open_minutes, read_hours

DAY = (time(8), time(16))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9:30am to 2:30pm", ("09:30", "14:30")),
        ("09:30-14:30", ("09:30", "14:30")),
        ("9 until 12", ("09:00", "12:00")),
        ("9.15am – 12pm", ("09:15", "12:00")),
        ("12am-1am", ("00:00", "01:00")),
        ("14:30-09:30", None),
        ("9-9", None),
        ("9am to 25:00", None),
        ("13pm to 2pm", None),
        ("mornings", None),
        ("", None),
    ],
)
def test_hours_are_read_however_they_are_written(text: str, read: tuple[str, str] | None) -> None:
    assert read_hours(text) == read


def test_a_week_of_five_hours_a_day_is_25_hours() -> None:
    assert open_minutes([dict.fromkeys(WEEKDAYS, ("09:30", "14:30"))], *DAY) == 25 * 60


def test_an_evening_club_is_not_open_in_the_day() -> None:
    assert open_minutes([dict.fromkeys(WEEKDAYS, ("16:00", "20:00"))], *DAY) == 0
    assert open_minutes([{"monday": ("15:00", "20:00")}], *DAY) == 60


def test_two_sites_open_at_once_count_once_and_one_after_the_other_both() -> None:
    barn = {"monday": ("09:00", "12:00"), "tuesday": ("09:00", "12:00")}
    annexe = {"monday": ("11:00", "14:00"), "wednesday": ("09:00", "12:00")}

    assert open_minutes([barn, annexe], *DAY) == (5 + 3 + 3) * 60
