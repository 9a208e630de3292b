"""The pauses of a placement: the days on which nobody expects the pupil there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause, from its first day; on the day that it goes on the pupil is expected again. None: it has not yet."""

    paused_on: date
    resumed_on: date | None = None

    def has(self, day: date) -> bool:
        return self.paused_on <= day and (self.resumed_on is None or day < self.resumed_on)

    @property
    def words(self) -> str:
        """Why nobody is expected on a day in it."""
        return f"Paused since {self.paused_on.day} {self.paused_on:%B}"


def pause_on(pauses: Iterable[Pause], day: date) -> Pause | None:
    """The pause that the day lies in, if it lies in one."""
    return next((pause for pause in pauses if pause.has(day)), None)
