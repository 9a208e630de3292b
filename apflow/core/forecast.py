"""What happens to a case if nobody acts: `decide` is asked about its deadlines, one after another, as they fall due."""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct

from apflow.core.after import after, delivered
from apflow.core.commands import Ring
from apflow.core.decide import decide
from apflow.core.definition.compiled import Definition
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import next_due
from apflow.core.snapshot import Snapshot, World

WorldAt = Callable[[Snapshot, datetime], World]


class Foreseen(Struct, frozen=True):
    """One thing that the clock would do: by which deadline, to the case as it would then be, and what comes of it."""

    deadline: str
    before: Snapshot
    outcome: Outcome

    @property
    def at(self) -> datetime:
        return self.outcome.entry.at


def foresee(
    definition: Definition, case: Snapshot, world_at: WorldAt, now: datetime, until: datetime, *, most: int
) -> Iterator[Foreseen]:
    """Everything the clock would do to the case by then, in order, if whatever it sends arrives at once.

    What other cases would say to this one meanwhile, such as children of its own that end, is not foreseen.
    """
    for _ in range(most):
        due = next_due(case, until)
        if due is None or due.next_at is None:
            return
        now = max(now, due.next_at)
        outcome = decide(definition, case, Ring(due.name, THE_CLOCK), world_at(case, now), now)
        yield Foreseen(due.name, case, outcome)
        case = delivered(after(case, outcome), outcome, now)
