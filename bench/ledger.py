"""What was acknowledged during a run: the audit counts it again in the database."""

import itertools
from dataclasses import dataclass, field

from apflow.store.cases.unit import Saved


@dataclass
class Ledger:
    """Every command has a number of its own; those acknowledged are kept with what was said of them."""

    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    acknowledged: dict[int, Saved] = field(default_factory=dict)

    def number(self) -> int:
        """The next command's."""
        return next(self.numbers)

    def acknowledge(self, number: int, saved: Saved) -> None:
        """Note what the caller was told; by any thread."""
        self.acknowledged[number] = saved

    def skip_to(self, number: int) -> None:
        """Count from here, where somebody else counts from 0."""
        self.numbers = itertools.count(number)
