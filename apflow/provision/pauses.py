"""The pauses of a placement: the days on which nobody expects the pupil there."""

from collections.abc import Iterable, Sequence
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


def with_latest(pauses: Sequence[Pause], paused_on: date | None, resumed_on: date | None) -> tuple[Pause, ...]:
    """The pauses, once the latest is said to be this: a new one after the last has ended, else the last put right.

    Without a first day the last is taken away.
    """
    if paused_on is None:
        return tuple(pauses[:-1])
    ended = pauses[-1].resumed_on if pauses else None
    is_new = ended is not None and paused_on >= ended and paused_on != pauses[-1].paused_on
    return (*(pauses if is_new else pauses[:-1]), Pause(paused_on, resumed_on))
