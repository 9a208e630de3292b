"""One case of a simulation: its play, its own luck, and what it still waits for where it stands."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random

from apflow.core.days.calendar import local_date
from apflow.core.play import Play
from apflow.core.simulate.plan import Response
from apflow.core.simulate.queue import Job
from apflow.core.snapshot import World


@dataclass
class Alike(Play):
    """A play among thousands: what is made up around one case in a state on a day is the same around all others there.

    To make it up anew for each step took a third of the time.
    """

    worlds: dict[tuple[str, str, date], World] = field(default_factory=dict)

    @property
    def world(self) -> World:
        key = (self.definition.name, self.case.state, local_date(self.now))
        found = self.worlds.get(key)
        if found is None:
            found = self.worlds[key] = super().world
        return found


@dataclass
class Case:
    """One case under way. `stay` counts the states it has entered; `left` the answers that are still to come there."""

    number: int
    play: Play
    chance: Random
    stay: int = 0
    looked_at: float = -1.0
    left: Counter[str] = field(default_factory=Counter)
    jobs: list[Job] = field(default_factory=list)
    held: list[tuple[str, Response]] = field(default_factory=list)
