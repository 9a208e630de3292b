"""Putting what has been measured in place of what is declared: arrivals, how long outsiders take, how often what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from apflow.core.machine import START
from apflow.core.simulate.plan import WEEK, Arrivals, Choice, Response, Simulation, Spread

LEAST = 5  # Fewer answers than these say little of how long the next will take.


class Move(Struct, frozen=True):
    """A case that has left a state: by which event, who did it, and how long after it was entered."""

    workflow: str
    event: str
    state: str
    roles: frozenset[str]
    at: datetime
    after: timedelta

    @property
    def by_clock(self) -> bool:
        return not self.roles


class Measured(Struct, frozen=True):
    """The simulation with what was measured in it, and a sentence for each thing that was not."""

    simulation: Simulation
    kept: tuple[str, ...]


def measured(simulation: Simulation, moves: Iterable[Move], since: datetime, until: datetime) -> Measured:
    """What happened between the two moments in place of what the file supposes, wherever enough did.

    How much of somebody's time a piece of work takes no history says, only how long it lay; so that stays as declared.
    """
    happened = [move for move in moves if since <= move.at <= until]
    weeks = max((until - since).total_seconds() / WEEK, 1.0)
    began = Counter(move.workflow for move in happened if move.state == START)
    left: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in happened:
        left[move.workflow, move.state].append(move)
    responses = {
        workflow: {
            state: {role: _response(one, role, left[workflow, state]) for role, one in roles.items()}
            for state, roles in states.items()
        }
        for workflow, states in simulation.responses.items()
    }
    arrivals = {name: _arrivals(one, began[name] / weeks) for name, one in simulation.arrivals.items()}
    found = simulation.model_copy(update={"arrivals": arrivals, "responses": responses})
    return Measured(found, tuple(_kept(simulation, found)))


def _arrivals(declared: Arrivals, a_week: float) -> Arrivals:
    return declared.model_copy(update={"a_week": a_week}) if a_week else declared


def _response(declared: Response, role: str, moves: list[Move]) -> Response:
    theirs = [move for move in moves if role in move.roles]
    if len(theirs) < LEAST:
        return declared
    changed: dict[str, object] = {"choices": _choices(declared.choices, theirs, sum(move.by_clock for move in moves))}
    if declared.after is not None:
        # What was done in the same moment took no time; that is not to be drawn as none at all.
        changed["after"] = Spread(measured=tuple(max(move.after.total_seconds(), 1.0) for move in theirs))
    return declared.model_copy(update=changed)


def _choices(declared: tuple[Choice, ...], theirs: list[Move], by_clock: int) -> tuple[Choice, ...]:
    """The ways of answering as often as each was taken; doing nothing, as often as the clock ended it."""
    events = Counter(move.event for move in theirs)
    taken = [
        (choice, sum(events[act.event] for act in choice.does) if choice.does else by_clock) for choice in declared
    ]
    found = tuple(choice.model_copy(update={"share": float(times)}) for choice, times in taken if times)
    return found or declared


def _kept(before: Simulation, after: Simulation) -> Iterator[str]:
    for workflow, one in before.arrivals.items():
        if after.arrivals[workflow] is one:
            yield f"How many of {workflow} arrive a week: none did, so {one.a_week:g} as declared."
    for where, response in _each(before.responses):
        workflow, state, role = where
        if after.responses[workflow][state][role] is response:
            yield f"How {role} answers in {state} of {workflow}: fewer than {LEAST} answers, so as declared."


def _each(
    responses: Mapping[str, Mapping[str, Mapping[str, Response]]],
) -> Iterator[tuple[tuple[str, str, str], Response]]:
    for workflow, states in responses.items():
        for state, roles in states.items():
            for role, response in roles.items():
                yield (workflow, state, role), response
