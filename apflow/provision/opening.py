"""Opening hours: what people write for a weekday, and for how long in a week an institution is open in the day."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import time

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
Week = Mapping[str, Sequence[str]]  # by weekday the first and last time, as HH:MM; a day without is a closed one

_TIME = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
_FROM_TO = re.compile(rf"\s*{_TIME}\s*(?:-|–|to|until)\s*{_TIME}\s*", re.IGNORECASE)


def read_hours(text: str) -> tuple[str, str] | None:
    """The times in "9:30am to 2:30pm" or "09:30-14:30", as HH:MM; None when they cannot be told or are backwards."""
    match = _FROM_TO.fullmatch(text)
    if match is None:
        return None
    first, last = _time(*match.group(1, 2, 3)), _time(*match.group(4, 5, 6))
    if first is None or last is None or first >= last:
        return None
    return f"{first:%H:%M}", f"{last:%H:%M}"


def open_minutes(weeks: Iterable[Week], starts: time, ends: time) -> int:
    """For how many minutes a week some site is open in the day; two open at once count once."""
    every = list(weeks)
    day = (_minute(starts), _minute(ends))
    return sum(_together([_within(week[name], day) for week in every if week.get(name)]) for name in WEEKDAYS)


def _within(hours: Sequence[str], day: tuple[int, int]) -> tuple[int, int]:
    first, last = (_minute(time.fromisoformat(text)) for text in hours)
    return max(first, day[0]), min(last, day[1])


def _together(spans: list[tuple[int, int]]) -> int:
    total, reached = 0, 0
    for first, last in sorted(spans):
        total += max(0, last - max(first, reached))
        reached = max(reached, last)
    return total


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
