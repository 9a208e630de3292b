"""Reading a simulation file beside the policy that it plays: every problem at once, with its place."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from apflow.core.errors import DefinitionError, Problem
from apflow.core.simulate.plan import Simulation
from apflow.loader.files import read_text
from apflow.loader.library import Library
from apflow.loader.nodes import Document, read_document
from apflow.loader.nodes import Path as Place
from apflow.loader.shapes import read_shape


def read_simulation(path: Path, library: Library) -> Simulation:
    """The simulation; DefinitionError with whatever is wrong with it, or does not fit the workflows it names."""
    text = read_text(path)
    if isinstance(text, Problem):
        raise DefinitionError([text])
    document = read_document(str(path), text)
    simulation = read_shape(Simulation, document) if not document.problems else None
    if simulation is not None:
        document.problems += _unknown(document, simulation, library)
    if document.problems or simulation is None:
        raise DefinitionError(document.problems)
    return simulation


def _unknown(document: Document, simulation: Simulation, library: Library) -> Iterator[Problem]:
    roles = library.council.roles
    yield from _missing(document, simulation.people, roles, "role", ("people",))
    yield from _missing(document, simulation.arrivals, library.sources, "workflow", ("arrivals",))
    yield from _missing(document, simulation.responses, library.sources, "workflow", ("responses",))
    for workflow, arrivals in simulation.arrivals.items():
        if workflow in library.sources and arrivals.event not in library.current(workflow).workflow.start:
            message = f'no case of "{workflow}" begins with "{arrivals.event}"'
            yield document.problem(("arrivals", workflow, "event"), "unknown-event", message)
    for workflow in simulation.responses.keys() & library.sources.keys():
        yield from _in_workflow(document, simulation, library, workflow)


def _in_workflow(document: Document, simulation: Simulation, library: Library, workflow: str) -> Iterator[Problem]:
    definition, states = library.current(workflow), simulation.responses[workflow]
    place: Place = ("responses", workflow)
    yield from _missing(document, states, definition.workflow.states, "state", place)
    for state, roles in states.items():
        yield from _missing(document, roles, library.council.roles, "role", (*place, state))
        for role, response in roles.items():
            at = (*place, state, role)
            if response.takes is not None and role not in simulation.people:
                yield document.problem(
                    at, "unknown-role", f'say under people: how many there are of "{role}"', at_key=True
                )
            yield from _missing(document, response.waits_for, roles, "role", at)
            acts = {act.event for choice in response.choices for act in choice.does}
            yield from _missing(document, acts, definition.event_names, "event", at)


def _missing(
    document: Document, named: Iterable[str], known: Iterable[str], what: str, place: Place
) -> Iterator[Problem]:
    for name in sorted(set(named) - set(known)):
        yield document.problem((*place, name), f"unknown-{what}", f'there is no {what} called "{name}"', at_key=True)
