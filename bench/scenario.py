"""What every scenario is: a name, its sizes, and a function that measures, counts again and says what it found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bench.figures import Figure
from bench.place import Place

SizeName = Literal["tiny", "quick", "full"]
Tick = Callable[[], None]


class NotHere(Exception):
    """This machine lacks what the scenario needs; the message says what."""


@dataclass(frozen=True)
class Size:
    """How much of it is done: `pairs` of turns of `steps`, beside so many rows where that matters."""

    pairs: int
    steps: int
    rows: int = 0

    @property
    def ticks(self) -> int:
        return self.pairs * 2


@dataclass(frozen=True)
class Found:
    """What a scenario found: figures, and what its audit has against them."""

    figures: Sequence[Figure]
    faults: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Scenario:
    """One thing that is measured. `ticks` says how often it moves the progress bar on."""

    name: str
    says: str
    sizes: Mapping[SizeName, Size]
    measure: Callable[[Place, Size, Tick], Found]
    ticks: Callable[[Size], int] = lambda size: size.ticks
