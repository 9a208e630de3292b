"""The hours in which a role works, as one clock that stands still outside them."""

from bisect import bisect_right
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Literal

from apflow.core.days.calendar import LONDON, Calendar, local_date

Hours = tuple[time, time] | Literal["always"]
_SLACK = timedelta(days=60)  # What is begun in the last week ends somewhere.


class WorkTime:
    """Seconds since the start of it all into seconds of work, and back."""

    def __init__(self, hours: Hours, calendar: Calendar, begins: datetime, seconds: float) -> None:
        ends = begins + timedelta(seconds=seconds) + _SLACK
        days = (local_date(begins) + timedelta(days=n) for n in range((ends - begins).days + 1))
        spans = (
            []
            if hours == "always"
            else [
                tuple((datetime.combine(day, at, LONDON) - begins).total_seconds() for at in hours)
                for day in days
                if calendar.is_working(day)
            ]
        )
        self._spans = [(max(0.0, opens), closes) for opens, closes in spans if closes > 0]
        self._opens = [opens for opens, _ in self._spans]
        self._before = [0.0, *accumulate(closes - opens for opens, closes in self._spans)]

    def worked(self, at: float) -> float:
        """How many seconds of work there are before that moment."""
        if not self._spans:
            return at
        place = bisect_right(self._opens, at)
        if place == 0:
            return 0.0
        opens, closes = self._spans[place - 1]
        return self._before[place - 1] + min(at, closes) - opens

    def begun(self, at: float) -> float:
        """The first moment from then on at which there is somebody at work."""
        if not self._spans:
            return at
        place = bisect_right(self._opens, at)
        if place and at < self._spans[place - 1][1]:
            return at
        return self._opens[place] if place < len(self._opens) else float("inf")

    def after(self, at: float, work: float) -> float:
        """When so many seconds of work are over that begin then, or as soon as somebody is there."""
        if not self._spans:
            return at + work
        wanted = self.worked(at) + work
        place = bisect_right(self._before, wanted) - 1
        if place >= len(self._spans):
            return float("inf")
        return self._opens[place] + wanted - self._before[place]
