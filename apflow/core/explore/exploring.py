"""Following a definition from its start to every situation there is, shortest ways first."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from msgspec import Struct

from apflow.core.definition.compiled import Definition
from apflow.core.explore.ahead import Ahead
from apflow.core.explore.forcing import forced
from apflow.core.explore.framing import Framing
from apflow.core.explore.situations import Situation
from apflow.core.explore.steps import Step, Steps
from apflow.core.machine import START

MOST_SITUATIONS = 10_000


class Reached(Struct, frozen=True):
    """A situation and the shortest way there: the step (None: time passed) from the situation numbered `origin`."""

    found: Situation
    entered: Situation
    origin: int | None = None
    step: Step | None = None


@dataclass
class Exploration:
    """Every situation a case can come to, and every event that was found possible, by state.

    What was `fired` can be done as it stands; `forced`, once a guard of it is set aside.

    All cases of what is `let_go` can be moved on together: by one event, or after others that are open to all of them.

    Without `is_whole` there were more situations than are looked at, and what was not found may yet be; of those that
    were `reached`, as many as `followed` were then gone on from.
    """

    definition: Definition
    steps: Steps
    reached: list[Reached] = field(default_factory=list)
    entries: list[Reached] = field(default_factory=list)
    fired: set[tuple[str, str]] = field(default_factory=set)
    forced: set[tuple[str, str]] = field(default_factory=set)
    let_go: set[Situation] = field(default_factory=set)
    is_whole: bool = True
    followed: int = 0

    @cached_property
    def ahead(self) -> Ahead:
        return Ahead(self.steps.framing)

    @cached_property
    def states(self) -> frozenset[str]:
        """The states there is a way to; to be asked for once all has been followed."""
        return frozenset(one.found.state for one in self.reached)

    def within(self, state: str) -> Iterator[Situation]:
        """The situations of one state."""
        return (one.found for one in self.reached if one.found.state == state)

    @cached_property
    def unfollowed(self) -> frozenset[str]:
        """The states with a situation that nothing was tried from, there being too many; to be asked for at the end."""
        return frozenset(one.found.state for one in self.reached[self.followed :])

    def way_to(self, last: Reached) -> list[Reached]:
        """The situations passed through, from the start, up to and including this one."""
        way = [last]
        while way[0].origin is not None:
            way.insert(0, self.reached[way[0].origin])
        return way


def explore(definition: Definition, told: frozenset[str] = frozenset()) -> Exploration:
    """Follow the definition, whose references must all lead somewhere, to every situation within bounds.

    `told` are the events that a parent case may fire on it.
    """
    steps = Steps(Framing(definition, told))
    exploration = Exploration(definition, steps)
    start = steps.framing.beginning()
    exploration.reached.append(Reached(start, start))
    places: dict[tuple[object, ...], list[Situation]] = {}
    seen: set[Situation] = set()
    waiting = deque([0])
    while waiting:
        origin = exploration.followed = waiting.popleft()
        for entry in _onward(exploration, origin):
            if entry.found in seen:
                continue
            seen.add(entry.found)
            known = places.setdefault((entry.found.state, entry.found.values), [])
            if any(other.covers(entry.found) for other in known):
                continue
            if len(exploration.reached) >= MOST_SITUATIONS:
                exploration.is_whole = False
                return exploration
            known.append(entry.found)
            waiting.append(len(exploration.reached))
            exploration.reached.append(entry)
    exploration.followed = len(exploration.reached)
    return exploration


def _onward(exploration: Exploration, origin: int) -> Iterator[Reached]:
    found, steps = exploration.reached[origin].found, exploration.steps
    if found.state != START and not exploration.definition.events[found.state]:
        return  # It is over, and nothing can even be added to it.
    for step in (*steps.from_(found, exploration.fired), *forced(steps, found)):
        (exploration.forced if step.aside else exploration.fired).add((found.state, step.event))
        left = exploration.ahead.kept(step.after)
        if left.state == found.state and found.covers(left) and left.values == found.values:
            continue
        entry = Reached(steps.settled(left), step.after, origin, step)
        if step.after.state != found.state:
            exploration.entries.append(entry)
            if is_of_all(step, found):
                exploration.let_go.add(found)
        yield entry
    for later in steps.a_day_later(found):
        yield Reached(steps.settled(exploration.ahead.kept(later)), later, origin)


def is_of_all(step: Step, found: Situation) -> bool:
    """Whether the step can be taken in every case of the situation as it stands."""
    return step.before == found and step.kind is None and not step.aside
